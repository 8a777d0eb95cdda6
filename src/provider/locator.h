// A unique thing to fetch, as vals writes it (https://github.com/helmfile/vals): ref+SCHEME://PATH?OPTIONS#/FRAGMENT.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"

namespace helmme::provider {

struct Locator {
  std::string scheme;
  std::string path;
  std::map<std::string, std::string> options = {};
  std::string fragment = {};  // what stands behind "#/"; empty: all of it

  [[nodiscard]] bool operator==(const Locator&) const = default;
  // "local:shop#/KEY", for messages: without options.
  [[nodiscard]] std::string text() const;
};

// A whole reference, `ref+` or `secretref+`, with or without a `+` at its end. bad_input: it is none.
[[nodiscard]] base::Result<Locator> parse_locator(std::string_view text);

}  // namespace helmme::provider
