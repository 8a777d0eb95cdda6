// ref+local://NAME#/KEY: the embedded store as a backend.
#pragma once

#include "provider/local_store.h"
#include "provider/provider.h"

namespace helmme::provider {

class LocalProvider final : public Provider {
 public:
  // The store must outlive it.
  explicit LocalProvider(const LocalStore& store) : store_(store) {}

  [[nodiscard]] std::string_view scheme() const noexcept override { return "local"; }
  // The store is opened once a call.
  [[nodiscard]] std::vector<base::Result<base::Secret>> read_all(std::span<const Locator> locators) override;

 private:
  const LocalStore& store_;
};

}  // namespace helmme::provider
