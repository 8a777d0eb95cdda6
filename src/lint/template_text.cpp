#include "lint/template_text.h"

#include <algorithm>
#include <array>

namespace helmme::lint {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// text/template's lexer, less what no rule asks about.
class ActionReader {
 public:
  ActionReader(std::string_view text, std::size_t begin) : text_(text), at_(begin + 2) { action_.span.begin = begin; }

  Action read() {
    if (at_ < text_.size() && text_[at_] == '-') {
      ++at_;
    }
    const std::size_t first = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    if (text_.substr(first, 2) == "/*") {
      action_.comment = true;
      const std::size_t close = text_.find("*/", first + 2);
      at_ = close == std::string_view::npos ? text_.size() : close + 2;
    }
    while (at_ < text_.size() && text_.substr(at_, 2) != "}}") {
      token();
    }
    // The "-" of "-}}".
    if (!action_.tokens.empty() && action_.tokens.back().text == "-") {
      action_.tokens.pop_back();
    }
    action_.span.end = std::min(at_ + 2, text_.size());
    return std::move(action_);
  }

 private:
  void token() {
    const char c = text_[at_];
    if (is_blank(c)) {
      ++at_;
    } else if (c == '"' || c == '`' || c == '\'') {
      string(c);
    } else if (c == '.' || c == '$' || is_word_character(c)) {
      name();
    } else if (text_.substr(at_, 2) == ":=" || c == '=') {
      push(TokenKind::assign, at_, at_ + (c == '=' ? 1U : 2U));
    } else {
      push(c == '|'   ? TokenKind::pipe
           : c == '(' ? TokenKind::open
           : c == ')' ? TokenKind::close
                      : TokenKind::other,
           at_, at_ + 1);
    }
  }

  void string(char quote) {
    const std::size_t begin = at_ + 1;
    std::size_t end = begin;
    while (end < text_.size() && text_[end] != quote && (quote == '`' || text_[end] != '\n')) {
      end += text_[end] == '\\' && quote != '`' ? 2U : 1U;
    }
    end = std::min(end, text_.size());
    push(TokenKind::string, begin, end);
    at_ = std::min(end + 1, text_.size());
  }

  void name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (is_word_character(text_[at_]) || text_[at_] == '.' || text_[at_] == '$')) {
      ++at_;
    }
    const std::string_view word = text_.substr(begin, at_ - begin);
    const bool field = word.find('.') != std::string_view::npos;
    push(field ? TokenKind::field : word.starts_with("$") ? TokenKind::variable : TokenKind::word, begin, at_);
  }

  void push(TokenKind kind, std::size_t begin, std::size_t end) {
    action_.tokens.push_back({kind, text_.substr(begin, end - begin), {begin, end}});
    at_ = end;
  }

  std::string_view text_;
  std::size_t at_;
  Action action_;
};

// True where the line from `begin` to `end` holds actions and white space only.
bool is_only_actions(std::string_view text, std::size_t begin, std::size_t end, const std::vector<Action>& actions,
                     std::size_t first) {
  std::size_t at = begin;
  for (std::size_t i = first; i < actions.size() && actions[i].span.begin < end; ++i) {
    for (; at < actions[i].span.begin; ++at) {
      if (!is_blank(text[at])) {
        return false;
      }
    }
    at = std::max(at, actions[i].span.end);
  }
  for (; at < end; ++at) {
    if (!is_blank(text[at])) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool Action::is_control() const {
  constexpr std::array<std::string_view, 9> k_words = {"if",     "else",  "with",     "range", "end",
                                                       "define", "block", "template", "break"};
  return comment || (!tokens.empty() && tokens[0].kind == TokenKind::word &&
                     std::find(k_words.begin(), k_words.end(), tokens[0].text) != k_words.end());
}

std::vector<Action> actions_of(std::string_view text) {
  std::vector<Action> actions;
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
    actions.push_back(ActionReader(text, at).read());
    at = actions.back().span.end;
  }
  return actions;
}

std::string without_actions(std::string_view text, const std::vector<Action>& actions) {
  std::string out(text);
  std::size_t line_end = 0;  // of the line that the last action began on, or further where that one ended
  bool alone = false;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const Action& action = actions[i];
    if (i == 0 || action.span.begin > line_end) {
      const std::size_t newline =
          action.span.begin == 0 ? std::string_view::npos : text.rfind('\n', action.span.begin - 1);
      const std::size_t line = newline == std::string_view::npos ? 0 : newline + 1;
      line_end = std::min(text.find('\n', action.span.begin), text.size());
      if (action.span.end > line_end) {
        line_end = std::min(text.find('\n', action.span.end), text.size());
      }
      alone = is_only_actions(text, line, line_end, actions, i);
    } else if (action.span.end > line_end) {
      line_end = std::min(text.find('\n', action.span.end), text.size());
    }
    const bool sets = std::any_of(action.tokens.begin(), action.tokens.end(),
                                  [](const ActionToken& token) { return token.kind == TokenKind::assign; });
    const bool blank = action.is_control() || sets || alone;
    for (std::size_t at = action.span.begin; at < action.span.end; ++at) {
      if (out[at] != '\n' && out[at] != '\r') {
        out[at] = blank ? ' ' : 'x';
      }
    }
  }
  return out;
}

std::string_view last_step(std::string_view field) {
  const std::size_t dot = field.find_last_of(".$");
  return dot == std::string_view::npos ? field : field.substr(dot + 1);
}

}  // namespace helmme::lint
