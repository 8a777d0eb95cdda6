// What is said where a key is not there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "placeholder/locator.h"

namespace helmme::placeholder {

// "secret not found: vault:secret/data/shop has no key "db-pass"", "did you mean #/db-password?". `before` are the keys
// that were found, `keys` those that are there. `shape`: how the dialect writes a key, "#/" or "#".
[[nodiscard]] base::Error missing_key(const Locator& locator, const std::vector<std::string>& before,
                                      std::string_view key, const std::vector<std::string>& keys,
                                      std::string_view shape);

}  // namespace helmme::placeholder
