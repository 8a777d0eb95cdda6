#include "placeholder/locator.h"

#include <algorithm>
#include <array>

namespace helmme::placeholder {

std::string Locator::text() const {
  if (hidden) {
    return scheme + ":\xE2\x80\xA6";
  }
  return scheme + ":" + path + (version.empty() ? "" : " version " + version);
}

bool only_selects(std::string_view option) noexcept {
  constexpr std::array<std::string_view, 13> k_options = {
      "version",  "version_id", "version_stage", "kv_version", "region",         "stage",  "format",
      "key_type", "encode",     "decode",        "mode",       "fallback_value", "trim_nl"};
  return std::find(k_options.begin(), k_options.end(), option) != k_options.end();
}

}  // namespace helmme::placeholder
