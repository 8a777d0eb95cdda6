// Text for people: escapes, places, suggestions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace helmme::base {

// A named text that locations point into, e.g. {"helm-me.yaml", "bundles:\n…"}.
struct Source {
  std::string name;
  std::string text;
};

// The length of the well-formed UTF-8 sequence that `text` begins with (RFC 3629); 0: there is none.
[[nodiscard]] std::size_t utf8_length(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text);

// Makes text from a manifest safe for a terminal: control characters (C0, DEL, C1 in UTF-8) and bytes that
// are not UTF-8 become \xNN; tab becomes a space. Also keeps "::command::" lines from CI runners, since no
// line break survives.
[[nodiscard]] std::string printable(std::string_view text);

// The place of a byte offset: line, column, the line as snippet (at most 160 characters, around the offset),
// `length` characters underlined. `redact`: no snippet, for lines that hold a value.
[[nodiscard]] Location locate(std::string_view file, std::string_view text, std::size_t offset, std::size_t length,
                              bool redact = false);

// The candidate nearest to `word`, where it is near enough to be a slip of the hand: a letter that is wrong, missing,
// too many or swapped with its neighbour is one slip, and one slip is allowed for every three letters (one at least).
// Of several that are as near, the first.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

// "a", "a and b", "a, b and c".
[[nodiscard]] std::string join_words(const std::vector<std::string>& words);

// Each byte that is no ASCII letter or digit and not in `kept` as %XX (RFC 3986, section 2.1).
[[nodiscard]] std::string percent_encode(std::string_view text, std::string_view kept);

}  // namespace helmme::base
