// Paths of the command line to files, in order of their names.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "lint/config.h"
#include "lint/lint.h"

namespace helmme::lint {

// A folder stands for the files below it: those that git does not ignore where it is in a repository, else all but
// ".git". Links inside a folder are not followed. Missing paths are errors, of kind bad_input.
[[nodiscard]] std::vector<InputFile> find_files(const std::vector<std::string>& paths, const Config& config,
                                                base::Diagnostics& diagnostics);

// The changed files below those paths, with their changed lines; `revision` empty: as they are staged.
[[nodiscard]] std::vector<InputFile> find_changed(const std::vector<std::string>& paths, const std::string& revision,
                                                  const Config& config, base::Diagnostics& diagnostics);

}  // namespace helmme::lint
