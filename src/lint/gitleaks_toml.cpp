#include "lint/gitleaks_toml.h"

#include <algorithm>

namespace helmme::lint {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_same(std::string_view key, std::string_view name) {
  return key.size() == name.size() &&
         std::equal(key.begin(), key.end(), name.begin(), [](char a, char b) { return lower(a) == b; });
}

}  // namespace

base::Result<toml::table> GitleaksToml::parse(std::string_view text) const {
  try {
    return toml::parse(text, std::string_view(file_));
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return base::fail(
        {.kind = base::ErrorKind::bad_input,
         .message = "not TOML: " + base::printable(error.description()),
         .location = base::Location{.object = {}, .file = file_, .line = at.line, .column = at.column, .snippet = {}},
         .help = "mend the file, or leave out --gitleaks-config"});
  }
}

base::Location GitleaksToml::place_of(const toml::node& node) const {
  return {.object = {},
          .file = file_,
          .line = node.source().begin.line,
          .column = node.source().begin.column,
          .snippet = {}};
}

base::Error GitleaksToml::wrong(const toml::node& node, std::string message) const {
  return {.kind = base::ErrorKind::bad_input,
          .message = std::move(message),
          .location = place_of(node),
          .help = "gitleaks' README says what a configuration holds"};
}

base::Error GitleaksToml::not_a(const toml::node& node, std::string_view name, std::string_view what) const {
  return wrong(node, base::printable(name) + " is " + std::string(what));
}

const toml::node* GitleaksToml::find(const toml::table& table, std::string_view name) {
  for (const auto& [key, node] : table) {
    if (is_same(key.str(), name)) {
      return &node;
    }
  }
  return nullptr;
}

base::Result<std::optional<std::string>> GitleaksToml::text(const toml::table& table, std::string_view name) const {
  const toml::node* node = find(table, name);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (const auto* value = node->as_string()) {
    return value->get();
  }
  return base::fail(not_a(*node, name, "a text"));
}

base::Result<std::optional<double>> GitleaksToml::number(const toml::table& table, std::string_view name) const {
  const toml::node* node = find(table, name);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (const std::optional<double> value = node->value<double>()) {
    return value;
  }
  return base::fail(not_a(*node, name, "a number"));
}

base::Result<std::optional<std::int64_t>> GitleaksToml::whole(const toml::table& table, std::string_view name) const {
  const toml::node* node = find(table, name);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (const std::optional<std::int64_t> value = node->value<std::int64_t>(); value && *value >= 0) {
    return value;
  }
  return base::fail(not_a(*node, name, "a whole number, 0 or more"));
}

base::Result<bool> GitleaksToml::flag(const toml::table& table, std::string_view name) const {
  const toml::node* node = find(table, name);
  if (node == nullptr) {
    return false;
  }
  if (const auto* value = node->as_boolean()) {
    return value->get();
  }
  return base::fail(not_a(*node, name, "true or false"));
}

base::Result<std::vector<GitleaksToml::Text>> GitleaksToml::texts(const toml::table& table,
                                                                  std::string_view name) const {
  std::vector<Text> out;
  const toml::node* node = find(table, name);
  if (node == nullptr) {
    return out;
  }
  if (const auto* one = node->as_string()) {
    for (std::string_view rest = one->get(); !rest.empty();) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      out.push_back({std::string(rest.substr(0, comma)), place_of(*node)});
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return out;
  }
  const toml::array* list = node->as_array();
  if (list == nullptr) {
    return base::fail(not_a(*node, name, "a list of texts"));
  }
  out.reserve(list->size());
  for (const toml::node& item : *list) {
    const auto* value = item.as_string();
    if (value == nullptr) {
      return base::fail(not_a(item, name, "a list of texts"));
    }
    out.push_back({value->get(), place_of(item)});
  }
  return out;
}

base::Result<std::vector<const toml::table*>> GitleaksToml::tables(const toml::table& table,
                                                                   std::string_view name) const {
  std::vector<const toml::table*> out;
  const toml::node* node = find(table, name);
  if (node == nullptr) {
    return out;
  }
  if (const toml::table* one = node->as_table()) {
    out.push_back(one);
    return out;
  }
  const toml::array* list = node->as_array();
  if (list == nullptr ||
      !std::all_of(list->begin(), list->end(), [](const toml::node& item) { return item.is_table(); })) {
    return base::fail(not_a(*node, name, "a list of tables"));
  }
  out.reserve(list->size());
  for (const toml::node& item : *list) {
    out.push_back(item.as_table());
  }
  return out;
}

}  // namespace helmme::lint
