#include "lint/lazy_pattern.h"

#include <algorithm>
#include <array>

namespace helmme::lint {
namespace {

// For a pattern and what its automata keep; enough for all but monsters, which get one more try.
constexpr std::int64_t k_memory = std::int64_t{8} << 20U;
constexpr std::int64_t k_most_memory = std::int64_t{256} << 20U;

constexpr std::string_view k_fold = "(?i)";
constexpr std::string_view k_head = R"([\w.-]{0,50}?)";
// Bytes: under (?i), \w takes the long s and the Kelvin sign, too, of up to three bytes each.
constexpr std::size_t k_longest_head = 150;

std::unique_ptr<RE2> compile(const std::string& text, std::int64_t memory) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(memory);
  return std::make_unique<RE2>(text, options);
}

// The end of a class in brackets that begins at `at`.
std::size_t class_end(std::string_view pattern, std::size_t at) {
  ++at;
  at += pattern.substr(at, 1) == "^" ? 1U : 0U;
  at += pattern.substr(at, 1) == "]" ? 1U : 0U;
  for (; at < pattern.size() && pattern[at] != ']'; ++at) {
    if (pattern[at] == '\\') {
      ++at;
    } else if (pattern.substr(at, 2) == "[:") {
      at = std::min(pattern.find(":]", at), pattern.size() - 1) + 1;
    }
  }
  return at;
}

// Whether it is "a|b" outside of groups, or may be.
bool has_alternatives(std::string_view pattern) {
  if (pattern.find("\\Q") != std::string_view::npos) {
    return true;
  }
  int depth = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '[') {
      i = class_end(pattern, i);
    } else if (pattern[i] == '(' || pattern[i] == ')') {
      depth += pattern[i] == '(' ? 1 : -1;
    } else if (pattern[i] == '|' && depth <= 0) {
      return true;
    }
  }
  return false;
}

// The pattern less its head; nullopt: it has none, or the cut would change what the rest means.
std::optional<std::string> rest_of(std::string_view pattern) {
  const bool fold = pattern.starts_with(k_fold);
  std::string_view rest = pattern.substr(fold ? k_fold.size() : 0);
  if (!rest.starts_with(k_head) || rest.size() == k_head.size() || has_alternatives(rest)) {
    return std::nullopt;
  }
  rest.remove_prefix(k_head.size());
  return std::string(fold ? k_fold : "") + std::string(rest);
}

}  // namespace

const RE2* LazyPattern::get() const {
  std::call_once(once_, [&] {
    compiled_ = compile(text_, k_memory);
    if (!compiled_->ok()) {
      compiled_ = compile(text_, k_most_memory);
    }
    if (!compiled_->ok()) {
      compiled_ = nullptr;
      failed_ = true;
    }
  });
  return compiled_.get();
}

std::optional<Span> LazyPattern::find(std::string_view text, std::size_t from) const {
  const RE2* pattern = get();
  re2::StringPiece match;
  if (pattern == nullptr || from > text.size() ||
      !pattern->Match(re2::StringPiece(text.data(), text.size()), from, text.size(), RE2::UNANCHORED, &match, 1)) {
    return std::nullopt;
  }
  const auto begin = static_cast<std::size_t>(match.data() - text.data());
  return Span{begin, begin + match.size()};
}

SearchPattern::SearchPattern(const std::string& text) : whole_(text) {
  if (std::optional<std::string> rest = rest_of(text)) {
    rest_.emplace(*std::move(rest));
  }
}

// A match of the whole is a head and a match of the rest, and no rest begins before the leftmost one: the whole begins
// no more than a head before it.
std::optional<Span> SearchPattern::find(std::string_view text, std::size_t from) const {
  if (rest_) {
    const std::optional<Span> rest = rest_->find(text, from);
    if (!rest) {
      return std::nullopt;
    }
    from = std::max(from, rest->begin - std::min(rest->begin, k_longest_head));
  }
  return whole_.find(text, from);
}

}  // namespace helmme::lint
