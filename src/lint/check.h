// One file on its way through the rules.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "lint/embedded.h"
#include "lint/file_kind.h"
#include "lint/finding.h"
#include "lint/leaf.h"
#include "lint/token_format.h"

namespace helmme::lint {

// Where a finding stands, besides its bytes.
struct Place {
  std::string yaml_path = {};
  std::string object = {};
  std::string_view key = {};
};

// Spans that do not overlap.
class SpanSet {
 public:
  // False where one that overlaps is there already.
  bool add(Span span) { return !contains(span) && by_begin_.emplace(span.begin, span.end).second; }
  [[nodiscard]] bool contains(Span span) const {
    auto next = by_begin_.lower_bound(span.end);
    return next != by_begin_.begin() && (--next)->second > span.begin;
  }

 private:
  std::map<std::size_t, std::size_t> by_begin_;
};

// What every rule group works on: the file, the tokens that its text holds, and what was found so far. A span is
// reported once: what comes first, the rule that knows most of the place, counts.
class Check {
 public:
  Check(const SourceFile& file, const TokenScanner& scanner);

  [[nodiscard]] const SourceFile& file() const noexcept { return file_; }
  [[nodiscard]] std::string_view text() const noexcept { return file_.text; }
  [[nodiscard]] const TokenScanner& scanner() const noexcept { return scanner_; }

  // The first token that overlaps the span; nullptr without one.
  [[nodiscard]] const TokenMatch* token_in(Span span) const;
  // A finding, unless one of the same bytes is there already.
  void report(std::string_view rule, Span span, std::string message, Place place,
              std::optional<Severity> severity = std::nullopt);
  // A second finding on bytes that have one: it is about something else.
  void report_beside(std::string_view rule, Span span, std::string message, Place place);
  [[nodiscard]] bool is_reported(Span span) const;
  // HM102 and HM106 for what no rule has reported.
  void report_left_tokens();
  // HM102 or HM106 for a token.
  void report_token(const TokenMatch& token, Place place);

  [[nodiscard]] std::vector<Finding> take() { return std::move(findings_.all()); }

  // A file that should be YAML and is not: its text was read all the same.
  std::optional<base::Error> problem;
  // It has more findings than anybody reads.
  std::optional<base::Warning> remark;

 private:
  Finding& add(std::string_view rule, Span span, std::string message, Place place);

  const SourceFile& file_;
  const TokenScanner& scanner_;
  std::vector<TokenMatch> tokens_;
  SpanSet reported_;
  Findings findings_;
};

// What is written in a scalar or a longer text, as "where" reads it in a message: printable and not too long.
[[nodiscard]] std::string shown(std::string_view name);

// A default that everybody knows, in a URL, is milder than a secret.
[[nodiscard]] inline std::optional<Severity> severity_of(Verdict verdict) {
  return verdict == Verdict::common ? std::optional(Severity::warning) : std::nullopt;
}

// All rules of one file. `problem`: the file should have been YAML.
struct Checked {
  std::vector<Finding> findings;
  std::optional<base::Error> problem;
  std::optional<base::Warning> remark;
};
[[nodiscard]] Checked check_file(const SourceFile& file, const TokenScanner& scanner);

// The rule groups. A document is checked by one of the first two; `offset` is its place in the file.
void check_values(Check& check, const manifest::Document& document, std::size_t offset);
void check_values_below(Check& check, const manifest::Document& document, manifest::NodeId root, std::size_t offset,
                        const std::string& object);
void check_comments(Check& check);
void check_settings(Check& check);
void check_assignments(Check& check, std::string_view text, std::size_t offset, TextStyle style);

// A stream of manifests: what one document says may matter in another, so they are read together.
struct SecretValues {
  std::vector<std::pair<std::string, base::Secret>> values;  // "Secret/x data.password" and its value
};
void check_manifest(Check& check, const manifest::Document& document, std::size_t offset, bool rendered,
                    SecretValues& values);
void check_repeated(Check& check, const SecretValues& values, const std::vector<Span>& secret_documents);

void check_template(Check& check);
void check_notes(Check& check);

void check_ci(Check& check, const manifest::Document& document, std::size_t offset);
void check_script(Check& check);
void check_terraform(Check& check);
void check_repository_urls(Check& check);
void check_plaintext_file(Check& check, const manifest::Document& document, std::size_t offset);

}  // namespace helmme::lint
