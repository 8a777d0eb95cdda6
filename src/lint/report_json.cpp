#include <nlohmann/json.hpp>

#include "lint/report.h"

namespace helmme::lint {

std::string report_json(const Report& report) {
  using Json = nlohmann::ordered_json;
  Json findings = Json::array();
  for (const Finding& finding : report.findings) {
    findings.push_back({{"rule", finding.rule->id},
                        {"severity", name_of(finding.severity)},
                        {"file", finding.file},
                        {"line", finding.line},
                        {"column", finding.column},
                        {"endLine", finding.end_line},
                        {"endColumn", finding.end_column},
                        {"yamlPath", finding.yaml_path},
                        {"object", finding.object},
                        {"message", finding.message},
                        {"help", finding.rule->help},
                        {"fingerprint", finding.fingerprint}});
  }
  return Json{{"version", 1}, {"findings", std::move(findings)}}.dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace helmme::lint
