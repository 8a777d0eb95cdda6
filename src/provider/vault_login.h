// From settings to a token: one request at most (two in a GitHub workflow).
#pragma once

#include <optional>
#include <string_view>

#include "base/environment.h"
#include "base/secret.h"
#include "net/http.h"
#include "provider/vault_answer.h"
#include "provider/vault_settings.h"

namespace helmme::provider {

// A request of that server, namespace and TLS set-up; `path` is below /v1/, encoded as it is. With a token, its header.
[[nodiscard]] net::Request vault_request(const VaultSettings& settings, std::string_view path,
                                         const base::Secret* token);

// What is said of an answer that tells of the server, whatever was asked: sealed, throttled, broken. nullopt: it tells
// of what was asked.
[[nodiscard]] std::optional<base::Error> vault_outage(const VaultSettings& settings, const VaultAnswer& answer);

// The token. Errors begin with the server's address: denied (a credential is not there, or is not taken), otherwise as
// HttpClient has them. A token that is there is not tried: the first reading does.
[[nodiscard]] base::Result<base::Secret> vault_login(const VaultSettings& settings, const VaultRules& rules,
                                                     const base::Environment& environment, net::HttpClient& client,
                                                     net::Deadline deadline);

}  // namespace helmme::provider
