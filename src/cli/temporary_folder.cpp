#include "cli/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "base/text.h"
#include "cli/descriptor.h"

namespace helmme::cli {

base::Result<TemporaryFolder> TemporaryFolder::make() {
  std::error_code failed;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(failed);
  std::string path = ((failed ? std::filesystem::path("/tmp") : parent) / "helm-me-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) {
    return base::fail(
        {.kind = base::ErrorKind::unavailable,
         .message = "cannot make a temporary folder " + base::printable(path) + ": " + system_message(errno),
         .help = "set TMPDIR to a folder that can be written to"});
  }
  return TemporaryFolder(path);
}

TemporaryFolder::~TemporaryFolder() {
  if (!path_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
}

}  // namespace helmme::cli
