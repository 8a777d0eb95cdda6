// What `ref+…` values name, read from the providers of this program.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "cli/options.h"
#include "policy/references.h"
#include "provider/providers.h"

namespace helmme::cli {

// `environment` must outlive whatever is made of them. `ref+file://` and `ref+sops://` are relative to the folder of
// the first policy that is named, else to the working directory. Variables: HELM_ME_OFFLINE, unless it is empty, 0 or
// false; HELM_ME_TIMEOUT, all of a run's reading together ("500ms", "30s", "2m"; without it 30s).
[[nodiscard]] provider::Settings provider_settings(const PostOptions& options, const base::Environment& environment,
                                                   base::Diagnostics& diagnostics);

class ProviderReferences final : public policy::References {
 public:
  explicit ProviderReferences(provider::Settings settings) : providers_(std::move(settings)) {}

  // A backend is opened or asked when the first reference needs it. A reference that gives a map or a list is
  // bad_input: it names no key.
  [[nodiscard]] std::vector<base::Result<base::Secret>> read_all(const std::vector<std::string>& references) override;
  // Follows from the local store's key, where that was read.
  [[nodiscard]] const base::Secret* digest_key() const override { return providers_.digest_key(); }

 private:
  provider::Providers providers_;
};

}  // namespace helmme::cli
