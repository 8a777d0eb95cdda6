#include "crypto/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <climits>
#include <vector>

namespace helmme::crypto {

std::optional<base::Secret> decode_base64(std::string_view text) {
  std::string packed;
  std::copy_if(text.begin(), text.end(), std::back_inserter(packed), [](char c) { return c != '\n' && c != '\r'; });
  const std::size_t padding = packed.ends_with("==") ? 2 : packed.ends_with("=") ? 1 : 0;
  if (packed.size() % 4 != 0 || packed.size() > INT_MAX || packed.find_first_of(" \t") != std::string::npos ||
      packed.find('=') < packed.size() - padding) {
    base::cleanse(packed);
    return std::nullopt;
  }
  std::vector<char> out(packed.size() / 4 * 3 + 1);
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(packed.data()), static_cast<int>(packed.size()));
  base::cleanse(packed);
  if (length < 0 || static_cast<std::size_t>(length) < padding) {
    return std::nullopt;
  }
  base::Secret secret(std::string_view(out.data(), static_cast<std::size_t>(length) - padding));
  base::cleanse(out);
  return secret;
}

base::Secret encode_base64(std::string_view bytes) {
  // EVP_EncodeBlock() counts in int and adds a NUL.
  constexpr std::size_t k_piece = 3U << 20U;
  std::vector<char> out((bytes.size() + 2) / 3 * 4 + 1);
  std::size_t size = 0;
  while (!bytes.empty()) {
    const std::size_t count = std::min(bytes.size(), k_piece);
    size += static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + size),
                                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                                     static_cast<int>(count)));
    bytes.remove_prefix(count);
  }
  base::Secret secret(std::string_view(out.data(), size));
  base::cleanse(out);
  return secret;
}

}  // namespace helmme::crypto
