// Rules that a run brings along: those of a gitleaks.toml and those of a team's own configuration.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lint/rule.h"

namespace helmme::lint {

// What such a rule is made of.
struct RuleTexts {
  std::string id;
  std::string title;
  std::string why;
  std::string help;
  std::vector<std::string> tags = {};
};

// Owns the texts that its Rule shows. It stays where it is made, so that findings can point to it.
class MadeRule {
 public:
  MadeRule(RuleTexts texts, Severity severity) : texts_(std::move(texts)) {
    rule_ = {.id = texts_.id,
             .title = texts_.title,
             .severity = severity,
             .why = texts_.why,
             .help = texts_.help,
             .fix = {},
             .found = {},
             .clean = {},
             .tags = texts_.tags};
  }
  MadeRule(const MadeRule&) = delete;
  MadeRule& operator=(const MadeRule&) = delete;

  [[nodiscard]] const Rule& rule() const noexcept { return rule_; }

 private:
  RuleTexts texts_;
  Rule rule_;
};

using MadeRules = std::vector<std::unique_ptr<MadeRule>>;

}  // namespace helmme::lint
