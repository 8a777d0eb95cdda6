// Names: what a bundle, a key and a Secret may be called, and the variables within them.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "policy/read.h"

namespace helmme::policy {

// BUNDLE, KEY and a key of a Kubernetes Secret: [A-Za-z0-9._-]+, at most 253 characters.
[[nodiscard]] bool is_key_name(std::string_view name) noexcept;

// A Kubernetes Secret's name: an RFC 1123 subdomain (lower case letters, digits, `-` and `.`; each label begins and
// ends with a letter or digit; at most 253 characters).
[[nodiscard]] bool is_secret_name(std::string_view name) noexcept;

// An environment variable's name: [A-Za-z_][A-Za-z0-9_]*.
[[nodiscard]] bool is_variable_name(std::string_view name) noexcept;

// `*` stands for any run of characters, `/` included.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text) noexcept;

// Fills `${release}` and `${namespace}` in. Any other `${` is bad_input; the error has no location.
[[nodiscard]] base::Result<std::string> fill(std::string_view text, const Variables& variables);

}  // namespace helmme::policy
