// Values on stdout: only when asked for, and in a CI system only where its log will not have them.
#pragma once

#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/error.h"

namespace helmme::cli {

// usage where stdout is no terminal, $CI says that a CI system runs us, and nobody said --yes.
[[nodiscard]] base::Result<void> check_reveal(const base::Environment& environment, bool yes);

// In GitHub Actions ($GITHUB_ACTIONS is "true"), asks the runner to mask these values from here on. The runner reads
// commands from stdout and stderr alike and handles those of stderr first (its ScriptHandler and ProcessInvoker), so
// they go to stderr: a pipe's data stays what it is. usage where stderr does not reach the runner.
[[nodiscard]] base::Result<void> mask_in_log(const base::Environment& environment,
                                             const std::vector<std::string_view>& values);

// The runner's commands that mask a value, a line for each of its lines that is not blank: logs are masked line by
// line. "%", CR and LF are escaped as the runner's toolkit does it.
[[nodiscard]] std::string mask_commands(std::string_view value);

}  // namespace helmme::cli
