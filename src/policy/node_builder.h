// yaml-cpp's events → a Node tree, strictly: keys are text and stand once, aliases end, tags are none but YAML's own.
#pragma once

#include <vector>

#include "base/error.h"
#include "manifest/split.h"
#include "policy/node.h"

namespace helmme::policy {

struct BuiltNodes {
  Node root;
  std::vector<Node> doubled;  // keys that stood in their mapping before
};

// Reads the document at `span` of the file's text. Offsets are where yaml-cpp says that a node begins; it gives no
// ends.
[[nodiscard]] base::Result<BuiltNodes> build_nodes(const TextFile& file, const manifest::Span& span);

}  // namespace helmme::policy
