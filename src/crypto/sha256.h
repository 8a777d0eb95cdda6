#pragma once

#include <string>
#include <string_view>

namespace helmme::crypto {

// SHA-256 (FIPS 180-4): 32 bytes. Only over what is no secret: a plain digest of one can be guessed at.
[[nodiscard]] std::string sha256(std::string_view bytes);

}  // namespace helmme::crypto
