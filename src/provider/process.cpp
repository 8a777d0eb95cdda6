#include "provider/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "base/descriptor.h"
#include "base/spawn.h"
#include "base/text.h"

namespace helmme::provider {
namespace {

using base::Descriptor;
using base::ErrorKind;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t k_complaint_limit = std::size_t{64} << 10U;
constexpr const char* k_late = "has not ended within the time that this run has";
constexpr milliseconds k_look_again(5);  // whether a program that has closed its output has ended too
constexpr std::string_view k_own_variables = "HELM_ME_";

struct Pipe {
  Descriptor reader;
  Descriptor writer;
};

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return std::nullopt;
  }
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<std::string> variables_of(const Program& program) {
  std::vector<std::string> all;
  if (program.variables) {
    for (const auto& [name, value] : *program.variables) {
      all.emplace_back(name).append("=").append(value);
    }
    return all;
  }
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with(k_own_variables)) {
      all.emplace_back(*entry);
    }
  }
  return all;
}

// A fixed buffer for what a pipe brings: it never grows, so it leaves no copies behind.
class Taken {
 public:
  Taken(Descriptor from, std::size_t limit)
      : from_(std::move(from)), bytes_(std::make_unique<char[]>(limit + 1)), limit_(limit) {}
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;
  ~Taken() { base::cleanse({bytes_.get(), size_}); }

  [[nodiscard]] int descriptor() const { return from_.get(); }
  [[nodiscard]] bool is_open() const { return from_.is_open(); }
  [[nodiscard]] bool is_too_large() const { return size_ > limit_; }
  [[nodiscard]] base::Secret secret() const { return base::Secret({bytes_.get(), std::min(size_, limit_)}); }

  // Takes what is there. What is beyond the limit is read and dropped.
  void take() {
    std::array<char, 4096> dropped{};
    const bool full = size_ > limit_;
    const ssize_t count = full ? ::read(from_.get(), dropped.data(), dropped.size())
                               : ::read(from_.get(), bytes_.get() + size_, limit_ + 1 - size_);
    base::cleanse(dropped);
    if (count > 0) {
      size_ += full ? 0 : static_cast<std::size_t>(count);
    } else if (count == 0 || errno != EINTR) {
      from_ = Descriptor();
    }
  }

 private:
  Descriptor from_;
  std::unique_ptr<char[]> bytes_;
  std::size_t limit_;
  std::size_t size_ = 0;
};

class Child {
 public:
  Child(pid_t pid, std::string name) : pid_(pid), name_(std::move(name)) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) {
      kill(-pid_, SIGKILL);  // and what it started
      while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
  }

  // Its exit code; nullopt: it has not ended by then.
  [[nodiscard]] std::optional<int> wait_until(net::Deadline deadline) {
    int status = 0;
    while (true) {
      const pid_t ended = waitpid(pid_, &status, WNOHANG);
      if (ended == pid_) {
        pid_ = 0;
        return base::exit_code_of(status);
      }
      if ((ended < 0 && errno != EINTR) || steady_clock::now() >= deadline) {
        return std::nullopt;
      }
      std::this_thread::sleep_for(k_look_again);
    }
  }

  [[nodiscard]] tl::unexpected<base::Error> failed(const std::string& what) const {
    return base::fail({.kind = ErrorKind::unavailable, .message = name_ + " " + what});
  }

 private:
  pid_t pid_;
  std::string name_;
};

// Hands `rest` on as the pipe takes it.
void give(Descriptor& to, std::string_view& rest) {
  const ssize_t count = ::write(to.get(), rest.data(), rest.size());
  if (count > 0) {
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  if (rest.empty() || (count < 0 && errno != EINTR && errno != EAGAIN)) {
    to = Descriptor();
  }
}

// Gives the input and takes both outputs until they are closed; what went wrong, or nullptr.
const char* exchange(Descriptor& input, std::string_view rest, Taken& out, Taken& err, net::Deadline deadline) {
  if (rest.empty()) {
    input = Descriptor();
  }
  while (out.is_open() || err.is_open()) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now()).count();
    if (left <= 0) {
      return k_late;
    }
    std::array<pollfd, 3> waited{{{out.descriptor(), POLLIN, 0},
                                  {err.descriptor(), POLLIN, 0},
                                  {input.get(), POLLOUT, 0}}};  // -1: not waited for
    if (poll(waited.data(), waited.size(), static_cast<int>(std::min<milliseconds::rep>(left, 1000))) < 0) {
      continue;
    }
    if (waited[0].revents != 0) {
      out.take();
    }
    if (waited[1].revents != 0) {
      err.take();
    }
    if (waited[2].revents != 0) {
      give(input, rest);
    }
    if (out.is_too_large()) {
      return "writes more than 4 MiB";
    }
  }
  return nullptr;
}

}  // namespace

base::Result<ProgramEnd> run_program(const Program& program, net::Deadline deadline) {
  std::optional<Pipe> input = make_pipe();
  std::optional<Pipe> output = make_pipe();
  std::optional<Pipe> complaint = make_pipe();
  if (!input || !output || !complaint) {
    return base::fail(
        {.kind = ErrorKind::unavailable, .message = "no pipe: " + std::generic_category().message(errno)});
  }
  sigset_t none;
  sigemptyset(&none);
  TRY_ASSIGN(const pid_t pid, base::spawn({.words = program.words,
                                           .variables = variables_of(program),
                                           .input = input->reader.get(),
                                           .output = output->writer.get(),
                                           .complaint = complaint->writer.get(),
                                           .signals = none,
                                           .leads_group = true}));
  Child child(pid, base::printable(program.words.front()));
  input->reader = Descriptor();
  output->writer = Descriptor();
  complaint->writer = Descriptor();
  fcntl(input->writer.get(), F_SETFL, O_NONBLOCK);
  Taken out(std::move(output->reader), k_output_limit);
  Taken err(std::move(complaint->reader), k_complaint_limit);
  if (const char* const failure = exchange(input->writer, program.input.reveal(), out, err, deadline)) {
    return child.failed(failure);
  }
  const std::optional<int> code = child.wait_until(deadline);
  if (!code) {
    return child.failed(k_late);
  }
  return ProgramEnd{.code = *code, .output = out.secret(), .complaint = err.secret()};
}

}  // namespace helmme::provider
