// A child process that ends as we do: signals that ask us to end are handed on to it.
#pragma once

#include <csignal>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"

namespace helmme::cli {

struct Ended {
  int code = 0;        // the exit code; 128 + signal where a signal ended it
  std::string output;  // its stdout, where asked for
};

struct Command {
  std::vector<std::string> words;  // the program, looked up on PATH where it has no "/", and its arguments
  std::map<std::string, std::string> variables;  // added to, or put in place of, our own
  std::vector<std::string> without = {};         // variables that it does not get
  bool take_output = false;                      // its stdout is for us, else it is ours
};

// Blocks SIGINT, SIGTERM, SIGHUP and SIGCHLD for its life, so that they are waited for and never lost. Children get
// the mask that was there before.
class SignalGuard {
 public:
  SignalGuard() noexcept;
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;
  ~SignalGuard();

  // Runs a command to its end. not_found where the program is not there.
  [[nodiscard]] base::Result<Ended> run(const Command& command) const;

  // The signal that asked us to end, if any: 0 without one.
  [[nodiscard]] int asked_to_end() const noexcept { return asked_to_end_; }

 private:
  [[nodiscard]] int wait_for(pid_t child) const;

  sigset_t waited_;
  sigset_t before_;
  mutable int asked_to_end_ = 0;
};

}  // namespace helmme::cli
