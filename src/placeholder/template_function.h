// The functions of templates: those of Go's text/template and of sprig that make one text of another. What reads files,
// the network, the clock, the environment or a random source is none of them.
//
// upper, lower and title refuse texts with letters beyond ASCII.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "placeholder/fetched_value.h"

namespace helmme::placeholder {

// A value in a template; `missing` names the key where there is none.
struct TemplateValue {
  FetchedValue value = {};
  std::optional<base::Error> missing = std::nullopt;
};

using TemplateArguments = std::vector<TemplateValue>;

struct TemplateFunction {
  std::string_view name;
  std::size_t least;  // operands, with the one that a pipe brings
  std::size_t most;
  bool takes_missing;
  base::Result<TemplateValue> (*call)(const TemplateArguments&);
};

// Functions by what they are about; find_template_function() looks through all of them.
[[nodiscard]] std::span<const TemplateFunction> template_text_functions();
[[nodiscard]] std::span<const TemplateFunction> template_format_functions();
[[nodiscard]] std::span<const TemplateFunction> template_logic_functions();
[[nodiscard]] std::span<const TemplateFunction> template_data_functions();

// nullptr: there is none of that name.
[[nodiscard]] const TemplateFunction* find_template_function(std::string_view name);
[[nodiscard]] std::vector<std::string> template_function_names();

// What the functions share: a value without a missing key, and an error that names its function.
[[nodiscard]] TemplateValue template_text(std::string_view text);
[[nodiscard]] TemplateValue template_number(long long number);
[[nodiscard]] TemplateValue template_boolean(bool truth);
[[nodiscard]] tl::unexpected<base::Error> template_error(std::string message);
// A scalar's text. bad_input: null, a list, a map.
[[nodiscard]] base::Result<base::Secret> text_of(const TemplateValue& value);
// bad_input: no whole number of 64 bits, nor a text that is one.
[[nodiscard]] base::Result<long long> integer_of(const TemplateValue& value);

// Go's truth of `if`, which sprig's `empty` turns round: false, 0, "", null, what has no items, what is missing.
[[nodiscard]] bool is_true(const TemplateValue& value);

// `key` of a map, or of a list by its number. The key may be a value, and so may those of `from`: where it is missing,
// no message shows them.
[[nodiscard]] TemplateValue member_of(const FetchedValue& from, std::string_view key);
// A field that stands in the template itself; `near`: the names that are there, where they are the data's own.
[[nodiscard]] TemplateValue missing_field(std::string_view field, const std::vector<std::string>& near);

}  // namespace helmme::placeholder
