#include "base/duration.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace helmme::base {
namespace {

struct Unit {
  std::string_view name;
  double milliseconds;
};
// Of two that begin alike the longer stands first.
constexpr std::array<Unit, 4> k_units = {{{"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}}};
constexpr double k_longest = 100.0 * 366 * 24 * 3600e3;

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  double sum = 0;
  if (text.empty()) {
    return std::nullopt;
  }
  while (!text.empty()) {
    double count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count, std::chars_format::fixed);
    if (error != std::errc() || text.front() == '-' || !(count >= 0)) {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit =
        std::find_if(k_units.begin(), k_units.end(), [&](const Unit& one) { return text.starts_with(one.name); });
    if (unit == k_units.end()) {
      return std::nullopt;
    }
    text.remove_prefix(unit->name.size());
    sum += count * unit->milliseconds;
    if (sum > k_longest) {
      return std::nullopt;
    }
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(sum));
}

}  // namespace helmme::base
