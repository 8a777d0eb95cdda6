// policy: what the operator (and, within limits, the chart) says about secrets. Reads helm-me.yaml, decides
// which source wins for each bundle, loads the values that are local, checks the contract. It may use
// placeholder, manifest and base; libyaml and yaml-cpp read the files, RE2 runs `pattern`.
//
// The format is documented in README.md ("Policy"); names here are the format's names.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "policy/allow.h"

namespace helmme::policy {

enum class Charset { any, hex, base64, alphanumeric, digits, printable };

// How `generate` makes a value. Read and checked here; used by the commands that generate.
struct Generate {
  enum class Kind { hex, base64, alphabet, uuid } kind = Kind::hex;
  std::size_t count = 0;  // random bytes for hex and base64, characters for alphabet
  std::string alphabet;
  std::string prefix;
};

// What a bundle requires of one key, whatever source it comes from. Lengths are in bytes.
struct KeyContract {
  std::optional<std::size_t> length;
  std::optional<std::size_t> min_length;
  std::optional<std::size_t> max_length;
  Charset charset = Charset::any;
  std::optional<std::string> pattern;        // RE2, must match the whole value
  std::optional<std::string> default_value;  // for keys that are no secrets
  std::optional<Generate> generate;
  base::Location location;
};

struct ExistingSecret {
  std::string name;
  std::map<std::string, std::string> keys;  // bundle key → key in the Secret; a key not here keeps its name
  base::Location location;
};

struct FromEnvironment {
  std::string variable;
};
struct FromFile {
  std::string path;  // as written; relative to the policy's folder
  bool raw = false;  // false: one final line end is dropped
};
// A value that a provider has.
struct FromReference {
  std::string text;  // "ref+local://shop#/API_KEY"
};
// A value of `secrets:`. `folder` is where FromFile is relative to.
struct ValueSource {
  std::variant<base::Secret, FromEnvironment, FromFile, FromReference> value;
  std::string folder;
  base::Location location;
};

struct SecretsFile {
  std::string path;
  std::string folder;  // of the policy file that names it; no path may leave it, not even through a symlink
  base::Location location;
};

enum class SourceKind { existing_secret, secrets, secrets_files };
// "existingSecret", "secrets", "secretsFiles".
[[nodiscard]] std::string_view name_of(SourceKind kind) noexcept;

// How a bundle that is won by `secrets` or `secretsFiles` reaches its workloads.
enum class Delivery {
  reference,        // references to `target`, which is in the cluster already
  external_secret,  // "externalSecret": an ExternalSecret of the locators joins the stream, and references to its
                    // Secret
  secret,           // a Secret with the values joins the stream, and references to it
  inline_value,     // "inline": the value stands where the placeholder stood
};
// The word of the policy and of --deliver.
[[nodiscard]] std::string_view name_of(Delivery delivery) noexcept;
// nullopt: another word, or one that this version does not serve.
[[nodiscard]] std::optional<Delivery> delivery_named(std::string_view word) noexcept;
// All words of the format, also those that this version does not serve.
extern const std::vector<std::string> k_delivery_words;

// Where External Secrets reads (https://external-secrets.io/latest/api/externalsecret/): `secretStoreRef` and
// `refreshInterval`.
struct SecretStore {
  std::string name;
  std::string kind = "SecretStore";   // or "ClusterSecretStore"
  std::string refresh_interval = {};  // Go's duration, "1h"; empty: External Secrets' own default
};

struct Bundle {
  std::string name;
  std::map<std::string, KeyContract> required;  // empty: any key is allowed
  std::optional<ExistingSecret> existing_secret;
  std::map<std::string, ValueSource> secrets;
  std::vector<SecretsFile> secrets_files;
  std::optional<Delivery> delivery;   // nullopt: reference
  std::optional<std::string> target;  // the Secret's name when the winner is not existingSecret
  std::optional<SecretStore> store;   // for Delivery::external_secret
  std::map<std::string, std::map<std::string, std::string>> replaces;  // a rendered Secret: its key → bundle key
  bool strict = false;  // `precedence: strict`: more than one source is an error
  base::Location location;
  // False: only Helm values have it, among much that is not ours. What is wrong with it is said where it is used.
  bool declared = true;
  std::vector<base::Error> problems = {};  // of a bundle that is not declared
};

enum class Arguments { warn, error };  // a placeholder in args or command

struct Policy {
  std::map<std::string, Bundle> bundles;
  // `defaults`, as far as they concern references that stand in the manifests.
  std::optional<Delivery> delivery;
  std::optional<std::string> target;
  std::optional<SecretStore> store;
  std::optional<Allow> allow;   // what may be asked for; nullopt: anything
  bool bridge_to_vals = false;  // `bridge: vals`: schemes that are not ours go to an installed vals
  Arguments arguments = Arguments::warn;
  std::optional<std::vector<std::string>> dialects;  // "native", "vals", "argocd-vault-plugin", "bank-vaults"
  std::vector<std::string> allow_values;             // `allowValues`: "Kind/name:spec.path.*" that may hold a value
  std::vector<std::string> secret_name_fields;       // `secretNameFields`: "Kind/name:spec.path.*", for CRDs
};

}  // namespace helmme::policy
