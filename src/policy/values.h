// Loads the values of a bundle that are local: literals, the environment, files.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/environment.h"
#include "base/error.h"
#include "base/secret.h"
#include "policy/policy.h"
#include "policy/references.h"

namespace helmme::policy {

struct LoadedValues {
  std::map<std::string, base::Secret> values;
  std::map<std::string, base::Location> places;  // where each value comes from
  std::map<std::string, std::string> origins;    // the same in words: "environment variable JWT_SECRET"
  std::set<std::string> failed;                  // keys whose value could not be loaded; reported already
  bool complete = true;                          // false: a whole file could not be loaded; reported already
};

// `environment` may be null: then no variable is set; `references` may be: then none can be read.
[[nodiscard]] LoadedValues load_secrets(const Bundle& bundle, const base::Environment* environment,
                                        References* references, base::Diagnostics& diagnostics);

// Of several files that hold a key, the last one counts.
[[nodiscard]] LoadedValues load_secrets_files(const Bundle& bundle, References* references,
                                              base::Diagnostics& diagnostics);

}  // namespace helmme::policy
