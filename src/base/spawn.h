// Starting another program, without a shell in between.
#pragma once

#include <csignal>
#include <string>
#include <vector>

#include "base/error.h"

namespace helmme::base {

struct Spawn {
  std::vector<std::string> words;      // the program, looked up on PATH where it has no "/", and its arguments
  std::vector<std::string> variables;  // "NAME=VALUE": all it gets; wiped once it has them
  int input = -1;                      // a descriptor that becomes its standard input; -1: it has ours
  int output = -1;
  int complaint = -1;        // its standard error
  sigset_t signals = {};     // that it begins with blocked
  bool leads_group = false;  // it and all that it starts can be killed as one: kill(-pid, …)
};

// not_found: there is no such program; unavailable: it cannot be started. SIGPIPE, which we ignore, it does not.
[[nodiscard]] Result<pid_t> spawn(Spawn request);

// The exit code that a shell would tell, of what waitpid(2) tells: 128 + signal where a signal ended it.
[[nodiscard]] int exit_code_of(int status) noexcept;

}  // namespace helmme::base
