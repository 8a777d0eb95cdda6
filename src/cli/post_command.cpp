#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "cli/commands.h"
#include "cli/descriptor.h"
#include "cli/help.h"
#include "cli/log.h"
#include "cli/render_input.h"
#include "cli/sinks.h"
#include "cli/stream.h"
#include "render/render.h"
#include "render/scan.h"

namespace helmme::cli {
namespace {

// 128 + SIGPIPE, as a shell has it of a program whose reader left: the output is not whole.
constexpr int k_reader_left = 141;

// Milliseconds since it was made, for the log.
class Watch {
 public:
  [[nodiscard]] double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

struct Ending {
  bool reader_left = false;
  bool helm_4 = false;  // the stream says so
};

Ending render_to_stdout(const PostOptions& options, const base::Environment& environment,
                        base::Diagnostics& diagnostics) {
  const Watch reading;
  const RenderInput read = read_render_input(options, environment, STDOUT_FILENO, diagnostics);
  const std::string_view stream = read.bytes.view();
  spdlog::info("read {} bytes and {} policy files in {:.1f} ms", stream.size(), read.input.policies.size(),
               reading.milliseconds());
  std::optional<render::Rendered> rendered;
  if (!diagnostics.failed()) {
    const Watch rendering;
    rendered = render::render(read.input, diagnostics);
    spdlog::info("rendered in {:.1f} ms: {} errors, {} warnings", rendering.milliseconds(), diagnostics.errors.size(),
                 diagnostics.warnings.size());
  }
  if (!rendered) {
    return {.helm_4 = render::is_from_helm_4(stream)};
  }
  const Watch writing;
  const base::Result<Written> written = write_output(STDOUT_FILENO, rendered->pieces);
  if (!written) {
    diagnostics.error(written.error());
    return {.helm_4 = render::is_from_helm_4(stream)};
  }
  spdlog::info("wrote {} pieces, {} of them new, in {:.1f} ms", rendered->pieces.size(), rendered->owned.size(),
               writing.milliseconds());
  return {.reader_left = *written == Written::reader_left};
}

int run_post(PostOptions options, const base::Environment& environment) {
  Surroundings surroundings = look_around(environment);
  const DiagnosticsFormat format = format_of(options, environment);
  base::Diagnostics diagnostics;
  complete(options, environment, diagnostics);
  if (diagnostics.failed()) {
    return report(diagnostics, format, surroundings);
  }
  if (reads_terminal(options)) {
    return fail_with(terminal_error("helm-me-post"), format, surroundings);
  }
  // Helm keeps our own stderr to itself, so the log goes where it is seen.
  const std::string log_file = surroundings.wrapped ? surroundings.diagnostics_file : surroundings.helm_stderr;
  const Descriptor log(log_file.empty() || options.log_level.empty() ? -1 : open_for_append(log_file));
  start_log(options.log_level, log.is_open() ? log.get() : STDERR_FILENO);
  const Ending ending = render_to_stdout(options, environment, diagnostics);
  spdlog::set_level(spdlog::level::off);
  surroundings.helm_4 = surroundings.helm_4 || ending.helm_4;
  const int code = report(diagnostics, format, surroundings);
  return ending.reader_left ? k_reader_left : code;
}

}  // namespace

void set_post_command(CLI::App& command, Config& config) {
  command.footer(std::string(post_help()));
  add_post_options(command, config.options);
  command.callback(
      [&config] { config.action = [&config] { return run_post(std::move(config.options), config.environment); }; });
}

}  // namespace helmme::cli
