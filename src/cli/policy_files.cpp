#include "cli/policy_files.h"

#include <filesystem>
#include <utility>

#include "cli/stream.h"

namespace helmme::cli {
namespace {

base::Result<policy::PolicyText> read(const std::string& what, const std::string& path, policy::Origin origin) {
  TRY_ASSIGN(std::string text, read_text(what, path));
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return policy::PolicyText{.source = {path, std::move(text)},
                            .folder = folder.empty() ? "." : folder.string(),
                            .origin = origin,
                            .object = {}};
}

}  // namespace

base::Result<policy::PolicyText> read_policy(const std::string& path) {
  return read("policy", path, policy::Origin::operator_file).map_error([](base::Error error) {
    error.help = "name a policy with --policy FILE or HELM_ME_POLICY";
    return error;
  });
}

base::Result<policy::PolicyText> read_values(const std::string& path) {
  return read("--values", path, policy::Origin::helm_values);
}

}  // namespace helmme::cli
