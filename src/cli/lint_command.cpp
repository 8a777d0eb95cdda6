#include "cli/commands.h"
#include "cli/sinks.h"

namespace helmme::cli {

void set_lint_command(CLI::App& command, Config& config) {
  // Whatever it is asked for, the answer is the same.
  command.allow_extras();
  command.set_help_flag();
  command.callback([&config] {
    config.action = [&config] {
      return fail_with({.kind = base::ErrorKind::usage,
                        .message = "lint is not in this version",
                        .help = "helm-me --help lists what is"},
                       format_of(config.options, config.environment), look_around(config.environment));
    };
  });
}

}  // namespace helmme::cli
