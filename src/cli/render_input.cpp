#include "cli/render_input.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "cli/policy_files.h"

namespace helmme::cli {
namespace {

constexpr const char* k_version_key = "HELM_ME_VERSION_KEY";

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
  for (const std::string& path : options.values) {
    take(
        read_values(path), [&](policy::PolicyText text) { input.values.push_back(std::move(text)); }, diagnostics);
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

}  // namespace

RenderInput read_render_input(const PostOptions& options, const base::Environment& environment, int output,
                              base::Diagnostics& diagnostics) {
  const std::string path = options.file.empty() ? "-" : options.file;
  // The stream first: Helm 4 takes a reader that leaves early for another failure than ours.
  base::Result<InputBytes> bytes = open_input(path, output);
  RenderInput read;
  read.input = make_input(options, environment, diagnostics);
  const provider::Settings settings = provider_settings(options, environment);
  read.providers = std::make_unique<provider::Providers>(settings);
  read.input.providers = read.providers.get();
  read.references = std::make_unique<ProviderReferences>(*read.providers);
  read.input.references = read.references.get();
  read.input.stream_name = path == "-" ? "stdin" : path;
  if (bytes) {
    read.bytes = *std::move(bytes);
    read.input.stream = read.bytes.view();
  } else {
    bytes.error().help = "helm template NAME CHART | helm-me-post, or name a file of rendered manifests";
    diagnostics.error(std::move(bytes).error());
  }
  return read;
}

int look_at_render(PostOptions options, const base::Environment& environment, const std::string& program,
                   const Look& look) {
  const Surroundings surroundings = look_around(environment);
  const DiagnosticsFormat format = format_of(options, environment);
  base::Diagnostics diagnostics;
  complete(options, environment, diagnostics);
  if (diagnostics.failed()) {
    return report(diagnostics, format, surroundings);
  }
  if (reads_terminal(options)) {
    return fail_with(terminal_error(program), format, surroundings);
  }
  RenderInput read = read_render_input(options, environment, -1, diagnostics);
  if (!diagnostics.failed()) {
    if (const std::optional<std::string> text = look(read, surroundings, diagnostics)) {
      if (const base::Result<Written> written = write_output(STDOUT_FILENO, {*text}); !written) {
        diagnostics.error(written.error());
      }
    }
  }
  return report(diagnostics, format, surroundings);
}

bool reads_terminal(const PostOptions& options) {
  return (options.file.empty() || options.file == "-") && isatty(STDIN_FILENO) == 1;
}

base::Error terminal_error(const std::string& program) {
  return {.kind = base::ErrorKind::usage,
          .message = "standard input is a terminal, where rendered manifests are read from it",
          .help = "helm template NAME CHART | " + program + ", or " + program + " --help"};
}

}  // namespace helmme::cli
