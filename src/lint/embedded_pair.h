// Pairs in a text: one entry says what is meant, another, near it, holds the value.
#pragma once

#include <cstddef>
#include <string_view>

#include "lint/finding.h"

namespace helmme::lint {

// "name", "key", "parameter", "header" …: an entry of that name says what the entry "value" beside it is.
[[nodiscard]] bool is_naming_word(std::string_view word);

// "value", "defaultValue" …: an entry of that name holds what another one names.
[[nodiscard]] bool is_value_word(std::string_view word);

// True where the word at `begin` is the value of a naming word: `name: DB_PASSWORD`, `"key": "password"`,
// `name="password"`, "<name>db.password".
[[nodiscard]] bool is_named_here(std::string_view text, std::size_t begin);

// True where an access key, a client's or a role's id is assigned near the span: the secret there is a value and no
// name of a Secret.
[[nodiscard]] bool stands_beside_identity(std::string_view text, Span span);

// "secret-key", "s3.access-key": how the keys of a Secret are called.
[[nodiscard]] bool is_name_of_key(std::string_view value);

// True where the value of such an ambiguous key is a secret, given that an identity stands beside it: "secret: shop-db"
// and "secretKey: secret-key" stay names.
[[nodiscard]] bool is_value_beside_identity(std::string_view key, std::string_view value);

// "accessKey", "client_id", "role-id": it is given with a secret.
[[nodiscard]] bool is_identity(std::string_view key);

}  // namespace helmme::lint
