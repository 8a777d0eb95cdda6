#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "placeholder/go_template.h"
#include "placeholder/go_text.h"
#include "placeholder/template_tree.h"

namespace helmme::placeholder {
namespace {

constexpr std::string_view k_left = "${";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

tl::unexpected<base::Error> bad(std::string message, std::string help = {}) {
  return base::fail(
      {.kind = base::ErrorKind::bad_input, .message = "template: " + std::move(message), .help = std::move(help)});
}

std::string_view trim_right(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

std::string_view trim_left(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  return text;
}

// One action's text, between the delimiters.
class ActionParser {
 public:
  explicit ActionParser(std::string_view text) : text_(text) {}

  // The word that the action begins with, taken, if it is one of the language's.
  std::string_view keyword() {
    skip_blanks();
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) {
      ++end;
    }
    const std::string_view word = text_.substr(at_, end - at_);
    constexpr std::string_view k_keywords = " if else end range with define template block break continue ";
    if (word.empty() || k_keywords.find(" " + std::string(word) + " ") == std::string_view::npos) {
      return {};
    }
    at_ = end;
    return word;
  }

  [[nodiscard]] bool at_end() {
    skip_blanks();
    return at_ == text_.size();
  }

  base::Result<TemplatePipeline> whole_pipeline() {
    TRY_ASSIGN(TemplatePipeline out, pipeline(0));
    return at_end() ? base::Result<TemplatePipeline>(std::move(out)) : unexpected();
  }

 private:
  [[nodiscard]] tl::unexpected<base::Error> unexpected() const {
    return at_ >= text_.size() ? bad("an action ends too early")
                               : bad("unexpected \"" + base::printable(text_.substr(at_, 1)) + "\" in an action");
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) {
      ++at_;
    }
  }

  base::Result<TemplatePipeline> pipeline(std::size_t depth) {
    if (depth > k_template_depth_limit) {
      return bad("too many parentheses inside each other");
    }
    TemplatePipeline out;
    for (bool more = true; more;) {
      TRY_ASSIGN(TemplateCommand one, command(depth, !out.empty()));
      out.push_back(std::move(one));
      skip_blanks();
      more = at_ < text_.size() && text_[at_] == '|';
      at_ += more ? 1 : 0;
    }
    return out;
  }

  base::Result<TemplateCommand> command(std::size_t depth, bool piped) {
    TemplateCommand out;
    skip_blanks();
    if (at_ < text_.size() && is_word(text_[at_]) && !is_digit(text_[at_])) {
      const std::string_view name = word();
      if (std::optional<FetchedValue> literal = constant(name)) {
        out.operands.push_back({.kind = TemplateOperand::Kind::literal, .literal = std::move(*literal)});
      } else {
        TRY_ASSIGN(out.function, function(name));
      }
    }
    for (skip_blanks(); at_ < text_.size() && text_[at_] != '|' && text_[at_] != ')'; skip_blanks()) {
      TRY_ASSIGN(TemplateOperand one, operand(depth));
      out.operands.push_back(std::move(one));
      if (at_ < text_.size() && !is_blank(text_[at_]) && text_[at_] != '|' && text_[at_] != ')') {
        return bad("unexpected \"" + base::printable(text_.substr(at_, 1)) + "\" behind a value",
                   "a key of other characters than letters, digits and _: index . \"a-b\"");
      }
    }
    const std::size_t count = out.operands.size() + (piped ? 1 : 0);
    if (out.function == nullptr && (out.operands.size() != 1 || piped)) {
      return out.operands.empty() ? unexpected() : bad("a value that is no function has operands");
    }
    if (out.function != nullptr && (count < out.function->least || count > out.function->most)) {
      return bad("function " + std::string(out.function->name) + " has too " +
                 (count < out.function->least ? "few" : "many") + " operands");
    }
    return out;
  }

  static base::Result<const TemplateFunction*> function(std::string_view name) {
    if (const TemplateFunction* const found = find_template_function(name)) {
      return found;
    }
    const std::optional<std::string> near = base::nearest(name, template_function_names());
    return bad("unknown function \"" + base::printable(name) + "\"", near ? "did you mean " + *near + "?" : "");
  }

  std::string_view word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  static std::optional<FetchedValue> constant(std::string_view name) {
    FetchedValue out = FetchedValue::text(name);
    if (name == "true" || name == "false") {
      out.kind = FetchedValue::Kind::boolean;
      return out;
    }
    return name == "nil" ? std::optional(FetchedValue()) : std::nullopt;
  }

  base::Result<TemplateOperand> operand(std::size_t depth) {
    TemplateOperand out;
    const char c = text_[at_];
    if (c == '(') {
      ++at_;
      TRY_ASSIGN(out.pipeline, pipeline(depth + 1));
      if (at_ >= text_.size() || text_[at_] != ')') {
        return bad("an open \"(\"");
      }
      ++at_;
      out.kind = TemplateOperand::Kind::pipeline;
    } else if (c == '"' || c == '`' || c == '\'') {
      TRY_ASSIGN(out.literal, quoted());
      out.kind = TemplateOperand::Kind::literal;
    } else if (is_digit(c) || c == '-' || c == '+') {
      TRY_ASSIGN(out.literal, number());
      out.kind = TemplateOperand::Kind::literal;
    } else if (is_word(c)) {
      return word_operand();
    } else if (c == '$') {
      ++at_;
      if (at_ < text_.size() && is_word(text_[at_])) {
        return bad("variables are not known here");
      }
    } else if (c == '.' && (at_ + 1 == text_.size() || !is_word(text_[at_ + 1]))) {
      ++at_;
      return out;
    } else if (c != '.') {
      return unexpected();
    }
    while (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      const std::string_view name = word();
      if (name.empty()) {
        return bad("a name is missing behind \".\"", "a key of other characters: index . \"a-b\"");
      }
      out.fields.emplace_back(name);
    }
    return out;
  }

  // true, false, nil, or a function without operands.
  base::Result<TemplateOperand> word_operand() {
    TemplateOperand out;
    const std::string_view name = word();
    if (std::optional<FetchedValue> literal = constant(name)) {
      out.kind = TemplateOperand::Kind::literal;
      out.literal = std::move(*literal);
      return out;
    }
    TemplateCommand call;
    TRY_ASSIGN(call.function, function(name));
    if (call.function->least > 0) {
      return bad("function " + std::string(name) + " has too few operands", "(" + std::string(name) + " …)");
    }
    out.kind = TemplateOperand::Kind::pipeline;
    out.pipeline.push_back(std::move(call));
    return out;
  }

  base::Result<FetchedValue> quoted() {
    const std::size_t end = closing_go_quote(text_, at_);
    if (end == std::string_view::npos) {
      return bad("an open quote");
    }
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    const bool raw = text_[at_] == '`';
    if (text_[at_] == '\'') {
      return bad("a character in single quotes is a number to Go", "texts stand in double quotes");
    }
    at_ = end + 1;
    const std::optional<std::string> text = raw ? std::optional(std::string(inside)) : unquote_go(inside);
    return text ? base::Result<FetchedValue>(FetchedValue::text(*text)) : bad("a malformed escape in quotes");
  }

  base::Result<FetchedValue> number() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.')) {
      ++at_;
    }
    std::string_view written = text_.substr(begin, at_ - begin);
    written.remove_prefix(written[0] == '+' ? 1 : 0);
    double value = 0;
    const char* end = written.data() + written.size();
    const auto [stop, problem] = std::from_chars(written.data(), end, value);
    if (problem != std::errc() || stop != end || is_word(written.back()) != is_digit(written.back())) {
      return bad("a number that is none");
    }
    FetchedValue out = FetchedValue::text(written);
    out.kind = FetchedValue::Kind::number;
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : rest_(text) {}

  base::Result<TemplateBlock> parse() {
    TemplateBlock out;
    TRY(block(out, 0));
    return out;
  }

 private:
  // Up to the end, or to the `else` or `end` that belongs to the if around it, whose action goes to `stop_`.
  base::Result<void> block(TemplateBlock& out, std::size_t depth) {
    if (depth > k_template_depth_limit) {
      return bad("too many ifs inside each other");
    }
    while (!rest_.empty()) {
      const std::size_t left = std::min(rest_.find(k_left), rest_.size());
      std::string_view text = std::exchange(rest_, rest_.substr(left)).substr(0, left);
      text = std::exchange(trim_, false) ? trim_left(text) : text;
      std::string_view inside;
      if (!rest_.empty()) {
        const std::size_t end = template_action_end(rest_, 0);
        if (end == std::string_view::npos) {
          return bad("an open \"${\"");
        }
        inside = std::exchange(rest_, rest_.substr(end)).substr(k_left.size(), end - k_left.size() - 1);
        text = inside.starts_with("- ") ? trim_right(text) : text;
        trim_ = inside.ends_with(" -");
        inside.remove_prefix(inside.starts_with("- ") ? 2 : 0);
        inside.remove_suffix(inside.ends_with(" -") ? 2 : 0);
      }
      if (!text.empty()) {
        out.items.push_back({.text = std::string(text)});
      }
      if (inside.data() != nullptr) {
        TRY_ASSIGN(const bool stops, action(out, inside, depth));
        if (stops) {
          return {};
        }
      }
    }
    return depth == 0 ? base::Result<void>() : bad("an if without an end");
  }

  // True where it ends the block.
  base::Result<bool> action(TemplateBlock& out, std::string_view inside, std::size_t depth) {
    const std::string_view bare = trim_left(inside);
    if (bare.starts_with("/*") && trim_right(bare).ends_with("*/") && trim_right(bare).size() >= 4) {
      return false;
    }
    ActionParser parser(inside);
    const std::string_view word = parser.keyword();
    if (word == "else" || word == "end") {
      if (depth == 0) {
        return bad("an " + std::string(word) + " without an if");
      }
      stop_ = inside;
      return true;
    }
    TemplateItem item;
    if (word == "if") {
      TRY(branches(item, parser, depth));
    } else if (!word.empty()) {
      return bad("\"" + std::string(word) + "\" is not known here", "bank-vaults' keys mostly need pipelines only");
    } else {
      TRY_ASSIGN(item.pipeline, parser.whole_pipeline());
    }
    out.items.push_back(std::move(item));
    return false;
  }

  base::Result<void> branches(TemplateItem& item, ActionParser condition, std::size_t depth) {
    for (bool last = false;;) {
      TemplateBranch& branch = item.branches.emplace_back();
      if (!last) {
        TRY_ASSIGN(branch.condition, condition.whole_pipeline());
      }
      TRY(block(branch.block, depth + 1));
      condition = ActionParser(stop_);
      const std::string_view word = condition.keyword();
      if (word == "end") {
        return condition.at_end() ? base::Result<void>() : bad("something stands behind an end");
      }
      if (last) {
        return bad("a second else");
      }
      last = condition.at_end();
      if (!last && condition.keyword() != "if") {
        return bad("something other than an if stands behind an else");
      }
    }
  }

  std::string_view rest_;
  std::string_view stop_;
  bool trim_ = false;
};

}  // namespace

base::Result<TemplateBlock> parse_template(std::string_view text) { return TemplateParser(text).parse(); }

}  // namespace helmme::placeholder
