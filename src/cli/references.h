// What `ref+…` values name, read from the providers of this program.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/environment.h"
#include "cli/options.h"
#include "policy/references.h"
#include "provider/providers.h"

namespace helmme::cli {

// `environment` must outlive whatever is made of them. `ref+file://` and `ref+sops://` are relative to the folder of
// the first policy that is named, else to the working directory.
[[nodiscard]] provider::Settings provider_settings(const PostOptions& options, const base::Environment& environment);

class ProviderReferences final : public policy::References {
 public:
  // The providers must outlive it.
  explicit ProviderReferences(provider::Providers& providers) : providers_(providers) {}

  // A backend is opened or asked when the first reference needs it. A reference that gives a map or a list is
  // bad_input: it names no key.
  [[nodiscard]] std::vector<base::Result<base::Secret>> read_all(const std::vector<std::string>& references) override;
  [[nodiscard]] base::Result<std::map<std::string, base::Secret>> decrypt(const std::string& path,
                                                                          const std::string& name) override;
  // Follows from the local store's key, where that was read.
  [[nodiscard]] const base::Secret* digest_key() const override { return providers_.digest_key(); }

 private:
  provider::Providers& providers_;
};

}  // namespace helmme::cli
