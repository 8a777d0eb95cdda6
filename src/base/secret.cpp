#include "base/secret.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace helmme::base {

Secret::Secret(std::string_view bytes) : bytes_(new char[bytes.size()]), size_(bytes.size()) {
  std::copy(bytes.begin(), bytes.end(), bytes_.get());
}

Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() { wipe(); }

bool Secret::equals(const Secret& other) const noexcept {
  return size_ == other.size_ && (size_ == 0 || CRYPTO_memcmp(bytes_.get(), other.bytes_.get(), size_) == 0);
}

void Secret::wipe() noexcept {
  if (bytes_ != nullptr) {
    OPENSSL_cleanse(bytes_.get(), size_);
  }
}

void cleanse(std::span<char> bytes) noexcept { OPENSSL_cleanse(bytes.data(), bytes.size()); }

}  // namespace helmme::base
