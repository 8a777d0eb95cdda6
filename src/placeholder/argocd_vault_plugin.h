// The grammar of argocd-vault-plugin (https://argocd-vault-plugin.readthedocs.io, pkg/kube/util.go):
//
//   placeholder = "<path:" path "#" key [ "#" version ] *( "|" modifier ) ">"
//               / "<" key *( "|" modifier ) ">"       where the object's annotation avp.kubernetes.io/path says where
//
// on one line; blanks around "|" do not count. Without a "#", and `<word>` where no annotation asks for it, it is text.
// What the modifiers are says modifier.h.
//
// The locator's scheme is "vault" always: which backend it is says AVP_TYPE in the environment of the run, which this
// room does not read; where it names another, whoever fetches puts that one's scheme in place. Its path is the API's
// (secret/data/shop), as in bank-vaults' dialect. avp.kubernetes.io/kv-version becomes option kv_version,
// avp.kubernetes.io/secret-version the version of every `<key>`.
//
// Unlike there:
//
//   - ">" and "|" inside a jsonPath's braces belong to it: {.a[?(@.n>1)]}.
//   - a key of `<key>` that stands behind a blank is one word: a < b and c > d is text.
//   - unknown modifiers and wrong arguments are an error, not the end of the program.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.h"
#include "placeholder/fetched_reference.h"

namespace helmme::placeholder {

inline constexpr std::string_view k_avp_path_annotation = "avp.kubernetes.io/path";

// A placeholder's modifiers; what is longer is text.
inline constexpr std::size_t k_avp_modifiers_limit = 2048;

[[nodiscard]] std::vector<FetchedMatch> find_argocd_vault_plugin(std::string_view value,
                                                                 const ObjectAnnotations& annotations);

// See evaluate().
[[nodiscard]] base::Result<FetchedValue> evaluate_argocd_vault_plugin(const FetchedReference& reference,
                                                                      const FetchedValue& read);

// True where `bytes` has a `<path:`, or the annotation and a "<".
[[nodiscard]] bool may_hold_argocd_vault_plugin(std::string_view bytes);

}  // namespace helmme::placeholder
