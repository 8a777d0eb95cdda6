// Reading a file that a policy names. A policy may come from a repository that others write to: what it names is read
// from its own folder only, whatever symlinks say, and only from regular files.
#pragma once

#include <string>

#include "base/error.h"
#include "base/secret.h"

namespace helmme::policy {

inline constexpr std::size_t k_file_limit = std::size_t{1024} * 1024;

// `path` is relative to `folder` ("" is the working directory). A missing file is not_found; a path that is absolute
// or leaves the folder, another kind of file, and more than 1 MiB are bad_input. Errors have no location.
[[nodiscard]] base::Result<base::Secret> read_file_inside(const std::string& folder, const std::string& path);

}  // namespace helmme::policy
