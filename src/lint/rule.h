// lint: finds plaintext tokens in charts, values, templates, rendered manifests and CI files, and stays quiet about
// everything else. It reads files and runs the git program; it never touches the network, and no text it makes holds a
// value. Uses placeholder, manifest, crypto and base.
//
//   source -> file (kind) -> leaves and text -> rule -> finding -> reporter
//
// A rule is data: what it is called, why it matters, how to mend it, and examples that one test runs. The code that
// finds it stands in one file a group: values_rules, manifest_rules, template_rules, ci_rules, text_rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace helmme::lint {

enum class Severity { info, warning, error };

[[nodiscard]] std::string_view name_of(Severity severity);  // "info", "warning", "error"
[[nodiscard]] std::optional<Severity> severity_named(std::string_view word);

// A file and its text. In an example of what is found, "«" and "»" stand around each secret and are no part of the
// text; a file may hold several.
struct Example {
  std::string_view file;
  std::string_view text;
};

struct Rule {
  std::string_view id;     // "HM101"
  std::string_view title;  // lower case, no full stop
  Severity severity;       // as a rule; a finding may be milder or stricter, where `why` says so
  std::string_view why;
  std::string_view help;  // one line, what to do
  std::string_view fix;   // a snippet that can be pasted
  std::span<const Example> found;
  std::span<const Example> clean;
  std::span<const std::string> tags = {};  // of a gitleaks rule
};

// All rules, by id.
[[nodiscard]] std::span<const Rule* const> all_rules();

// nullptr: there is no such rule.
[[nodiscard]] const Rule* find_rule(std::string_view id);

// The tables that all_rules() is made of.
[[nodiscard]] std::span<const Rule> values_rule_table();
[[nodiscard]] std::span<const Rule> manifest_rule_table();
[[nodiscard]] std::span<const Rule> template_rule_table();
[[nodiscard]] std::span<const Rule> ci_rule_table();

}  // namespace helmme::lint
