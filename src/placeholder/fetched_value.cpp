#include "placeholder/fetched_value.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"
#include "placeholder/wiped_text.h"
#include "placeholder/yaml_scalar.h"

namespace helmme::placeholder {
namespace {

// RFC 8259, section 7. Bytes that are no UTF-8 become U+FFFD, as Go's encoding/json writes them.
void write_json_text(WipedText& out, std::string_view text) {
  constexpr std::string_view k_escaped = "\"\\\b\f\n\r\t";
  constexpr std::string_view k_letters = "\"\\bfnrt";
  constexpr std::string_view k_hex = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text[0]);
    std::size_t length = 1;
    if (const std::size_t at = k_escaped.find(text[0]); at != std::string_view::npos) {
      out += '\\';
      out += k_letters[at];
    } else if (byte < 0x20) {
      out += "\\u00";
      out += k_hex[byte >> 4U];
      out += k_hex[byte & 0xFU];
    } else if (length = base::utf8_length(text); length > 0) {
      out += text.substr(0, length);
    } else {
      out += "\xEF\xBF\xBD";
      length = 1;
    }
    text.remove_prefix(length);
  }
  out += '"';
}

void write_json(WipedText& out, const FetchedValue& value) {
  switch (value.kind) {
    case FetchedValue::Kind::null:
      out += "null";
      return;
    case FetchedValue::Kind::boolean:
      out += value.scalar.reveal();
      return;
    case FetchedValue::Kind::number: {
      std::optional<std::string> number = json_number(value.scalar.reveal());
      if (number) {
        out += *number;
        base::cleanse(*number);
      } else {
        write_json_text(out, value.scalar.reveal());
      }
      return;
    }
    case FetchedValue::Kind::text:
      write_json_text(out, value.scalar.reveal());
      return;
    case FetchedValue::Kind::list:
      out += '[';
      for (const FetchedValue& item : value.items) {
        out += &item == value.items.data() ? "" : ",";
        write_json(out, item);
      }
      out += ']';
      return;
    case FetchedValue::Kind::map:
      break;
  }
  out += '{';
  for (const FetchedValue::Entry& entry : value.entries) {
    out += &entry == value.entries.data() ? "" : ",";
    write_json_text(out, entry.first);
    out += ':';
    write_json(out, entry.second);
  }
  out += '}';
}

}  // namespace

FetchedValue FetchedValue::text(std::string_view bytes) {
  FetchedValue out;
  out.kind = Kind::text;
  out.scalar = base::Secret(bytes);
  return out;
}

const FetchedValue* FetchedValue::find(std::string_view key) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.first == key; });
  return kind == Kind::map && found != entries.end() ? &found->second : nullptr;
}

std::vector<std::string> FetchedValue::keys() const {
  std::vector<std::string> out;
  std::transform(entries.begin(), entries.end(), std::back_inserter(out),
                 [](const Entry& entry) { return entry.first; });
  return out;
}

FetchedValue FetchedValue::clone() const {
  FetchedValue out;
  out.kind = kind;
  out.scalar = scalar.clone();
  out.items.reserve(items.size());
  std::transform(items.begin(), items.end(), std::back_inserter(out.items),
                 [](const FetchedValue& item) { return item.clone(); });
  out.entries.reserve(entries.size());
  for (const Entry& entry : entries) {
    out.entries.emplace_back(entry.first, entry.second.clone());
  }
  return out;
}

base::Secret to_text(const FetchedValue& value) {
  if (value.is_scalar()) {
    return value.kind == FetchedValue::Kind::null ? base::Secret("null") : value.scalar.clone();
  }
  return to_json(value);
}

base::Secret to_json(const FetchedValue& value) {
  WipedText out;
  write_json(out, value);
  return out.secret();
}

}  // namespace helmme::placeholder
