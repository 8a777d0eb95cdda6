#include "base/inside_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "base/descriptor.h"

namespace helmme::base {
namespace {

struct Inside {
  Descriptor file;   // opened with O_PATH: nothing that could block or act
  std::string path;  // where it really is
  std::size_t size = 0;
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

tl::unexpected<Error> bad(const std::string& subject, const std::string& what, std::string help = {}) {
  return fail({.kind = ErrorKind::bad_input, .message = subject + " " + what, .help = std::move(help)});
}

tl::unexpected<Error> cannot_open(const std::string& subject, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return fail({.kind = ErrorKind::not_found, .message = subject + " does not exist"});
  }
  return fail({.kind = error == EACCES || error == EPERM ? ErrorKind::denied : ErrorKind::bad_input,
               .message = subject + " cannot be read: " + std::generic_category().message(error)});
}

Result<Inside> open_inside(const std::string& subject, const std::string& folder, const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return bad("a file's path", "is empty or holds a NUL");
  }
  const Descriptor directory(::open(folder.empty() ? "." : folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) {
    return cannot_open(subject, errno);
  }
  Inside inside;
  inside.file = Descriptor(::openat(directory.get(), path.c_str(), O_PATH | O_CLOEXEC));
  const int error = errno;
  const std::optional<std::string> root = real_path(directory);
  const std::optional<std::string> real = inside.file.is_open() ? real_path(inside.file) : std::string();
  if (!root || !real) {
    return bad(subject, "cannot be checked: /proc is not there");
  }
  const bool is_named_inside = is_below((std::filesystem::path(*root) / path).lexically_normal().string(), *root);
  // Which files exist elsewhere is nobody's business.
  if (!inside.file.is_open() && is_named_inside) {
    return cannot_open(subject, error);
  }
  if (is_named_inside && *real == *root) {
    return bad(subject, "is no regular file");
  }
  if (!is_below(*real, *root)) {
    return is_named_inside
               ? bad(subject, "is outside the policy's folder: a symlink leads out of it",
                     "put the file itself into the policy's folder")
               : bad(subject, "is outside the policy's folder", "name a file in the policy's folder or below it");
  }
  struct stat status {};
  if (::fstat(inside.file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return bad(subject, "is no regular file");
  }
  inside.path = *real;
  inside.size = static_cast<std::size_t>(status.st_size);
  return inside;
}

// A buffer that leaves nothing behind, and that need not be cleared first.
class Buffer {
 public:
  explicit Buffer(std::size_t capacity) : bytes_(new char[capacity]), capacity_(capacity) {}
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { cleanse({bytes_.get(), size_}); }

  [[nodiscard]] std::string_view text() const { return {bytes_.get(), size_}; }

  // Reads on to the end of the file or until `most` bytes are there; errno where that fails.
  int fill(const Descriptor& file, std::size_t most) {
    while (size_ < most) {
      if (size_ == capacity_) {
        Buffer larger(capacity_ * 2);
        std::copy_n(bytes_.get(), size_, larger.bytes_.get());
        larger.size_ = size_;
        std::swap(bytes_, larger.bytes_);
        std::swap(capacity_, larger.capacity_);
      }
      const ssize_t count = ::read(file.get(), bytes_.get() + size_, std::min(capacity_, most) - size_);
      if (count == 0 || (count < 0 && errno != EINTR)) {
        return count < 0 ? errno : 0;
      }
      size_ += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return 0;
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_;
  std::size_t size_ = 0;
};

std::string in_words(std::size_t bytes) {
  constexpr std::size_t k_mebibyte = std::size_t{1} << 20U;
  return bytes % k_mebibyte == 0 ? std::to_string(bytes / k_mebibyte) + " MiB" : std::to_string(bytes) + " bytes";
}

}  // namespace

Result<std::string> path_inside(const std::string& subject, const std::string& folder, const std::string& path) {
  TRY_ASSIGN(Inside inside, open_inside(subject, folder, path));
  return std::move(inside.path);
}

Result<Secret> read_inside(const std::string& subject, const std::string& folder, const std::string& path,
                           std::size_t limit) {
  TRY_ASSIGN(const Inside inside, open_inside(subject, folder, path));
  // What was checked is this very file, not its name, so that a symlink that changes meanwhile changes nothing.
  const Descriptor file(::open(proc_path(inside.file).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return cannot_open(subject, errno);
  }
  Buffer buffer(std::min(inside.size, limit) + 1);
  if (const int error = buffer.fill(file, limit + 1); error != 0) {
    return cannot_open(subject, error);
  }
  if (buffer.text().size() > limit) {
    return bad(subject, "is larger than " + in_words(limit));
  }
  return Secret(buffer.text());
}

}  // namespace helmme::base
