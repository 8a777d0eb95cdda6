// Schemes that are not ours, through an installed `vals` (https://github.com/helmfile/vals). It walks
// to a key itself.
#pragma once

#include "net/http.h"
#include "provider/provider.h"

namespace helmme::provider {

// All at once: a map of references goes to `vals eval -f -` on its standard input, and JSON comes back. Where that
// fails, each is asked for by itself, so that the one that is wrong is named. What vals says is not repeated: it may
// hold values. not_found: no vals; unavailable: it fails.
class ValsBridge final : public Provider {
 public:
  explicit ValsBridge(net::Deadline deadline) : deadline_(deadline) {}

  [[nodiscard]] std::vector<base::Result<Answer>> read_all(std::span<const placeholder::Locator> locators) override;

 private:
  [[nodiscard]] base::Result<std::vector<Answer>> evaluate(std::span<const placeholder::Locator> locators) const;

  net::Deadline deadline_;
};

// `ref+SCHEME://PATH?OPTIONS`, as vals reads it. Public for tests.
[[nodiscard]] std::string vals_reference(const placeholder::Locator& locator);

}  // namespace helmme::provider
