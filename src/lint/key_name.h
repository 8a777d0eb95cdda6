// What a key, a variable's or an option's name says about the value behind it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace helmme::lint {

enum class KeyClass {
  other,
  ambiguous,   // "secret", "tlsSecret", "secretKey": its value is a secret or the name of one
  credential,  // "dbPassword", "API_TOKEN", "clientSecret": its value is a secret
};

// Decides by the name's last words, so that passwordFile, tokenTTL and secretName are none. Trailing digits and words
// like "prod", "old", "value" and "base64" do not count.
[[nodiscard]] KeyClass classify_key(std::string_view name);

// A key whose presence beside a credential means that a Secret can be named instead: existingSecret,
// existingSecretName, auth.secretKeyRef, credentialsSecret …
[[nodiscard]] bool names_existing_secret(std::string_view name);

// A mapping under such a key maps to names of keys, or describes values, and holds none: secretKeyRef, keyMapping,
// existingSecret, remoteRef, properties …
[[nodiscard]] bool holds_no_values(std::string_view name);

// "dbPassword", "DB_PASSWORD" and "db-password" are all {"db", "password"}.
[[nodiscard]] std::vector<std::string> words_of(std::string_view name);

}  // namespace helmme::lint
