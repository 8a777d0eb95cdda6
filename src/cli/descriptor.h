// Files as the kernel knows them: an owned descriptor, and whether two of them are the same thing.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "base/error.h"

namespace helmme::cli {

// Closes its descriptor. -1: none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  [[nodiscard]] int get() const noexcept { return number_; }
  [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }
  [[nodiscard]] int release() noexcept;

 private:
  int number_ = -1;
};

// True where both are the same file, pipe or device.
[[nodiscard]] bool is_same_file(const struct stat& a, const struct stat& b) noexcept;

// Writes everything, over interruptions and partial writes. Returns 0, or errno.
[[nodiscard]] int write_all(int descriptor, std::string_view text) noexcept;

// Waits until a descriptor that does not block takes or gives more: POLLIN or POLLOUT.
void wait_until_ready(int descriptor, short events) noexcept;

// "No such file or directory" and the like.
[[nodiscard]] std::string system_message(int error_number);

// An error about a path: not_found where it is not there, denied where it may not be read, else bad_input.
[[nodiscard]] base::Error path_error(const std::string& what, const std::string& path, int error_number);

}  // namespace helmme::cli
