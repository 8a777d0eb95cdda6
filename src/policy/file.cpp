#include "policy/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/descriptor.h"

namespace helmme::policy {
namespace {

using base::Descriptor;

std::string proc_path(const Descriptor& file) { return "/proc/self/fd/" + std::to_string(file.get()); }

tl::unexpected<base::Error> bad(std::string message, std::string help = {}) {
  return base::fail({.kind = base::ErrorKind::bad_input,
                     .message = std::move(message),
                     .location = std::nullopt,
                     .notes = {},
                     .help = std::move(help)});
}

// Where an open file really is, all symlinks resolved by the kernel.
std::optional<std::string> real_path(const Descriptor& file) {
  std::array<char, PATH_MAX> buffer{};
  const ssize_t length = ::readlink(proc_path(file).c_str(), buffer.data(), buffer.size());
  if (length <= 0 || static_cast<std::size_t>(length) >= buffer.size()) {
    return std::nullopt;
  }
  return std::string(buffer.data(), static_cast<std::size_t>(length));
}

bool leaves_by_name(std::string_view path) {
  int depth = 0;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    if (part == "..") {
      --depth;
    } else if (!part.empty() && part != ".") {
      ++depth;
    }
    if (depth < 0) {
      return true;
    }
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return false;
}

tl::unexpected<base::Error> cannot_open(const std::string& path, int error) {
  const bool missing = error == ENOENT || error == ENOTDIR;
  return base::fail({.kind = missing                             ? base::ErrorKind::not_found
                             : error == EACCES || error == EPERM ? base::ErrorKind::denied
                                                                 : base::ErrorKind::bad_input,
                     .message = missing ? "file \"" + path + "\" does not exist"
                                        : "file \"" + path + "\" cannot be read: " + std::strerror(error)});
}

base::Result<base::Secret> read_all(const Descriptor& file, const std::string& path) {
  std::vector<char> buffer(k_file_limit + 1);
  std::size_t size = 0;
  int error = 0;
  while (size < buffer.size()) {
    const ssize_t count = ::read(file.get(), buffer.data() + size, buffer.size() - size);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      error = count < 0 ? errno : 0;
      break;
    }
    size += static_cast<std::size_t>(count);
  }
  base::Secret secret(std::string_view(buffer.data(), std::min(size, k_file_limit)));
  base::cleanse(buffer);
  if (error != 0) {
    return cannot_open(path, error);
  }
  if (size > k_file_limit) {
    return bad("file \"" + path + "\" is larger than 1 MiB");
  }
  return secret;
}

}  // namespace

base::Result<base::Secret> read_file_inside(const std::string& folder, const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return bad("a file's path is empty or holds a NUL");
  }
  if (path[0] == '/' || leaves_by_name(path)) {
    return bad("file \"" + path + "\" is outside the policy's folder",
               "name a file in the policy's folder or below it");
  }
  const Descriptor directory(::open(folder.empty() ? "." : folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) {
    return cannot_open(path, errno);
  }
  // O_PATH opens nothing that could block or act. What is checked is this very file, not its name, so that a
  // symlink that changes meanwhile changes nothing.
  const Descriptor handle(::openat(directory.get(), path.c_str(), O_PATH | O_CLOEXEC));
  if (!handle.is_open()) {
    return cannot_open(path, errno);
  }
  const std::optional<std::string> root = real_path(directory);
  const std::optional<std::string> real = real_path(handle);
  if (!root || !real) {
    return bad("file \"" + path + "\" cannot be checked: /proc is not there");
  }
  if (!real->starts_with(*root == "/" ? *root : *root + "/")) {
    return bad("file \"" + path + "\" is outside the policy's folder: a symlink leads out of it",
               "put the file itself into the policy's folder");
  }
  struct stat status {};
  if (::fstat(handle.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return bad("file \"" + path + "\" is no regular file");
  }
  const Descriptor file(::open(proc_path(handle).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return cannot_open(path, errno);
  }
  return read_all(file, path);
}

}  // namespace helmme::policy
