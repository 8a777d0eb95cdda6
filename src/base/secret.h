// Secret: the one place where a value may live. It can be moved, not copied; its bytes are wiped when it
// goes; it has no formatter, no operator<< and no implicit conversion. Every read is a call to reveal().
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace helmme::base {

class Secret {
 public:
  Secret() = default;
  // Copies the bytes; the caller wipes its own.
  explicit Secret(std::string_view bytes);
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  // The bytes, valid as long as this object.
  [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.get(), size_}; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Secret clone() const { return Secret(reveal()); }

  // In constant time for equal sizes.
  [[nodiscard]] bool equals(const Secret& other) const noexcept;

 private:
  void wipe() noexcept;

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

// Wipes a buffer that held a value on its way into a Secret.
void cleanse(std::span<char> bytes) noexcept;

}  // namespace helmme::base
