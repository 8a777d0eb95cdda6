// A template as text, not executed.
#include <algorithm>
#include <optional>

#include "placeholder/go_template.h"
#include "placeholder/go_text.h"
#include "placeholder/template_tree.h"

namespace helmme::placeholder {
namespace {

constexpr std::string_view k_left = "${";

}  // namespace

std::size_t template_action_end(std::string_view text, std::size_t at) {
  for (at += k_left.size(); at < text.size(); ++at) {
    if (text[at] == '"' || text[at] == '`' || text[at] == '\'') {
      at = closing_go_quote(text, at);
      if (at == std::string_view::npos) {
        return at;
      }
    } else if (text[at] == '}') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

std::optional<std::string> with_double_braces(std::string_view text) {
  if (!parse_template(text)) {
    return std::nullopt;
  }
  std::string out;
  while (!text.empty()) {
    const std::size_t left = std::min(text.find(k_left), text.size());
    for (const char c : text.substr(0, left)) {
      out += c == '{' ? "{{\"{\"}}" : std::string(1, c);
    }
    text.remove_prefix(left);
    if (text.empty()) {
      break;
    }
    const std::size_t end = template_action_end(text, 0);
    const std::string_view inside = text.substr(k_left.size(), end - k_left.size() - 1);
    for (std::size_t at = 0; at < inside.size(); ++at) {
      if (inside[at] == '$') {
        return std::nullopt;
      }
      at = inside[at] == '"' || inside[at] == '`' ? closing_go_quote(inside, at) : at;
    }
    out.append("{{").append(inside).append("}}");
    text.remove_prefix(end);
  }
  return out;
}

}  // namespace helmme::placeholder
