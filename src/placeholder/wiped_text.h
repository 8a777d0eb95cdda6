// Text in the making that may hold a value: whatever it has outgrown is wiped, and the rest when it goes.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace helmme::placeholder {

template <typename T>
struct WipingAllocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = WipingAllocator<U>;
  };
  void deallocate(T* pointer, std::size_t count) noexcept {
    base::cleanse({reinterpret_cast<char*>(pointer), count * sizeof(T)});
    std::allocator<T>::deallocate(pointer, count);
  }
};

class WipedText {
 public:
  WipedText& operator+=(std::string_view text) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    return *this;
  }
  WipedText& operator+=(char c) {
    bytes_.push_back(c);
    return *this;
  }
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), bytes_.size()}; }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
  [[nodiscard]] base::Secret secret() const { return base::Secret(view()); }

 private:
  // No std::string: a short one lives in the object itself, where no allocator wipes.
  std::vector<char, WipingAllocator<char>> bytes_;
};

}  // namespace helmme::placeholder
