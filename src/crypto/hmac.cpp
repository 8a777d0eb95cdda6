#include "crypto/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace helmme::crypto {

base::Secret hmac_sha256(const base::Secret& key, std::string_view message) {
  std::array<char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  const std::string_view key_bytes = key.reveal();
  if (HMAC(EVP_sha256(), key_bytes.data(), static_cast<int>(key_bytes.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(),
           reinterpret_cast<unsigned char*>(digest.data()), &length) == nullptr) {
    throw std::runtime_error("HMAC-SHA-256 failed");
  }
  base::Secret out(std::string_view(digest.data(), length));
  base::cleanse(digest);
  return out;
}

std::string hmac_sha256_hex(const base::Secret& key, const base::Secret& message) {
  const base::Secret digest = hmac_sha256(key, message.reveal());
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string out;
  for (const char c : digest.reveal()) {
    const auto byte = static_cast<unsigned char>(c);
    out += k_digits[byte >> 4U];
    out += k_digits[byte & 0xFU];
  }
  return out;
}

}  // namespace helmme::crypto
