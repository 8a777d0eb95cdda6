// gitleaks.toml as gitleaks 8 reads it (https://github.com/gitleaks/gitleaks, config/config.go and its README): keys in
// any case, rules with allowlists and required rules, the deprecated [allowlist] beside [[allowlists]], and extend.
//
// What differs: extend.url, which gitleaks ignores, is refused; extend.useDefault needs the file that gitleaks has
// built in, since its rules are no part of this program; a doubled id counts once, as there.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace helmme::lint {

struct GitleaksPattern {
  std::string text;      // RE2, whose syntax is Go's
  base::Location place;  // where it is written
};

struct GitleaksAllowlist {
  bool all_of = false;  // condition AND: every kind of check that is given must hold; else any
  bool has_commits = false;
  std::vector<GitleaksPattern> paths;
  std::vector<GitleaksPattern> regexes;
  std::vector<std::string> stopwords;  // lower case
  enum class Target { secret, match, line } target = Target::secret;
  std::vector<std::string> target_rules;  // of a global one; empty: all rules
  base::Location place;
};

struct GitleaksRequired {
  std::string id;
  std::optional<std::int64_t> within_lines;
  std::optional<std::int64_t> within_columns;
  base::Location place;
};

struct GitleaksRule {
  std::string id;
  std::string description;
  std::optional<GitleaksPattern> regex;
  std::optional<GitleaksPattern> path;
  std::vector<std::string> keywords;  // lower case; none: the rule always runs
  std::vector<std::string> tags;
  double entropy = 0;             // a secret has more bits a character; 0: any
  std::int64_t secret_group = 0;  // 0: the first group that is not empty, else the whole match
  bool skip_report = false;       // only counts as required by another rule
  std::vector<GitleaksAllowlist> allowlists;
  std::vector<GitleaksRequired> required;
  base::Location place;
};

struct GitleaksConfig {
  std::vector<std::string> files;   // that it was read from; they are not scanned
  std::vector<GitleaksRule> rules;  // as they are written, extended ones last
  std::vector<GitleaksAllowlist> allowlists;
  std::vector<base::Warning> warnings;
};

// How files are read: extend names some. `built_in`: a copy of gitleaks' own gitleaks.toml; empty: there is none.
struct GitleaksFiles {
  std::function<base::Result<base::Source>(const std::string& path)> read;
  std::string built_in;
};

// bad_input, with file and line: not TOML, a pattern that RE2 does not take, and all that gitleaks refuses.
[[nodiscard]] base::Result<GitleaksConfig> read_gitleaks_config(const std::string& path, const GitleaksFiles& files);

}  // namespace helmme::lint
