// Spans of time as Go's tools write them.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace helmme::base {

// "30s", "1h30m", "1.5h", "250ms" (https://pkg.go.dev/time#ParseDuration), without a sign and units below a
// millisecond. nullopt: it is none, or longer than a hundred years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace helmme::base
