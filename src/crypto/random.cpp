#include "crypto/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <climits>
#include <stdexcept>

namespace helmme::crypto {

void SystemRandom::fill(std::span<unsigned char> out) {
  while (!out.empty()) {
    const std::size_t count = std::min<std::size_t>(out.size(), INT_MAX);
    if (RAND_priv_bytes(out.data(), static_cast<int>(count)) != 1) {
      throw std::runtime_error("no random bytes");
    }
    out = out.subspan(count);
  }
}

}  // namespace helmme::crypto
