// What the readers of texts ask of characters and words.
#pragma once

#include <algorithm>
#include <string_view>

namespace helmme::lint {

inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_name_character(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.'; }
inline bool is_blank(char c) { return c == ' ' || c == '\t'; }
inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
inline bool is_in(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// ASCII, whatever the case of the first.
inline bool same_word(std::string_view word, std::string_view lowered) {
  return word.size() == lowered.size() &&
         std::equal(word.begin(), word.end(), lowered.begin(), [](char a, char b) { return lower(a) == b; });
}

}  // namespace helmme::lint
