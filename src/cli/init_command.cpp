// `helm-me init`: so far, the JSON Schema of the policy file for editors.
#include <unistd.h>

#include <CLI/App.hpp>
#include <string>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/policy_schema.h"
#include "cli/sinks.h"
#include "cli/stream.h"

namespace helmme::cli {
namespace {

int run_init(const InitOptions& options, const base::Environment& environment) {
  const Surroundings surroundings = look_around(environment);
  const DiagnosticsFormat format = format_of({}, environment);
  if (!options.schema || !options.chart.empty()) {
    return fail_with({.kind = base::ErrorKind::usage,
                      .message = options.schema ? "init CHART is not in this version"
                                                : "init without --schema is not in this version",
                      .help = "helm me init --schema"},
                     format, surroundings);
  }
  const base::Result<Written> written = write_output(STDOUT_FILENO, {policy_schema()});
  return written ? 0 : fail_with(written.error(), format, surroundings);
}

}  // namespace

void set_init_command(CLI::App& command, Config& config) {
  command.footer(std::string(init_help()));
  command.add_flag("--schema", config.init.schema);
  command.add_option("CHART", config.init.chart);
  command.callback([&config] { config.action = [&config] { return run_init(config.init, config.environment); }; });
}

}  // namespace helmme::cli
