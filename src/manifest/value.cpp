#include "manifest/value.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace helmme::manifest {
namespace {

// Plain words that YAML 1.1 or 1.2 readers take for something else than a string.
constexpr std::array<std::string_view, 12> k_words = {"y",    "n",     "yes",  "no",  "on",  "off",
                                                      "true", "false", "null", "inf", "nan", "nil"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_word(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::find(k_words.begin(), k_words.end(), lower) != k_words.end();
}

bool reads_as_string(std::string_view text) {
  const auto other = [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/'; };
  return !text.empty() && is_letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_letter(c) || other(c); }) && !is_word(text);
}

// The code point of a well-formed UTF-8 sequence.
std::uint32_t code_point(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(sequence[i])); };
  switch (sequence.size()) {
    case 1:
      return byte(0);
    case 2:
      return ((byte(0) & 0x1FU) << 6U) | (byte(1) & 0x3FU);
    case 3:
      return ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
    default:
      return ((byte(0) & 0x07U) << 18U) | ((byte(1) & 0x3FU) << 12U) | ((byte(2) & 0x3FU) << 6U) | (byte(3) & 0x3FU);
  }
}

// What a YAML reader takes as it is and never for a line break (YAML 1.2.2, 5.1; YAML 1.1 breaks at NEL, LS and PS).
bool is_printable(std::uint32_t c) {
  return (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF && c != 0x2028 && c != 0x2029) ||
         (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF) || c >= 0x10000;
}

bool is_printable(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = base::utf8_length(text);
    if (length == 0 || !is_printable(code_point(text.substr(0, length)))) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

// Inside double quotes, of YAML and of JSON.
std::string escaped(std::string_view text) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string out;
  while (!text.empty()) {
    const std::string_view sequence = text.substr(0, std::max<std::size_t>(base::utf8_length(text), 1));
    const std::uint32_t c = code_point(sequence);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += sequence;
    } else if (c == '\n' || c == '\t' || c == '\r') {
      out += c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r";
    } else if (!is_printable(c) && c <= 0xFFFF) {
      out += "\\u";
      for (const unsigned shift : {12U, 8U, 4U, 0U}) {
        out += k_digits[(c >> shift) & 0xFU];
      }
    } else {
      out += sequence;
    }
    text.remove_prefix(sequence.size());
  }
  return out;
}

}  // namespace

Value Value::string(std::string_view text) {
  Value value;
  value.scalar = std::string(text);
  return value;
}

Value Value::plain(std::string_view text) {
  Value value = string(text);
  value.literal = true;
  return value;
}

Value Value::mapping(std::vector<Field> fields) {
  Value value;
  value.kind = NodeKind::mapping;
  for (Field& field : fields) {
    value.keys.push_back(std::move(field.key));
    value.items.push_back(std::move(field.value));
  }
  return value;
}

Value Value::sequence(std::vector<Value> items) {
  Value value;
  value.kind = NodeKind::sequence;
  value.items = std::move(items);
  return value;
}

std::string write_string(std::string_view text, bool json) {
  if (!json && reads_as_string(text)) {
    return std::string(text);
  }
  return '"' + escaped(text) + '"';
}

bool may_be_typed(std::string_view text) {
  // Numbers, times and dates of YAML 1.1 and 1.2 are made of these, digits among them; the rest are words and signs.
  const bool is_number = text.find_first_not_of("0123456789abcdefABCDEFxXoOTtZz_+-.: \t") == std::string_view::npos &&
                         (text.find_first_of("0123456789") != std::string_view::npos ||
                          text.find_first_not_of("_+-.: \t") == std::string_view::npos);
  const std::size_t word = std::min(text.find_first_not_of("+-."), text.size());
  return is_number || is_word(text.substr(word)) || text == "~" || text == "<<" || text == "=";
}

std::optional<std::string> write_part(std::string_view text, Style style, bool several_lines) {
  const bool blank_end = text.empty() || text.front() == ' ' || text.back() == ' ';
  switch (style) {
    case Style::double_quoted:
      return several_lines && blank_end ? std::nullopt : std::optional(escaped(text));
    case Style::plain:
      if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) {
            return is_letter(c) || (c >= '0' && c <= '9') || c == '$' || c == '(' || c == ')' || c == '/';
          })) {
        return std::nullopt;
      }
      break;
    case Style::single_quoted:
      if (!is_printable(text) || (several_lines && blank_end)) {
        return std::nullopt;
      }
      break;
    case Style::literal:
    case Style::folded:
      if (!is_printable(text) || blank_end) {
        return std::nullopt;
      }
      break;
    default:
      return std::nullopt;
  }
  std::string out(text);
  if (style == Style::single_quoted) {
    for (std::size_t at = out.find('\''); at != std::string::npos; at = out.find('\'', at + 2)) {
      out.insert(at, 1, '\'');
    }
  }
  return out;
}

std::string write(const Value& value, bool json) {
  std::string out;
  switch (value.kind) {
    case NodeKind::mapping:
      out = "{";
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        out += (i > 0 ? ", " : "") + write_string(value.keys[i], json) + ": " + write(value.items[i], json);
      }
      return out + "}";
    case NodeKind::sequence:
      out = "[";
      for (const Value& item : value.items) {
        out += (out.size() > 1 ? ", " : "") + write(item, json);
      }
      return out + "]";
    default:
      return value.literal ? value.scalar : write_string(value.scalar, json);
  }
}

}  // namespace helmme::manifest
