// `helm me secret …`: what its commands share. Each has a file of its own.
#pragma once

#include <CLI/App.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/environment.h"
#include "base/error.h"
#include "base/secret.h"
#include "cli/diagnostics.h"
#include "cli/options.h"
#include "crypto/random.h"
#include "provider/local_store.h"
#include "render/secret_document.h"

namespace helmme::cli {

// As given; empty: not given.
struct SecretOptions {
  std::string store;
  std::vector<std::string> words;  // NAME, NAME KEY… or BUNDLE…
  std::vector<std::string> data;   // KEY=VALUE
  std::vector<std::string> from_files;
  std::vector<std::string> from_stdin;
  std::vector<std::string> from_environment;
  bool raw = false;
  std::string type;
  std::string reconcile;
  std::string reveal;
  bool yes = false;
  std::string output;
  std::string to;
  std::string out;
  std::vector<std::string> force;
  std::string key;
  std::string hex;
  std::string base64;
  std::string alphabet;
  std::string length;
  std::string prefix;
  bool uuid = false;
};

// One run of one command.
struct SecretRun {
  const PostOptions& options;
  const SecretOptions& secret;
  const base::Environment& environment;
  const base::Clock& clock;
  crypto::Random& random;
  DiagnosticsFormat format;
  base::Diagnostics diagnostics = {};

  // What was done, on stderr: names and counts, never a value.
  void say(const std::string& text) const;
};

// Each reports to run.diagnostics.
void run_secret_set(SecretRun& run);
void run_secret_get(SecretRun& run);
void run_secret_list(SecretRun& run);
void run_secret_delete(SecretRun& run);
void run_secret_generate(SecretRun& run);
void run_secret_rekey(SecretRun& run);
void run_secret_apply(SecretRun& run);

// --help of `secret` ("") and of its commands.
[[nodiscard]] std::string_view secret_help(std::string_view command);

// The store that --store or HELM_ME_STORE names; usage where that is the cluster, or nothing that there is.
[[nodiscard]] base::Result<provider::LocalStore> chosen_store(const SecretRun& run);

// The only word of `words`, which must be the name of a Secret; what it is not may be a value and is not shown.
[[nodiscard]] base::Result<std::string> single_name(const std::string& command, const std::vector<std::string>& words);

// `word` where it is one of `known`, the first of them where it is empty.
[[nodiscard]] base::Result<std::string> word_of(const std::string& option, const std::string& word,
                                                const std::vector<std::string>& known);

// Text to stdout. A reader that left early is no error.
void print(SecretRun& run, const std::vector<std::string_view>& pieces);

// v1/Secrets in the form that `kubectl apply -f -` and kubeseal take, by name; masked in a CI's log first.
[[nodiscard]] base::Result<void> print_secrets(SecretRun& run,
                                               const std::map<std::string, render::SecretData>& secrets);

[[nodiscard]] base::Error usage_error(std::string message, std::string help);

}  // namespace helmme::cli
