#include "placeholder/go_text.h"

#include <charconv>
#include <cstdint>

namespace helmme::placeholder {
namespace {

struct Number {
  std::size_t digits;
  int base;
  bool byte;  // a byte, not a character
};

std::optional<Number> number_of(char letter) {
  switch (letter) {
    case 'x':
      return Number{2, 16, true};
    case 'u':
      return Number{4, 16, false};
    case 'U':
      return Number{8, 16, false};
    default:
      return letter >= '0' && letter <= '7' ? std::optional(Number{3, 8, true}) : std::nullopt;
  }
}

// Takes the digits off `text`. False: there are too few, or they say too much.
bool read_number(std::string_view& text, const Number& number, std::string& out) {
  const std::string_view digits = text.substr(0, number.digits);
  const char* end = digits.data() + digits.size();
  std::uint32_t code = 0;
  const auto [stop, problem] = std::from_chars(digits.data(), end, code, number.base);
  if (digits.size() < number.digits || problem != std::errc() || stop != end || (number.byte && code > 0xFF)) {
    return false;
  }
  text.remove_prefix(number.digits);
  if (number.byte) {
    out += static_cast<char>(code);
  } else {
    append_utf8(out, code);
  }
  return true;
}

}  // namespace

std::size_t closing_go_quote(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote != '`') {
      ++i;
    } else if (text[i] == quote) {
      return i;
    }
  }
  return std::string_view::npos;
}

void append_utf8(std::string& out, char32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    code = 0xFFFD;
  }
  const auto add = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
    return;
  }
  if (code < 0x800) {
    add(0xC0U | code >> 6U);
  } else if (code < 0x10000) {
    add(0xE0U | code >> 12U);
    add(0x80U | (code >> 6U & 0x3FU));
  } else {
    add(0xF0U | code >> 18U);
    add(0x80U | (code >> 12U & 0x3FU));
    add(0x80U | (code >> 6U & 0x3FU));
  }
  add(0x80U | (code & 0x3FU));
}

std::optional<std::string> unquote_go(std::string_view inside) {
  constexpr std::string_view k_letters = "abfnrtv\\'\"";
  constexpr std::string_view k_meant = "\a\b\f\n\r\t\v\\'\"";
  std::string out;
  while (!inside.empty()) {
    const char c = inside[0];
    inside.remove_prefix(1);
    if (c != '\\') {
      out += c;
      continue;
    }
    if (inside.empty()) {
      return std::nullopt;
    }
    if (const std::size_t at = k_letters.find(inside[0]); at != std::string_view::npos) {
      out += k_meant[at];
      inside.remove_prefix(1);
      continue;
    }
    const std::optional<Number> number = number_of(inside[0]);
    if (!number) {
      return std::nullopt;
    }
    if (number->base == 16) {
      inside.remove_prefix(1);
    }
    if (!read_number(inside, *number, out)) {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace helmme::placeholder
