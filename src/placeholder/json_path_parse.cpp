#include <algorithm>
#include <charconv>
#include <utility>

#include "placeholder/go_text.h"
#include "placeholder/json_path.h"
#include "placeholder/json_path_tree.h"

namespace helmme::placeholder {
namespace {

using Node = JsonPathNode;
using Nodes = std::vector<Node>;

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_operator(char c) { return c == '!' || c == '<' || c == '>' || c == '='; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

// The first character at `at` or behind it, outside quotes, for which `wanted` holds.
template <typename Wanted>
std::size_t find_outside_quotes(std::string_view text, std::size_t at, const Wanted& wanted) {
  for (; at < text.size(); ++at) {
    if (text[at] == '"' || text[at] == '\'') {
      at = closing_go_quote(text, at);
      if (at == std::string_view::npos) {
        return at;
      }
    } else if (wanted(text[at])) {
      return at;
    }
  }
  return std::string_view::npos;
}

class Parser {
 public:
  // `origin`: where `text` stands in the whole expression.
  explicit Parser(std::string_view text, std::size_t origin = 0) : text_(text), origin_(origin) {}

  base::Result<JsonPathBlock> parse() {
    std::vector<JsonPathBlock> open(1);
    std::vector<Nodes> ranges;
    while (at_ < text_.size()) {
      const std::size_t brace = std::min(text_.find('{', at_), text_.size());
      if (brace > at_) {
        open.back().items.push_back({.text = std::string(text_.substr(at_, brace - at_)), .is_text = true});
      }
      at_ = brace;
      if (at_ == text_.size()) {
        break;
      }
      ++at_;
      word_ = Word::none;
      Nodes action;
      TRY(inside(action, '}', 0));
      if (word_ == Word::range) {
        if (open.size() > k_json_path_depth_limit) {
          return bad("ranges too deep inside each other", at_);
        }
        open.emplace_back();
        ranges.push_back(std::move(action));
      } else if (word_ == Word::end) {
        if (ranges.empty()) {
          return bad("an end without a range", at_);
        }
        close(open, ranges);
      } else {
        open.back().items.push_back({.action = std::move(action)});
      }
    }
    while (!ranges.empty()) {
      close(open, ranges);
    }
    return std::move(open.front());
  }

 private:
  enum class Word { none, range, end };

  [[nodiscard]] tl::unexpected<base::Error> bad(std::string message, std::size_t at) const {
    return base::fail({.kind = base::ErrorKind::bad_input,
                       .message = "jsonPath: " + std::move(message) + " at byte " + std::to_string(origin_ + at),
                       .help = "as kubectl's -o jsonpath has it: {.key.list[0].key}"});
  }

  static void close(std::vector<JsonPathBlock>& open, std::vector<Nodes>& ranges) {
    JsonPathItem item{.action = std::move(ranges.back()), .is_range = true, .body = std::move(open.back().items)};
    ranges.pop_back();
    open.pop_back();
    open.back().items.push_back(std::move(item));
  }

  // An action up to `end`, which is taken; '\0': up to the end of the text.
  base::Result<void> inside(Nodes& out, char end, std::size_t depth) {
    if (depth > k_json_path_depth_limit) {
      return bad("too deep", at_);
    }
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == end && end != '\0') {
        ++at_;
        return {};
      }
      if (is_blank(c) || c == '@' || c == '$') {
        ++at_;
      } else if (c == '[') {
        TRY(bracket(out, depth));
      } else if (c == '"' || c == '\'') {
        TRY(quoted(out));
      } else if (c == '.') {
        TRY(dot(out));
      } else if (c == '+' || c == '-' || is_digit(c)) {
        TRY(number(out));
      } else if (is_word(c)) {
        TRY(word(out));
      } else {
        return bad("a character that means nothing here", at_);
      }
    }
    return end == '\0' ? base::Result<void>() : bad("an open \"{\"", at_);
  }

  base::Result<void> dot(Nodes& out) {
    if (text_.substr(at_, 2) == "..") {
      if (!out.empty() && out.back().kind == Node::Kind::recursive) {
        return bad("more than one \"..\"", at_);
      }
      at_ += 2;
      out.push_back({.kind = Node::Kind::recursive});
      if (at_ < text_.size() && is_word(text_[at_])) {
        field(out);
      }
      return {};
    }
    ++at_;
    field(out);
    return {};
  }

  // `name\.with\.dots`; nothing: the value itself.
  void field(Nodes& out) {
    constexpr std::string_view k_ends = " \t\r\n.,[]$@{}";
    std::string name;
    bool escaped = false;
    for (; at_ < text_.size() && k_ends.find(text_[at_]) == std::string_view::npos; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        escaped = true;
      }
      name += text_[at_];
    }
    if (name == "*" && !escaped) {
      out.push_back({.kind = Node::Kind::wildcard});
    } else if (!name.empty()) {
      out.push_back({.kind = Node::Kind::field, .name = std::move(name)});
    }
  }

  base::Result<void> quoted(Nodes& out) {
    const std::size_t end = closing_go_quote(text_, at_);
    const std::optional<std::string> text =
        end == std::string_view::npos ? std::nullopt : unquote_go(text_.substr(at_ + 1, end - at_ - 1));
    if (!text) {
      return bad("an open or malformed quote", at_);
    }
    at_ = end + 1;
    out.push_back({.kind = Node::Kind::literal, .value = FetchedValue::text(*text)});
    return {};
  }

  base::Result<void> number(Nodes& out) {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) {
      ++at_;
    }
    std::string_view written = text_.substr(begin, at_ - begin);
    written.remove_prefix(written[0] == '+' ? 1 : 0);
    double value = 0;
    const char* end = written.data() + written.size();
    const auto [stop, problem] = std::from_chars(written.data(), end, value);
    if (problem != std::errc() || stop != end) {
      return bad("a number that is none", begin);
    }
    Node node{.kind = Node::Kind::literal, .value = FetchedValue::text(written)};
    node.value.kind = FetchedValue::Kind::number;
    out.push_back(std::move(node));
    return {};
  }

  base::Result<void> word(Nodes& out) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) {
      ++at_;
    }
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (name == "true" || name == "false") {
      Node node{.kind = Node::Kind::literal, .value = FetchedValue::text(name)};
      node.value.kind = FetchedValue::Kind::boolean;
      out.push_back(std::move(node));
    } else if ((name == "range" || name == "end") && out.empty() && word_ == Word::none) {
      word_ = name == "range" ? Word::range : Word::end;
    } else {
      return bad("unknown word \"" + std::string(name) + "\"", begin);
    }
    return {};
  }

  base::Result<void> bracket(Nodes& out, std::size_t depth) {
    if (text_.substr(at_, 3) == "[?(") {
      return filter(out, depth);
    }
    const std::size_t end = find_outside_quotes(text_, at_, [](char c) { return c == ']'; });
    if (end == std::string_view::npos) {
      return bad("an open \"[\"", at_);
    }
    const std::string_view all = text_.substr(at_ + 1, end - at_ - 1);
    const std::size_t begin = at_ + 1;
    at_ = end + 1;
    Node either{.kind = Node::Kind::either};
    for (std::size_t from = 0; from <= all.size();) {
      const std::size_t comma = std::min(find_outside_quotes(all, from, [](char c) { return c == ','; }), all.size());
      TRY_ASSIGN(Node node, selection(trim(all.substr(from, comma - from)), begin, depth));
      either.parts.emplace_back().push_back(std::move(node));
      from = comma + 1;
    }
    out.push_back(either.parts.size() == 1 ? std::move(either.parts[0][0]) : std::move(either));
    return {};
  }

  [[nodiscard]] base::Result<Node> selection(std::string_view text, std::size_t at, std::size_t depth) const {
    if (text.size() > 1 && (text[0] == '\'' || text[0] == '"') && text.back() == text[0]) {
      Node node{.kind = Node::Kind::quoted_field, .name = std::string(text.substr(1, text.size() - 2))};
      const std::string path = "." + node.name;
      std::vector<Node> parts;
      if (!Parser(path).inside(parts, '\0', depth + 1)) {
        parts.clear();
        parts.push_back({.kind = Node::Kind::field, .name = node.name});
      }
      node.parts.push_back(std::move(parts));
      return node;
    }
    Node node{.kind = Node::Kind::slice};
    if (text == "*") {
      return node;
    }
    std::optional<long long>* const numbers[] = {&node.from, &node.to, &node.step};
    std::size_t index = 0;
    for (bool more = true; more; ++index) {
      const std::size_t colon = std::min(text.find(':'), text.size());
      const std::string_view number = text.substr(0, colon);
      more = colon < text.size();
      text.remove_prefix(std::min(colon + 1, text.size()));
      if (index == std::size(numbers) || (number.empty() && index == 0 && !more)) {
        return bad("an index that is none", at);
      }
      if (!number.empty()) {
        long long value = 0;
        const char* end = number.data() + number.size();
        const auto [stop, problem] = std::from_chars(number.data(), end, value);
        if (problem != std::errc() || stop != end) {
          return bad("an index that is none", at);
        }
        *numbers[index] = value;
      }
    }
    if (node.step && *node.step <= 0) {
      return bad("a step below 1", at);
    }
    node.one = index == 1;
    return node;
  }

  base::Result<void> filter(Nodes& out, std::size_t depth) {
    const std::size_t begin = at_ + 3;
    std::size_t parentheses = 0;
    const std::size_t end = find_outside_quotes(text_, begin, [&](char c) {
      parentheses += c == '(' ? 1U : 0U;
      return c == ')' && parentheses-- == 0;
    });
    if (end == std::string_view::npos || text_.substr(end, 2) != ")]") {
      return bad("an open \"[?(\"", at_);
    }
    at_ = end + 2;
    const std::string_view text = text_.substr(begin, end - begin);
    const std::size_t sign = std::min(find_outside_quotes(text, 0, is_operator), text.size());
    Node node{.kind = Node::Kind::filter};
    TRY(part(node, text.substr(0, sign), begin, depth));
    if (sign < text.size()) {
      std::size_t behind = sign;
      while (behind < text.size() && is_operator(text[behind])) {
        ++behind;
      }
      node.comparison = text.substr(sign, behind - sign);
      constexpr std::string_view k_known = " == != < <= > >= ";
      if (k_known.find(" " + node.comparison + " ") == std::string_view::npos) {
        return bad("unknown comparison \"" + node.comparison + "\"", begin + sign);
      }
      TRY(part(node, text.substr(behind), begin + behind, depth));
    }
    out.push_back(std::move(node));
    return {};
  }

  base::Result<void> part(Node& filter, std::string_view text, std::size_t at, std::size_t depth) const {
    if (trim(text).empty()) {
      return bad("a side of a comparison is missing", at);
    }
    return Parser(text, origin_ + at).inside(filter.parts.emplace_back(), '\0', depth + 1);
  }

  std::string_view text_;
  std::size_t origin_;
  std::size_t at_ = 0;
  Word word_ = Word::end;  // words stand in actions only, not in filters
};

}  // namespace

base::Result<JsonPathBlock> parse_json_path(std::string_view expression) {
  const bool bare = expression.find('{') == std::string_view::npos && !expression.empty() &&
                    std::string_view(".[$@").find(expression[0]) != std::string_view::npos;
  return bare ? Parser("{" + std::string(expression) + "}").parse() : Parser(expression).parse();
}

}  // namespace helmme::placeholder
