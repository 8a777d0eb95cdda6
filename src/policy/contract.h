// The contract of one key: `required: {KEY: {length: …, charset: …}}`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/form.h"
#include "policy/node.h"
#include "policy/policy.h"

namespace helmme::policy {

// The keys of a contract.
extern const std::vector<std::string> k_contract_keys;

// Problems go to `form`. A default that breaks the contract is one, and so is a `generate` that cannot meet it.
[[nodiscard]] KeyContract read_contract(const Node& node, const std::string& key, Form& form);

// What `value` breaks, in words that do not tell the value or its length: "length must be 128".
[[nodiscard]] std::vector<std::string> breaches(const KeyContract& contract, std::string_view value);

}  // namespace helmme::policy
