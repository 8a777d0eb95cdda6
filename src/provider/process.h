// Programs that give secrets: sops, vals, and those that `ref+exec://` may run. Their output comes through a pipe, and
// nothing secret goes into their arguments.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "net/http.h"

namespace helmme::provider {

// What a program may write to its standard output, in bytes.
inline constexpr std::size_t k_output_limit = std::size_t{4} << 20U;

struct Program {
  std::vector<std::string> words;  // the program, looked up on PATH where it has no "/", and its arguments
  // All the variables it gets; nullopt: ours, but for those that begin with HELM_ME_.
  std::optional<std::map<std::string, std::string>> variables = std::nullopt;
  base::Secret input = {};  // its standard input
};

struct ProgramEnd {
  int code = 0;  // the exit code; 128 + signal where a signal ended it
  base::Secret output;
  // What it wrote to standard error, at most 64 KiB of it. May hold values: never to be shown as it is.
  base::Secret complaint;
};

// Runs it to its end; there is no shell in between. The caller's process ignores SIGPIPE, as main has it: a program may
// end before it has read all of its input. At the deadline, and where it writes more than k_output_limit, it
// and what it started are killed. not_found where there is no such program; unavailable where it cannot be started, is
// late or writes too much.
[[nodiscard]] base::Result<ProgramEnd> run_program(const Program& program, net::Deadline deadline);

}  // namespace helmme::provider
