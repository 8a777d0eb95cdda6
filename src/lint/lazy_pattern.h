// RE2 patterns that are compiled when they are first needed, and then shared by all threads.
#pragma once

#include <re2/re2.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "lint/finding.h"

namespace helmme::lint {

class LazyPattern {
 public:
  explicit LazyPattern(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  // nullptr: it needs more memory than a pattern may take.
  [[nodiscard]] const RE2* get() const;
  // Whether get() was asked and had nothing.
  [[nodiscard]] bool has_failed() const noexcept { return failed_; }

  // The next match in `text`, looked for from `from` on, as Go's FindAll goes on: leftmost, the first alternative
  // counts, and what stands before `from` is seen by \b and ^.
  [[nodiscard]] std::optional<Span> find(std::string_view text, std::size_t from) const;
  [[nodiscard]] bool matches(std::string_view text) const { return find(text, 0).has_value(); }

 private:
  std::string text_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<RE2> compiled_;
  mutable std::atomic<bool> failed_ = false;
};

// A rule's pattern, with a short cut: many begin with "[\w.-]{0,50}?", which costs a hundred times what the rest does
// and decides nothing but where a match begins. The rest is looked for first.
class SearchPattern {
 public:
  explicit SearchPattern(const std::string& text);

  [[nodiscard]] const LazyPattern& whole() const noexcept { return whole_; }
  [[nodiscard]] bool has_failed() const noexcept { return whole_.has_failed() || (rest_ && rest_->has_failed()); }
  [[nodiscard]] std::optional<Span> find(std::string_view text, std::size_t from) const;

 private:
  LazyPattern whole_;
  std::optional<LazyPattern> rest_;
};

}  // namespace helmme::lint
