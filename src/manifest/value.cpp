#include "manifest/value.h"

#include <algorithm>
#include <array>
#include <utility>

namespace helmme::manifest {
namespace {

// Plain words that YAML 1.1 or 1.2 readers take for something else than a string.
constexpr std::array<std::string_view, 12> k_words = {"y",    "n",     "yes",  "no",  "on",  "off",
                                                      "true", "false", "null", "inf", "nan", "nil"};

bool reads_as_string(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto other = [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/'; };
  if (text.empty() || !letter(text[0]) ||
      !std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || other(c); })) {
    return false;
  }
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::find(k_words.begin(), k_words.end(), lower) == k_words.end();
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
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += k_digits[byte >> 4U];
      out += k_digits[byte & 0xFU];
    } else {
      out += c;
    }
  }
  return out + "\"";
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
