// Findings of gitleaks' rules, beside those of helm-me's own.
#pragma once

#include <cstddef>
#include <vector>

#include "lint/config.h"
#include "lint/file_kind.h"
#include "lint/finding.h"

namespace helmme::lint {

// Adds what config.gitleaks finds in a file, less what .gitleaksignore knows and what overlaps a finding that is there
// already. Returns how many were known.
std::size_t add_gitleaks_findings(const SourceFile& file, const Config& config, std::vector<Finding>& findings);

// A finding that is about the file's name has no bytes.
[[nodiscard]] inline bool is_about_whole_file(const Finding& finding) { return finding.span.begin == finding.span.end; }

}  // namespace helmme::lint
