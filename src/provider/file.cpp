#include "provider/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include "base/descriptor.h"
#include "base/text.h"
#include "crypto/base64.h"

namespace helmme::provider {
namespace {

using base::Descriptor;
using base::ErrorKind;
using placeholder::Locator;

struct Inside {
  Descriptor file;   // opened with O_PATH: nothing that could block or act
  std::string path;  // where it really is
};

std::string proc_path(const Descriptor& file) { return "/proc/self/fd/" + std::to_string(file.get()); }

// Where an open file really is, all symlinks resolved by the kernel.
std::optional<std::string> real_path(const Descriptor& file) {
  std::array<char, PATH_MAX> buffer{};
  const ssize_t length = ::readlink(proc_path(file).c_str(), buffer.data(), buffer.size());
  if (length <= 0 || static_cast<std::size_t>(length) >= buffer.size()) {
    return std::nullopt;
  }
  return std::string(buffer.data(), static_cast<std::size_t>(length));
}

bool is_below(const std::string& path, const std::string& folder) {
  return path.starts_with(folder == "/" ? folder : folder + "/");
}

base::Error cannot_open(const Locator& locator, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return error_about(locator, ErrorKind::not_found, "there is no such file");
  }
  return error_about(locator, error == EACCES || error == EPERM ? ErrorKind::denied : ErrorKind::bad_input,
                     "cannot be read: " + std::generic_category().message(error));
}

base::Result<Inside> open_inside(const std::string& folder, const Locator& locator) {
  const auto bad = [&](std::string_view what, std::string help = {}) {
    return base::fail(error_about(locator, ErrorKind::bad_input, what, std::move(help)));
  };
  if (locator.path.empty() || locator.path.find('\0') != std::string::npos) {
    return bad("a file's path is empty or holds a NUL");
  }
  const Descriptor directory(::open(folder.empty() ? "." : folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) {
    return base::fail(cannot_open(locator, errno));
  }
  Inside inside;
  inside.file = Descriptor(::openat(directory.get(), locator.path.c_str(), O_PATH | O_CLOEXEC));
  const int error = errno;
  const std::optional<std::string> root = real_path(directory);
  const std::string_view help = "name a file in the policy's folder or below it";
  if (!inside.file.is_open()) {
    // Which files exist elsewhere is nobody's business.
    const std::string named = root ? (std::filesystem::path(*root) / locator.path).lexically_normal().string() : "";
    return is_below(named, root.value_or("")) ? base::fail(cannot_open(locator, error))
                                              : bad("is outside the policy's folder", std::string(help));
  }
  const std::optional<std::string> real = real_path(inside.file);
  if (!root || !real) {
    return bad("cannot be checked: /proc is not there");
  }
  if (!is_below(*real, *root)) {
    return bad("is outside the policy's folder", std::string(help));
  }
  struct stat status {};
  if (::fstat(inside.file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return bad("is no regular file");
  }
  inside.path = *real;
  return inside;
}

}  // namespace

base::Result<std::string> path_inside(const std::string& folder, const Locator& locator) {
  TRY_ASSIGN(Inside inside, open_inside(folder, locator));
  return std::move(inside.path);
}

base::Result<base::Secret> read_inside(const std::string& folder, const Locator& locator) {
  TRY_ASSIGN(const Inside inside, open_inside(folder, locator));
  // What was checked is this very file, not its name, so that a symlink that changes meanwhile changes nothing.
  const Descriptor file(::open(proc_path(inside.file).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return base::fail(cannot_open(locator, errno));
  }
  const auto buffer = std::make_unique<char[]>(k_file_limit + 1);
  std::size_t size = 0;
  int error = 0;
  while (size <= k_file_limit) {
    const ssize_t count = ::read(file.get(), buffer.get() + size, k_file_limit + 1 - size);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      error = count < 0 ? errno : 0;
      break;
    }
    size += static_cast<std::size_t>(count);
  }
  base::Secret bytes({buffer.get(), std::min(size, k_file_limit)});
  base::cleanse({buffer.get(), size});
  if (error != 0) {
    return base::fail(cannot_open(locator, error));
  }
  if (size > k_file_limit) {
    return base::fail(error_about(locator, ErrorKind::bad_input, "is larger than 4 MiB"));
  }
  return bytes;
}

base::Result<Answer> FileProvider::read(const Locator& locator) {
  TRY(check_options(locator, {"encode"}));
  TRY_ASSIGN(const base::Secret bytes, read_inside(folder_, locator));
  const auto encode = locator.options.find("encode");
  if (encode == locator.options.end() || encode->second == "raw") {
    return Answer{.value = placeholder::FetchedValue::text(bytes.reveal())};
  }
  if (encode->second != "base64") {
    return base::fail(
        error_about(locator, ErrorKind::bad_input, "option \"encode\" is raw or base64", "encode=base64"));
  }
  return Answer{.value = placeholder::FetchedValue::text(crypto::encode_base64(bytes.reveal()).reveal())};
}

}  // namespace helmme::provider
