// What `secret generate` is asked for: bundles of a policy, or one key whose contract is on the command line.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cli/secret_command.h"
#include "policy/policy.h"

namespace helmme::cli {

// A bundle and the entry, or the Secret, that its values go to.
struct Wanted {
  std::string entry;
  policy::Bundle bundle;
  std::set<std::string> force = {};  // keys to make anew
};

// The bundles that are named, else all that generate something. Problems go to run.diagnostics.
[[nodiscard]] std::vector<Wanted> choose_wanted(SecretRun& run);

}  // namespace helmme::cli
