#include "cli/policy_files.h"

#include <filesystem>
#include <utility>
#include <vector>

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

std::optional<policy::Policy> read_chosen_policies(const PostOptions& options, base::Diagnostics& diagnostics) {
  std::vector<std::string> paths = options.policies;
  std::error_code ignored;
  if (paths.empty() && std::filesystem::exists(k_default_policy, ignored)) {
    paths.emplace_back(k_default_policy);
  }
  std::vector<policy::PolicyText> texts;
  const auto take = [&](base::Result<policy::PolicyText> text) {
    if (text) {
      texts.push_back(*std::move(text));
    } else {
      diagnostics.error(std::move(text).error());
    }
  };
  for (const std::string& path : paths) {
    take(read_policy(path));
  }
  for (const std::string& path : options.values) {
    take(read_values(path));
  }
  if (texts.empty() || diagnostics.failed()) {
    return std::nullopt;
  }
  const auto if_given = [](const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); };
  return policy::read_policies(texts, {if_given(options.release), if_given(options.namespace_name)}, diagnostics);
}

}  // namespace helmme::cli
