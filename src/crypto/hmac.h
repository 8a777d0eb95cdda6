#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"

namespace helmme::crypto {

// HMAC-SHA-256 (RFC 2104, FIPS 180-4) as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string hmac_sha256_hex(const base::Secret& key, const base::Secret& message);

}  // namespace helmme::crypto
