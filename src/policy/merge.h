// Merges as Helm merges `-f`: maps key by key, null deletes, lists and scalars replace.
#pragma once

#include "policy/node.h"

namespace helmme::policy {

// `over` wins. Each node keeps its own file, and so its place and its folder.
void merge(Node& base, Node over);

}  // namespace helmme::policy
