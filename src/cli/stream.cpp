#include "cli/stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "base/text.h"
#include "cli/descriptor.h"

namespace helmme::cli {
namespace {

// The kernel's usual limit for users (/proc/sys/fs/pipe-max-size): fewer, larger reads.
constexpr int k_pipe_size = 1 << 20;
constexpr std::size_t k_first_buffer = std::size_t{1} << 20;

base::Error read_error(const std::string& name, int error_number) { return path_error("input", name, error_number); }

// Memory that grows by remapping: pages are moved, not copied, and those never written cost nothing.
class GrowingBuffer {
 public:
  GrowingBuffer() = default;
  GrowingBuffer(const GrowingBuffer&) = delete;
  GrowingBuffer& operator=(const GrowingBuffer&) = delete;
  ~GrowingBuffer() {
    if (map_ != nullptr) {
      ::munmap(map_, capacity_);
    }
  }

  // Makes room behind what is there; false: no memory.
  bool reserve() {
    if (used_ < capacity_) {
      return true;
    }
    const std::size_t wanted = capacity_ == 0 ? k_first_buffer : capacity_ * 2;
    void* map = capacity_ == 0 ? ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                               : ::mremap(map_, capacity_, wanted, MREMAP_MAYMOVE);
    if (map == MAP_FAILED) {
      return false;
    }
    map_ = map;
    capacity_ = wanted;
    return true;
  }

  [[nodiscard]] char* end() const { return static_cast<char*>(map_) + used_; }
  [[nodiscard]] std::size_t room() const { return capacity_ - used_; }
  void grow(std::size_t count) { used_ += count; }

  InputBytes take() {
    InputBytes bytes(map_, capacity_, 0, used_);
    map_ = nullptr;
    capacity_ = used_ = 0;
    return bytes;
  }

 private:
  void* map_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t used_ = 0;
};

base::Result<InputBytes> read_by_pieces(int descriptor, const std::string& name) {
  GrowingBuffer buffer;
  while (true) {
    if (!buffer.reserve()) {
      return base::fail(read_error(name, ENOMEM));
    }
    const ssize_t count = ::read(descriptor, buffer.end(), buffer.room());
    if (count > 0) {
      buffer.grow(static_cast<std::size_t>(count));
    } else if (count == 0) {
      return buffer.take();
    } else if (errno == EAGAIN) {
      wait_until_ready(descriptor, POLLIN);
    } else if (errno != EINTR) {
      return base::fail(read_error(name, errno));
    }
  }
}

// nullopt-like empty bytes with `mapped` false: this file cannot be mapped.
InputBytes map_file(int descriptor, const struct stat& file, off_t offset, bool& mapped) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto from = static_cast<std::size_t>(offset);
  const std::size_t begin = from % page;
  const std::size_t size = static_cast<std::size_t>(file.st_size) - from;
  void* map = ::mmap(nullptr, begin + size, PROT_READ, MAP_PRIVATE, descriptor, static_cast<off_t>(from - begin));
  mapped = map != MAP_FAILED;
  if (!mapped) {
    return {};
  }
  ::madvise(map, begin + size, MADV_SEQUENTIAL);
  // As if it had been read.
  ::lseek(descriptor, 0, SEEK_END);
  return {map, begin + size, begin, size};
}

}  // namespace

InputBytes::InputBytes(InputBytes&& other) noexcept
    : map_(std::exchange(other.map_, nullptr)),
      map_size_(std::exchange(other.map_size_, 0)),
      begin_(std::exchange(other.begin_, 0)),
      size_(std::exchange(other.size_, 0)) {}

InputBytes& InputBytes::operator=(InputBytes&& other) noexcept {
  std::swap(map_, other.map_);
  std::swap(map_size_, other.map_size_);
  std::swap(begin_, other.begin_);
  std::swap(size_, other.size_);
  return *this;
}

InputBytes::~InputBytes() {
  if (map_ != nullptr) {
    ::munmap(map_, map_size_);
  }
}

std::string_view InputBytes::view() const noexcept {
  return map_ == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(map_) + begin_, size_);
}

base::Result<InputBytes> read_input(int descriptor, int output, const std::string& name) {
  struct stat file {};
  if (::fstat(descriptor, &file) != 0) {
    return base::fail(read_error(name, errno));
  }
  if (S_ISREG(file.st_mode)) {
    struct stat to {};
    const bool in_place = ::fstat(output, &to) == 0 && is_same_file(file, to);
    const off_t offset = ::lseek(descriptor, 0, SEEK_CUR);
    // Files of /proc call themselves empty and are read like pipes.
    if (!in_place && offset >= 0 && offset < file.st_size) {
      bool mapped = false;
      InputBytes bytes = map_file(descriptor, file, offset, mapped);
      if (mapped) {
        return bytes;
      }
    }
  } else if (S_ISFIFO(file.st_mode)) {
    ::fcntl(descriptor, F_SETPIPE_SZ, k_pipe_size);
  }
  return read_by_pieces(descriptor, name);
}

base::Result<InputBytes> open_input(const std::string& path, int output) {
  if (path == "-") {
    return read_input(STDIN_FILENO, output, "stdin");
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.is_open()) {
    return base::fail(read_error(path, errno));
  }
  return read_input(file.get(), output, path);
}

base::Result<std::string> read_text(const std::string& what, const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.is_open()) {
    return base::fail(path_error(what, path, errno));
  }
  base::Result<InputBytes> bytes = read_by_pieces(file.get(), path);
  if (!bytes) {
    base::Error error = std::move(bytes).error();
    error.message.replace(0, std::string_view("cannot read input").size(), "cannot read " + what);
    return base::fail(std::move(error));
  }
  return std::string(bytes->view());
}

base::Result<Written> write_output(int descriptor, const std::vector<std::string_view>& pieces) {
  ::fcntl(descriptor, F_SETPIPE_SZ, k_pipe_size);  // fails where it is no pipe
  std::vector<iovec> left;
  left.reserve(pieces.size());
  for (const std::string_view piece : pieces) {
    if (!piece.empty()) {
      left.push_back({const_cast<char*>(piece.data()), piece.size()});
    }
  }
  std::size_t at = 0;
  while (at < left.size()) {
    const auto count = static_cast<int>(std::min<std::size_t>(left.size() - at, IOV_MAX));
    const ssize_t result = ::writev(descriptor, &left[at], count);
    if (result < 0) {
      if (errno == EPIPE) {
        return Written::reader_left;
      }
      if (errno == EAGAIN) {
        wait_until_ready(descriptor, POLLOUT);
      } else if (errno != EINTR) {
        return base::fail({.kind = base::ErrorKind::unavailable,
                           .message = "cannot write the output: " + system_message(errno),
                           .help = "the output is not whole: do not use it"});
      }
      continue;
    }
    auto written = static_cast<std::size_t>(result);
    while (at < left.size() && written >= left[at].iov_len) {
      written -= left[at].iov_len;
      ++at;
    }
    if (written > 0) {
      left[at].iov_base = static_cast<char*>(left[at].iov_base) + written;
      left[at].iov_len -= written;
    }
  }
  return Written::all;
}

}  // namespace helmme::cli
