// gitleaks' allowlists, ready to be asked.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/gitleaks_config.h"
#include "lint/keyword_scan.h"
#include "lint/lazy_pattern.h"

namespace helmme::lint {

// What an allowlist is asked about. Views into the text that is being read.
struct GitleaksCandidate {
  std::string_view file;
  std::string_view secret;
  std::string_view match;
  std::string_view line;
};

class AllowlistCheck {
 public:
  explicit AllowlistCheck(const GitleaksAllowlist& list);
  AllowlistCheck(const AllowlistCheck&) = delete;
  AllowlistCheck& operator=(const AllowlistCheck&) = delete;

  // By its name alone, whatever is in it. Commits are never known here, so they allow nothing.
  [[nodiscard]] bool allows_file(std::string_view file) const;
  [[nodiscard]] bool allows(const GitleaksCandidate& candidate) const;
  // Whether a pattern was needed and takes more memory than it may have.
  [[nodiscard]] bool has_failed() const noexcept {
    return (paths_ && paths_->has_failed()) || (regexes_ && regexes_->has_failed());
  }

 private:
  [[nodiscard]] bool has_path(std::string_view file) const { return paths_ && !file.empty() && paths_->matches(file); }
  [[nodiscard]] bool has_regex(const GitleaksCandidate& candidate) const;
  [[nodiscard]] bool has_stopword(std::string_view secret) const;

  bool all_of_;
  bool has_commits_;
  GitleaksAllowlist::Target target_;
  std::optional<LazyPattern> paths_;
  std::optional<LazyPattern> regexes_;
  std::vector<std::string> stopwords_;
  mutable std::once_flag once_;
  mutable std::optional<KeywordScan> scan_;  // of the stopwords, built when it is needed
};

}  // namespace helmme::lint
