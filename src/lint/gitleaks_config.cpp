#include "lint/gitleaks_config.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "lint/gitleaks_toml.h"
#include "lint/value.h"

namespace helmme::lint {
namespace {

// gitleaks follows extend twice and then no further.
constexpr int k_deepest_extension = 2;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return text;
}

std::vector<std::string> plain(std::vector<GitleaksToml::Text> texts) {
  std::vector<std::string> out;
  out.reserve(texts.size());
  for (GitleaksToml::Text& one : texts) {
    out.push_back(std::move(one.text));
  }
  return out;
}

std::vector<GitleaksPattern> patterns(std::vector<GitleaksToml::Text> texts) {
  std::vector<GitleaksPattern> out;
  out.reserve(texts.size());
  for (GitleaksToml::Text& one : texts) {
    out.push_back({std::move(one.text), std::move(one.place)});
  }
  return out;
}

template <typename T>
void append(std::vector<T>& to, std::vector<T> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

base::Error error_at(const base::Location& place, std::string message, std::string help) {
  return {
      .kind = base::ErrorKind::bad_input, .message = std::move(message), .location = place, .help = std::move(help)};
}

// One file's tables.
class FileReader {
 public:
  explicit FileReader(const std::string& file) : toml_(file) {}

  base::Result<GitleaksConfig> read(const toml::table& root) const {
    GitleaksConfig config;
    TRY_ASSIGN(const auto rules, toml_.tables(root, "rules"));
    for (const toml::table* table : rules) {
      TRY_ASSIGN(GitleaksRule one, rule(*table));
      std::erase_if(config.rules, [&](const GitleaksRule& other) { return other.id == one.id; });
      config.rules.push_back(std::move(one));
    }
    TRY_ASSIGN(config.allowlists, allowlists(root, "[allowlist]"));
    return config;
  }

 private:
  base::Result<GitleaksRule> rule(const toml::table& table) const {
    GitleaksRule out;
    out.place = toml_.place_of(table);
    TRY_ASSIGN(const auto id, toml_.text(table, "id"));
    TRY_ASSIGN(const auto description, toml_.text(table, "description"));
    out.id = id.value_or("");
    out.description = description.value_or("");
    TRY_ASSIGN(out.regex, pattern(table, "regex"));
    TRY_ASSIGN(out.path, pattern(table, "path"));
    TRY_ASSIGN(auto keywords, toml_.texts(table, "keywords"));
    for (std::string& keyword : plain(std::move(keywords))) {
      out.keywords.push_back(lower(std::move(keyword)));
    }
    TRY_ASSIGN(auto tags, toml_.texts(table, "tags"));
    out.tags = plain(std::move(tags));
    TRY_ASSIGN(const auto entropy, toml_.number(table, "entropy"));
    out.entropy = entropy.value_or(0);
    TRY_ASSIGN(const auto group, toml_.whole(table, "secretgroup"));
    out.secret_group = group.value_or(0);
    TRY_ASSIGN(out.skip_report, toml_.flag(table, "skipreport"));
    TRY_ASSIGN(out.allowlists, allowlists(table, "[rules.allowlist]"));
    TRY_ASSIGN(const auto required, toml_.tables(table, "required"));
    for (const toml::table* one : required) {
      TRY_ASSIGN(auto read, requirement(*one));
      out.required.push_back(std::move(read));
    }
    return out;
  }

  base::Result<GitleaksRequired> requirement(const toml::table& table) const {
    GitleaksRequired out;
    out.place = toml_.place_of(table);
    TRY_ASSIGN(const auto id, toml_.text(table, "id"));
    if (!id || id->empty()) {
      return base::fail(toml_.wrong(table, "a required rule without an id"));
    }
    out.id = *id;
    TRY_ASSIGN(out.within_lines, toml_.whole(table, "withinlines"));
    TRY_ASSIGN(out.within_columns, toml_.whole(table, "withincolumns"));
    return out;
  }

  base::Result<std::optional<GitleaksPattern>> pattern(const toml::table& table, std::string_view name) const {
    TRY_ASSIGN(auto text, toml_.text(table, name));
    if (!text || text->empty()) {
      return std::nullopt;
    }
    return GitleaksPattern{*std::move(text), toml_.place_of(*GitleaksToml::find(table, name))};
  }

  base::Result<std::vector<GitleaksAllowlist>> allowlists(const toml::table& table, std::string_view old_name) const {
    TRY_ASSIGN(auto tables, toml_.tables(table, "allowlists"));
    if (const toml::node* old = GitleaksToml::find(table, "allowlist")) {
      if (!tables.empty()) {
        return base::fail(
            toml_.wrong(*old, std::string(old_name) + " beside its list: it may be written one way only"));
      }
      TRY_ASSIGN(tables, toml_.tables(table, "allowlist"));
    }
    std::vector<GitleaksAllowlist> out;
    for (const toml::table* one : tables) {
      TRY_ASSIGN(GitleaksAllowlist read, allowlist(*one));
      out.push_back(std::move(read));
    }
    return out;
  }

  base::Result<GitleaksAllowlist> allowlist(const toml::table& table) const {
    GitleaksAllowlist out;
    out.place = toml_.place_of(table);
    TRY_ASSIGN(auto condition, toml_.text(table, "condition"));
    const std::string word = lower(condition.value_or(""));
    out.all_of = word == "and" || word == "&&";
    if (!out.all_of && !word.empty() && word != "or" && word != "||") {
      return base::fail(toml_.wrong(*GitleaksToml::find(table, "condition"), "an allowlist's condition is AND or OR"));
    }
    TRY_ASSIGN(const auto target, toml_.text(table, "regextarget"));
    if (target == "match" || target == "line") {
      out.target = *target == "match" ? GitleaksAllowlist::Target::match : GitleaksAllowlist::Target::line;
    } else if (target && !target->empty() && *target != "secret") {
      return base::fail(toml_.wrong(*GitleaksToml::find(table, "regextarget"),
                                    "an allowlist's regexTarget is secret, match or line"));
    }
    TRY_ASSIGN(const auto commits, toml_.texts(table, "commits"));
    out.has_commits = !commits.empty();
    TRY_ASSIGN(auto paths, toml_.texts(table, "paths"));
    out.paths = patterns(std::move(paths));
    TRY_ASSIGN(auto regexes, toml_.texts(table, "regexes"));
    out.regexes = patterns(std::move(regexes));
    TRY_ASSIGN(auto stopwords, toml_.texts(table, "stopwords"));
    for (std::string& stopword : plain(std::move(stopwords))) {
      out.stopwords.push_back(lower(std::move(stopword)));
    }
    TRY_ASSIGN(auto rules, toml_.texts(table, "targetrules"));
    out.target_rules = plain(std::move(rules));
    if (!out.has_commits && out.paths.empty() && out.regexes.empty() && out.stopwords.empty()) {
      return base::fail(
          toml_.wrong(table, "an allowlist that checks nothing: it takes commits, paths, regexes and stopwords"));
    }
    return out;
  }

  GitleaksToml toml_;
};

// A file and what it extends.
class Loader {
 public:
  explicit Loader(const GitleaksFiles& files) : files_(files) {}

  base::Result<GitleaksConfig> load(const std::string& path, int depth) const {
    TRY_ASSIGN(const base::Source source, files_.read(path));
    const GitleaksToml toml(source.name);
    TRY_ASSIGN(const toml::table root, toml.parse(source.text));
    TRY_ASSIGN(GitleaksConfig config, FileReader(source.name).read(root));
    config.files.push_back(source.name);
    const toml::node* node = GitleaksToml::find(root, "extend");
    const toml::table* extend = node == nullptr ? nullptr : node->as_table();
    if (extend != nullptr && depth < k_deepest_extension) {
      TRY(extend_by(config, *extend, toml, depth));
    }
    return config;
  }

 private:
  base::Result<void> extend_by(GitleaksConfig& config, const toml::table& extend, const GitleaksToml& toml,
                               int depth) const {
    TRY_ASSIGN(const bool built_in, toml.flag(extend, "usedefault"));
    TRY_ASSIGN(const auto path, toml.text(extend, "path"));
    TRY_ASSIGN(const auto url, toml.text(extend, "url"));
    if (url && !url->empty()) {
      base::Error error =
          toml.wrong(*GitleaksToml::find(extend, "url"), "extend.url: lint reads nothing from the network");
      error.help = "save that configuration as a file and name it as extend.path";
      return base::fail(std::move(error));
    }
    const bool has_path = path && !path->empty();
    if (built_in && has_path) {
      return base::fail(toml.wrong(extend, "extend has both path and useDefault: it may have one"));
    }
    if (built_in && files_.built_in.empty()) {
      base::Error error = toml.wrong(*GitleaksToml::find(extend, "usedefault"),
                                     "extend.useDefault: gitleaks' own rules are no part of helm-me");
      error.help = "save config/gitleaks.toml of gitleaks' repository and add --gitleaks-default FILE";
      return base::fail(std::move(error));
    }
    if (!built_in && !has_path) {
      return {};
    }
    TRY_ASSIGN(GitleaksConfig more, load(built_in ? files_.built_in : *path, depth + 1));
    TRY_ASSIGN(auto disabled, toml.texts(extend, "disabledrules"));
    merge(config, std::move(more), disabled);
    return {};
  }

  // What the file says of a rule that it extends counts; lists are put together.
  static void merge_rule(GitleaksRule& rule, GitleaksRule extended) {
    rule.description = rule.description.empty() ? std::move(extended.description) : std::move(rule.description);
    rule.entropy = rule.entropy == 0 ? extended.entropy : rule.entropy;
    rule.secret_group = rule.secret_group == 0 ? extended.secret_group : rule.secret_group;
    rule.regex = rule.regex ? std::move(rule.regex) : std::move(extended.regex);
    rule.path = rule.path ? std::move(rule.path) : std::move(extended.path);
    rule.skip_report = rule.skip_report || extended.skip_report;
    append(rule.tags, std::move(extended.tags));
    append(rule.keywords, std::move(extended.keywords));
    append(rule.allowlists, std::move(extended.allowlists));
    append(rule.required, std::move(extended.required));
  }

  static void merge(GitleaksConfig& config, GitleaksConfig more, const std::vector<GitleaksToml::Text>& disabled) {
    std::set<std::string> off;
    for (const GitleaksToml::Text& one : disabled) {
      off.insert(one.text);
      const bool known = std::any_of(more.rules.begin(), more.rules.end(),
                                     [&](const GitleaksRule& rule) { return rule.id == one.text; });
      if (!known) {
        config.warnings.push_back(
            {.message = "extend.disabledRules: there is no rule " + base::printable(one.text), .location = one.place});
      }
    }
    for (GitleaksRule& extended : more.rules) {
      if (off.contains(extended.id)) {
        continue;
      }
      const auto rule = std::find_if(config.rules.begin(), config.rules.end(),
                                     [&](const GitleaksRule& one) { return one.id == extended.id; });
      if (rule == config.rules.end()) {
        config.rules.push_back(std::move(extended));
      } else {
        merge_rule(*rule, std::move(extended));
      }
    }
    append(config.allowlists, std::move(more.allowlists));
    append(config.files, std::move(more.files));
    append(config.warnings, std::move(more.warnings));
  }

  const GitleaksFiles& files_;
};

// What can only be said once everything is together.
class Validator {
 public:
  explicit Validator(GitleaksConfig& config) : config_(config), syntax_(quiet(), RE2::UNANCHORED) {}

  base::Result<void> run() {
    TRY(move_targeted());
    for (const GitleaksAllowlist& one : config_.allowlists) {
      TRY(check(one));
    }
    for (const GitleaksRule& rule : config_.rules) {
      TRY(check(rule));
    }
    return {};
  }

 private:
  static RE2::Options quiet() {
    RE2::Options options;
    options.set_log_errors(false);
    return options;
  }

  [[nodiscard]] GitleaksRule* find(const std::string& id) {
    const auto rule =
        std::find_if(config_.rules.begin(), config_.rules.end(), [&](const GitleaksRule& one) { return one.id == id; });
    return rule == config_.rules.end() ? nullptr : &*rule;
  }

  // A global allowlist for some rules becomes theirs.
  base::Result<void> move_targeted() {
    for (const GitleaksAllowlist& one : config_.allowlists) {
      for (const std::string& id : one.target_rules) {
        GitleaksRule* rule = find(id);
        if (rule == nullptr) {
          return base::fail(error_at(one.place, "targetRules: there is no rule " + base::printable(id),
                                     "name rules of this file or of what it extends"));
        }
        rule->allowlists.push_back(one);
      }
    }
    std::erase_if(config_.allowlists, [](const GitleaksAllowlist& one) { return !one.target_rules.empty(); });
    return {};
  }

  base::Result<void> check(const GitleaksRule& rule) {
    const std::string name = base::printable(rule.id);
    if (trim(rule.id).empty()) {
      return base::fail(error_at(rule.place, "a rule without an id", "give it an id = \"…\""));
    }
    if (!rule.regex && !rule.path) {
      return base::fail(error_at(rule.place, name + ": neither regex nor path, so it finds nothing",
                                 "give it a regex, or a path; extend brings those of a rule that is there"));
    }
    for (const auto* pattern : {&rule.regex, &rule.path}) {
      if (*pattern) {
        TRY(check(**pattern, name + ": ", true));
      }
    }
    if (rule.regex && rule.secret_group > 0) {
      const int groups = RE2(rule.regex->text, quiet()).NumberOfCapturingGroups();
      if (rule.secret_group > groups) {
        return base::fail(error_at(rule.place,
                                   name + ": secretGroup is " + std::to_string(rule.secret_group) +
                                       ", and the regex has " + std::to_string(groups) + " groups",
                                   "count the groups of the regex, from 1"));
      }
    }
    for (const GitleaksAllowlist& one : rule.allowlists) {
      TRY(check(one));
    }
    for (const GitleaksRequired& one : rule.required) {
      if (find(one.id) == nullptr) {
        return base::fail(error_at(one.place,
                                   name + ": it requires a rule " + base::printable(one.id) + ", which there is not",
                                   "name a rule of this file or of what it extends"));
      }
    }
    return {};
  }

  // An allowlist may hold what a secret looks like, so its patterns are not shown.
  base::Result<void> check(const GitleaksAllowlist& list) {
    for (const auto* patterns : {&list.paths, &list.regexes}) {
      for (const GitleaksPattern& one : *patterns) {
        TRY(check(one, "an allowlist: ", false));
      }
    }
    return {};
  }

  // A set parses what it is given and compiles nothing before it is asked to, which takes a tenth of the time.
  base::Result<void> check(const GitleaksPattern& pattern, const std::string& whose, bool shown) {
    std::string why;
    if (syntax_.Add(pattern.text, &why) >= 0) {
      return {};
    }
    why = shown ? why : why.substr(0, why.find(':'));
    return base::fail(error_at(pattern.place, whose + "RE2 does not take this pattern: " + base::printable(why),
                               "write it in RE2's syntax, which is Go's"));
  }

  GitleaksConfig& config_;
  RE2::Set syntax_;
};

}  // namespace

base::Result<GitleaksConfig> read_gitleaks_config(const std::string& path, const GitleaksFiles& files) {
  TRY_ASSIGN(GitleaksConfig config, Loader(files).load(path, 0));
  TRY(Validator(config).run());
  return config;
}

}  // namespace helmme::lint
