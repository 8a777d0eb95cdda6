#include "base/private_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "base/descriptor.h"
#include "base/text.h"

namespace helmme::base {
namespace {

constexpr mode_t k_file_mode = S_IRUSR | S_IWUSR;
constexpr mode_t k_permissions = S_IRWXU | S_IRWXG | S_IRWXO;
constexpr std::chrono::milliseconds k_first_pause{1};
constexpr std::chrono::milliseconds k_longest_pause{20};

tl::unexpected<Error> failed(const std::string& doing, const std::string& what, const std::string& path, int error) {
  const bool denied = error == EACCES || error == EPERM;
  return fail({.kind = denied ? ErrorKind::denied : ErrorKind::unavailable,
               .message = "cannot " + doing + " " + what + " " + printable(path) + ": " +
                          std::generic_category().message(error)});
}

tl::unexpected<Error> is_a_symlink(const std::string& what, const std::string& path) {
  return fail({.kind = ErrorKind::bad_input,
               .message = what + " " + printable(path) + " is a symlink, which is not followed",
               .help = "put the file itself there; its folder may be a symlink"});
}

// Returns 0, or errno.
int write_all(int descriptor, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// Returns 0, or errno.
int sync_folder_of(const std::string& path) noexcept {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const Descriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.is_open() || ::fsync(descriptor.get()) != 0) {
    // Some file systems cannot sync a folder and say so; there is nothing more to do about it.
    return errno == EINVAL ? 0 : errno;
  }
  return 0;
}

// Returns 0, or errno.
int write_new_file(const std::string& path, std::string_view bytes) noexcept {
  ::unlink(path.c_str());
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, k_file_mode));
  if (!file.is_open() || ::fchmod(file.get(), k_file_mode) != 0) {
    return errno;
  }
  if (const int error = write_all(file.get(), bytes); error != 0) {
    return error;
  }
  return ::fsync(file.get()) == 0 ? 0 : errno;
}

// Whatever the umask takes away. false, and errno: it was not made.
bool make_folder(const std::string& path) noexcept {
  return ::mkdir(path.c_str(), S_IRWXU) == 0 && ::chmod(path.c_str(), S_IRWXU) == 0;
}

}  // namespace

Result<std::optional<PrivateFile>> read_private_file(const std::string& what, const std::string& path,
                                                     std::size_t limit) {
  // O_NONBLOCK: opening a pipe that somebody put there waits for nobody.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return std::nullopt;
    }
    return errno == ELOOP ? is_a_symlink(what, path) : failed("read", what, path, errno);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) {
    return failed("read", what, path, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return fail({.kind = ErrorKind::bad_input, .message = what + " " + printable(path) + " is no regular file"});
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > limit) {
    return fail({.kind = ErrorKind::bad_input,
                 .message = what + " " + printable(path) + " is larger than " + std::to_string(limit) + " bytes"});
  }
  // Not a vector: what is not written need not be cleared first.
  const std::unique_ptr<char[]> buffer(new char[size + 1]);
  std::size_t filled = 0;
  int error = 0;
  while (filled < size) {
    const ssize_t count = ::read(file.get(), buffer.get() + filled, size - filled);
    if (count == 0 || (count < 0 && errno != EINTR)) {
      error = count < 0 ? errno : 0;
      break;
    }
    filled += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  PrivateFile out{.bytes = Secret(std::string_view(buffer.get(), filled)), .mode = status.st_mode & k_permissions};
  cleanse({buffer.get(), filled});
  if (error != 0) {
    return failed("read", what, path, error);
  }
  return out;
}

Result<void> write_private_file(const std::string& what, const std::string& path, std::string_view bytes) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (S_ISLNK(status.st_mode)) {
      return is_a_symlink(what, path);
    }
    if (!S_ISREG(status.st_mode)) {
      return fail({.kind = ErrorKind::bad_input, .message = what + " " + printable(path) + " is no regular file"});
    }
  }
  const std::string made = path + ".new";
  if (const int error = write_new_file(made, bytes); error != 0) {
    ::unlink(made.c_str());
    return failed("write", what, path, error);
  }
  Result<void> renamed = rename_private_file(what, made, path);
  if (!renamed) {
    ::unlink(made.c_str());
  }
  return renamed;
}

Result<void> rename_private_file(const std::string& what, const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return failed("write", what, to, errno);
  }
  if (const int error = sync_folder_of(to); error != 0) {
    return failed("sync the folder of", what, to, error);
  }
  return {};
}

Result<void> remove_private_file(const std::string& what, const std::string& path) {
  if (::unlink(path.c_str()) != 0) {
    return errno == ENOENT ? Result<void>() : failed("remove", what, path, errno);
  }
  if (const int error = sync_folder_of(path); error != 0) {
    return failed("sync the folder of", what, path, error);
  }
  return {};
}

Result<void> make_private_folder(const std::string& what, const std::string& path) {
  if (make_folder(path)) {
    const int error = sync_folder_of(path);
    return error == 0 ? Result<void>() : failed("sync", what, path, error);
  }
  if (errno == EEXIST) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored) ? Result<void>() : failed("make", what, path, ENOTDIR);
  }
  const std::string parent = std::filesystem::path(path).parent_path().string();
  if (errno != ENOENT || parent.empty() || parent == path) {
    return failed("make", what, path, errno);
  }
  TRY(make_private_folder(what, parent));
  return make_private_folder(what, path);
}

Result<FileLock> FileLock::take(const std::string& what, const std::string& path, Kind kind, int patience_ms) {
  const bool shared = kind == Kind::shared;
  const int flags = shared ? O_RDONLY : O_RDWR | O_CREAT;
  Descriptor file(::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, k_file_mode));
  if (!file.is_open()) {
    if (shared) {
      return FileLock(-1);
    }
    return errno == ELOOP ? is_a_symlink(what, path) : failed("open", what, path, errno);
  }
  if (!shared) {
    ::fchmod(file.get(), k_file_mode);  // whatever the umask takes away; another owner's file stays as it is
  }
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  for (auto pause = k_first_pause;; pause = std::min(pause * 2, k_longest_pause)) {
    if (::flock(file.get(), (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) {
      return FileLock(file.release());
    }
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return failed("take", what, path, errno);
    }
    if (std::chrono::steady_clock::now() >= give_up) {
      return fail({.kind = ErrorKind::unavailable,
                   .message = "another process holds " + what + " " + printable(path),
                   .help = "fuser " + printable(path) + " names it"});
    }
    std::this_thread::sleep_for(pause);
  }
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

}  // namespace helmme::base
