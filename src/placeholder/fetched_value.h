// What a provider answered, or a part of it: JSON's data model, every text in Secret memory. Names of keys are no
// secrets.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace helmme::placeholder {

struct FetchedValue {
  enum class Kind { null, boolean, number, text, list, map };
  using Entry = std::pair<std::string, FetchedValue>;

  Kind kind = Kind::null;
  // Of text its bytes; of a number how it was written, so that big ones stay exact; of a boolean "true" or "false".
  base::Secret scalar = {};
  std::vector<FetchedValue> items = {};
  std::vector<Entry> entries = {};  // in the order in which they were read, each key once

  [[nodiscard]] static FetchedValue text(std::string_view bytes);
  [[nodiscard]] bool is_scalar() const noexcept { return kind != Kind::list && kind != Kind::map; }
  // nullptr: no map, or without that key.
  [[nodiscard]] const FetchedValue* find(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] FetchedValue clone() const;
};

// As text: a scalar as it is (null: "null"), a list or map as JSON on one line.
[[nodiscard]] base::Secret to_text(const FetchedValue& value);

// As JSON on one line, a text in quotes: numbers that JSON cannot write as YAML does (0644, 1_000) by their value.
[[nodiscard]] base::Secret to_json(const FetchedValue& value);

// bad_input, with the byte where reading stopped and never a part of the text. JSON: RFC 8259, nothing behind it, a
// doubled key is refused. YAML: one document, types as Kubernetes' parser has them (YAML 1.1); aliases are refused
// where they would multiply what is read beyond 4 MiB.
[[nodiscard]] base::Result<FetchedValue> parse_json(std::string_view text);
[[nodiscard]] base::Result<FetchedValue> parse_yaml(std::string_view text);

}  // namespace helmme::placeholder
