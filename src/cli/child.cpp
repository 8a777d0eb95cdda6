#include "cli/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/text.h"
#include "cli/descriptor.h"

namespace helmme::cli {
namespace {

constexpr int k_killed = 128;  // a shell's exit code of what a signal ended

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

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    all.push_back(text.data());
  }
  all.push_back(nullptr);
  return all;
}

// What posix_spawn takes, freed at the end.
class SpawnSettings {
 public:
  SpawnSettings() noexcept {
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&files);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
  }

  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t files;
};

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
  SpawnSettings settings;
  posix_spawnattr_setflags(&settings.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigmask(&settings.attributes, &before_);
  sigset_t by_default;
  sigemptyset(&by_default);
  sigaddset(&by_default, SIGPIPE);  // main ignores it
  posix_spawnattr_setsigdefault(&settings.attributes, &by_default);
  Descriptor reader;
  Descriptor writer;
  if (command.take_output) {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      return base::fail({.kind = base::ErrorKind::unavailable, .message = "no pipe: " + system_message(errno)});
    }
    reader = Descriptor(ends[0]);
    writer = Descriptor(ends[1]);
    posix_spawn_file_actions_adddup2(&settings.files, writer.get(), STDOUT_FILENO);
  }
  std::vector<std::string> words = command.words;
  std::vector<std::string> variables = environment_of(command);
  pid_t child = 0;
  const int failure = posix_spawnp(&child, words.front().c_str(), &settings.files, &settings.attributes,
                                   pointers(words).data(), pointers(variables).data());
  if (failure != 0) {
    return base::fail({.kind = failure == ENOENT ? base::ErrorKind::not_found : base::ErrorKind::unavailable,
                       .message = "cannot run " + base::printable(words.front()) + ": " + system_message(failure)});
  }
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
      return WIFSIGNALED(status) ? k_killed + WTERMSIG(status) : WEXITSTATUS(status);
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
