// Files that somebody else names: they are read from one folder only, whatever names and symlinks say, and only where
// they are regular files.
#pragma once

#include <cstddef>
#include <string>

#include "base/error.h"
#include "base/secret.h"

namespace helmme::base {

// Where `path` really is: relative to `folder` ("" is the working directory), or absolute and below it. Errors, which
// begin with `subject` (`file "a.yaml"`) and have no location: not_found; denied; bad_input: it is outside, holds a
// NUL, or is no regular file.
[[nodiscard]] Result<std::string> path_inside(const std::string& subject, const std::string& folder,
                                              const std::string& path);

// Its bytes. More than `limit` are bad_input; other errors likewise.
[[nodiscard]] Result<Secret> read_inside(const std::string& subject, const std::string& folder, const std::string& path,
                                         std::size_t limit);

}  // namespace helmme::base
