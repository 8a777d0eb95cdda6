#include "base/spawn.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/secret.h"
#include "base/text.h"

namespace helmme::base {
namespace {

constexpr int k_killed = 128;

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
class Settings {
 public:
  Settings() noexcept {
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&files);
  }
  Settings(const Settings&) = delete;
  Settings& operator=(const Settings&) = delete;
  ~Settings() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
  }

  void give(int ours, int theirs) noexcept {
    if (ours >= 0) {
      posix_spawn_file_actions_adddup2(&files, ours, theirs);
    }
  }

  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t files;
};

}  // namespace

Result<pid_t> spawn(Spawn request) {
  Settings settings;
  sigset_t by_default;
  sigemptyset(&by_default);
  sigaddset(&by_default, SIGPIPE);  // main ignores it
  posix_spawnattr_setsigdefault(&settings.attributes, &by_default);
  posix_spawnattr_setsigmask(&settings.attributes, &request.signals);
  posix_spawnattr_setpgroup(&settings.attributes, 0);
  posix_spawnattr_setflags(&settings.attributes, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                                    (request.leads_group ? POSIX_SPAWN_SETPGROUP : 0)));
  settings.give(request.input, STDIN_FILENO);
  settings.give(request.output, STDOUT_FILENO);
  settings.give(request.complaint, STDERR_FILENO);
  pid_t child = 0;
  const int failure = posix_spawnp(&child, request.words.front().c_str(), &settings.files, &settings.attributes,
                                   pointers(request.words).data(), pointers(request.variables).data());
  for (std::string& variable : request.variables) {
    cleanse(variable);
  }
  if (failure != 0) {
    return fail({.kind = failure == ENOENT ? ErrorKind::not_found : ErrorKind::unavailable,
                 .message = "cannot run " + printable(request.words.front()) + ": " +
                            std::generic_category().message(failure)});
  }
  return child;
}

int exit_code_of(int status) noexcept {
  return WIFSIGNALED(status) ? k_killed + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace helmme::base
