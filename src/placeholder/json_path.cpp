#include "placeholder/json_path.h"

#include <algorithm>
#include <charconv>
#include <compare>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "placeholder/json_path_tree.h"
#include "placeholder/wiped_text.h"

namespace helmme::placeholder {
namespace {

// {..} writes each value once for every level above it.
constexpr std::size_t k_json_path_size_limit = 16U << 20U;

using Kind = FetchedValue::Kind;
using Node = JsonPathNode;
using Values = std::vector<const FetchedValue*>;

tl::unexpected<base::Error> bad(std::string message) {
  return base::fail({.kind = base::ErrorKind::bad_input, .message = "jsonPath: " + std::move(message)});
}

void append_children(Values& out, const FetchedValue& value) {
  for (const FetchedValue& item : value.items) {
    out.push_back(&item);
  }
  for (const FetchedValue::Entry& entry : value.entries) {
    out.push_back(&entry.second);
  }
}

bool parse_integer(std::string_view text, long long& out) {
  const char* end = text.data() + text.size();
  return std::from_chars(text.data(), end, out).ptr == end && !text.empty();
}

bool parse_double(std::string_view text, double& out) {
  const char* end = text.data() + text.size();
  return std::from_chars(text.data(), end, out).ptr == end && !text.empty();
}

// nullopt: they cannot be compared.
std::optional<std::partial_ordering> compare(const FetchedValue& left, const FetchedValue& right) {
  const std::string_view a = left.scalar.reveal();
  const std::string_view b = right.scalar.reveal();
  if (left.kind != right.kind || !left.is_scalar()) {
    return std::nullopt;
  }
  if (left.kind != Kind::number) {
    return a <=> b;
  }
  if (long long x = 0, y = 0; parse_integer(a, x) && parse_integer(b, y)) {
    return x <=> y;
  }
  double x = 0;
  double y = 0;
  return parse_double(a, x) && parse_double(b, y) ? std::optional(x <=> y) : std::nullopt;
}

class Run {
 public:
  base::Result<void> block(const std::vector<JsonPathItem>& items, const FetchedValue& value, WipedText& out) {
    for (const JsonPathItem& item : items) {
      if (item.is_text) {
        out += item.text;
        continue;
      }
      TRY_ASSIGN(const Values found, all({&value}, item.action));
      TRY(step(found.size()));
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (item.is_range) {
          TRY(block(item.body, *found[i], out));
          continue;
        }
        out += i == 0 ? "" : " ";
        out += to_text(*found[i]).reveal();
        if (out.size() > k_json_path_size_limit) {
          return bad("more text than 16 MiB");
        }
      }
    }
    return {};
  }

 private:
  base::Result<void> step(std::size_t count) {
    steps_ += count;
    return steps_ <= k_json_path_step_limit ? base::Result<void>() : bad("too many results");
  }

  base::Result<Values> all(Values values, const std::vector<Node>& nodes) {
    for (const Node& node : nodes) {
      TRY(step(values.size() + 1));
      TRY_ASSIGN(Values next, one(values, node));
      values = std::move(next);
    }
    return values;
  }

  base::Result<Values> one(const Values& values, const Node& node) {
    Values out;
    switch (node.kind) {
      case Node::Kind::literal:
        out.assign(values.size(), &node.value);
        return out;
      case Node::Kind::field:
        return field(values, node);
      case Node::Kind::quoted_field:
        return quoted_field(values, node);
      case Node::Kind::wildcard:
        for (const FetchedValue* value : values) {
          append_children(out, *value);
        }
        return out;
      case Node::Kind::recursive:
        for (const FetchedValue* value : values) {
          TRY(recursive(*value, out));
        }
        return out;
      case Node::Kind::slice:
        for (const FetchedValue* value : values) {
          TRY(slice(*value, node, out));
        }
        return out;
      case Node::Kind::filter:
        for (const FetchedValue* value : values) {
          TRY(filter(*value, node, out));
        }
        return out;
      case Node::Kind::either:
        break;
    }
    for (const std::vector<Node>& part : node.parts) {
      TRY_ASSIGN(const Values found, all(values, part));
      TRY(step(found.size()));
      out.insert(out.end(), found.begin(), found.end());
    }
    return out;
  }

  static base::Result<Values> field(const Values& values, const Node& node) {
    Values out;
    for (const FetchedValue* value : values) {
      if (const FetchedValue* found = value->find(node.name)) {
        out.push_back(found);
      }
    }
    return out.empty() && !values.empty() ? missing(values, node.name) : base::Result<Values>(std::move(out));
  }

  base::Result<Values> quoted_field(const Values& values, const Node& node) {
    Values out;
    for (const FetchedValue* value : values) {
      if (const FetchedValue* found = value->find(node.name)) {
        out.push_back(found);
      }
    }
    return out.empty() ? all(values, node.parts[0]) : base::Result<Values>(std::move(out));
  }

  static bool is_null(const FetchedValue& value) { return value.kind == Kind::null; }

  static base::Result<Values> missing(const Values& values, const std::string& name) {
    std::vector<std::string> keys;
    for (const FetchedValue* value : values) {
      const std::vector<std::string> some = value->keys();
      keys.insert(keys.end(), some.begin(), some.end());
    }
    base::Error error{.kind = base::ErrorKind::not_found,
                      .message = "jsonPath: no key \"" + base::printable(name) + "\" is there"};
    if (const std::optional<std::string> near = base::nearest(name, keys)) {
      error.help = "did you mean ." + base::printable(*near) + "?";
    }
    return base::fail(std::move(error));
  }

  base::Result<void> recursive(const FetchedValue& value, Values& out) {
    const std::size_t children = value.items.size() + value.entries.size();
    TRY(step(1 + children));
    if (children == 0 && (value.kind != Kind::text || value.scalar.empty())) {
      return {};
    }
    out.push_back(&value);
    Values below;
    append_children(below, value);
    for (const FetchedValue* child : below) {
      TRY(recursive(*child, out));
    }
    return {};
  }

  // evalArray of client-go.
  base::Result<void> slice(const FetchedValue& value, const Node& node, Values& out) {
    if (is_null(value)) {
      return {};
    }
    if (value.kind != Kind::list) {
      return bad("an index into what is no list");
    }
    const auto size = static_cast<long long>(value.items.size());
    const auto from_end = [&](long long index) { return index < 0 ? index + size : index; };
    const long long from = from_end(node.from.value_or(0));
    const long long to = node.one ? from + 1 : from_end(node.to.value_or(size));
    if (from == to) {
      return {};
    }
    if (from < 0 || from >= size || to < 0 || to > size) {
      return bad("an index is out of bounds");
    }
    if (from > to) {
      return bad("a slice ends before it begins");
    }
    TRY(step(static_cast<std::size_t>(to - from)));
    const long long stride = std::min(node.step.value_or(1), size);
    for (long long at = from; at < to; at += stride) {
      out.push_back(&value.items[static_cast<std::size_t>(at)]);
    }
    return {};
  }

  base::Result<void> filter(const FetchedValue& value, const Node& node, Values& out) {
    if (value.kind != Kind::list) {
      return bad("a filter of what is no list");
    }
    for (const FetchedValue& item : value.items) {
      TRY(step(1));
      base::Result<Values> left = all({&item}, node.parts[0]);
      if (steps_ > k_json_path_step_limit) {
        return base::fail(left.error());
      }
      if (node.parts.size() == 1) {
        if (left && !left->empty()) {
          out.push_back(&item);
        }
        continue;
      }
      TRY(left);
      TRY_ASSIGN(const Values right, all({&item}, node.parts[1]));
      if (left->empty() || right.empty()) {
        continue;
      }
      if (left->size() > 1 || right.size() > 1) {
        return bad("one thing can be compared at a time");
      }
      TRY_ASSIGN(const bool holds, compares(*left->front(), node.comparison, *right.front()));
      if (holds) {
        out.push_back(&item);
      }
    }
    return {};
  }

  static base::Result<bool> compares(const FetchedValue& left, std::string_view comparison, const FetchedValue& right) {
    const bool equality = comparison == "==" || comparison == "!=";
    if (equality && is_null(left) != is_null(right)) {
      return comparison == "!=";
    }
    const auto order = compare(left, right);
    if (!order || (!equality && (left.kind == Kind::boolean || is_null(left)))) {
      return bad("two values of types that cannot be compared");
    }
    return comparison == "=="   ? std::is_eq(*order)
           : comparison == "!=" ? std::is_neq(*order)
           : comparison == "<"  ? std::is_lt(*order)
           : comparison == "<=" ? std::is_lteq(*order)
           : comparison == ">"  ? std::is_gt(*order)
                                : std::is_gteq(*order);
  }

  std::size_t steps_ = 0;
};

}  // namespace

JsonPath::JsonPath(std::unique_ptr<JsonPathBlock> block) : block_(std::move(block)) {}
JsonPath::JsonPath(JsonPath&&) noexcept = default;
JsonPath& JsonPath::operator=(JsonPath&&) noexcept = default;
JsonPath::~JsonPath() = default;

base::Result<JsonPath> JsonPath::parse(std::string_view expression) {
  TRY_ASSIGN(JsonPathBlock block, parse_json_path(expression));
  return JsonPath(std::make_unique<JsonPathBlock>(std::move(block)));
}

base::Result<base::Secret> JsonPath::execute(const FetchedValue& value) const {
  WipedText out;
  TRY(Run().block(block_->items, value, out));
  return out.secret();
}

}  // namespace helmme::placeholder
