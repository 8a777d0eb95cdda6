// Precedence: existingSecret > secrets > secretsFiles. The first configured source wins as a whole; what it
// lacks is an error, never a silent fall-through to the next.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"
#include "placeholder/fetched_reference.h"
#include "placeholder/reference.h"
#include "policy/policy.h"
#include "policy/references.h"

namespace helmme::policy {

// The keys of Secrets that are in the cluster, from `--secret-keys`: "name" or "namespace/name" → keys.
using SecretKeys = std::map<std::string, std::set<std::string>>;

// Reads a `--secret-keys` file: a YAML or JSON map of NAME or NAMESPACE/NAME to a list of keys.
[[nodiscard]] base::Result<SecretKeys> read_secret_keys(const base::Source& source);

struct ResolvedBundle {
  const Bundle* bundle = nullptr;  // points into the Policy
  SourceKind winner = SourceKind::existing_secret;
  std::vector<SourceKind> shadowed;
  Delivery delivery = Delivery::reference;
  std::string secret_name;  // the Secret that workloads point at: existingSecret's name or `target`; may be empty where
                            // delivery is not reference
  std::map<std::string, std::string> key_names;     // bundle key → key in that Secret, where it differs
  std::optional<std::set<std::string>> known_keys;  // of an existing Secret that `secret_keys` lists
  std::map<std::string, base::Secret> values;       // of `secrets` and `secretsFiles`; empty for existingSecret
  std::map<std::string, placeholder::FetchedReference> references;  // under externalSecret, instead of values
  std::map<std::string, std::string> origins;  // of values, in words: "environment variable JWT_SECRET"
  std::vector<base::Error> problems;           // of a bundle that is not declared: it cannot be used
};

struct ResolveInput {
  const base::Environment* environment = nullptr;
  References* references = nullptr;
  const SecretKeys* secret_keys = nullptr;         // nullptr: existing Secrets' keys are not checked
  std::optional<std::string> namespace_name = {};  // for "namespace/name" in secret_keys
  std::optional<Delivery> deliver = {};            // --deliver: wins over what the policy says
};

// Resolves every bundle, used or not: chooses the winner, loads local values (env, file, secretsFiles as YAML or JSON
// map or .env), checks `required` (missing or unset variable: not_found; wrong value: bad_input, value not shown).
// Shadowed sources are one warning a bundle, or an error under `strict`. A bundle won by secrets or secretsFiles
// is delivered as --deliver, else its policy says; as externalSecret nothing is read, and a value that is no reference
// to a provider is bad_input. By reference, without `target` it is bad_input; with one, a warning
// names `helm me secret apply`. What is wrong with a bundle that no policy declares goes to its `problems`.
[[nodiscard]] std::map<std::string, ResolvedBundle> resolve_bundles(const Policy& policy, const ResolveInput& input,
                                                                    base::Diagnostics& diagnostics);

// A key of a bundle, found for a placeholder.
struct KeyUse {
  const ResolvedBundle* bundle = nullptr;
  std::string key;          // the bundle's name for it
  std::string secret_name;  // where the workload finds it
  std::string secret_key;
};

// `${secret:KEY}` means the one bundle whose `required` has KEY, or the only bundle; several candidates: bad_input
// naming them. Unknown bundle or key: not_found with "did you mean". A bundle with problems: the first of them, all in
// its notes. The error has no location: the caller knows it.
[[nodiscard]] base::Result<KeyUse> find_key(const std::map<std::string, ResolvedBundle>& bundles,
                                            const placeholder::Reference& reference);

}  // namespace helmme::policy
