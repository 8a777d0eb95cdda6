// HM101 to HM109 in texts that are no tree: comments, and files of settings.
#include <algorithm>

#include "lint/characters.h"
#include "lint/check.h"
#include "lint/embedded_pair.h"

namespace helmme::lint {
namespace {

// What comments would be if they were none: "# password: x", "# DB_PASSWORD=x", and a name with its value below it.
class CommentCheck {
 public:
  explicit CommentCheck(Check& check) : check_(check) {}

  void line(std::string_view comment, std::size_t offset) {
    for (const EmbeddedSecret& url : find_url_passwords(comment)) {
      report(comment, offset, url, "a password in a URL in a comment");
    }
    for (const EmbeddedSecret& secret : find_assignments(comment, TextStyle::config)) {
      report(comment, offset, secret, "a credential in a comment: " + shown(secret.name));
    }
    pair(comment, offset);
  }

 private:
  // "# - name: DB_PASSWORD" and "#   value: x"
  void pair(std::string_view comment, std::size_t offset) {
    const std::size_t colon = comment.find(':');
    if (colon == std::string_view::npos || colon > k_longest_key) {
      named_ = {};
      return;
    }
    const std::string_view key = trim(comment.substr(0, colon));
    const std::string_view quoted = trim(comment.substr(colon + 1));
    const bool quotes = quoted.size() >= 2 && is_in(quoted.front(), "\"'") && quoted.back() == quoted.front();
    const std::string_view value = quotes ? quoted.substr(1, quoted.size() - 2) : quoted;
    const auto begin = static_cast<std::size_t>(value.data() - comment.data());
    if (is_value_word(key) && !named_.empty()) {
      if (const Verdict verdict = judge(named_, value); verdict == Verdict::secret) {
        report(comment, offset, {named_, {begin, begin + value.size()}, verdict},
               "a credential in a comment: " + shown(named_));
      }
    }
    named_ = is_naming_word(key) ? value : std::string_view();
  }

  void report(std::string_view comment, std::size_t offset, const EmbeddedSecret& secret, std::string message) {
    const Span span = secret.span;
    if (secret.verdict == Verdict::secret && looks_random(comment.substr(span.begin, span.end - span.begin))) {
      check_.report("HM109", {offset + span.begin, offset + span.end}, std::move(message), {.key = secret.name});
    }
  }

  static constexpr std::size_t k_longest_key = 40;

  Check& check_;
  std::string_view named_ = {};  // by the comment before
};

}  // namespace

void check_comments(Check& check) {
  const std::string_view text = check.text();
  CommentCheck comments(check);
  for (std::size_t hash = text.find('#'); hash != std::string_view::npos; hash = text.find('#', hash)) {
    if (hash > 0 && text[hash - 1] != '\n' && text[hash - 1] != ' ' && text[hash - 1] != '\t') {
      ++hash;
      continue;
    }
    const std::size_t end = std::min(text.find('\n', hash), text.size());
    std::size_t begin = hash;
    while (begin < end && (text[begin] == '#' || text[begin] == ' ' || text[begin] == '-')) {
      ++begin;
    }
    comments.line(text.substr(begin, end - begin), begin);
    hash = end;
  }
}

namespace {

void report_found(Check& check, const std::vector<EmbeddedSecret>& found, std::size_t offset) {
  for (const EmbeddedSecret& secret : found) {
    const Span span{offset + secret.span.begin, offset + secret.span.end};
    const TokenMatch* token = check.token_in(span);
    if (token != nullptr) {
      check.report_token(*token, {.key = secret.name});
      continue;
    }
    const bool common = secret.verdict == Verdict::common;
    check.report(
        common ? "HM103" : "HM101", span,
        (common ? "a default password that everybody knows: " : "a plaintext credential: ") + shown(secret.name),
        {.key = secret.name});
  }
}

}  // namespace

void check_assignments(Check& check, std::string_view text, std::size_t offset, TextStyle style) {
  report_found(check, find_assignments(text, style), offset);
}

void check_settings(Check& check) {
  const std::string_view text = check.text();
  report_found(check, find_in_text(file_name_of(check.file().name), text), 0);
  for (const EmbeddedSecret& url : find_url_passwords(text)) {
    check.report("HM107", url.span, "a password in a URL or DSN", {.key = "URL"}, severity_of(url.verdict));
  }
}

}  // namespace helmme::lint
