// A fast reader of the plainest YAML, which is most of what charts hold: ASCII, block mappings and lists whose keys,
// scalars and flow collections each stand on one line, without anchors, tags, escapes and block scalars. It refuses
// whatever else there is, and what is wrong; what it takes, it reads as libyaml does. tests/manifest holds the two side
// by side.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "manifest/document.h"

namespace helmme::manifest {

// The nodes of one document, with values in `bytes`. nullopt: libyaml must read it.
[[nodiscard]] std::optional<std::vector<Node>> read_plain_yaml(std::string_view bytes);

}  // namespace helmme::manifest
