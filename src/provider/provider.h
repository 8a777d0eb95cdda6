// provider: the backends that locators are read from. One file a backend, one small interface. Uses placeholder, net,
// crypto and base.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "placeholder/fetched_value.h"
#include "placeholder/locator.h"

namespace helmme::provider {

struct Answer {
  placeholder::FetchedValue value;
  std::string version = {};  // the backend's own id of what was read; empty: it has none
  // Kept for tokens with a life: a dynamic secret's lease. Empty: none.
  std::string lease_id = {};
};

class Provider {
 public:
  Provider() = default;
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;
  virtual ~Provider() = default;

  // Reads all of a run at once, so that a backend over the network can do so concurrently, with one login, and each
  // thing once however many locators name it. One result for each locator, in their order. Errors, without a location:
  // not_found (path or version), denied (no or wrong credentials), unavailable (unreachable, a malformed answer, too
  // late), bad_input (a locator that this backend does not understand).
  [[nodiscard]] virtual std::vector<base::Result<Answer>> read_all(std::span<const placeholder::Locator> locators) = 0;
};

// One that reads one thing after the other.
class EachProvider : public Provider {
 public:
  [[nodiscard]] std::vector<base::Result<Answer>> read_all(std::span<const placeholder::Locator> locators) final;

 private:
  [[nodiscard]] virtual base::Result<Answer> read(const placeholder::Locator& locator) = 0;
};

// bad_input where a locator has an option besides these, or (`has_versions` false) names a version.
[[nodiscard]] base::Result<void> check_options(const placeholder::Locator& locator,
                                               std::initializer_list<std::string_view> known,
                                               bool has_versions = false);

// A part of a locator for a message: control characters escaped, and "…" where the locator is hidden.
[[nodiscard]] std::string shown_of(const placeholder::Locator& locator, std::string_view part);

// An error about a locator: "vault:secret/shop: WHAT".
[[nodiscard]] base::Error error_about(const placeholder::Locator& locator, base::ErrorKind kind, std::string_view what,
                                      std::string help = {});

}  // namespace helmme::provider
