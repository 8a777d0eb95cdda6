#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/secret.h"

namespace helmme::crypto {

// scrypt's cost (RFC 7914): N = 2^log2_n, r, p. It takes 128 * N * r bytes of memory.
struct ScryptCost {
  unsigned log2_n = 17;
  std::uint64_t r = 8;
  std::uint64_t p = 1;
};

// `size` bytes of a key from a passphrase. Throws std::bad_alloc where the memory is not there.
[[nodiscard]] base::Secret scrypt(const base::Secret& passphrase, std::string_view salt, const ScryptCost& cost,
                                  std::size_t size);

}  // namespace helmme::crypto
