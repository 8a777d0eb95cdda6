// Command lines as a shell reads them, as far as it takes to find what stands behind an option.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "lint/finding.h"

namespace helmme::lint {

// A word of a shell's command line; its quotes are left out where they enclose all of it.
struct Word {
  std::string_view text;
  std::size_t begin = 0;
  bool ends_command = false;  // a separator or a line end follows
  bool piped = false;         // it is "|"
};

[[nodiscard]] std::vector<Word> words_in(std::string_view text);

// The lines of a script, each with those that a backslash adds to it; comments are left out. A quote that nobody
// closes then spoils no more than its line.
[[nodiscard]] std::vector<Span> commands_in(std::string_view text);

// Less quotes that stand around a value behind "=".
[[nodiscard]] Span unquoted(std::string_view text, Span span);

}  // namespace helmme::lint
