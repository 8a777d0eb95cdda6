#include "lint/command_words.h"

#include <algorithm>

#include "lint/characters.h"

namespace helmme::lint {
namespace {

bool is_between_words(char c) { return is_in(c, " \t\r\n\\"); }

std::size_t skip_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at++];
  while (at < text.size() && text[at] != quote) {
    at += text[at] == '\\' && quote == '"' ? 2U : 1U;
  }
  return std::min(at + 1, text.size());
}

}  // namespace

std::vector<Word> words_in(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    if (is_between_words(text[at]) || is_in(text[at], ";|&()")) {
      const bool continued = text[at] == '\n' && at > 0 && text[at - 1] == '\\';
      if (!words.empty() && !continued && is_in(text[at], ";|&()\n")) {
        words.back().piped = text[at] == '|' && !words.back().ends_command;
        words.back().ends_command = true;
      }
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && !is_between_words(text[at]) && !is_in(text[at], ";|&()")) {
      at = is_in(text[at], "\"'") ? skip_quoted(text, at) : at + 1;
    }
    std::string_view word = text.substr(begin, at - begin);
    std::size_t inner = begin;
    if (word.size() >= 2 && is_in(word.front(), "\"'") && word.find(word.front(), 1) == word.size() - 1) {
      word = word.substr(1, word.size() - 2);
      ++inner;
    }
    words.push_back({word, inner, false});
  }
  return words;
}

Span unquoted(std::string_view text, Span span) {
  if (span.end - span.begin >= 2 && is_in(text[span.begin], "\"'") && text[span.end - 1] == text[span.begin]) {
    return {span.begin + 1, span.end - 1};
  }
  // A quote that closes what began before the span.
  if (span.end > span.begin && is_in(text[span.end - 1], "\"'") &&
      std::count(text.begin() + static_cast<std::ptrdiff_t>(span.begin),
                 text.begin() + static_cast<std::ptrdiff_t>(span.end), text[span.end - 1]) %
              2 ==
          1) {
    --span.end;
  }
  return span;
}

std::vector<Span> commands_in(std::string_view text) {
  std::vector<Span> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    while (end < text.size() && end > begin && text[end - 1] == '\\') {
      end = std::min(text.find('\n', end + 1), text.size());
    }
    const std::size_t first = text.find_first_not_of(" \t", begin);
    if (first < end && text[first] != '#' && text.substr(first, 2) != "//") {
      lines.push_back({begin, end});
    }
    begin = end + 1;
  }
  return lines;
}

}  // namespace helmme::lint
