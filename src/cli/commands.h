// cli: the command line, the only room that prints or exits. A command has a file of its own with a function
// set_…_command(), which declares its options and puts what it does into Config::action.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "cli/options.h"
#include "cli/secret_command.h"

namespace helmme::cli {

struct Config {
  const base::Environment& environment;
  PostOptions options = {};
  SecretOptions secret = {};
  std::vector<std::string> helm_words = {};  // of the wrapper: Helm's part of the command line, as typed
  std::function<int()> action = {};          // what the command line asks for; returns the exit code
};

// `post`: manifests from stdin or a file to stdout. `command` is a subcommand, or the whole program under the name
// helm-me-post.
void set_post_command(CLI::App& command, Config& config);

// install, upgrade, template and run: Helm with the post-renderer wired in. CLI11 sees our own words alone; those
// that are Helm's are in config.helm_words.
void set_helm_command(CLI::App& program, Config& config);

void set_explain_command(CLI::App& command, Config& config);
void set_diff_command(CLI::App& command, Config& config);
void set_lint_command(CLI::App& command, Config& config);
// `secret` and its commands.
void set_secret_command(CLI::App& command, Config& config);
void set_version_command(CLI::App& command, Config& config);

// The whole command line, without the program's name. `name` is what it was called as. Returns the exit code.
[[nodiscard]] int run(const std::string& name, const std::vector<std::string>& arguments,
                      const base::Environment& environment);

}  // namespace helmme::cli
