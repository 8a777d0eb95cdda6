// Functions over lists and maps (dict.go and list.go of sprig, index and len of text/template).
#include <algorithm>
#include <array>

#include "placeholder/go_template.h"
#include "placeholder/template_function.h"
#include "placeholder/wiped_text.h"

namespace helmme::placeholder {
namespace {

using Kind = FetchedValue::Kind;
using Arguments = TemplateArguments;
using Made = base::Result<TemplateValue>;
constexpr std::size_t k_any = 100;  // operands
constexpr std::size_t k_parts_limit = 100'000;

TemplateValue list_of(std::vector<FetchedValue> items) {
  TemplateValue out;
  out.value.kind = Kind::list;
  out.value.items = std::move(items);
  return out;
}

base::Result<const FetchedValue*> wanted(const TemplateValue& value, Kind kind) {
  if (value.value.kind != kind) {
    return template_error(kind == Kind::map ? "a map is wanted" : "a list is wanted");
  }
  return &value.value;
}

Made index(const Arguments& arguments) {
  TemplateValue at{.value = arguments[0].value.clone()};
  for (std::size_t i = 1; i < arguments.size() && !at.missing; ++i) {
    TRY_ASSIGN(const base::Secret key, text_of(arguments[i]));
    if (at.value.is_scalar()) {
      return template_error("index of what is neither a list nor a map");
    }
    at = member_of(at.value, key.reveal());
  }
  return at;
}

Made length(const Arguments& arguments) {
  const FetchedValue& of = arguments[0].value;
  if (of.is_scalar() && of.kind != Kind::text) {
    return template_error("len of what has no length");
  }
  const std::size_t count = of.scalar.size() + of.items.size() + of.entries.size();
  return template_number(static_cast<long long>(count));
}

Made get(const Arguments& arguments) {
  TRY_ASSIGN(const FetchedValue* const map, wanted(arguments[0], Kind::map));
  TRY_ASSIGN(const base::Secret key, text_of(arguments[1]));
  return member_of(*map, key.reveal());
}

Made has_key(const Arguments& arguments) {
  TRY_ASSIGN(const FetchedValue* const map, wanted(arguments[0], Kind::map));
  TRY_ASSIGN(const base::Secret key, text_of(arguments[1]));
  return template_boolean(map->find(key.reveal()) != nullptr);
}

Made keys(const Arguments& arguments) {
  TRY_ASSIGN(const FetchedValue* const map, wanted(arguments[0], Kind::map));
  std::vector<FetchedValue> out;
  for (const FetchedValue::Entry& entry : map->entries) {
    out.push_back(FetchedValue::text(entry.first));
  }
  return list_of(std::move(out));
}

Made values(const Arguments& arguments) {
  TRY_ASSIGN(const FetchedValue* const map, wanted(arguments[0], Kind::map));
  std::vector<FetchedValue> out;
  for (const FetchedValue::Entry& entry : map->entries) {
    out.push_back(entry.second.clone());
  }
  return list_of(std::move(out));
}

Made list(const Arguments& arguments) {
  std::vector<FetchedValue> out;
  for (const TemplateValue& argument : arguments) {
    out.push_back(argument.value.clone());
  }
  return list_of(std::move(out));
}

Made dict(const Arguments& arguments) {
  TemplateValue out;
  out.value.kind = Kind::map;
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    TRY_ASSIGN(const base::Secret key, text_of(arguments[i]));
    if (out.value.find(key.reveal()) != nullptr) {
      return template_error("dict has a key twice");
    }
    out.value.entries.emplace_back(key.reveal(), arguments[i + 1].value.clone());
  }
  return arguments.size() % 2 == 0 ? Made(std::move(out)) : template_error("dict has a key without a value");
}

Made first(const Arguments& arguments) {
  TRY_ASSIGN(const FetchedValue* const from, wanted(arguments[0], Kind::list));
  return member_of(*from, "0");
}

Made last(const Arguments& arguments) {
  TRY_ASSIGN(const FetchedValue* const from, wanted(arguments[0], Kind::list));
  return member_of(*from, from->items.empty() ? "0" : std::to_string(from->items.size() - 1));
}

Made rest(const Arguments& arguments) {
  TRY_ASSIGN(const FetchedValue* const from, wanted(arguments[0], Kind::list));
  std::vector<FetchedValue> out;
  for (std::size_t i = 1; i < from->items.size(); ++i) {
    out.push_back(from->items[i].clone());
  }
  return list_of(std::move(out));
}

Made has(const Arguments& arguments) {
  TRY_ASSIGN(const FetchedValue* const in, wanted(arguments[1], Kind::list));
  const FetchedValue& one = arguments[0].value;
  return template_boolean(std::any_of(in->items.begin(), in->items.end(), [&](const FetchedValue& item) {
    return item.kind == one.kind && item.is_scalar() && item.scalar.equals(one.scalar);
  }));
}

base::Result<std::vector<FetchedValue>> parts(const Arguments& arguments) {
  TRY_ASSIGN(const base::Secret separator, text_of(arguments[0]));
  TRY_ASSIGN(const base::Secret text, text_of(arguments[1]));
  if (separator.empty()) {
    return template_error("a split at nothing");
  }
  std::vector<FetchedValue> out;
  std::string_view left = text.reveal();
  for (std::size_t at = left.find(separator.reveal()); at != std::string_view::npos;
       at = left.find(separator.reveal())) {
    out.push_back(FetchedValue::text(left.substr(0, at)));
    left.remove_prefix(at + separator.size());
    if (out.size() > k_parts_limit) {
      return template_error("a split in too many parts");
    }
  }
  out.push_back(FetchedValue::text(left));
  return out;
}

// {_0: first, _1: second}
Made split(const Arguments& arguments) {
  TRY_ASSIGN(std::vector<FetchedValue> all, parts(arguments));
  TemplateValue out;
  out.value.kind = Kind::map;
  for (std::size_t i = 0; i < all.size(); ++i) {
    out.value.entries.emplace_back("_" + std::to_string(i), std::move(all[i]));
  }
  return out;
}

Made split_list(const Arguments& arguments) {
  TRY_ASSIGN(std::vector<FetchedValue> all, parts(arguments));
  return list_of(std::move(all));
}

Made join(const Arguments& arguments) {
  TRY_ASSIGN(const base::Secret separator, text_of(arguments[0]));
  TRY_ASSIGN(const FetchedValue* const from, wanted(arguments[1], Kind::list));
  WipedText out;
  for (std::size_t i = 0; i < from->items.size(); ++i) {
    out += i == 0 ? std::string_view() : separator.reveal();
    out += to_text(from->items[i]).reveal();
    if (out.size() > k_template_text_limit) {
      return template_error("more text than 16 MiB");
    }
  }
  return template_text(out.view());
}

Made from_json(const Arguments& arguments) {
  TRY_ASSIGN(const base::Secret text, text_of(arguments[0]));
  base::Result<FetchedValue> value = parse_json(text.reveal());
  if (!value) {
    return template_error("fromJson: " + value.error().message);
  }
  return TemplateValue{.value = std::move(*value)};
}

Made to_json_text(const Arguments& arguments) { return template_text(to_json(arguments[0].value).reveal()); }

Made kind_of(const Arguments& arguments) {
  constexpr std::array<std::string_view, 6> k_kinds = {"invalid", "bool", "float64", "string", "slice", "map"};
  return template_text(k_kinds.at(static_cast<std::size_t>(arguments[0].value.kind)));
}

constexpr std::array k_functions = {
    TemplateFunction{"index", 1, k_any, false, index},
    TemplateFunction{"len", 1, 1, false, length},
    TemplateFunction{"get", 2, 2, false, get},
    TemplateFunction{"hasKey", 2, 2, true, has_key},
    TemplateFunction{"keys", 1, 1, false, keys},
    TemplateFunction{"values", 1, 1, false, values},
    TemplateFunction{"list", 0, k_any, false, list},
    TemplateFunction{"tuple", 0, k_any, false, list},
    TemplateFunction{"dict", 0, k_any, false, dict},
    TemplateFunction{"first", 1, 1, false, first},
    TemplateFunction{"last", 1, 1, false, last},
    TemplateFunction{"rest", 1, 1, false, rest},
    TemplateFunction{"has", 2, 2, false, has},
    TemplateFunction{"split", 2, 2, false, split},
    TemplateFunction{"splitList", 2, 2, false, split_list},
    TemplateFunction{"join", 2, 2, false, join},
    TemplateFunction{"fromJson", 1, 1, false, from_json},
    TemplateFunction{"toJson", 1, 1, false, to_json_text},
    TemplateFunction{"toRawJson", 1, 1, false, to_json_text},
    TemplateFunction{"kindOf", 1, 1, false, kind_of},
};

}  // namespace

std::span<const TemplateFunction> template_data_functions() { return k_functions; }

}  // namespace helmme::placeholder
