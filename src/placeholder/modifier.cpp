#include "placeholder/modifier.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "crypto/base64.h"
#include "crypto/sha256.h"
#include "placeholder/json_path.h"
#include "placeholder/wiped_text.h"

namespace helmme::placeholder {
namespace {

using Kind = FetchedValue::Kind;
using Apply = base::Result<FetchedValue> (*)(const Modifier&, FetchedValue);

struct Known {
  std::string_view name;
  std::size_t arguments;
  Apply apply;
};

tl::unexpected<base::Error> bad(const Modifier& modifier, std::string_view what, std::string help = {}) {
  return base::fail({.kind = base::ErrorKind::bad_input,
                     .message = "modifier " + base::printable(modifier.name) + ": " + std::string(what),
                     .help = std::move(help)});
}

// null, lists and maps have no text that a modifier could take.
bool has_text(const FetchedValue& value) { return value.is_scalar() && value.kind != Kind::null; }

base::Result<FetchedValue> base64encode(const Modifier& modifier, FetchedValue value) {
  if (!has_text(value)) {
    return bad(modifier, "takes text only");
  }
  return FetchedValue::text(crypto::encode_base64(value.scalar.reveal()).reveal());
}

base::Result<FetchedValue> base64decode(const Modifier& modifier, FetchedValue value) {
  const std::optional<base::Secret> decoded =
      has_text(value) ? crypto::decode_base64(value.scalar.reveal()) : std::nullopt;
  if (!decoded) {
    return bad(modifier, "the value is no base64");
  }
  return FetchedValue::text(decoded->reveal());
}

// In lower-case hexadecimal digits.
base::Result<FetchedValue> sha256sum(const Modifier& modifier, FetchedValue value) {
  if (!has_text(value)) {
    return bad(modifier, "takes text only");
  }
  constexpr std::string_view k_hex = "0123456789abcdef";
  WipedText out;
  for (const char c : crypto::sha256(value.scalar.reveal())) {
    const auto byte = static_cast<unsigned char>(c);
    out += k_hex[byte >> 4U];
    out += k_hex[byte & 0xFU];
  }
  return FetchedValue::text(out.view());
}

base::Result<int> level_of(const Modifier& modifier) {
  const std::string& text = modifier.arguments[0];
  int level = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, level);
  if (problem != std::errc() || stop != end || level < 0 || level > k_indent_limit) {
    return bad(modifier, "its argument is no number of blanks from 0 to " + std::to_string(k_indent_limit), "indent 4");
  }
  return level;
}

base::Result<FetchedValue> indent(const Modifier& modifier, FetchedValue value) {
  if (!has_text(value)) {
    return bad(modifier, "takes text only");
  }
  TRY_ASSIGN(const int level, level_of(modifier));
  const std::string blanks(static_cast<std::size_t>(level), ' ');
  WipedText out;
  std::string_view rest = value.scalar.reveal();
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    out += rest.substr(0, end + 1);
    rest.remove_prefix(end + 1);
    if (!rest.empty() && rest[0] != '\n') {
      out += blanks;
    }
  }
  out += rest;
  return FetchedValue::text(out.view());
}

base::Result<FetchedValue> json_parse(const Modifier& modifier, FetchedValue value) {
  if (value.kind != Kind::text) {
    return bad(modifier, "takes text only");
  }
  base::Result<FetchedValue> parsed = parse_json(value.scalar.reveal());
  return parsed ? std::move(parsed) : bad(modifier, "the value is " + parsed.error().message);
}

base::Result<FetchedValue> yaml_parse(const Modifier& modifier, FetchedValue value) {
  if (value.kind != Kind::text) {
    return bad(modifier, "takes text only");
  }
  base::Result<FetchedValue> parsed = parse_yaml(value.scalar.reveal());
  return parsed ? std::move(parsed) : bad(modifier, "the value is " + parsed.error().message);
}

base::Result<FetchedValue> json_path(const Modifier& modifier, FetchedValue value) {
  TRY_ASSIGN(const JsonPath path, JsonPath::parse(modifier.arguments[0]));
  if (value.kind == Kind::text) {
    TRY_ASSIGN(value, json_parse(modifier, std::move(value)));
  }
  TRY_ASSIGN(const base::Secret found, path.execute(value));
  return FetchedValue::text(found.reveal());
}

constexpr std::array<Known, 7> k_modifiers = {{{"base64encode", 0, base64encode},
                                               {"base64decode", 0, base64decode},
                                               {"jsonPath", 1, json_path},
                                               {"jsonParse", 0, json_parse},
                                               {"yamlParse", 0, yaml_parse},
                                               {"indent", 1, indent},
                                               {"sha256sum", 0, sha256sum}}};

const Known* known(const Modifier& modifier) {
  const auto* const found =
      std::find_if(k_modifiers.begin(), k_modifiers.end(), [&](const Known& one) { return one.name == modifier.name; });
  return found == k_modifiers.end() ? nullptr : found;
}

base::Error unknown(const Modifier& modifier) {
  std::vector<std::string> names;
  names.reserve(k_modifiers.size());
  for (const Known& one : k_modifiers) {
    names.emplace_back(one.name);
  }
  const std::optional<std::string> near = base::nearest(modifier.name, names);
  return {.kind = base::ErrorKind::bad_input,
          .message = "unknown modifier \"" + base::printable(modifier.name) + "\"",
          .help = near ? "did you mean " + *near + "?" : "there are " + base::join_words(names)};
}

}  // namespace

base::Result<void> check_modifier(const Modifier& modifier) {
  const Known* const one = known(modifier);
  if (one == nullptr) {
    return base::fail(unknown(modifier));
  }
  if (modifier.arguments.size() != one->arguments) {
    return bad(modifier, one->arguments == 0 ? "takes no argument" : "takes one argument");
  }
  if (one->name == "indent") {
    TRY(level_of(modifier));
  }
  if (one->name == "jsonPath") {
    TRY(JsonPath::parse(modifier.arguments[0]));
  }
  return {};
}

base::Result<FetchedValue> apply_modifier(const Modifier& modifier, FetchedValue value) {
  const Known* const one = known(modifier);
  if (one == nullptr || modifier.arguments.size() != one->arguments) {
    return base::fail(unknown(modifier));
  }
  return one->apply(modifier, std::move(value));
}

}  // namespace helmme::placeholder
