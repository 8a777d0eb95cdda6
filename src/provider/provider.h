// provider: the backends that locators are read from. One file a backend, one small interface. Uses placeholder, crypto
// and base.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "provider/locator.h"

namespace helmme::provider {

class Provider {
 public:
  virtual ~Provider() = default;

  // "local", "vault": the locators' schemes that it serves.
  [[nodiscard]] virtual std::string_view scheme() const noexcept = 0;

  // Reads all of a run at once, so that a backend over the network can do so concurrently, with one login, and each
  // thing once however many locators name a part of it. One result for each locator, in their order. Errors, without
  // a location: not_found (path, key or version), denied (no or wrong credentials), unavailable (unreachable, a
  // malformed answer, too late), bad_input (a locator that this backend does not understand).
  [[nodiscard]] virtual std::vector<base::Result<base::Secret>> read_all(std::span<const Locator> locators) = 0;

  // Just one.
  [[nodiscard]] base::Result<base::Secret> read(const Locator& locator) {
    return std::move(read_all({&locator, 1}).front());
  }
};

}  // namespace helmme::provider
