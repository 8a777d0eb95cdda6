#include "lint/rule.h"

#include <algorithm>
#include <array>
#include <vector>

namespace helmme::lint {

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

std::optional<Severity> severity_named(std::string_view word) {
  for (const Severity severity : {Severity::info, Severity::warning, Severity::error}) {
    if (word == name_of(severity)) {
      return severity;
    }
  }
  return std::nullopt;
}

std::span<const Rule* const> all_rules() {
  static const std::vector<const Rule*> rules = [] {
    std::vector<const Rule*> all;
    for (const auto table : {values_rule_table(), manifest_rule_table(), template_rule_table(), ci_rule_table()}) {
      for (const Rule& rule : table) {
        all.push_back(&rule);
      }
    }
    std::sort(all.begin(), all.end(), [](const Rule* a, const Rule* b) { return a->id < b->id; });
    return all;
  }();
  return rules;
}

const Rule* find_rule(std::string_view id) {
  const std::span<const Rule* const> rules = all_rules();
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule* one) { return one->id == id; });
  return rule == rules.end() ? nullptr : *rule;
}

}  // namespace helmme::lint
