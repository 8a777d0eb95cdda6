// `allow:` what may be asked for, a list of patterns a scheme. Where it is there, a scheme that it does not name is
// closed, and so is one with an empty list: `allow: {}` allows nothing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/form.h"
#include "policy/node.h"

namespace helmme::policy {

using Allow = std::map<std::string, std::vector<std::string>, std::less<>>;

// nullopt: not there (or null), everything is allowed.
[[nodiscard]] std::optional<Allow> read_allow(const Node& node, Form& form);

[[nodiscard]] bool is_allowed(const std::optional<Allow>& allow, std::string_view scheme, std::string_view text);

}  // namespace helmme::policy
