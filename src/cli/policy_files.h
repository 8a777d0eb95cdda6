// Policy files as the command line names them.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "cli/options.h"
#include "policy/read.h"

namespace helmme::cli {

// What counts where neither --policy nor HELM_ME_POLICY names a policy.
inline constexpr const char* k_default_policy = "helm-me.yaml";

// An operator's file; what it names is relative to its folder.
[[nodiscard]] base::Result<policy::PolicyText> read_policy(const std::string& path);

// Ordinary Helm values, of --values.
[[nodiscard]] base::Result<policy::PolicyText> read_values(const std::string& path);

// The policy of --policy and HELM_ME_POLICY, else ./helm-me.yaml, with the sources of --values. nullopt: there is
// neither, or what is wrong with them is in the diagnostics.
[[nodiscard]] std::optional<policy::Policy> read_chosen_policies(const PostOptions& options,
                                                                 base::Diagnostics& diagnostics);

}  // namespace helmme::cli
