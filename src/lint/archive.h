// Packaged charts: gzipped tar files, read in memory and never unpacked onto a disk.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "lint/file_kind.h"

namespace helmme::lint {

[[nodiscard]] bool is_archive(std::string_view name, std::string_view bytes);

// Its files, named "shop-1.0.0.tgz/shop/values.yaml", and those of packages in it, three deep. bad_input: not an
// archive, a name that leads out of it, more than 10 000 files or 100 MiB in all.
[[nodiscard]] base::Result<std::vector<SourceFile>> read_archive(std::string_view name, std::string_view bytes);

}  // namespace helmme::lint
