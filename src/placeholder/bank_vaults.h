// The grammar of bank-vaults' webhook (https://bank-vaults.dev/docs/mutating-webhook/, bank-vaults/internal,
// pkg/injector/vault/injector.go):
//
//   whole value = engine path "#" key [ "#" version ]
//   inline      = "${" engine path "#" key [ "#" version ] "}"       any number, among other text
//   engine      = "vault:" / "bao:"
//   key         = a key's name, or a template over all of what was read: ${.user}:${.password | urlquery}
//
// A path is without blanks, braces and quotes. Without a "#" it is text (image: vault:1.20), and so is `vault:` with a
// line end before the last one. One final line end does not belong to the value. Templates are go_template.h's.
//
// `>>vault:…` and `${>>vault:…}` write to Vault and are refused. A value that has inline references is not looked at as
// a whole one. `vault:P#K:vault:P#K` is two references with ":" between them: user and password in the `auth` of a
// .dockerconfigjson, so its decoded text is found like any other value.
//
// The locator's scheme is "vault", or "openbao" for `bao:` (as vals calls it); its path is the API's
// (secret/data/shop). Versions that are no number are refused.
//
// What a reference gives is text always: numbers and booleans as they are written, nothing for null; a list or map only
// through a template.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.h"
#include "placeholder/fetched_reference.h"

namespace helmme::placeholder {

// Of path, key and version together; what is longer is text.
inline constexpr std::size_t k_bank_vaults_length_limit = 4096;

[[nodiscard]] std::vector<FetchedMatch> find_bank_vaults(std::string_view value);

// See evaluate().
[[nodiscard]] base::Result<FetchedValue> evaluate_bank_vaults(const FetchedReference& reference,
                                                              const FetchedValue& read);

// True where `vault:…#` or `bao:…#` stands in `bytes`.
[[nodiscard]] bool may_hold_bank_vaults(std::string_view bytes);

}  // namespace helmme::placeholder
