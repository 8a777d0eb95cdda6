// Policy files as the command line names them.
#pragma once

#include <string>

#include "base/error.h"
#include "policy/read.h"

namespace helmme::cli {

// What counts where neither --policy nor HELM_ME_POLICY names a policy.
inline constexpr const char* k_default_policy = "helm-me.yaml";

// An operator's file; what it names is relative to its folder.
[[nodiscard]] base::Result<policy::PolicyText> read_policy(const std::string& path);

// Ordinary Helm values, of --values.
[[nodiscard]] base::Result<policy::PolicyText> read_values(const std::string& path);

}  // namespace helmme::cli
