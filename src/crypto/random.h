#pragma once

#include <cstddef>
#include <span>

namespace helmme::crypto {

// Where random bytes come from, so that tests can hold them.
class Random {
 public:
  virtual ~Random() = default;
  // Fills `out` with bytes that nobody can foretell. Throws std::runtime_error where there are none to be had.
  virtual void fill(std::span<unsigned char> out) = 0;
};

// OpenSSL's generator for secrets (RAND_priv_bytes), seeded by the kernel.
class SystemRandom final : public Random {
 public:
  void fill(std::span<unsigned char> out) override;
};

}  // namespace helmme::crypto
