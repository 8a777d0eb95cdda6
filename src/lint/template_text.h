// A chart's template as text: its actions, and the YAML between them with every byte at its place. No template is run.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.h"

namespace helmme::lint {

enum class TokenKind { word, field, variable, string, pipe, open, close, assign, other };

// A piece of an action. A string's span has no quotes.
struct ActionToken {
  TokenKind kind = TokenKind::other;
  std::string_view text;
  Span span;
};

// "{{ … }}", with its place in the template.
struct Action {
  Span span;
  std::vector<ActionToken> tokens;
  bool comment = false;

  // if, else, with, range, end, define, block, template: says when or where, prints nothing itself.
  [[nodiscard]] bool is_control() const;
};

[[nodiscard]] std::vector<Action> actions_of(std::string_view text);

// The template with its actions blotted out, byte for byte: lines that hold nothing else become blank, an action
// beside text becomes "xxxx…", which no rule takes for a value. What is left is nearly always YAML.
[[nodiscard]] std::string without_actions(std::string_view text, const std::vector<Action>& actions);

// "password" of ".Values.auth.password", "$.Values.auth.password" or "$password".
[[nodiscard]] std::string_view last_step(std::string_view field);

}  // namespace helmme::lint
