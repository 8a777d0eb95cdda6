// lint --render: a chart, rendered by the user's own Helm.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "lint/render_trace.h"

namespace helmme::cli {

// Runs `$HELM_BIN template` on the chart, a folder, with those values files, and reads the files that it was made of.
// bad_input: there is no Helm, it fails, a file cannot be read.
[[nodiscard]] base::Result<lint::RenderedChart> render_chart(const std::string& chart,
                                                             const std::vector<std::string>& values,
                                                             const base::Environment& environment);

}  // namespace helmme::cli
