// What is said where Vault gives no value: the locator, what is wrong, and what to do or to ask for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "placeholder/locator.h"
#include "provider/vault_answer.h"
#include "provider/vault_settings.h"

namespace helmme::provider {

// Who we are to the server, as auth/token/lookup-self says.
struct VaultIdentity {
  bool is_known = false;      // it was asked
  bool token_is_good = true;  // false: the server does not know the token
  std::string text = {};      // "approle with policies default and shop"; empty: it does not say
};
[[nodiscard]] VaultIdentity vault_identity(const VaultAnswer& lookup);

// The path, beside `path`, that is near enough to be what was meant; `list` is the answer of a listing.
[[nodiscard]] std::optional<std::string> nearest_secret(std::string_view path, const VaultAnswer& list);

struct VaultFailure {
  const placeholder::Locator& locator;
  const VaultSettings& settings;
  const VaultAnswer& answer;  // any but data
  std::string path;           // as the locator has it
  std::string api_path;       // what was asked, below /v1/
  std::optional<std::string> near;
  const VaultIdentity& identity;
};
[[nodiscard]] base::Error vault_failure(const VaultFailure& failure);

}  // namespace helmme::provider
