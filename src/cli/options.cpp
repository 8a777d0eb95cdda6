#include "cli/options.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <utility>

#include "base/duration.h"
#include "base/text.h"
#include "cli/help.h"
#include "policy/policy.h"

namespace helmme::cli {
namespace {

using base::ErrorKind;
using Words = std::vector<std::string>;

// What is refused by name, so that nobody takes it for a slip of the hand.
constexpr std::array k_later_options = {std::string_view("--app"), std::string_view("--apply"),
                                        std::string_view("--check-cluster")};
constexpr std::array k_later_commands = {std::string_view("adopt"),   std::string_view("token"),
                                         std::string_view("status"),  std::string_view("audit"),
                                         std::string_view("migrate"), std::string_view("doctor")};

constexpr std::array k_later_secret_commands = {std::string_view("copy"), std::string_view("keys"),
                                                std::string_view("prune"), std::string_view("seal")};

const Words& dialects() {
  static const Words words = {"native", "vals", "argocd-vault-plugin", "bank-vaults"};
  return words;
}
const Words& formats() {
  static const Words words = {"text", "json"};
  return words;
}
const Words& levels() {
  static const Words words = {"off", "error", "warn", "info", "debug", "trace"};
  return words;
}

base::Error usage(std::string message, std::string help) {
  return {.kind = ErrorKind::usage, .message = std::move(message), .help = std::move(help)};
}

// `name` is the option, or the variable that the word came from.
bool check_word(const std::string& name, const std::string& word, const Words& known, base::Diagnostics& diagnostics) {
  if (word.empty() || std::find(known.begin(), known.end(), word) != known.end()) {
    return true;
  }
  const std::optional<std::string> near = base::nearest(word, known);
  diagnostics.error(usage("unknown word for " + name + ": " + base::printable(word),
                          near ? "did you mean " + *near + "?" : "it takes " + base::join_words(known)));
  return false;
}

// The option's value, else the variable's, checked under the name it came by.
void fill(std::string& value, const std::string& option, const char* variable, const Words* known,
          const base::Environment& environment, base::Diagnostics& diagnostics) {
  std::string name = option;
  if (value.empty()) {
    value = environment.get(variable).value_or("");
    name = variable;
  }
  if (known != nullptr) {
    check_word(name, value, *known, diagnostics);
  }
}

Words names_of(const CLI::App& app) {
  Words names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return names;
}

// CLI11 says "--policy: 1 required FILE missing".
base::Error missing_value(const CLI::App& app, std::string_view complaint) {
  const std::string name(complaint.substr(0, complaint.find(':')));
  const CLI::Option* option = app.get_option_no_throw(name);
  const std::string value = option == nullptr ? "value" : option->get_type_name();
  return usage("option " + base::printable(name) + " needs a " + value, base::printable(name) + " " + value);
}

const CLI::App& innermost(const CLI::App& app) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  return chosen.empty() ? app : innermost(*chosen.front());
}

// `secret` and what stands below it: their words may be values, and are shown only where they are ours, or nearly.
bool may_hold_values(const CLI::App& app) {
  return app.get_name() == "secret" || (app.get_parent() != nullptr && may_hold_values(*app.get_parent()));
}

base::Error unknown_secret_word(const CLI::App& app, const std::string& name) {
  if (std::find(k_later_secret_commands.begin(), k_later_secret_commands.end(), name) !=
          k_later_secret_commands.end() &&
      app.get_name() == "secret") {
    return usage("secret " + name + " is not in this version", "helm-me secret --help lists what is");
  }
  Words known = names_of(app);
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(command->get_name());
  }
  const std::string path = app.get_name() == "secret" ? "secret" : "secret " + app.get_name();
  const std::optional<std::string> near = base::nearest(name, known);
  return usage("unknown " + std::string(name.starts_with("-") ? "option" : "command") + " of " + path +
                   (near ? ": " + base::printable(name) : ""),
               near ? "did you mean " + *near + "?" : "helm-me " + path + " --help");
}

}  // namespace

void add_shared_options(CLI::App& app, PostOptions& options) {
  app.add_option("--policy", options.policies)->type_name("FILE")->allow_extra_args(false);
  app.add_option("--values", options.values)->type_name("FILE")->allow_extra_args(false);
  app.add_option("--release", options.release)->type_name("NAME")->take_last();
  app.add_option("--secret-keys", options.secret_keys)->type_name("FILE")->take_last();
  app.add_option("--dialect", options.dialects)->type_name("WORD")->allow_extra_args(false);
  app.add_option("--deliver", options.deliver)->type_name("WORD")->take_last();
  app.add_option("--diagnostics-format", options.diagnostics_format)->type_name("FORMAT")->take_last();
  app.add_option("--log-level", options.log_level)->type_name("LEVEL")->take_last();
  app.add_flag("--offline", options.offline);
  app.add_option("--timeout", options.timeout)->type_name("DURATION")->take_last();
}

void add_post_options(CLI::App& app, PostOptions& options) {
  add_shared_options(app, options);
  app.add_option("--namespace", options.namespace_name)->type_name("NAME")->take_last();
  app.add_option("FILE", options.file);
}

void add_output_option(CLI::App& app, PostOptions& options) {
  app.add_option("-o,--output", options.output)->type_name("FORMAT")->take_last();
}

void complete(PostOptions& options, const base::Environment& environment, base::Diagnostics& diagnostics) {
  if (options.policies.empty()) {
    if (std::string policy = environment.get("HELM_ME_POLICY").value_or(""); !policy.empty()) {
      options.policies.push_back(std::move(policy));
    }
  }
  fill(options.release, "--release", "HELM_ME_RELEASE", nullptr, environment, diagnostics);
  fill(options.namespace_name, "--namespace", "HELM_NAMESPACE", nullptr, environment, diagnostics);
  fill(options.diagnostics_format, "--diagnostics-format", "HELM_ME_DIAGNOSTICS_FORMAT", &formats(), environment,
       diagnostics);
  fill(options.log_level, "--log-level", "HELM_ME_LOG_LEVEL", &levels(), environment, diagnostics);
  check_word("--output", options.output, formats(), diagnostics);
  for (const std::string& dialect : options.dialects) {
    check_word("--dialect", dialect, dialects(), diagnostics);
  }
  if (check_word("--deliver", options.deliver, policy::k_delivery_words, diagnostics) && !options.deliver.empty() &&
      !policy::delivery_named(options.deliver)) {
    diagnostics.error({.kind = ErrorKind::bad_input,
                       .message = "--deliver " + options.deliver + " is not in this version",
                       .help = "--deliver reference, externalSecret, secret or inline"});
  }
  const std::string offline = environment.get("HELM_ME_OFFLINE").value_or("");
  options.offline = options.offline || (!offline.empty() && offline != "0" && offline != "false");
  const std::string timeout_name = options.timeout.empty() ? "HELM_ME_TIMEOUT" : "--timeout";
  fill(options.timeout, "--timeout", "HELM_ME_TIMEOUT", nullptr, environment, diagnostics);
  const auto timeout = base::parse_duration(options.timeout);
  if (!options.timeout.empty() && (!timeout || timeout->count() == 0)) {
    diagnostics.error(
        usage(timeout_name + " takes a duration, not " + base::printable(options.timeout), timeout_name + " 30s"));
  }
}

DiagnosticsFormat format_of(const PostOptions& options, const base::Environment& environment) {
  const std::string word = options.diagnostics_format.empty()
                               ? environment.get("HELM_ME_DIAGNOSTICS_FORMAT").value_or("")
                               : options.diagnostics_format;
  return diagnostics_format(word).value_or(DiagnosticsFormat::text);
}

bool takes_next_word(const CLI::App& app, const std::string& argument) {
  const CLI::Option* option = app.get_option_no_throw(argument);
  return option != nullptr && option->get_items_expected_max() > 0;
}

base::Error unknown_word(const CLI::App& app, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (may_hold_values(app)) {
    return unknown_secret_word(app, name);
  }
  const auto is_name = [&](std::string_view later) { return later == name; };
  if (std::any_of(k_later_options.begin(), k_later_options.end(), is_name) ||
      (app.get_parent() == nullptr && std::any_of(k_later_commands.begin(), k_later_commands.end(), is_name))) {
    return usage(name + " is not in this version", "helm-me --help lists what is");
  }
  if (word.starts_with("-")) {
    const std::optional<std::string> near = base::nearest(name, names_of(app));
    return usage("unknown option " + base::printable(name),
                 near ? "did you mean " + *near + "?" : "helm-me --help lists the options");
  }
  Words commands(k_helm_verbs.begin(), k_helm_verbs.end());
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(command->get_name());
  }
  if (app.get_parent() != nullptr || commands.size() == k_helm_verbs.size()) {
    const bool takes_file = app.get_option_no_throw("FILE") != nullptr;
    return usage("one argument too many: " + base::printable(word),
                 takes_file ? "it takes one FILE of rendered manifests, or -" : "it takes none");
  }
  const std::optional<std::string> near = base::nearest(word, commands);
  return usage("unknown command " + base::printable(word),
               near ? "did you mean " + *near + "?" : "helm-me --help lists the commands");
}

base::Result<Parsed> parse(CLI::App& app, std::vector<std::string> arguments) {
  // CLI11 takes them last first.
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    std::cout << innermost(app).get_footer();
    return Parsed::said_all;
  } catch (const CLI::CallForVersion&) {
    std::cout << "helm-me " << HELM_ME_VERSION << "\n";
    return Parsed::said_all;
  } catch (const CLI::ExtrasError&) {
    const CLI::App& chosen = innermost(app);
    const Words left = app.remaining(true);
    return base::fail(unknown_word(chosen, left.empty() ? "" : left.front()));
  } catch (const CLI::ArgumentMismatch& error) {
    return base::fail(missing_value(innermost(app), error.what()));
  } catch (const CLI::ParseError& error) {
    return base::fail(may_hold_values(innermost(app))
                          ? usage("the command line cannot be read", "helm-me secret --help")
                          : usage(base::printable(error.what()), "helm-me --help"));
  }
  return Parsed::go_on;
}

}  // namespace helmme::cli
