// Files as the kernel knows them: whether two of them are the same thing, and how to write one whole.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/error.h"

namespace helmme::cli {

using base::Descriptor;

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
