#include "placeholder/template_function.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/text.h"

namespace helmme::placeholder {
namespace {

using Kind = FetchedValue::Kind;

bool is_zero(std::string_view number) {
  double value = 1;
  std::from_chars(number.data(), number.data() + number.size(), value);
  return value == 0;
}

}  // namespace

TemplateValue template_text(std::string_view text) { return {.value = FetchedValue::text(text)}; }

TemplateValue template_number(long long number) {
  TemplateValue out = template_text(std::to_string(number));
  out.value.kind = Kind::number;
  return out;
}

TemplateValue template_boolean(bool truth) {
  TemplateValue out = template_text(truth ? "true" : "false");
  out.value.kind = Kind::boolean;
  return out;
}

tl::unexpected<base::Error> template_error(std::string message) {
  return base::fail({.kind = base::ErrorKind::bad_input, .message = "template: " + std::move(message)});
}

base::Result<base::Secret> text_of(const TemplateValue& value) {
  if (!value.value.is_scalar() || value.value.kind == Kind::null) {
    return template_error("text is wanted where there is null, a list or a map");
  }
  return value.value.scalar.clone();
}

base::Result<long long> integer_of(const TemplateValue& value) {
  const std::string_view text = value.value.scalar.reveal();
  long long out = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, out);
  if (!value.value.is_scalar() || problem != std::errc() || stop != end) {
    return template_error("a whole number is wanted");
  }
  return out;
}

bool is_true(const TemplateValue& value) {
  const FetchedValue& of = value.value;
  switch (of.kind) {
    case Kind::null:
      return false;
    case Kind::boolean:
      return of.scalar.reveal() == "true";
    case Kind::number:
      return !is_zero(of.scalar.reveal());
    case Kind::text:
      return !of.scalar.empty();
    case Kind::list:
      return !of.items.empty();
    case Kind::map:
      break;
  }
  return !of.entries.empty();
}

TemplateValue member_of(const FetchedValue& from, std::string_view key) {
  if (const FetchedValue* const found = from.find(key)) {
    return {.value = found->clone()};
  }
  std::size_t index = from.items.size();
  std::from_chars(key.data(), key.data() + key.size(), index);
  if (from.kind == Kind::list && index < from.items.size()) {
    return {.value = from.items[index].clone()};
  }
  TemplateValue out;
  out.missing = base::Error{.kind = base::ErrorKind::not_found,
                            .message = "secret not found: no such key or item for the template"};
  return out;
}

TemplateValue missing_field(std::string_view field, const std::vector<std::string>& near) {
  TemplateValue out;
  out.missing = base::Error{.kind = base::ErrorKind::not_found,
                            .message = "secret not found: no key \"" + base::printable(field) + "\" for the template"};
  if (const std::optional<std::string> word = base::nearest(field, near)) {
    out.missing->help = "did you mean ." + base::printable(*word) + "?";
  }
  return out;
}

const TemplateFunction* find_template_function(std::string_view name) {
  for (const auto functions : {template_text_functions(), template_format_functions(), template_logic_functions(),
                               template_data_functions()}) {
    const auto found = std::find_if(functions.begin(), functions.end(),
                                    [&](const TemplateFunction& function) { return function.name == name; });
    if (found != functions.end()) {
      return &*found;
    }
  }
  return nullptr;
}

std::vector<std::string> template_function_names() {
  std::vector<std::string> out;
  for (const auto functions : {template_text_functions(), template_format_functions(), template_logic_functions(),
                               template_data_functions()}) {
    std::transform(functions.begin(), functions.end(), std::back_inserter(out),
                   [](const TemplateFunction& function) { return std::string(function.name); });
  }
  return out;
}

}  // namespace helmme::placeholder
