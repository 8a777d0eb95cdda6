#include "crypto/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace helmme::crypto {

std::string hmac_sha256_hex(const base::Secret& key, const base::Secret& message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  const std::string_view key_bytes = key.reveal();
  const std::string_view bytes = message.reveal();
  if (HMAC(EVP_sha256(), key_bytes.data(), static_cast<int>(key_bytes.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(), &length) == nullptr) {
    throw std::runtime_error("HMAC-SHA-256 failed");
  }
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string out;
  for (unsigned int i = 0; i < length; ++i) {
    out += k_digits[digest[i] >> 4U];
    out += k_digits[digest[i] & 0xFU];
  }
  return out;
}

}  // namespace helmme::crypto
