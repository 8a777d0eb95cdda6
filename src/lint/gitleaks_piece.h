// The rules of a gitleaks configuration, ready to be used, and one piece of a file on its way through them.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.h"
#include "lint/gitleaks_allowlist.h"
#include "lint/gitleaks_config.h"
#include "lint/keyword_scan.h"
#include "lint/lazy_pattern.h"
#include "lint/made_rule.h"

namespace helmme::lint {

inline constexpr std::size_t k_most_gitleaks_matches = 10000;  // of a file

struct CompiledRule {
  explicit CompiledRule(GitleaksRule rule);

  GitleaksRule data;
  MadeRule made;
  bool is_generic;  // yields to others
  std::optional<SearchPattern> regex;
  std::optional<LazyPattern> path;
  std::vector<std::unique_ptr<AllowlistCheck>> allowlists;
  std::vector<const CompiledRule*> required;  // as in data.required
  std::size_t number = 0;
};

// All rules, and the one pass that says which of them may find something.
struct RuleSet {
  std::deque<CompiledRule> rules;
  std::vector<std::unique_ptr<AllowlistCheck>> allowlists;
  std::vector<std::string> words;
  std::vector<std::vector<std::size_t>> rules_of_word;
  std::vector<std::size_t> always;  // without keywords
  std::optional<KeywordScan> scan;

  // By number: which may find something in that text.
  [[nodiscard]] std::vector<bool> candidates(std::string_view text) const;
};

[[nodiscard]] bool allows_file(const std::vector<std::unique_ptr<AllowlistCheck>>& lists, std::string_view file);

// What is the same for all pieces of a file.
struct FileState {
  std::string_view name;
  enum class Answer : std::uint8_t { unknown, yes, no };
  std::vector<Answer> allowed;  // by rule: its allowlists leave the file out
};

// Something that a rule found.
struct Hit {
  const CompiledRule* rule = nullptr;
  Span span;             // what is shown, in the piece
  std::size_t line = 0;  // in the piece, from 0
  std::int64_t column = 0;
  bool encoded = false;
  bool whole_file = false;
};

// What all rules find in a piece of a file, in all passes. `first`: it is the file's first one.
[[nodiscard]] std::vector<Hit> scan_piece(const RuleSet& rules, FileState& file, std::string_view raw, bool first);

}  // namespace helmme::lint
