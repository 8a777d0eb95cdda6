// What the git program knows of a working tree.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace helmme::lint {

// The files of a folder that git tracks or would track, relative to it, with "/". nullopt: it is in no repository, or
// there is no git.
[[nodiscard]] std::optional<std::vector<std::string>> git_files(const std::string& folder);

// The lines that are new, by file relative to `folder`, from 1 and in order. `revision` empty: staged ones, against
// HEAD; else those of the working tree against where it left that revision. Errors of kind usage: no repository, no
// such revision.
using ChangedLines = std::map<std::string, std::vector<std::size_t>>;
[[nodiscard]] base::Result<ChangedLines> git_changes(const std::string& folder, const std::string& revision);

// A file as it is staged.
[[nodiscard]] base::Result<std::string> git_staged_text(const std::string& folder, const std::string& file);

// New lines of a diff without context ("@@ -1,2 +3,4 @@"), of one file.
[[nodiscard]] std::vector<std::size_t> new_lines_of(std::string_view diff);

}  // namespace helmme::lint
