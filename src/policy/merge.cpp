#include "policy/merge.h"

#include <algorithm>
#include <utility>

namespace helmme::policy {

void merge(Node& base, Node over) {
  if (base.kind != Node::Kind::mapping || over.kind != Node::Kind::mapping) {
    wipe(base);
    base = std::move(over);
    return;
  }
  for (NodeEntry& entry : over.entries) {
    const auto found = std::find_if(base.entries.begin(), base.entries.end(),
                                    [&](const NodeEntry& own) { return own.key.text == entry.key.text; });
    if (found == base.entries.end()) {
      base.entries.push_back(std::move(entry));
    } else if (entry.value.kind == Node::Kind::null) {
      wipe(found->value);
      base.entries.erase(found);
    } else {
      merge(found->value, std::move(entry.value));
    }
  }
}

}  // namespace helmme::policy
