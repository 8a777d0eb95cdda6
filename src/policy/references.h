// Values of `secrets` that a provider has: {KEY: ref+local://NAME#/KEY}. This room knows no backend: whoever resolves
// bundles hands one in.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace helmme::policy {

class References {
 public:
  virtual ~References() = default;
  // One result for each reference, as it was written, in their order. Errors have no location.
  [[nodiscard]] virtual std::vector<base::Result<base::Secret>> read_all(
      const std::vector<std::string>& references) = 0;
  // What a secrets file holds that SOPS has encrypted, by key. `path` is opened; `name` is what messages call it.
  // Errors have no location.
  [[nodiscard]] virtual base::Result<std::map<std::string, base::Secret>> decrypt(const std::string& path,
                                                                                  const std::string& name) = 0;
  // Once something was read: a key that does not change from run to run, for digests of values that others may see.
  // nullptr: there is none.
  [[nodiscard]] virtual const base::Secret* digest_key() const { return nullptr; }
};

}  // namespace helmme::policy
