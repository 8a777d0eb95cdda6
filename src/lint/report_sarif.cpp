// SARIF 2.1.0 (OASIS standard, 2020), with what GitHub's code scanning reads of it.
#include <map>
#include <nlohmann/json.hpp>

#include "lint/report.h"

namespace helmme::lint {
namespace {

using Json = nlohmann::ordered_json;

std::string_view level_of(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

// GitHub: 7.0 and more is high, 4.0 and more medium, less is low.
std::string_view security_severity(Severity severity) {
  return severity == Severity::error ? "8.0" : severity == Severity::warning ? "5.0" : "2.0";
}

Json rule_of(const Rule& rule) {
  const std::string help = std::string(rule.why) + "\n\n" + std::string(rule.help);
  const std::string fix = rule.fix.empty() ? "" : "\n\n```\n" + std::string(rule.fix) + "\n```\n";
  Json tags = {"security", "secrets"};
  for (const std::string& tag : rule.tags) {
    tags.push_back(tag);
  }
  return {{"id", rule.id},
          {"shortDescription", {{"text", rule.title}}},
          {"fullDescription", {{"text", rule.why}}},
          {"help", {{"text", help}, {"markdown", help + fix}}},
          {"defaultConfiguration", {{"level", level_of(rule.severity)}}},
          {"properties", {{"security-severity", security_severity(rule.severity)}, {"tags", std::move(tags)}}}};
}

Json result_of(const Finding& finding, std::size_t rule, std::size_t occurrence) {
  Json location = {{"physicalLocation",
                    {{"artifactLocation", {{"uri", uri_of(finding.file)}}},
                     {"region",
                      {{"startLine", finding.line},
                       {"startColumn", finding.character_column},
                       {"endLine", finding.end_line},
                       {"endColumn", finding.character_end_column}}}}}};
  const std::string name =
      finding.object + (finding.object.empty() || finding.yaml_path.empty() ? "" : " ") + finding.yaml_path;
  if (!name.empty()) {
    location["logicalLocations"] = Json::array({{{"fullyQualifiedName", name}}});
  }
  return {
      {"ruleId", finding.rule->id},
      {"ruleIndex", rule},
      {"level", level_of(finding.severity)},
      {"message", {{"text", finding.message + "; " + std::string(finding.rule->help)}}},
      {"locations", Json::array({std::move(location)})},
      {"partialFingerprints", {{"primaryLocationLineHash", finding.fingerprint + ":" + std::to_string(occurrence)}}}};
}

}  // namespace

std::string report_sarif(const Report& report) {
  Json rules = Json::array();
  std::map<const Rule*, std::size_t> index;
  const auto add_rules = [&](const auto& all) {
    for (const Rule* rule : all) {
      index.emplace(rule, rules.size());
      rules.push_back(rule_of(*rule));
    }
  };
  add_rules(all_rules());
  add_rules(report.more_rules);
  Json results = Json::array();
  std::map<std::string_view, std::size_t> occurrences;
  for (const Finding& finding : report.findings) {
    results.push_back(result_of(finding, index.at(finding.rule), ++occurrences[finding.fingerprint]));
  }
  const Json driver = {{"name", "helm-me lint"}, {"semanticVersion", HELM_ME_VERSION}, {"rules", std::move(rules)}};
  const Json run = {
      {"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
  return Json{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
              {"version", "2.1.0"},
              {"runs", Json::array({run})}}
             .dump(2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace helmme::lint
