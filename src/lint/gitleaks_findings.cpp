#include "lint/gitleaks_findings.h"

#include <string>
#include <utility>

#include "lint/check.h"

namespace helmme::lint {

std::size_t add_gitleaks_findings(const SourceFile& file, const Config& config, std::vector<Finding>& findings) {
  SpanSet found;
  for (const Finding& finding : findings) {
    found.add(finding.span);
  }
  std::size_t known = 0;
  for (const GitleaksMatch& match : config.gitleaks->find(file.name, file.text)) {
    if (config.gitleaks_ignore.contains(file.name, match.rule->id, match.whole_file ? 0 : match.line)) {
      ++known;
      continue;
    }
    if (found.contains(match.span)) {
      continue;
    }
    Finding finding;
    finding.rule = match.rule;
    finding.severity = match.rule->severity;
    finding.span = match.span;
    finding.message = std::string(match.rule->title) + (match.encoded ? " (encoded)" : "");
    findings.push_back(std::move(finding));
  }
  return known;
}

}  // namespace helmme::lint
