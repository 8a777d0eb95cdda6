// What --help prints: examples first, then commands by task, then flags with their variable and default.
#pragma once

#include <string_view>

namespace helmme::cli {

[[nodiscard]] std::string_view short_help();    // no arguments
[[nodiscard]] std::string_view program_help();  // helm-me --help
[[nodiscard]] std::string_view post_help();     // helm-me post --help, helm-me-post --help
[[nodiscard]] std::string_view lint_help();     // helm-me lint --help
[[nodiscard]] std::string_view explain_help();  // helm-me explain --help
[[nodiscard]] std::string_view diff_help();     // helm-me diff --help
[[nodiscard]] std::string_view init_help();     // helm-me init --help
[[nodiscard]] std::string_view run_help();      // helm-me run --help

}  // namespace helmme::cli
