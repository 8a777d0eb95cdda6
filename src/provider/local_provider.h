// ref+local://NAME#/KEY: the embedded store as a backend. The answer is the map of an entry's keys.
#pragma once

#include <optional>

#include "base/environment.h"
#include "crypto/random.h"
#include "provider/local_store.h"
#include "provider/provider.h"

namespace helmme::provider {

class LocalProvider final : public Provider {
 public:
  // Both must outlive it.
  LocalProvider(const base::Environment& environment, crypto::Random& random)
      : environment_(environment), random_(random) {}

  // The store is opened once a call.
  [[nodiscard]] std::vector<base::Result<Answer>> read_all(std::span<const placeholder::Locator> locators) override;

  // Once the store was read, and is there: a key that follows from its own.
  [[nodiscard]] const base::Secret* digest_key() const noexcept { return digest_key_ ? &*digest_key_ : nullptr; }

 private:
  const base::Environment& environment_;
  crypto::Random& random_;
  std::optional<base::Secret> digest_key_;
};

}  // namespace helmme::provider
