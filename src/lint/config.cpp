#include "lint/config.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/secret.h"
#include "crypto/hmac.h"
#include "lint/leaf.h"
#include "manifest/document.h"

namespace helmme::lint {
namespace {

using manifest::Document;
using manifest::k_no_node;
using manifest::NodeId;
using manifest::NodeKind;

// Without a salt of its own a repository still gets fingerprints that are the same on every machine.
constexpr std::string_view k_built_in_salt = "helm-me lint, fingerprints without a salt";
constexpr std::size_t k_fingerprint_size = 64;

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_date(std::string_view text) {
  if (text.size() != 10) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : (text[i] < '0' || text[i] > '9')) {
      return false;
    }
  }
  return text.substr(5, 2) >= "01" && text.substr(5, 2) <= "12" && text.substr(8, 2) >= "01" &&
         text.substr(8, 2) <= "31";
}

class ConfigReader {
 public:
  ConfigReader(const base::Source& source, const Document& document, const std::vector<const Rule*>& more)
      : source_(source), document_(document), more_(more) {}

  base::Result<Config> read() {
    config_.name = source_.name;
    config_.text = source_.text;
    if (document_.empty() || document_.is_null(Document::root())) {
      return std::move(config_);
    }
    if (document_[Document::root()].kind != NodeKind::mapping) {
      return base::fail(wrong(Document::root(), "a lint configuration is a mapping"));
    }
    for (const manifest::Entry& entry : document_.entries(Document::root())) {
      TRY(field(document_.text(entry.key), entry));
    }
    return std::move(config_);
  }

 private:
  base::Result<void> field(std::string_view name, const manifest::Entry& entry) {
    if (name == "salt") {
      config_.salt = std::string(document_.text(entry.value));
      return {};
    }
    if (name == "exclude") {
      return list(entry.value);
    }
    if (name == "rules") {
      return rules(entry.value);
    }
    if (name == "allow") {
      for (const NodeId item : document_.items(entry.value)) {
        TRY(allow(item));
      }
      return {};
    }
    const std::vector<std::string> known = {"salt", "exclude", "rules", "allow"};
    base::Error error = wrong(entry.key, "unknown key " + base::printable(name));
    const std::optional<std::string> near = base::nearest(name, known);
    error.help = near ? "did you mean " + *near + "?" : "it takes " + base::join_words(known);
    return base::fail(std::move(error));
  }

  base::Result<void> list(NodeId node) {
    if (document_[document_.resolve(node)].kind != NodeKind::sequence) {
      return base::fail(wrong(node, "exclude is a list of patterns"));
    }
    for (const NodeId item : document_.items(node)) {
      config_.exclude.emplace_back(document_.text(item));
    }
    return {};
  }

  base::Result<void> rules(NodeId node) {
    for (const manifest::Entry& entry : document_.entries(node)) {
      const std::string_view id = document_.text(entry.key);
      if (document_[document_.resolve(entry.value)].kind == NodeKind::mapping) {
        TRY_ASSIGN(auto rule, read_own_rule(source_, document_, entry));
        config_.team_rules.push_back(std::move(rule));
        continue;
      }
      const std::string_view word = document_.text(entry.value);
      if (!is_rule(id) && !may_be_gitleaks_rule(id)) {
        return base::fail(wrong(entry.key, "there is no rule " + base::printable(id)));
      }
      const std::optional<Severity> severity = severity_named(word);
      if (!severity && word != "off") {
        return base::fail(wrong(entry.value, "a rule is off, info, warning or error"));
      }
      config_.rules[std::string(id)] = severity;
    }
    return {};
  }

  base::Result<void> allow(NodeId item) {
    AllowEntry allowed;
    for (const manifest::Entry& entry : document_.entries(item)) {
      const std::string_view name = document_.text(entry.key);
      const std::string text(document_.text(entry.value));
      if (name == "fingerprint" && text.size() == k_fingerprint_size && is_hexadecimal(text)) {
        allowed.fingerprint = text;
        allowed.span = written_span(document_, document_.resolve(entry.value), 0);
      } else if (name == "reason") {
        allowed.reason = text;
      } else if (name == "expires" && is_date(text)) {
        allowed.expires = text;
      } else {
        return base::fail(wrong(entry.key,
                                "an allow entry has fingerprint (64 hexadecimal digits), reason and expires "
                                "(such as 2027-01-31)"));
      }
    }
    if (allowed.fingerprint.empty()) {
      return base::fail(wrong(item, "an allow entry without a fingerprint"));
    }
    config_.allow.push_back(std::move(allowed));
    return {};
  }

  [[nodiscard]] bool is_rule(std::string_view id) const {
    return find_rule(id) != nullptr ||
           std::any_of(more_.begin(), more_.end(), [&](const Rule* one) { return one->id == id; });
  }

  [[nodiscard]] base::Error wrong(NodeId node, std::string message) const {
    return {.kind = base::ErrorKind::bad_input,
            .message = std::move(message),
            .location = base::locate(source_.name, source_.text, document_[node].begin, 1, true),
            .help = "helm-me lint --help shows a configuration"};
  }

  const base::Source& source_;
  const Document& document_;
  const std::vector<const Rule*>& more_;
  Config config_;
};

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view path) {
  if (pattern.find('/') == std::string_view::npos) {
    path = path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
  }
  // Which lengths of the path the pattern up to here matches.
  std::vector<bool> reached(path.size() + 1);
  reached[0] = true;
  for (std::size_t p = 0; p < pattern.size(); ++p) {
    std::vector<bool> next(path.size() + 1);
    const bool star = pattern[p] == '*';
    const bool deep = star && pattern.substr(p, 2) == "**";
    for (std::size_t at = 0; at <= path.size(); ++at) {
      if (star) {
        next[at] = reached[at] || (at > 0 && next[at - 1] && (deep || path[at - 1] != '/'));
      } else if (at > 0) {
        next[at] = reached[at - 1] && (pattern[p] == path[at - 1] || (pattern[p] == '?' && path[at - 1] != '/'));
      }
    }
    p += deep ? 1U : 0U;
    // "**/" also matches no folder at all.
    if (deep && pattern.substr(p + 1, 1) == "/") {
      ++p;
      for (std::size_t at = path.size(); at > 0; --at) {
        next[at] = next[at - 1] && path[at - 1] == '/';
      }
      next[0] = false;
      for (std::size_t at = 0; at <= path.size(); ++at) {
        next[at] = next[at] || reached[at];
      }
    }
    reached = std::move(next);
  }
  return reached[path.size()];
}

bool Config::is_excluded(std::string_view file) const {
  return std::any_of(exclude.begin(), exclude.end(), [&](const std::string& one) { return matches_glob(one, file); });
}

std::vector<const Rule*> Config::more_rules() const {
  std::vector<const Rule*> more;
  more.reserve(team_rules.size());
  for (const auto& rule : team_rules) {
    more.push_back(&rule->rule());
  }
  if (gitleaks) {
    more.insert(more.end(), gitleaks->rules().begin(), gitleaks->rules().end());
  }
  return more;
}

const Rule* Config::rule_named(std::string_view id) const {
  if (const Rule* rule = find_rule(id)) {
    return rule;
  }
  const std::vector<const Rule*> more = more_rules();
  const auto rule = std::find_if(more.begin(), more.end(), [&](const Rule* one) { return one->id == id; });
  return rule == more.end() ? nullptr : *rule;
}

base::Result<Config> read_config(const base::Source& source, const std::vector<const Rule*>& more) {
  TRY_ASSIGN(const Document document, Document::parse(source.text, source.name, source.text, 0));
  return ConfigReader(source, document, more).read();
}

std::string fingerprint_of(const Finding& finding, std::string_view value, std::string_view salt) {
  std::string message;
  for (const std::string_view part :
       {finding.rule->id, std::string_view(finding.file), std::string_view(finding.yaml_path), value}) {
    message.append(part).push_back('\0');
  }
  std::string print =
      crypto::hmac_sha256_hex(base::Secret(salt.empty() ? k_built_in_salt : salt), base::Secret(message));
  base::cleanse(message);
  return print;
}

base::Result<std::set<std::string, std::less<>>> read_baseline(const base::Source& source) {
  const nlohmann::json json = nlohmann::json::parse(source.text, nullptr, false);
  std::set<std::string, std::less<>> fingerprints;
  if (json.is_object() && json.contains("fingerprints") && json["fingerprints"].is_array()) {
    for (const nlohmann::json& one : json["fingerprints"]) {
      if (one.is_string()) {
        fingerprints.insert(one.get<std::string>());
      }
    }
    return fingerprints;
  }
  return base::fail({.kind = base::ErrorKind::bad_input,
                     .message = "not a baseline: " + base::printable(source.name),
                     .help = "write one with --write-baseline FILE"});
}

std::string write_baseline(const std::vector<Finding>& findings) {
  std::set<std::string> fingerprints;
  for (const Finding& finding : findings) {
    fingerprints.insert(finding.fingerprint);
  }
  return nlohmann::ordered_json{{"version", 1}, {"fingerprints", fingerprints}}.dump(2) + "\n";
}

}  // namespace helmme::lint
