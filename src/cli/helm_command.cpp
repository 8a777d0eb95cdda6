// `helm-me install|upgrade|template …` and `helm-me run -- ANY HELM COMMAND`: runs Helm with the post-renderer wired
// in as its major version wants it.
//
// Helm 3 runs a program: this one, with `post` as its first argument. Helm 4 runs a plugin of type postrenderer/v1 by
// its name: one is made for this run in a temporary folder, which HELM_PLUGINS (a path list) adds to the user's own,
// so that nothing has to be installed and it is never of another version than this program.
#include <unistd.h>

#include <CLI/App.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <utility>

#include "base/text.h"
#include "cli/child.h"
#include "cli/commands.h"
#include "cli/descriptor.h"
#include "cli/helm_words.h"
#include "cli/sinks.h"
#include "cli/stream.h"
#include "cli/temporary_folder.h"

namespace helmme::cli {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using Words = std::vector<std::string>;

constexpr int k_killed = 128;

// Helm's plugin loader expands $ in commands, so the program is named by a symlink beside the file.
constexpr std::string_view k_plugin_yaml =
    "apiVersion: v1\n"
    "name: NAME\n"
    "version: " HELM_ME_VERSION
    "\n"
    "type: postrenderer/v1\n"
    "runtime: subprocess\n"
    "config: {}\n"
    "runtimeConfig:\n"
    "  platformCommand:\n"
    "    - command: ${HELM_PLUGIN_DIR}/helm-me-post\n";

// The options that were given, as arguments of `post`.
Words post_arguments(const PostOptions& options, const std::optional<std::string>& release) {
  Words arguments;
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) {
      arguments.insert(arguments.end(), {option, value});
    }
  };
  for (const std::string& policy : options.policies) {
    add("--policy", policy);
  }
  for (const std::string& values : options.values) {
    add("--values", values);
  }
  add("--release", options.release.empty() ? release.value_or("") : options.release);
  add("--secret-keys", options.secret_keys);
  for (const std::string& dialect : options.dialects) {
    add("--dialect", dialect);
  }
  add("--deliver", options.deliver);
  add("--diagnostics-format", options.diagnostics_format);
  add("--log-level", options.log_level);
  if (options.offline) {
    arguments.emplace_back("--offline");
  }
  return arguments;
}

class HelmRun {
 public:
  HelmRun(const Config& config, HelmWords words, Surroundings surroundings)
      : config_(config),
        words_(std::move(words)),
        surroundings_(std::move(surroundings)),
        format_(format_of(config.options, config.environment)),
        helm_(config.environment.get("HELM_BIN").value_or("")) {
    if (helm_.empty()) {
      helm_ = "helm";
    }
  }

  // Our exit code: Helm's own once it has started.
  int run() {
    base::Result<TemporaryFolder> folder = TemporaryFolder::make();
    if (!folder) {
      return fail(std::move(folder).error());
    }
    Command command{.words = {helm_}, .variables = {}};
    command.words.insert(command.words.end(), config_.helm_words.begin(), config_.helm_words.end());
    // A Helm of its own, not one of the plugin that we may be.
    command.without = {"HELM_PLUGIN_NAME", "HELM_PLUGIN_DIR"};
    const base::Result<void> wired = words_.options_at > 0 ? wire(command, folder->path()) : base::Result<void>();
    if (guard_.asked_to_end() != 0) {
      return k_killed + guard_.asked_to_end();
    }
    if (!wired) {
      return fail(wired.error());
    }
    const base::Result<Ended> ended = guard_.run(command);
    if (!ended) {
      return fail(without_helm(ended.error()));
    }
    pass_on(folder->path() / "diagnostics");
    return ended->code;
  }

 private:
  int fail(base::Error error) const { return fail_with(std::move(error), format_, surroundings_); }

  static base::Error without_helm(base::Error error) {
    error.help = "install Helm, or set HELM_BIN to its path";
    return error;
  }

  // One line that Helm prints about itself.
  base::Result<std::string> ask(Words question) {
    question.insert(question.begin(), helm_);
    base::Result<Ended> ended = guard_.run({.words = std::move(question), .variables = {}, .take_output = true});
    if (!ended) {
      return base::fail(without_helm(std::move(ended).error()));
    }
    std::string answer = std::move(ended->output);
    answer.erase(std::min(answer.find_last_not_of(" \r\n") + 1, answer.size()));
    if (ended->code != 0 || answer.empty()) {
      return base::fail(
          {.kind = ErrorKind::unavailable,
           .message = base::printable(helm_) + " does not tell its version: exit code " + std::to_string(ended->code),
           .help = "set HELM_BIN to a Helm 3.14 or later"});
    }
    return answer;
  }

  // Adds the post-renderer and its arguments, and the variables that bring its messages back to us.
  base::Result<void> wire(Command& command, const fs::path& folder) {
    TRY_ASSIGN(const std::string version, ask({"version", "--template", "{{.Version}}"}));
    Words options;
    if (version.starts_with("v3.")) {
      options = {"--post-renderer", own_program(), "--post-renderer-args", "post"};
    } else {
      TRY_ASSIGN(const std::string name, make_plugin(folder));
      TRY_ASSIGN(const std::string plugins, plugin_folders());
      command.variables["HELM_PLUGINS"] = plugins + ":" + (folder / "plugins").string();
      options = {"--post-renderer", name};
    }
    const bool release_is_set = !config_.environment.get("HELM_ME_RELEASE").value_or("").empty();
    for (std::string& argument : post_arguments(config_.options, release_is_set ? std::nullopt : words_.release)) {
      options.insert(options.end(), {"--post-renderer-args", std::move(argument)});
    }
    // Behind Helm's program name and verb; the user's own words keep their order.
    const auto at = command.words.begin() + 1 + static_cast<std::ptrdiff_t>(words_.options_at);
    command.words.insert(at, options.begin(), options.end());
    if (words_.namespace_name) {
      command.variables["HELM_NAMESPACE"] = *words_.namespace_name;
    }
    command.variables[k_diagnostics_variable] = (folder / "diagnostics").string();
    const bool colour = surroundings_.may_colour && isatty(STDERR_FILENO) == 1;
    command.variables[k_wrapped_variable] = colour ? "colour" : "plain";
    return {};
  }

  static std::string own_program() { return fs::read_symlink("/proc/self/exe").string(); }

  // Returns the plugin's name, which no installed one has, nor one of a helm-me around this one.
  static base::Result<std::string> make_plugin(const fs::path& folder) {
    const std::string name = std::string(k_post_name) + "-of-run-" + std::to_string(getpid());
    const fs::path plugin = folder / "plugins" / name;
    std::error_code failed;
    fs::create_directories(plugin, failed);
    fs::create_symlink(own_program(), plugin / k_post_name, failed);
    std::string text(k_plugin_yaml);
    text.replace(text.find("NAME"), std::string_view("NAME").size(), name);
    std::ofstream file(plugin / "plugin.yaml");
    file << text << std::flush;
    if (!file || failed) {
      return base::fail({.kind = ErrorKind::unavailable,
                         .message = "cannot write to " + base::printable(folder.string()),
                         .help = "set TMPDIR to a folder that can be written to"});
    }
    return name;
  }

  // Where Helm looks for plugins. As its plugin we are told, else it has to be asked.
  base::Result<std::string> plugin_folders() {
    const std::string told = config_.environment.get("HELM_PLUGINS").value_or("");
    return told.empty() ? ask({"env", "HELM_PLUGINS"}) : told;
  }

  // What the post-renderer had to say, to our stderr and to the user's own file.
  void pass_on(const fs::path& diagnostics) const {
    const base::Result<std::string> text = read_text("diagnostics", diagnostics.string());
    if (!text) {
      return;  // it had nothing to say, or Helm did not run it
    }
    static_cast<void>(write_all(STDERR_FILENO, *text));
    if (!surroundings_.diagnostics_file.empty()) {
      const Descriptor file(open_for_append(surroundings_.diagnostics_file));
      if (file.is_open()) {
        static_cast<void>(write_all(file.get(), *text));
      }
    }
  }

  const Config& config_;
  HelmWords words_;
  Surroundings surroundings_;
  DiagnosticsFormat format_;
  std::string helm_;
  SignalGuard guard_;
};

bool has_options(const PostOptions& options) { return !post_arguments(options, std::nullopt).empty(); }

int run_helm(const Config& config) {
  const Surroundings surroundings = look_around(config.environment);
  const DiagnosticsFormat format = format_of(config.options, config.environment);
  base::Diagnostics diagnostics;
  // What is wrong is said before Helm starts; Helm hands the options on as they were given.
  PostOptions checked = config.options;
  complete(checked, config.environment, diagnostics);
  const HelmWords words = read_helm_words(config.helm_words);
  if (config.helm_words.empty()) {
    diagnostics.error({.kind = ErrorKind::usage,
                       .message = "run needs a Helm command",
                       .help = "helm me run -- upgrade --install NAME CHART"});
  } else if (words.has_post_renderer) {
    diagnostics.error({.kind = ErrorKind::usage,
                       .message = "--post-renderer is what helm-me itself gives to Helm",
                       .help = "leave it out, or run helm with --post-renderer helm-me-post yourself"});
  } else if (words.options_at == 0 && has_options(config.options)) {
    diagnostics.warning({.message = "this Helm command takes no post-renderer: the options before it do nothing"});
  }
  const int code = report(diagnostics, format, surroundings);
  return diagnostics.failed() ? code : HelmRun(config, words, surroundings).run();
}

}  // namespace

void set_helm_command(CLI::App& program, Config& config) {
  add_shared_options(program, config.options);
  config.action = [&config] { return run_helm(config); };
}

}  // namespace helmme::cli
