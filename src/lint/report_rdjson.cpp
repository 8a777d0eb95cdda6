// reviewdog's Diagnostic Format (proto/rdf in github.com/reviewdog/reviewdog).
#include <nlohmann/json.hpp>

#include "lint/report.h"

namespace helmme::lint {

std::string report_rdjson(const Report& report) {
  using Json = nlohmann::ordered_json;
  Json diagnostics = Json::array();
  for (const Finding& finding : report.findings) {
    const std::string_view severity = finding.severity == Severity::error     ? "ERROR"
                                      : finding.severity == Severity::warning ? "WARNING"
                                                                              : "INFO";
    diagnostics.push_back({{"message", finding.message + "; " + std::string(finding.rule->help)},
                           {"location",
                            {{"path", finding.file},
                             {"range",
                              {{"start", {{"line", finding.line}, {"column", finding.column}}},
                               {"end", {{"line", finding.end_line}, {"column", finding.end_column}}}}}}},
                           {"severity", severity},
                           {"code", {{"value", finding.rule->id}}}});
  }
  return Json{{"source", {{"name", "helm-me lint"}}}, {"diagnostics", std::move(diagnostics)}}.dump(
             2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace helmme::lint
