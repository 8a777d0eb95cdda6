// What a plain YAML scalar means to Kubernetes: its parser follows YAML 1.1 (https://yaml.org/type/), where `yes`,
// `0644` and `1e3` are no text.
#pragma once

#include <optional>
#include <string_view>

namespace helmme::policy {

// True where YAML 1.1 reads the plain scalar `text` as something else than text.
[[nodiscard]] bool is_typed(std::string_view text);

// True where the type does not change what is written: `true`, `false`, `8080`; not `yes`, `0123`, `1e3`, `1.50`.
[[nodiscard]] bool keeps_its_text(std::string_view text);

}  // namespace helmme::policy
