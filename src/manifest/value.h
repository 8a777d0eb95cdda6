// New YAML, as small trees: what an edit puts into a document. Written in flow style, one line, so that every
// other line of the manifest keeps its number.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/document.h"

namespace helmme::manifest {

struct Field;

struct Value {
  NodeKind kind = NodeKind::scalar;
  std::string scalar;
  bool literal = false;           // a scalar that is no string: `true`, `0400`; written as it is
  std::vector<std::string> keys;  // of a mapping, one for each item
  std::vector<Value> items;

  static Value string(std::string_view text);
  static Value plain(std::string_view text);
  static Value mapping(std::vector<Field> fields);
  static Value sequence(std::vector<Value> items);
};

struct Field {
  std::string key;
  Value value;
};

// `{name: app, key: "0x1"}`; with `json`, every string and key in double quotes, so that a JSON document
// stays one.
[[nodiscard]] std::string write(const Value& value, bool json);

// A string as a plain scalar where every YAML reader takes it for that string, else in double quotes.
[[nodiscard]] std::string write_string(std::string_view text, bool json);

// Text that goes into a scalar of that style, among other text, as it has to be written there; nullopt where the style
// can't hold it for sure. `several_lines`: the scalar is broken over lines, which fold.
[[nodiscard]] std::optional<std::string> write_part(std::string_view text, Style style, bool several_lines);

// True where some YAML reader may take the plain scalar for something else than a string.
[[nodiscard]] bool may_be_typed(std::string_view text);

}  // namespace helmme::manifest
