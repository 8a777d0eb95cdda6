// gitleaks' rules over a text, as gitleaks 8 applies them (detect/detect.go): keywords first, then the patterns, the
// entropy, the allowlists and the required rules; then once more over what is decoded, up to k_decode_depth times.
//
// A text is read in the pieces that gitleaks reads a file in, some 100 kB each, so that what depends on them (required
// rules, matches across blank lines) comes out the same. Time is linear to the text, for a given configuration.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.h"
#include "lint/gitleaks_config.h"
#include "lint/made_rule.h"

namespace helmme::lint {

struct GitleaksMatch {
  const Rule* rule = nullptr;
  Span span;  // the secret, from the line on that gitleaks names; where it was decoded, what it was decoded from
  std::size_t line = 0;  // from 1
  bool encoded = false;
  bool whole_file = false;  // by its name alone
};

class GitleaksScanner {
 public:
  explicit GitleaksScanner(GitleaksConfig config);
  GitleaksScanner(const GitleaksScanner&) = delete;
  GitleaksScanner& operator=(const GitleaksScanner&) = delete;
  ~GitleaksScanner();

  // By id.
  [[nodiscard]] const std::vector<const Rule*>& rules() const noexcept;

  // By place, then by rule. Safe to use from many threads.
  [[nodiscard]] std::vector<GitleaksMatch> find(std::string_view file, std::string_view text) const;

  // bad_input: patterns that were needed, and take more memory than one may have. They found nothing.
  [[nodiscard]] std::vector<base::Error> problems() const;

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

// The pieces that gitleaks reads a file of that text in (sources/file.go).
[[nodiscard]] std::vector<Span> gitleaks_fragments(std::string_view text);

}  // namespace helmme::lint
