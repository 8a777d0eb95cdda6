// What helm-me lint is asked to do, and the configuration that follows from it.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "lint/config.h"

namespace helmme::cli {

struct LintOptions {
  std::vector<std::string> paths;
  std::vector<std::string> formats;
  std::string fail_on;
  std::string baseline;
  std::string write_baseline;
  std::string since;
  std::string explain;
  std::string render;
  std::vector<std::string> values;
  std::string rules;
  std::string gitleaks_config;
  std::string gitleaks_default;
  bool staged = false;
  bool list_rules = false;
  bool admission_policy = false;
};

// Reads .helm-me-lint.yaml, the baseline, and, where they are asked for, gitleaks' rules and .gitleaksignore.
[[nodiscard]] lint::Config make_lint_config(const LintOptions& options, base::Diagnostics& diagnostics);

// lint knows 3 for whatever cannot be read.
[[nodiscard]] base::Error as_bad_input(base::Error error);

}  // namespace helmme::cli
