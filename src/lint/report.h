// Findings for people and for machines; one file a format. None of them shows a value, its length or its beginning.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lint/lint.h"

namespace helmme::lint {

enum class Format { text, json, sarif, gitlab, junit, rdjson, github };

[[nodiscard]] std::optional<Format> format_named(std::string_view word);

// The whole report in that format. The same report gives the same bytes. `colour` counts for text.
[[nodiscard]] std::string format_report(const Report& report, Format format, bool colour);

[[nodiscard]] std::string report_text(const Report& report, bool colour);
// {"version": 1, "findings": […]}; columns count bytes.
[[nodiscard]] std::string report_json(const Report& report);
// SARIF 2.1.0 (OASIS); columns count characters, as columnKind says.
[[nodiscard]] std::string report_sarif(const Report& report);
// GitLab's Code Quality report.
[[nodiscard]] std::string report_gitlab(const Report& report);
[[nodiscard]] std::string report_junit(const Report& report);
// reviewdog's Diagnostic Format; columns count bytes.
[[nodiscard]] std::string report_rdjson(const Report& report);
// Workflow commands of GitHub Actions, one a line.
[[nodiscard]] std::string report_github(const Report& report);

// What --explain and --list-rules print.
[[nodiscard]] std::string explain(const Rule& rule);
// `more`: rules that the run brings along.
[[nodiscard]] std::string list_rules(const std::vector<const Rule*>& more);

// A path as a relative URI reference (RFC 3986).
[[nodiscard]] std::string uri_of(std::string_view path);

}  // namespace helmme::lint
