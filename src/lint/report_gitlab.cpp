// GitLab reads description, check_name, fingerprint, severity, location.path and location.lines.begin, and drops
// entries whose fingerprint it has seen (https://docs.gitlab.com/ci/testing/code_quality/).
#include <map>
#include <nlohmann/json.hpp>

#include "lint/report.h"

namespace helmme::lint {

std::string report_gitlab(const Report& report) {
  using Json = nlohmann::ordered_json;
  Json all = Json::array();
  std::map<std::string_view, std::size_t> occurrences;
  for (const Finding& finding : report.findings) {
    const std::size_t occurrence = ++occurrences[finding.fingerprint];
    const std::string_view severity = finding.severity == Severity::error     ? "critical"
                                      : finding.severity == Severity::warning ? "major"
                                                                              : "info";
    all.push_back(
        {{"description", finding.message + "; " + std::string(finding.rule->help)},
         {"check_name", finding.rule->id},
         {"fingerprint", finding.fingerprint + (occurrence == 1 ? "" : "-" + std::to_string(occurrence))},
         {"severity", severity},
         {"location", {{"path", finding.file}, {"lines", {{"begin", finding.line}, {"end", finding.end_line}}}}}});
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace helmme::lint
