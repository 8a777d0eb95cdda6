// What lint reports.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lint/rule.h"

namespace helmme::lint {

// Bytes of a file's text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  [[nodiscard]] bool operator==(const Span&) const = default;
  [[nodiscard]] bool overlaps(const Span& other) const noexcept { return begin < other.end && other.begin < end; }
};

struct Finding {
  const Rule* rule = nullptr;
  Severity severity = Severity::error;
  Span span;              // exactly the secret
  std::string file;       // as named by who asked
  std::string yaml_path;  // "auth.password"; empty where there is none
  std::string object;     // "Deployment/shop"; empty outside of manifests
  std::string key;        // what the secret is called: a key, a variable, an option; may be empty
  std::string message;    // never the value
  // From the span, 1-based; columns count bytes, the end is exclusive.
  std::size_t line = 0;
  std::size_t column = 0;
  std::size_t end_line = 0;
  std::size_t end_column = 0;
  std::size_t character_column = 0;  // the same columns, in characters
  std::size_t character_end_column = 0;
  std::string fingerprint;
};

// The findings of one file while it is read.
class Findings {
 public:
  Finding& add(std::string_view rule, Span span, std::string message) {
    Finding finding;
    finding.rule = find_rule(rule);
    finding.severity = finding.rule->severity;
    finding.span = span;
    finding.message = std::move(message);
    all_.push_back(std::move(finding));
    return all_.back();
  }
  [[nodiscard]] std::vector<Finding>& all() noexcept { return all_; }

 private:
  std::vector<Finding> all_;
};

}  // namespace helmme::lint
