// An expression of JSONPath, parsed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "placeholder/fetched_value.h"

namespace helmme::placeholder {

struct JsonPathNode {
  enum class Kind {
    field,
    quoted_field,  // ['a.b']: `name`, else what `parts[0]` finds
    wildcard,
    recursive,
    slice,
    filter,  // `parts` left and right, or only left: it exists
    either,  // a union of `parts`
    literal,
  };
  Kind kind = Kind::field;
  std::string name = {};
  FetchedValue value = {};
  std::optional<long long> from = std::nullopt;
  std::optional<long long> to = std::nullopt;
  std::optional<long long> step = std::nullopt;
  bool one = false;  // [N]: `to` is behind it
  std::string comparison = {};
  std::vector<std::vector<JsonPathNode>> parts = {};
};

// Text, an action, or a range with what stands in it.
struct JsonPathItem {
  std::string text = {};
  std::vector<JsonPathNode> action = {};
  bool is_text = false;
  bool is_range = false;
  std::vector<JsonPathItem> body = {};
};

struct JsonPathBlock {
  std::vector<JsonPathItem> items = {};
};

[[nodiscard]] base::Result<JsonPathBlock> parse_json_path(std::string_view expression);

}  // namespace helmme::placeholder
