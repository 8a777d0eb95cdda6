// The options of `post`, which the wrapper around Helm takes as well, and the reading of a command line.
#pragma once

#include <CLI/App.hpp>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "cli/diagnostics.h"

namespace helmme::cli {

// The commands whose words, from here on, are Helm's.
inline constexpr std::array<std::string_view, 4> k_helm_verbs = {"install", "upgrade", "template", "run"};

// Empty: not given.
struct PostOptions {
  std::vector<std::string> policies;
  std::vector<std::string> values;
  std::string release;
  std::string namespace_name;
  std::string secret_keys;
  std::vector<std::string> dialects;
  std::string deliver;
  std::string diagnostics_format;
  std::string log_level;
  bool offline = false;
  std::string timeout;  // Go's duration
  std::string file;
  std::string output;      // explain's -o: text or json
  bool exit_code = false;  // diff's --exit-code
};

// The options that both take.
void add_shared_options(CLI::App& app, PostOptions& options);

// `post`, `explain` and `diff` have --namespace (Helm eats it from a plugin's arguments) and FILE.
void add_post_options(CLI::App& app, PostOptions& options);

// -o FORMAT, --output FORMAT.
void add_output_option(CLI::App& app, PostOptions& options);

// Checks the words that were given; all that is wrong is reported. Variables fill in what the command line left out:
// HELM_ME_POLICY, HELM_ME_RELEASE, HELM_NAMESPACE, HELM_ME_OFFLINE, HELM_ME_TIMEOUT, HELM_ME_DIAGNOSTICS_FORMAT,
// HELM_ME_LOG_LEVEL.
void complete(PostOptions& options, const base::Environment& environment, base::Diagnostics& diagnostics);

// How to speak before, or without, complete(): text where the words make no sense.
[[nodiscard]] DiagnosticsFormat format_of(const PostOptions& options, const base::Environment& environment);

enum class Parsed { go_on, said_all };

// `arguments` without the program's name. CLI11's complaints become ours, of kind usage. said_all: --help or
// --version was printed.
[[nodiscard]] base::Result<Parsed> parse(CLI::App& app, std::vector<std::string> arguments);

// True for an option of `app` that takes its value from the next word.
[[nodiscard]] bool takes_next_word(const CLI::App& app, const std::string& argument);

// An error about a command or option that there is not, with "did you mean".
[[nodiscard]] base::Error unknown_word(const CLI::App& app, const std::string& word);

}  // namespace helmme::cli
