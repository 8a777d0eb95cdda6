#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace helmme::crypto {

inline constexpr std::size_t k_aes_key_size = 32;
inline constexpr std::size_t k_gcm_nonce_size = 12;
inline constexpr std::size_t k_gcm_tag_size = 16;

// AES-256-GCM (NIST SP 800-38D): the ciphertext with its tag behind it. `key` has 32 bytes, `nonce` 12; a pair of them
// is used once and never again. `bound` is not in the result, but must be the same to open it.
[[nodiscard]] std::string seal_aes_gcm(const base::Secret& key, std::string_view nonce, std::string_view bound,
                                       std::string_view text);

// nullopt: another key, nonce or `bound`, or the bytes were changed.
[[nodiscard]] std::optional<base::Secret> open_aes_gcm(const base::Secret& key, std::string_view nonce,
                                                       std::string_view bound, std::string_view sealed);

}  // namespace helmme::crypto
