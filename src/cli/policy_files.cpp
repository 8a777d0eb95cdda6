#include "cli/policy_files.h"

#include <filesystem>
#include <utility>

#include "cli/stream.h"

namespace helmme::cli {

base::Result<policy::PolicyText> read_policy(const std::string& path) {
  base::Result<std::string> text = read_text("policy", path);
  if (!text) {
    base::Error error = std::move(text).error();
    error.help = "name a policy with --policy FILE or HELM_ME_POLICY";
    return base::fail(std::move(error));
  }
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return policy::PolicyText{.source = {path, *std::move(text)},
                            .folder = folder.empty() ? "." : folder.string(),
                            .origin = policy::Origin::operator_file,
                            .object = {}};
}

}  // namespace helmme::cli
