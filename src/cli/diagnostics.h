// How problems and remarks are printed: as text for people (the shape is in README.md) or as one JSON object for
// machines. Text from manifests is printed with control characters escaped.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace helmme::cli {

enum class DiagnosticsFormat { text, json };

// "text" and "json"; nullopt: neither.
[[nodiscard]] std::optional<DiagnosticsFormat> diagnostics_format(std::string_view word);

// Errors first, then warnings, in the order found, with an empty line between two of them. Empty where there is
// nothing to say.
[[nodiscard]] std::string format_text(const base::Diagnostics& diagnostics, bool colour);

// {"errors": […], "warnings": […]} on one line of ASCII. Empty where there is nothing to say.
[[nodiscard]] std::string format_json(const base::Diagnostics& diagnostics);

// Of the first error; 0 without one.
[[nodiscard]] int exit_code_of(const base::Diagnostics& diagnostics);

}  // namespace helmme::cli
