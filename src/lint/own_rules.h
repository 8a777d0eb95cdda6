// Rules that a team writes itself, in .helm-me-lint.yaml:
//
//   rules:
//     ACME001:
//       title: an Acme token                  what is found; the message
//       severity: error                       info, warning or error (default)
//       pattern: acme_([a-z0-9]{16})          RE2; the first group, where there is one, is the secret
//       keywords: [acme_]                     optional: a file without any of them is not searched
//       keys: ["*acmeToken", ACME_*]          names whose values count, in any case; "*" stands for anything
//       help: name the Secret acme
//       found: ["acmeToken: acme_0123456789abcdef"]
//       clean: ["acmeToken: ${secret:acme}"]
//
// With a pattern alone, all text counts; with keys alone, whatever stands there as a literal; with both, both must
// hold. The examples are tried when the rule is read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "lint/file_kind.h"
#include "lint/finding.h"
#include "lint/keyword_scan.h"
#include "lint/lazy_pattern.h"
#include "lint/made_rule.h"
#include "manifest/document.h"

namespace helmme::lint {

struct OwnRuleSpec {
  std::string id;
  std::string title;
  std::string help;
  Severity severity = Severity::error;
  std::string pattern;                // empty: none
  std::vector<std::string> keywords;  // lower case
  std::vector<std::string> keys;      // lower case
};

class OwnRule {
 public:
  explicit OwnRule(OwnRuleSpec spec);

  [[nodiscard]] const Rule& rule() const noexcept { return made_.rule(); }
  // In order, none that overlaps the one before. The findings have their span, key and path.
  [[nodiscard]] std::vector<Finding> find(const SourceFile& file) const;

 private:
  [[nodiscard]] bool has_keyword(std::string_view text) const;
  [[nodiscard]] bool is_key(std::string_view name) const;
  // The part of a value that is the secret; nullopt: it is none.
  [[nodiscard]] std::optional<Span> secret_in(std::string_view value) const;
  [[nodiscard]] std::optional<Span> match(std::string_view text, std::size_t from) const;
  void find_pattern(std::string_view text, std::vector<Finding>& findings) const;
  void find_keys(const SourceFile& file, std::vector<Finding>& findings) const;
  void find_in_document(const manifest::Document& document, std::size_t offset, std::vector<Finding>& findings) const;
  void find_in_lines(std::string_view text, std::size_t offset, std::vector<Finding>& findings) const;
  Finding& add(Span span, std::string_view key, std::vector<Finding>& findings) const;

  OwnRuleSpec spec_;
  MadeRule made_;
  std::optional<LazyPattern> pattern_;
  std::optional<KeywordScan> keywords_;
};

using OwnRules = std::vector<std::shared_ptr<const OwnRule>>;

// One rule of a configuration. bad_input, with the place: an unknown key, neither pattern nor keys, a pattern that RE2
// does not take, an example that does not come out.
[[nodiscard]] base::Result<std::shared_ptr<const OwnRule>> read_own_rule(const base::Source& source,
                                                                         const manifest::Document& document,
                                                                         const manifest::Entry& entry);

// Adds what the rules find; other findings of the same bytes yield to these.
void add_own_findings(const SourceFile& file, const OwnRules& rules, std::vector<Finding>& findings);

}  // namespace helmme::lint
