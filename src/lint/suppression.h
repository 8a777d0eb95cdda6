// "# helm-me:allow RULE reason", on the line of a finding or above it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "lint/config.h"
#include "lint/file_kind.h"
#include "lint/finding.h"
#include "lint/lines.h"

namespace helmme::lint {

struct Suppression {
  Span span;              // from the word to the end of the reason
  std::string_view rule;  // as written
  bool has_reason = false;
  bool used = false;
  std::size_t line = 0;    // where it stands
  std::size_t target = 0;  // the line it is meant for: its own, or the next one that is no comment
};

// Whether there may be any.
[[nodiscard]] bool has_suppressions(std::string_view text);

// One a line, by line.
[[nodiscard]] std::vector<Suppression> suppressions_in(std::string_view text, const Lines& lines);

// Takes out what is suppressed, and adds HM404 for each suppression that has no reason or suppresses nothing. Findings
// have their lines. Returns how many went. In plain text, where a suppression may be an example, none is reported; nor
// are those of rules that this run is without.
std::size_t apply_suppressions(const SourceFile& file, const Lines& lines, const Config& config,
                               std::vector<Finding>& findings);

}  // namespace helmme::lint
