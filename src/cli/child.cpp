#include "cli/child.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/spawn.h"
#include "cli/descriptor.h"

namespace helmme::cli {
namespace {

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string name(text.substr(0, text.find('=')));
    if (!command.variables.contains(name) &&
        std::find(command.without.begin(), command.without.end(), name) == command.without.end()) {
      all.emplace_back(text);
    }
  }
  for (const auto& [name, value] : command.variables) {
    all.emplace_back(name).append("=").append(value);
  }
  return all;
}

std::string drain(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      return text;
    }
  }
}

}  // namespace

SignalGuard::SignalGuard() noexcept {
  sigemptyset(&waited_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) {
    sigaddset(&waited_, signal);
  }
  // Where our parent ignores it, children would vanish before they are waited for.
  std::signal(SIGCHLD, SIG_DFL);
  pthread_sigmask(SIG_BLOCK, &waited_, &before_);
}

SignalGuard::~SignalGuard() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

base::Result<Ended> SignalGuard::run(const Command& command) const {
  Descriptor reader;
  Descriptor writer;
  if (command.take_output) {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      return base::fail({.kind = base::ErrorKind::unavailable, .message = "no pipe: " + system_message(errno)});
    }
    reader = Descriptor(ends[0]);
    writer = Descriptor(ends[1]);
  }
  TRY_ASSIGN(
      const pid_t child,
      base::spawn(
          {.words = command.words, .variables = environment_of(command), .output = writer.get(), .signals = before_}));
  writer = Descriptor();
  Ended ended;
  if (reader.is_open()) {
    ended.output = drain(reader.get());
  }
  ended.code = wait_for(child);
  return ended;
}

int SignalGuard::wait_for(pid_t child) const {
  while (true) {
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) {
      return base::exit_code_of(status);
    }
    siginfo_t info{};
    const int signal = sigwaitinfo(&waited_, &info);
    if (signal == SIGINT || signal == SIGTERM || signal == SIGHUP) {
      asked_to_end_ = signal;
      // The terminal's own Ctrl-C reaches the child too (it is in our process group), and twice is once too many.
      if (info.si_code != SI_KERNEL) {
        kill(child, signal);
      }
    }
  }
}

}  // namespace helmme::cli
