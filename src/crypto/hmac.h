#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"

namespace helmme::crypto {

// HMAC-SHA-256 (RFC 2104, FIPS 180-4): 32 bytes.
[[nodiscard]] base::Secret hmac_sha256(const base::Secret& key, std::string_view message);

// The same as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string hmac_sha256_hex(const base::Secret& key, const base::Secret& message);

}  // namespace helmme::crypto
