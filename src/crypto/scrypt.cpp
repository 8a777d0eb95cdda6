#include "crypto/scrypt.h"

#include <openssl/evp.h>

#include <new>
#include <vector>

namespace helmme::crypto {
namespace {

constexpr std::uint64_t k_memory_for_small_costs = std::uint64_t{32} << 20U;  // what OpenSSL takes itself

}  // namespace

base::Secret scrypt(const base::Secret& passphrase, std::string_view salt, const ScryptCost& cost, std::size_t size) {
  const std::uint64_t n = std::uint64_t{1} << cost.log2_n;
  const std::uint64_t memory = 128 * cost.r * (n + cost.p + 2) + k_memory_for_small_costs;
  std::vector<char> key(size);
  const std::string_view words = passphrase.reveal();
  if (EVP_PBE_scrypt(words.empty() ? "" : words.data(), words.size(),
                     reinterpret_cast<const unsigned char*>(salt.empty() ? "" : salt.data()), salt.size(), n, cost.r,
                     cost.p, memory, reinterpret_cast<unsigned char*>(key.data()), key.size()) != 1) {
    throw std::bad_alloc();
  }
  base::Secret out(std::string_view(key.data(), key.size()));
  base::cleanse(key);
  return out;
}

}  // namespace helmme::crypto
