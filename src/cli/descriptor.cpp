#include "cli/descriptor.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/text.h"

namespace helmme::cli {

bool is_same_file(const struct stat& a, const struct stat& b) noexcept {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_until_ready(descriptor, POLLOUT);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

void wait_until_ready(int descriptor, short events) noexcept {
  pollfd waiting{.fd = descriptor, .events = events, .revents = 0};
  ::poll(&waiting, 1, -1);
}

std::string system_message(int error_number) { return std::generic_category().message(error_number); }

base::Error path_error(const std::string& what, const std::string& path, int error_number) {
  const base::ErrorKind kind = error_number == ENOENT || error_number == ENOTDIR ? base::ErrorKind::not_found
                               : error_number == EACCES || error_number == EPERM ? base::ErrorKind::denied
                                                                                 : base::ErrorKind::bad_input;
  return {.kind = kind,
          .message = "cannot read " + what + " " + base::printable(path) + ": " + system_message(error_number)};
}

}  // namespace helmme::cli
