#include "cli/secret_command.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/Option.hpp>
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/descriptor.h"
#include "cli/log.h"
#include "cli/sinks.h"
#include "cli/stream.h"
#include "policy/names.h"

namespace helmme::cli {
namespace {

constexpr const char* k_store_variable = "HELM_ME_STORE";

using Command = void (*)(SecretRun&);

int run_secret(Config& config, Command command) {
  const Surroundings surroundings = look_around(config.environment);
  const base::SystemClock clock;
  crypto::SystemRandom random;
  SecretRun run{.options = config.options,
                .secret = config.secret,
                .environment = config.environment,
                .clock = clock,
                .random = random,
                .format = format_of(config.options, config.environment)};
  complete(config.options, config.environment, run.diagnostics);
  if (!run.diagnostics.failed()) {
    start_log(config.options.log_level, STDERR_FILENO);
    command(run);
    spdlog::set_level(spdlog::level::off);
  }
  return report(run.diagnostics, run.format, surroundings);
}

// A command below `secret`, with what all of them take.
CLI::App& add_command(CLI::App& secret, Config& config, const std::string& name, Command command) {
  CLI::App& app = *secret.add_subcommand(name);
  app.footer(std::string(secret_help(name)));
  app.add_option("--store", config.secret.store)->type_name("STORE")->take_last();
  app.add_option("--diagnostics-format", config.options.diagnostics_format)->type_name("FORMAT")->take_last();
  app.add_option("--log-level", config.options.log_level)->type_name("LEVEL")->take_last();
  app.add_option("NAME", config.secret.words);
  app.callback([&config, command] { config.action = [&config, command] { return run_secret(config, command); }; });
  return app;
}

void add_list_option(CLI::App& app, const std::string& name, std::vector<std::string>& values, const char* type) {
  app.add_option(name, values)->type_name(type)->allow_extra_args(false);
}

void add_text_option(CLI::App& app, const std::string& name, std::string& value, const char* type) {
  app.add_option(name, value)->type_name(type)->take_last();
}

void add_set(CLI::App& secret, Config& config) {
  CLI::App& app = add_command(secret, config, "set", run_secret_set);
  SecretOptions& options = config.secret;
  add_list_option(app, "--data", options.data, "KEY=VALUE");
  add_list_option(app, "--from-file", options.from_files, "KEY=PATH");
  add_list_option(app, "--from-stdin", options.from_stdin, "KEY");
  add_list_option(app, "--from-env", options.from_environment, "KEY=VARIABLE");
  add_text_option(app, "--type", options.type, "TYPE");
  add_text_option(app, "--reconcile", options.reconcile, "WORD");
  app.add_flag("--raw", options.raw);
}

void add_generate(CLI::App& secret, Config& config) {
  CLI::App& app = add_command(secret, config, "generate", run_secret_generate);
  SecretOptions& options = config.secret;
  add_list_option(app, "--policy", config.options.policies, "FILE");
  add_text_option(app, "--release", config.options.release, "NAME");
  add_text_option(app, "--out", options.out, "FILE");
  add_text_option(app, "-o,--output", options.output, "FORMAT");
  add_list_option(app, "--force", options.force, "KEY");
  add_text_option(app, "--key", options.key, "KEY");
  add_text_option(app, "--hex", options.hex, "BYTES");
  add_text_option(app, "--base64", options.base64, "BYTES");
  add_text_option(app, "--alphabet", options.alphabet, "CHARACTERS");
  add_text_option(app, "--length", options.length, "NUMBER");
  add_text_option(app, "--prefix", options.prefix, "TEXT");
  app.add_flag("--uuid", options.uuid);
}

}  // namespace

void SecretRun::say(const std::string& text) const {
  const std::string line = format == DiagnosticsFormat::json
                               ? nlohmann::ordered_json({{"message", text}})
                                     .dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace)
                               : base::printable(text);
  static_cast<void>(write_all(STDERR_FILENO, line + "\n"));
}

base::Error usage_error(std::string message, std::string help) {
  return {.kind = base::ErrorKind::usage, .message = std::move(message), .help = std::move(help)};
}

base::Result<provider::LocalStore> chosen_store(const SecretRun& run) {
  const std::string given =
      run.secret.store.empty() ? run.environment.get(k_store_variable).value_or("") : run.secret.store;
  TRY_ASSIGN(const std::string word,
             word_of(run.secret.store.empty() ? k_store_variable : "--store", given, {"cluster", "local"}));
  if (word == "cluster") {
    return base::fail(usage_error("secrets in the cluster are not in this version", "--store local"));
  }
  TRY_ASSIGN(provider::StoreSettings settings, provider::store_settings(run.environment));
  return provider::LocalStore(std::move(settings), run.random);
}

base::Result<std::string> single_name(const std::string& command, const std::vector<std::string>& words) {
  const std::string help = "helm me secret " + command + " NAME --store local";
  if (words.empty()) {
    return base::fail(usage_error("secret " + command + " needs the NAME of an entry", help));
  }
  if (words.size() > 1) {
    return base::fail(usage_error("secret " + command + " takes one NAME, and there are " +
                                      std::to_string(words.size()) + " words without an option before them",
                                  help));
  }
  if (!policy::is_secret_name(words.front())) {
    return base::fail(
        {.kind = base::ErrorKind::bad_input,
         .message = "the NAME of an entry must be a Secret's: lower case letters, digits, \"-\" and \".\"",
         .help = help});
  }
  return words.front();
}

base::Result<std::string> word_of(const std::string& option, const std::string& word,
                                  const std::vector<std::string>& known) {
  if (word.empty()) {
    return known.front();
  }
  if (std::find(known.begin(), known.end(), word) != known.end()) {
    return word;
  }
  const std::optional<std::string> near = base::nearest(word, known);
  return base::fail(usage_error("unknown word for " + option + ": " + base::printable(word),
                                near ? "did you mean " + *near + "?" : "it takes " + base::join_words(known)));
}

void print(SecretRun& run, const std::vector<std::string_view>& pieces) {
  if (const base::Result<Written> written = write_output(STDOUT_FILENO, pieces); !written) {
    run.diagnostics.error(written.error());
  }
}

void set_secret_command(CLI::App& command, Config& config) {
  command.footer(std::string(secret_help("")));
  add_set(command, config);
  CLI::App& get = add_command(command, config, "get", run_secret_get);
  add_text_option(get, "--reveal", config.secret.reveal, "KEY");
  add_text_option(get, "-o,--output", config.secret.output, "FORMAT");
  get.add_flag("--yes", config.secret.yes);
  CLI::App& list = add_command(command, config, "list", run_secret_list);
  add_text_option(list, "-o,--output", config.secret.output, "FORMAT");
  add_command(command, config, "delete", run_secret_delete);
  add_generate(command, config);
  CLI::App& apply = add_command(command, config, "apply", run_secret_apply);
  add_list_option(apply, "--policy", config.options.policies, "FILE");
  add_list_option(apply, "--values", config.options.values, "FILE");
  add_text_option(apply, "--release", config.options.release, "NAME");
  add_text_option(apply, "-o,--output", config.secret.output, "FORMAT");
  CLI::App& rekey = add_command(command, config, "rekey", run_secret_rekey);
  add_text_option(rekey, "--to", config.secret.to, "WORD");
  command.callback([&config, &command] {
    if (command.get_subcommands().empty()) {
      config.action = [] {
        std::cout << secret_help("");
        return 0;
      };
    }
  });
}

}  // namespace helmme::cli
