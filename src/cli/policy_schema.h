// The JSON Schema (draft 2020-12) of the policy file: the text of schema/helm-me.schema.json, byte for byte.
#pragma once

#include <string_view>

namespace helmme::cli {

[[nodiscard]] std::string_view policy_schema() noexcept;

}  // namespace helmme::cli
