#include "cli/reveal.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "cli/descriptor.h"

namespace helmme::cli {
namespace {

// Where the runner may be at the other end, and nobody else.
bool stderr_reaches_the_runner() {
  struct stat out {};
  struct stat err {};
  if (fstat(STDERR_FILENO, &err) != 0 || !(S_ISFIFO(err.st_mode) || S_ISSOCK(err.st_mode))) {
    return false;
  }
  return fstat(STDOUT_FILENO, &out) != 0 || !is_same_file(out, err);
}

}  // namespace

base::Result<void> check_reveal(const base::Environment& environment, bool yes) {
  const std::string ci = environment.get("CI").value_or("");
  if (yes || ci.empty() || ci == "false" || ci == "0" || isatty(STDOUT_FILENO) == 1) {
    return {};
  }
  return base::fail({.kind = base::ErrorKind::usage,
                     .message = "a value would go where a CI system's log may have it",
                     .help = "--yes, where standard output goes to a program or a file"});
}

std::string mask_commands(std::string_view value) {
  std::string out;
  out.reserve(4 * value.size() + 64);
  while (!value.empty()) {
    const std::size_t end = std::min(value.find_first_of("\r\n"), value.size());
    const std::string_view line = value.substr(0, end);
    value.remove_prefix(std::min(end + 1, value.size()));
    if (line.find_first_not_of(" \t") == std::string_view::npos) {
      continue;
    }
    out += "::add-mask::";
    for (const char c : line) {
      if (c == '%') {
        out += "%25";
      } else {
        out += c;
      }
    }
    out += '\n';
  }
  return out;
}

base::Result<void> mask_in_log(const base::Environment& environment, const std::vector<std::string_view>& values) {
  if (environment.get("GITHUB_ACTIONS").value_or("") != "true" || isatty(STDOUT_FILENO) == 1) {
    return {};
  }
  if (!stderr_reaches_the_runner()) {
    return base::fail({.kind = base::ErrorKind::usage,
                       .message = "the value cannot be masked in the log: standard error does not go there by itself",
                       .help = "leave out 2>&1 and 2>FILE"});
  }
  for (const std::string_view value : values) {
    std::string commands = mask_commands(value);
    const int error = write_all(STDERR_FILENO, commands);
    base::cleanse(commands);
    if (error != 0) {
      return base::fail({.kind = base::ErrorKind::unavailable,
                         .message = "the value cannot be masked in the log: " + system_message(error)});
    }
  }
  return {};
}

}  // namespace helmme::cli
