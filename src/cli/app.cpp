#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <iostream>
#include <optional>
#include <utility>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/sinks.h"

namespace helmme::cli {
namespace {

using Words = std::vector<std::string>;

// The first word that is neither an option nor an option's value; the end where there is none.
Words::const_iterator command_word(const CLI::App& program, const Words& arguments) {
  auto word = arguments.begin();
  while (word != arguments.end() && word->starts_with("-")) {
    const bool two = takes_next_word(program, *word) && word + 1 != arguments.end();
    word += two ? 2 : 1;
  }
  return word;
}

// Parses our words, and says what is wrong with them. nullopt: go on with config.action.
std::optional<int> parse_or_say(CLI::App& app, const Words& arguments, const Config& config) {
  const base::Result<Parsed> parsed = parse(app, arguments);
  if (!parsed) {
    // The format may stand behind the word that stopped the parser.
    PostOptions options = config.options;
    const auto format = std::find(arguments.begin(), arguments.end(), "--diagnostics-format");
    if (format != arguments.end() && format + 1 != arguments.end()) {
      options.diagnostics_format = *(format + 1);
    } else if (std::find(arguments.begin(), arguments.end(), "--diagnostics-format=json") != arguments.end()) {
      options.diagnostics_format = "json";
    }
    return fail_with(parsed.error(), format_of(options, config.environment), look_around(config.environment));
  }
  return *parsed == Parsed::said_all ? std::optional(0) : std::nullopt;
}

int run_post_program(const Words& arguments, const base::Environment& environment) {
  Config config{.environment = environment};
  CLI::App program;
  program.set_version_flag("--version", HELM_ME_VERSION);
  set_post_command(program, config);
  const std::optional<int> ended = parse_or_say(program, arguments, config);
  return ended ? *ended : config.action();
}

// Our own words are those before the verb; `run` takes more up to "--" or a Helm word.
int run_helm_verb(CLI::App& program, const Words& arguments, Words::const_iterator verb, Config& config) {
  Words ours(arguments.begin(), verb);
  if (*verb != "run") {
    config.helm_words.assign(verb, arguments.end());
  } else {
    program.footer(std::string(run_help()));
    const Words rest(verb + 1, arguments.end());
    auto helm = command_word(program, rest);
    const auto dashes = std::find(rest.begin(), helm, "--");
    ours.insert(ours.end(), rest.begin(), dashes);
    config.helm_words.assign(dashes == helm ? helm : dashes + 1, rest.end());
  }
  const std::optional<int> ended = parse_or_say(program, ours, config);
  return ended ? *ended : config.action();
}

}  // namespace

int run(const std::string& name, const Words& arguments, const base::Environment& environment) {
  if (name == k_post_name) {
    return run_post_program(arguments, environment);
  }
  if (arguments.empty()) {
    std::cout << short_help();
    return 0;
  }
  Config config{.environment = environment};
  CLI::App program;
  program.set_version_flag("--version", HELM_ME_VERSION);
  program.footer(std::string(program_help()));
  set_helm_command(program, config);
  const auto word = command_word(program, arguments);
  if (word != arguments.end() && std::find(k_helm_verbs.begin(), k_helm_verbs.end(), *word) != k_helm_verbs.end()) {
    return run_helm_verb(program, arguments, word, config);
  }
  config.action = nullptr;  // what the program does without a command of its own
  set_post_command(*program.add_subcommand("post"), config);
  set_explain_command(*program.add_subcommand("explain"), config);
  set_diff_command(*program.add_subcommand("diff"), config);
  set_lint_command(*program.add_subcommand("lint"), config);
  set_secret_command(*program.add_subcommand("secret"), config);
  set_version_command(*program.add_subcommand("version"), config);
  if (word != arguments.end() && *word == "help") {
    std::cout << program_help();
    return 0;
  }
  const std::optional<int> ended = parse_or_say(program, arguments, config);
  if (ended) {
    return *ended;
  }
  if (!config.action) {
    return fail_with(
        {.kind = base::ErrorKind::usage, .message = "no command", .help = "helm-me --help lists the commands"},
        format_of(config.options, environment), look_around(environment));
  }
  return config.action();
}

}  // namespace helmme::cli
