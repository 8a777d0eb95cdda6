#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/descriptor.h"
#include "cli/help.h"
#include "cli/log.h"
#include "cli/policy_files.h"
#include "cli/sinks.h"
#include "cli/stream.h"
#include "render/render.h"
#include "render/scan.h"

namespace helmme::cli {
namespace {

using base::ErrorKind;

constexpr const char* k_version_key = "HELM_ME_VERSION_KEY";

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

base::Result<policy::SecretKeys> read_keys(const std::string& path) {
  TRY_ASSIGN(std::string text, read_text("--secret-keys", path));
  return policy::read_secret_keys({path, std::move(text)});
}

// Moves a result into its place, or its error into the diagnostics.
template <typename T, typename Place>
void take(base::Result<T> result, Place&& place, base::Diagnostics& diagnostics) {
  if (result) {
    place(*std::move(result));
  } else {
    diagnostics.error(std::move(result).error());
  }
}

std::optional<std::string> if_given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// Reads everything that the options name. Every problem is reported, not just the first.
render::Input make_input(const PostOptions& options, const base::Environment& environment,
                         base::Diagnostics& diagnostics) {
  render::Input input;
  input.environment = &environment;
  for (const std::string& path : options.policies) {
    take(
        read_policy(path), [&](policy::PolicyText text) { input.policies.push_back(std::move(text)); }, diagnostics);
  }
  std::error_code ignored;
  if (options.policies.empty() && std::filesystem::exists(k_default_policy, ignored)) {
    take(
        read_policy(k_default_policy), [&](policy::PolicyText text) { input.fallback_policy = std::move(text); },
        diagnostics);
  }
  if (!options.secret_keys.empty()) {
    take(
        read_keys(options.secret_keys), [&](policy::SecretKeys keys) { input.secret_keys = std::move(keys); },
        diagnostics);
  }
  input.variables = {if_given(options.release), if_given(options.namespace_name)};
  input.deliver = policy::delivery_named(options.deliver);
  if (!options.dialects.empty()) {
    input.dialects = options.dialects;
  }
  if (std::optional<std::string> key = environment.get(k_version_key); key && !key->empty()) {
    input.version_key = base::Secret(*key);
    base::cleanse(*key);
    unsetenv(k_version_key);
  }
  return input;
}

struct Ending {
  bool reader_left = false;
  bool helm_4 = false;  // the stream says so
};

Ending render_to_stdout(const PostOptions& options, const base::Environment& environment,
                        base::Diagnostics& diagnostics) {
  const std::string path = options.file.empty() ? "-" : options.file;
  const Watch reading;
  // The stream first: Helm 4 takes a reader that leaves early for another failure than ours.
  base::Result<InputBytes> bytes = open_input(path, STDOUT_FILENO);
  render::Input input = make_input(options, environment, diagnostics);
  if (!bytes) {
    bytes.error().help = "helm template NAME CHART | helm-me-post, or name a file of rendered manifests";
    diagnostics.error(std::move(bytes).error());
    return {};
  }
  const std::string_view stream = bytes->view();
  spdlog::info("read {} bytes and {} policy files in {:.1f} ms", stream.size(), input.policies.size(),
               reading.milliseconds());
  std::optional<render::Rendered> rendered;
  if (!diagnostics.failed()) {
    const Watch rendering;
    input.stream = stream;
    input.stream_name = path == "-" ? "stdin" : path;
    rendered = render::render(input, diagnostics);
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
  if ((options.file.empty() || options.file == "-") && isatty(STDIN_FILENO) == 1) {
    return fail_with({.kind = ErrorKind::usage,
                      .message = "standard input is a terminal, where rendered manifests are read from it",
                      .help = "helm template NAME CHART | helm-me-post, or helm-me-post --help"},
                     format, surroundings);
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
