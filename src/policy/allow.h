// `allow:` what may be asked for, a list of patterns a scheme. Where it is there, a scheme that it does not name is
// closed, and so is one with an empty list: `allow: {}` allows nothing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "placeholder/locator.h"

namespace helmme::policy {

class Form;
struct Node;

using Allow = std::map<std::string, std::vector<std::string>, std::less<>>;

// nullopt: not there (or null), everything is allowed.
[[nodiscard]] std::optional<Allow> read_allow(const Node& node, Form& form);

[[nodiscard]] bool is_allowed(const std::optional<Allow>& allow, std::string_view scheme, std::string_view text);

// The same for what a provider is to read, and for the variables and files that its options (`token_env`, `jwt_file`)
// name. Which programs and hosts may be asked is checked by who asks them.
// Other options that say how, where or as whom something is read count as a part of the path: "secret/shop/*" allows
// none, "secret/shop/*?namespace=team" that one, and "secret/shop/*?*" all; by name, with "&" between them. A path with
// ".." is never allowed. Of Vault's key-value engine, version 2, people write paths with and without the `data/` of its
// API: a pattern that matches either way allows it.
[[nodiscard]] bool is_allowed(const std::optional<Allow>& allow, const placeholder::Locator& locator);

// The pattern that allows just this.
[[nodiscard]] std::string pattern_for(const placeholder::Locator& locator);

}  // namespace helmme::policy
