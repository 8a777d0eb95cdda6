#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/descriptor.h"
#include "cli/help.h"
#include "cli/lint_config.h"
#include "cli/lint_render.h"
#include "cli/sinks.h"
#include "cli/stream.h"
#include "lint/admission_policy.h"
#include "lint/config.h"
#include "lint/lint.h"
#include "lint/report.h"
#include "lint/walk.h"

namespace helmme::cli {
namespace {

using base::ErrorKind;

constexpr int k_findings = 1;
constexpr const char* k_standard_input = "-";

// "--format sarif=report.sarif"; no file: stdout.
struct Output {
  lint::Format format = lint::Format::text;
  std::string file;
};

base::Error usage(std::string message, std::string help) {
  return {.kind = ErrorKind::usage, .message = std::move(message), .help = std::move(help)};
}

base::Error unknown_among(const std::string& what, const std::string& word, const std::vector<std::string>& known) {
  const std::optional<std::string> near = base::nearest(word, known);
  return usage("unknown " + what + " " + base::printable(word),
               near ? "did you mean " + *near + "?" : "it takes " + base::join_words(known));
}

std::vector<Output> read_outputs(const LintOptions& options, base::Diagnostics& diagnostics) {
  std::vector<Output> outputs;
  for (const std::string& word : options.formats) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const std::optional<lint::Format> format = lint::format_named(name);
    if (!format) {
      diagnostics.error(
          unknown_among("format", name, {"text", "json", "sarif", "gitlab", "junit", "rdjson", "github"}));
      continue;
    }
    outputs.push_back({*format, equals == std::string::npos ? "" : word.substr(equals + 1)});
    if (equals != std::string::npos && outputs.back().file.empty()) {
      diagnostics.error(usage("--format " + name + "= names no file", "--format " + name + "=FILE"));
    }
  }
  if (outputs.empty()) {
    outputs.push_back({});
  }
  if (std::count_if(outputs.begin(), outputs.end(), [](const Output& one) { return one.file.empty(); }) > 1) {
    diagnostics.error(usage("two formats for standard output", "give all but one a file: --format sarif=FILE"));
  }
  return outputs;
}

lint::Severity read_fail_on(const LintOptions& options, base::Diagnostics& diagnostics) {
  const std::string word = options.fail_on.empty() ? "warning" : options.fail_on;
  const std::optional<lint::Severity> severity = lint::severity_named(word);
  if (!severity) {
    diagnostics.error(unknown_among("word for --fail-on:", word, {"info", "warning", "error"}));
  }
  return severity.value_or(lint::Severity::warning);
}

std::vector<lint::InputFile> read_standard_input(base::Diagnostics& diagnostics) {
  base::Result<InputBytes> bytes = open_input(k_standard_input, STDOUT_FILENO);
  if (!bytes) {
    diagnostics.error(as_bad_input(std::move(bytes).error()));
    return {};
  }
  return {{.name = "stdin", .path = "", .text = std::string(bytes->view()), .named = true}};
}

std::vector<lint::InputFile> find_inputs(const LintOptions& options, const lint::Config& config,
                                         base::Diagnostics& diagnostics) {
  std::vector<std::string> paths = options.paths;
  if (paths.empty() && options.render.empty()) {
    paths.emplace_back(".");
  }
  if (options.staged || !options.since.empty()) {
    return lint::find_changed(paths, options.since, config, diagnostics);
  }
  const bool standard_input = std::erase(paths, k_standard_input) > 0;
  std::vector<lint::InputFile> files =
      paths.empty() ? std::vector<lint::InputFile>() : lint::find_files(paths, config, diagnostics);
  if (standard_input) {
    std::vector<lint::InputFile> more = read_standard_input(diagnostics);
    std::move(more.begin(), more.end(), std::back_inserter(files));
  }
  return files;
}

base::Result<void> write_file(const std::string& path, const std::string& text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  const int failed = file.is_open() ? write_all(file.get(), text) : errno;
  if (failed != 0) {
    return base::fail({.kind = ErrorKind::unavailable,
                       .message = "cannot write " + base::printable(path) + ": " + system_message(failed),
                       .help = "name a file in a folder that is there and may be written"});
  }
  return {};
}

void write_outputs(const std::vector<Output>& outputs, const lint::Report& report, const Surroundings& surroundings,
                   base::Diagnostics& diagnostics) {
  for (const Output& output : outputs) {
    const bool colour = output.file.empty() && surroundings.may_colour && isatty(STDOUT_FILENO) == 1;
    const std::string text = lint::format_report(report, output.format, colour);
    base::Result<void> written;
    if (output.file.empty()) {
      if (base::Result<Written> all = write_output(STDOUT_FILENO, {text}); !all) {
        written = base::fail(std::move(all).error());
      }
    } else {
      written = write_file(output.file, text);
    }
    if (!written) {
      diagnostics.error(std::move(written).error());
    }
  }
}

// What is asked for instead of a run; nullopt: a run.
std::optional<std::string> read_about_rules(const LintOptions& options, const lint::Config& config,
                                            base::Diagnostics& diagnostics) {
  if (options.list_rules) {
    return lint::list_rules(config.more_rules());
  }
  if (options.explain.empty()) {
    return std::nullopt;
  }
  if (const lint::Rule* rule = config.rule_named(options.explain)) {
    return lint::explain(*rule);
  }
  std::vector<std::string> known;
  for (const lint::Rule* rule : lint::all_rules()) {
    known.emplace_back(rule->id);
  }
  for (const lint::Rule* rule : config.more_rules()) {
    known.emplace_back(rule->id);
  }
  base::Error error = unknown_among("rule", options.explain, known);
  error.help = error.help.starts_with("did") ? error.help : "helm-me lint --list-rules";
  diagnostics.error(std::move(error));
  return "";
}

void check_options(const LintOptions& options, base::Diagnostics& diagnostics) {
  const bool standard_input =
      std::find(options.paths.begin(), options.paths.end(), k_standard_input) != options.paths.end();
  if (options.staged && !options.since.empty()) {
    diagnostics.error(usage("--staged and --since exclude each other", "choose one"));
  }
  if ((options.staged || !options.since.empty()) && standard_input) {
    diagnostics.error(usage("standard input has no changes", "leave - out, or leave out --staged and --since"));
  }
  if (options.render.empty() && !options.values.empty()) {
    diagnostics.error(usage("-f is for --render", "helm me lint --render CHART -f FILE, or name the file by itself"));
  }
  const std::vector<std::string> sets = {"helm-me", "gitleaks", "all"};
  if (!options.rules.empty() && std::find(sets.begin(), sets.end(), options.rules) == sets.end()) {
    diagnostics.error(unknown_among("word for --rules:", options.rules, sets));
  }
  if (options.rules == "gitleaks" && !options.render.empty()) {
    diagnostics.error(usage("--render is for helm-me's own rules", "leave out --rules gitleaks, or --render"));
  }
  if (options.rules == "helm-me" && !options.gitleaks_config.empty()) {
    diagnostics.error(usage("--rules helm-me leaves out what --gitleaks-config names", "choose one"));
  }
  if (standard_input && isatty(STDIN_FILENO) == 1) {
    diagnostics.error(usage("standard input is a terminal, where manifests are read from it",
                            "helm template NAME CHART | helm-me lint -"));
  }
}

// Each file's text, tree and findings come and go; by default glibc hands that memory back to the kernel and asks for
// it again, which is a sixth of a run over many small files (mallopt(3); 32 MiB is the most that it takes).
void keep_freed_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

int run_lint(const LintOptions& options, const PostOptions& shared, const base::Environment& environment) {
  keep_freed_memory();
  const Surroundings surroundings = look_around(environment);
  const DiagnosticsFormat format = format_of(shared, environment);
  base::Diagnostics diagnostics;
  const std::vector<Output> outputs = read_outputs(options, diagnostics);
  const lint::Severity fail_on = read_fail_on(options, diagnostics);
  check_options(options, diagnostics);
  if (diagnostics.failed()) {
    return report(diagnostics, format, surroundings);
  }
  if (options.admission_policy) {
    const base::Result<Written> written = write_output(STDOUT_FILENO, {lint::admission_policy()});
    return written ? 0 : fail_with(written.error(), format, surroundings);
  }
  const lint::Config config = make_lint_config(options, diagnostics);
  if (diagnostics.failed()) {
    return report(diagnostics, format, surroundings);
  }
  const std::optional<std::string> about = read_about_rules(options, config, diagnostics);
  if (diagnostics.failed()) {
    return report(diagnostics, format, surroundings);
  }
  if (about) {
    const base::Result<Written> written = write_output(STDOUT_FILENO, {*about});
    return written ? 0 : fail_with(written.error(), format, surroundings);
  }
  std::vector<lint::Finding> rendered;
  if (!options.render.empty()) {
    const base::Result<lint::RenderedChart> chart = render_chart(options.render, options.values, environment);
    if (!chart) {
      return fail_with(chart.error(), format, surroundings);
    }
    rendered = lint::trace(*chart, config);
  }
  const lint::Report found =
      lint::run(find_inputs(options, config, diagnostics), config, diagnostics, std::move(rendered));
  write_outputs(outputs, found, surroundings, diagnostics);
  if (!options.write_baseline.empty() && !diagnostics.failed()) {
    if (base::Result<void> written = write_file(options.write_baseline, lint::write_baseline(found.findings));
        !written) {
      diagnostics.error(std::move(written).error());
    }
  }
  if (const int code = report(diagnostics, format, surroundings); code != 0) {
    return code;
  }
  const std::optional<lint::Severity> worst = lint::worst(found);
  return worst && *worst >= fail_on && options.write_baseline.empty() ? k_findings : 0;
}

}  // namespace

void set_lint_command(CLI::App& command, Config& config) {
  const auto options = std::make_shared<LintOptions>();
  command.footer(std::string(lint_help()));
  command.add_option("PATH", options->paths);
  command.add_option("--format", options->formats)->type_name("FORMAT[=FILE]")->allow_extra_args(false);
  command.add_option("--fail-on", options->fail_on)->type_name("SEVERITY")->take_last();
  command.add_option("--baseline", options->baseline)->type_name("FILE")->take_last();
  command.add_option("--write-baseline", options->write_baseline)->type_name("FILE")->take_last();
  command.add_option("--render", options->render)->type_name("CHART")->take_last();
  command.add_option("-f,--values", options->values)->type_name("FILE")->allow_extra_args(false);
  command.add_option("--rules", options->rules)->type_name("SET")->take_last();
  command.add_option("--gitleaks-config", options->gitleaks_config)->type_name("FILE")->take_last();
  command.add_option("--gitleaks-default", options->gitleaks_default)->type_name("FILE")->take_last();
  command.add_flag("--staged", options->staged);
  command.add_option("--since", options->since)->type_name("REVISION")->take_last();
  command.add_option("--explain", options->explain)->type_name("RULE")->take_last();
  command.add_flag("--list-rules", options->list_rules);
  command.add_flag("--admission-policy", options->admission_policy);
  command.add_option("--diagnostics-format", config.options.diagnostics_format)->type_name("FORMAT")->take_last();
  command.callback([options, &config] {
    config.action = [options, &config] { return run_lint(*options, config.options, config.environment); };
  });
}

}  // namespace helmme::cli
