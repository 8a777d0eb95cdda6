// From what a chart renders back to where it came from: the line of the values, and the template that wrote it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lint/lint.h"

namespace helmme::lint {

struct RenderedChart {
  std::string stream;              // what `helm template` wrote, with its "# Source:" comments
  std::vector<SourceFile> values;  // the chart's own first, then those given, as Helm merges them
  std::map<std::string, SourceFile, std::less<>> templates;  // by the name in "# Source:"
};

// Each finding of the stream twice: where its value stands in the last values file that has it, as an error since it is
// committed there, and in the template that emits it. What stands in no values file is reported at the template alone.
[[nodiscard]] std::vector<Finding> trace(const RenderedChart& chart, const Config& config);

}  // namespace helmme::lint
