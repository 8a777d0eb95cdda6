// What must hold of each text: read_plain_yaml() refuses it, or it reads what libyaml reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "manifest/document.h"
#include "manifest/plain_yaml.h"

namespace helmme::manifest {

// "": all is well; else what differs.
inline std::string difference_from_libyaml(std::string_view bytes) {
  const std::optional<std::vector<Node>> plain = read_plain_yaml(bytes);
  if (!plain) {
    return {};
  }
  const base::Result<Document> parsed = Document::parse(bytes, "", bytes, 0);
  if (!parsed) {
    return "libyaml does not read it: " + parsed.error().message;
  }
  if (plain->size() != parsed->nodes().size()) {
    return std::to_string(plain->size()) + " nodes, libyaml has " + std::to_string(parsed->nodes().size());
  }
  const auto all_of = [](const Node& node) {
    return std::tie(node.kind, node.style, node.shared, node.has_properties, node.parent, node.index, node.size,
                    node.target, node.column, node.begin, node.end, node.value);
  };
  for (NodeId id = 0; id < plain->size(); ++id) {
    if (all_of((*plain)[id]) != all_of((*parsed)[id])) {
      return "node " + std::to_string(id) + " differs";
    }
  }
  return {};
}

}  // namespace helmme::manifest
