// What a scalar of YAML is to Kubernetes, whose parser (sigs.k8s.io/yaml over go.yaml.in/yaml/v2, resolve.go) follows
// YAML 1.1 in the main: `yes` and `off` are booleans, 0644 is a number, 12:30:00 and 2026-01-31 are text here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "placeholder/fetched_value.h"

namespace helmme::placeholder {

struct YamlType {
  FetchedValue::Kind kind = FetchedValue::Kind::text;  // null, boolean, number or text
  bool truth = false;                                  // of a boolean
};

// Of a plain scalar without a tag.
[[nodiscard]] YamlType type_of_plain(std::string_view text);

// A number as YAML writes it in JSON's grammar: 0644 → 420, 1_000 → 1000, .5 → 0.5; digits are never rounded. nullopt:
// JSON has no such number (.inf, .nan).
[[nodiscard]] std::optional<std::string> json_number(std::string_view text);

}  // namespace helmme::placeholder
