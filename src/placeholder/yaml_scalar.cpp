#include "placeholder/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

namespace helmme::placeholder {
namespace {

using Kind = FetchedValue::Kind;

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) noexcept {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 11> k_true = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                                     "True", "TRUE", "on",  "On",  "ON"};
constexpr std::array<std::string_view, 11> k_false = {"n",     "N",     "no",  "No",  "NO", "false",
                                                      "False", "FALSE", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 5> k_null = {"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 12> k_no_finite_number = {".nan",  ".NaN",  ".NAN",  ".inf",  ".Inf",  ".INF",
                                                                 "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

struct Integer {
  bool negative = false;
  std::uint64_t magnitude = 0;
};

// Go's strconv.ParseInt and ParseUint with base 0: 0b, 0o, 0x and a leading 0 (octal) say the base; 64 bits.
std::optional<Integer> integer(std::string_view text) noexcept {
  Integer out;
  const bool is_signed = text.starts_with("-") || text.starts_with("+");
  if (is_signed) {
    out.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    const char letter = static_cast<char>(text[1] | 0x20);
    base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    text.remove_prefix(letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1);
  }
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, out.magnitude, base);
  constexpr auto k_max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (text.empty() || problem != std::errc() || stop != end ||
      (is_signed && out.magnitude > k_max + (out.negative ? 1 : 0))) {
    return std::nullopt;
  }
  return out;
}

// yamlStyleFloat: [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
struct Float {
  std::string_view sign, whole, fraction, exponent;
};

std::optional<Float> floating(std::string_view text) noexcept {
  const auto take = [&](const auto& wanted) {
    const auto end = std::find_if_not(text.begin(), text.end(), wanted);
    const std::string_view out = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(out.size());
    return out;
  };
  Float out;
  if (text.starts_with("-") || text.starts_with("+")) {
    out.sign = text.substr(0, 1);
    text.remove_prefix(1);
  }
  out.whole = take(is_digit);
  if (text.starts_with(".")) {
    text.remove_prefix(1);
    out.fraction = take(is_digit);
  }
  if (out.whole.empty() && out.fraction.empty()) {
    return std::nullopt;
  }
  if (text.starts_with("e") || text.starts_with("E")) {
    out.exponent = text;
    text.remove_prefix(1);
    if (text.starts_with("-") || text.starts_with("+")) {
      text.remove_prefix(1);
    }
    if (take(is_digit).empty()) {
      return std::nullopt;
    }
  }
  return text.empty() ? std::optional(out) : std::nullopt;
}

// Go's ParseFloat fails where a double overflows, and then the scalar is text; what is too small for one is 0 to it.
bool fits_double(std::string_view text, const Float& parts) noexcept {
  if (text.starts_with("+")) {
    text.remove_prefix(1);
  }
  double value = 0;
  const std::errc problem = std::from_chars(text.data(), text.data() + text.size(), value).ec;
  return problem == std::errc() || parts.exponent.substr(0, 2) == "e-" || parts.exponent.substr(0, 2) == "E-";
}

bool is_float(std::string_view text) noexcept {
  const std::optional<Float> parts = floating(text);
  return parts && fits_double(text, *parts);
}

// Long numbers are text before they are numbers of hundreds of digits; and a text of megabytes is none.
constexpr std::size_t k_number_length_limit = 400;

std::string without_underscores(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != '_'; });
  return out;
}

bool is_number(std::string_view text) {
  if (is_one_of(text, k_no_finite_number)) {
    return true;
  }
  if (text.size() > k_number_length_limit) {
    return false;
  }
  if (text[0] == '.') {
    return is_float(text);
  }
  if (!is_digit(text[0]) && text[0] != '+' && text[0] != '-') {
    return false;
  }
  const std::string plain = without_underscores(text);
  return integer(plain).has_value() || is_float(plain);
}

}  // namespace

YamlType type_of_plain(std::string_view text) {
  if (is_one_of(text, k_null)) {
    return {.kind = Kind::null};
  }
  if (is_one_of(text, k_true)) {
    return {.kind = Kind::boolean, .truth = true};
  }
  if (is_one_of(text, k_false)) {
    return {.kind = Kind::boolean};
  }
  return {.kind = is_number(text) ? Kind::number : Kind::text};
}

std::optional<std::string> json_number(std::string_view text) {
  const std::string plain = without_underscores(text);
  const std::optional<Float> decimal = floating(plain);
  const bool octal = decimal && decimal->whole.size() > 1 && decimal->whole[0] == '0';
  if (!decimal || (octal && decimal->fraction.empty() && decimal->exponent.empty() && plain.back() != '.')) {
    if (const std::optional<Integer> whole = integer(plain)) {
      return (whole->negative && whole->magnitude > 0 ? "-" : "") + std::to_string(whole->magnitude);
    }
  }
  if (!decimal) {
    return std::nullopt;
  }
  std::string_view whole = decimal->whole;
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  std::string out = decimal->sign == "-" ? "-" : "";
  out += whole.empty() ? "0" : whole;
  if (!decimal->fraction.empty()) {
    out.append(".").append(decimal->fraction);
  }
  return out.append(decimal->exponent);
}

}  // namespace helmme::placeholder
