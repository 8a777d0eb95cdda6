// Which parts of a policy's text may be shown in errors: those that are of the format, where no value belongs. All
// else, be it misspelt, misplaced or unknown, may be a value.
#pragma once

#include "policy/node.h"

namespace helmme::policy {

void hide_values(const Node& root, TextFile& file);

}  // namespace helmme::policy
