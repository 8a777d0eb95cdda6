// Helm values (`--values`): the bundles that stand in an ordinary values file. Every mapping that configures
// existingSecret, secrets or secretsFiles is one, named by its dotted path (`global.shop`, in a list `apps.0`), the
// root's own by `values`. Values are the chart's: what has another shape than a source is something else and is left
// alone, as is a mapping whose path is no name of a bundle.
//
//   existingSecret  text, or {name: text, keys: {KEY: text}} and nothing else
//   secrets         a mapping; of its entries text, whole numbers, {env: …} and {file: …} count
//   secretsFiles    a list; of its items text counts
#pragma once

#include <vector>

#include "policy/form.h"
#include "policy/node.h"

namespace helmme::policy {

// What `<<` merges in (https://yaml.org/type/merge.html) stands in its mapping from here on.
void resolve_merge_keys(Node& node);

// The bundles of merged values, as the entries of a policy's `bundles` would write them. Names may repeat: of `{a: {b:
// X}, "a.b": Y}` both are `a.b`.
[[nodiscard]] std::vector<NodeEntry> bundles_in_values(const Node& root, Form& form);

// A policy's bundle that the values have too gets its sources from there, as a whole, and leaves `from_values`.
void take_sources(Node& policy, std::vector<NodeEntry>& from_values);

}  // namespace helmme::policy
