// A placeholder of another tool's dialect, parsed: what has to be read, and what is made of it.
//
//   find_fetched → FetchedMatch → (the run reads its locator) → evaluate → FetchedValue
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "placeholder/fetched_value.h"
#include "placeholder/locator.h"

namespace helmme::placeholder {

enum class Dialect { native, vals, argocd_vault_plugin, bank_vaults };
// "native", "vals", "argocd-vault-plugin", "bank-vaults".
[[nodiscard]] std::string_view name_of(Dialect dialect) noexcept;
[[nodiscard]] std::optional<Dialect> dialect_named(std::string_view word) noexcept;

// One step that a dialect applies to what was read: argocd-vault-plugin's `| indent 4`.
struct Modifier {
  std::string name;
  std::vector<std::string> arguments = {};
  [[nodiscard]] bool operator==(const Modifier&) const = default;
};

struct FetchedReference {
  Dialect dialect = Dialect::vals;
  std::size_t begin = 0;  // in bytes of the scalar's value
  std::size_t length = 0;
  Locator locator = {};
  std::vector<std::string> path = {};  // the keys walked in what was read, from the outside in; empty: all of it
  std::string key_template = {};       // bank-vaults: KEY where it is a template over the whole map
  std::vector<Modifier> modifiers = {};
  // vals: references inside this one, which are read first. Then the text is put together with what they gave, and
  // parsed again (`with_nested`). Until then `locator` means nothing.
  std::vector<FetchedReference> nested = {};

  [[nodiscard]] bool operator==(const FetchedReference&) const = default;
};

// True where two references come to the same, wherever they stand. Not for those with `nested` ones.
[[nodiscard]] bool reads_the_same(const FetchedReference& one, const FetchedReference& other);

// The same reference in a text that begins at byte `begin` of this one's.
[[nodiscard]] FetchedReference counted_from(FetchedReference reference, std::size_t begin);

// Something of a dialect in a scalar's value.
struct FetchedMatch {
  enum class Kind {
    reference,
    refused,  // reference.begin and .length: as far as it goes; `problem` says what is wrong and `help` what to do
  };
  Kind kind = Kind::reference;
  FetchedReference reference = {};
  std::string problem = {};
  std::string help = {};
};

// What the object around a scalar says to argocd-vault-plugin by annotations
// (https://argocd-vault-plugin.readthedocs.io/en/stable/howitworks/).
struct ObjectAnnotations {
  std::string path = {};            // avp.kubernetes.io/path: gives `<KEY>` its meaning; empty: `<KEY>` is text
  std::string kv_version = {};      // avp.kubernetes.io/kv-version: "1" or "2"; empty: found out
  std::string secret_version = {};  // avp.kubernetes.io/secret-version
  bool ignore = false;              // avp.kubernetes.io/ignore
  bool remove_missing = false;      // avp.kubernetes.io/remove-missing: a key whose value is missing leaves
};

// All that the dialects find in a value, in order and without overlap. `dialects` without native.
[[nodiscard]] std::vector<FetchedMatch> find_fetched(std::string_view value, const std::set<Dialect>& dialects,
                                                     const ObjectAnnotations& annotations);

// True where `bytes`, a document as it is written, may hold something that find_fetched() finds. Cheap; may be wrong
// with true, never with false, except for text that the document writes with escapes.
[[nodiscard]] bool may_hold_fetched(std::string_view bytes);
// The same for base64 of it, at any of the three offsets; see may_hold_base64_marker().
[[nodiscard]] bool may_hold_base64_fetched(std::string_view bytes);

// The reference that stands in `value` once its nested ones have these values, in their order. The text may be a secret
// itself: it goes into the locator, and no message may show it.
[[nodiscard]] base::Result<FetchedReference> with_nested(std::string_view value, const FetchedReference& reference,
                                                         const std::vector<FetchedValue>& nested);

// What a reference makes of what its locator gave. not_found: a key, with the nearest names in `help` ("did you mean
// #/db-password?"); bad_input: a modifier that does not fit the value, unknown functions. No message shows a value.
[[nodiscard]] base::Result<FetchedValue> evaluate(const FetchedReference& reference, const FetchedValue& read);

// True where a scalar that is this reference and nothing else takes the value's own type when the value stands in its
// place (vals, argocd-vault-plugin); bank-vaults' is text always.
[[nodiscard]] bool keeps_type(const FetchedReference& reference) noexcept;

// For an ExternalSecret (https://external-secrets.io/latest/api/externalsecret/):
//
//   remote_property()   remoteRef.property where a reference is a key and no more: "password", "db.password"; "" for
//   all
//                       that was read. nullopt: it needs a template, or has keys that a property cannot name.
//   remote_template()   a value of spec.target.template.data that makes of `.variable` what the modifiers or the
//   template
//                       of the reference make. nullopt: External Secrets has no words for it (jsonPath, jsonParse).
//   remote_selection()  remoteRef.property of what `.variable` of that template has to be: the modifiers' key; "" for
//   all
//                       that was read, as JSON.
[[nodiscard]] std::optional<std::string> remote_property(const FetchedReference& reference);
[[nodiscard]] std::optional<std::string> remote_template(const FetchedReference& reference, std::string_view variable);
[[nodiscard]] std::optional<std::string> remote_selection(const FetchedReference& reference);

}  // namespace helmme::placeholder
