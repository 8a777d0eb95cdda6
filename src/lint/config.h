// What a team decides: .helm-me-lint.yaml, and the baseline.
//
//   salt: any text              keys the fingerprints, so that nobody can guess values from them
//   exclude: [docs/*, "**/testdata/*"]
//   rules: {HM105: off, HM103: error}      also rules of one's own: see own_rules.h
//   allow:
//     - {fingerprint: 64 hexadecimal digits, reason: text, expires: 2027-01-31}
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "lint/finding.h"
#include "lint/gitleaks_ignore.h"
#include "lint/gitleaks_scan.h"
#include "lint/own_rules.h"

namespace helmme::lint {

inline constexpr std::string_view k_config_name = ".helm-me-lint.yaml";

struct AllowEntry {
  std::string fingerprint;
  std::string reason;
  std::string expires;  // "2027-01-31"; empty: never
  Span span;            // in the configuration's text
};

struct Config {
  std::string name;  // of its file, as shown; empty: there is none
  std::string text;
  std::string salt;
  std::vector<std::string> exclude;
  std::map<std::string, std::optional<Severity>, std::less<>> rules;  // nullopt: off
  std::vector<AllowEntry> allow;
  std::set<std::string, std::less<>> baseline;      // fingerprints
  std::string today;                                // "2026-11-24": decides what has expired
  OwnRules team_rules;                              // that the configuration itself defines
  bool own_rules = true;                            // HM101 and the like; else gitleaks' alone
  std::shared_ptr<const GitleaksScanner> gitleaks;  // nullptr: none of gitleaks' rules
  GitleaksIgnore gitleaks_ignore;                   // of their findings

  [[nodiscard]] bool is_excluded(std::string_view file) const;
  // The rules that this run brings along, by id.
  [[nodiscard]] std::vector<const Rule*> more_rules() const;
  // One of helm-me's or of those; nullptr: this run has none of that name.
  [[nodiscard]] const Rule* rule_named(std::string_view id) const;
};

// Whether an id that names no rule of this run may be one of gitleaks', which another run brings along: they are words
// with "-" between them.
[[nodiscard]] inline bool may_be_gitleaks_rule(std::string_view id) { return id.find('-') != std::string_view::npos; }

// Reads the file's text. `more`: rules that the run brings along. bad_input, with the place: not YAML, an unknown key,
// rule or severity, a wrong date.
[[nodiscard]] base::Result<Config> read_config(const base::Source& source, const std::vector<const Rule*>& more = {});

// "*" stands for anything but "/", "**" for anything, "?" for one character. A pattern without "/" is a file's name.
// Takes time linear to pattern times path.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view path);

// HMAC-SHA-256 over rule, file, YAML path and value under the salt, so that it outlives moved lines and says nothing
// about the value.
[[nodiscard]] std::string fingerprint_of(const Finding& finding, std::string_view value, std::string_view salt);

// A baseline is JSON: {"version": 1, "fingerprints": ["…"]}.
[[nodiscard]] base::Result<std::set<std::string, std::less<>>> read_baseline(const base::Source& source);
[[nodiscard]] std::string write_baseline(const std::vector<Finding>& findings);

}  // namespace helmme::lint
