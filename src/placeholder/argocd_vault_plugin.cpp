#include "placeholder/argocd_vault_plugin.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "placeholder/missing_key.h"
#include "placeholder/modifier.h"

namespace helmme::placeholder {
namespace {

constexpr std::string_view k_path = "path:";

std::string_view trim(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// Between "<" and ">": the head, and the modifiers as they stand.
struct Parts {
  std::string_view head;
  std::vector<std::string_view> modifiers;
  std::size_t end = 0;  // behind ">"
};

// `begin` is behind the "<". nullopt: no ">" on the line, or another "<" before it.
std::optional<Parts> split(std::string_view value, std::size_t begin) {
  std::size_t bar = value.find_first_of("<>|\r\n", begin);
  if (bar == std::string_view::npos || value[bar] == '<' || value[bar] == '\r' || value[bar] == '\n') {
    return std::nullopt;
  }
  Parts parts{.head = value.substr(begin, bar - begin), .modifiers = {}};
  const std::size_t limit = std::min(value.size(), bar + k_avp_modifiers_limit);
  // Once with braces holding what stands in them; where they do not close, once without.
  for (const bool braces : {true, false}) {
    parts.modifiers.clear();
    std::size_t from = bar + 1;
    std::size_t depth = 0;
    for (std::size_t at = bar; at < limit && value[at] != '\n' && value[at] != '\r'; ++at) {
      const char c = value[at];
      depth += braces && c == '{' ? 1U : 0U;
      depth -= c == '}' && depth > 0 ? 1U : 0U;
      if (depth > 0) {
        at = (c == '"' || c == '\'') ? std::min(value.find(c, at + 1), limit) : at;
        continue;
      }
      if (c == '<') {
        break;
      }
      if ((c == '|' && at > bar) || (c == '>' && at > bar)) {
        parts.modifiers.push_back(trim(value.substr(from, at - from)));
        from = at + 1;
      }
      if (c == '>') {
        parts.end = at + 1;
        return parts;
      }
    }
  }
  return std::nullopt;
}

Modifier modifier_of(std::string_view text) {
  const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
  Modifier modifier{.name = std::string(text.substr(0, end))};
  std::string_view rest = trim(text.substr(end));
  while (!rest.empty()) {
    // An expression is one argument: the blanks in it are its own.
    const std::size_t length =
        modifier.name == "jsonPath" ? rest.size() : std::min(rest.find_first_of(" \t"), rest.size());
    modifier.arguments.emplace_back(rest.substr(0, length));
    rest = trim(rest.substr(length));
  }
  return modifier;
}

// False: it is text.
bool read_head(std::string_view head, const ObjectAnnotations& annotations, FetchedMatch& match) {
  FetchedReference& reference = match.reference;
  const bool blank = head.starts_with(" ") || head.starts_with("\t");
  head = trim(head);
  if (head.empty() || (blank && head.find_first_of(" \t") != std::string_view::npos)) {
    return false;
  }
  if (!head.starts_with(k_path)) {
    reference.path = {std::string(head)};
    reference.locator.path = annotations.path;
    reference.locator.version = annotations.secret_version;
    return !annotations.path.empty();
  }
  head.remove_prefix(k_path.size());
  const std::size_t hash = std::min(head.find('#'), head.size());
  std::string_view key = head.substr(std::min(hash + 1, head.size()));
  const std::size_t second = std::min(key.find('#'), key.size());
  const std::string_view version = key.substr(std::min(second + 1, key.size()));
  key = trim(key.substr(0, second));
  if (hash == 0 || key.empty() || version.find('#') != std::string_view::npos ||
      (head.ends_with("#") && version.empty())) {
    match.kind = FetchedMatch::Kind::refused;
    match.problem = "a placeholder of argocd-vault-plugin without a path, a key or a version";
    match.help = "<path:PATH#KEY> or <path:PATH#KEY#VERSION>";
    return !annotations.path.empty();
  }
  reference.locator.path = head.substr(0, hash);
  reference.locator.version = version;
  reference.path = {std::string(key)};
  return true;
}

std::optional<FetchedMatch> placeholder_at(std::string_view value, std::size_t begin,
                                           const ObjectAnnotations& annotations) {
  if (annotations.path.empty() && value.substr(begin + 1, k_path.size()) != k_path) {
    return std::nullopt;
  }
  const std::optional<Parts> parts = split(value, begin + 1);
  FetchedMatch match;
  FetchedReference& reference = match.reference;
  reference.dialect = Dialect::argocd_vault_plugin;
  reference.locator.scheme = "vault";
  if (!parts || !read_head(parts->head, annotations, match)) {
    return std::nullopt;
  }
  reference.begin = begin;
  reference.length = parts->end - begin;
  if (!annotations.kv_version.empty()) {
    reference.locator.options.emplace("kv_version", annotations.kv_version);
  }
  for (const std::string_view text : parts->modifiers) {
    reference.modifiers.push_back(modifier_of(text));
    if (const base::Result<void> checked = check_modifier(reference.modifiers.back());
        !checked && match.kind != FetchedMatch::Kind::refused) {
      match.kind = FetchedMatch::Kind::refused;
      match.problem = checked.error().message;
      match.help = checked.error().help;
    }
  }
  return match;
}

}  // namespace

std::vector<FetchedMatch> find_argocd_vault_plugin(std::string_view value, const ObjectAnnotations& annotations) {
  std::vector<FetchedMatch> matches;
  if (annotations.ignore) {
    return matches;
  }
  for (std::size_t at = value.find('<'); at != std::string_view::npos;) {
    std::optional<FetchedMatch> match = placeholder_at(value, at, annotations);
    at = value.find('<', match ? at + match->reference.length : at + 1);
    if (match) {
      matches.push_back(std::move(*match));
    }
  }
  return matches;
}

base::Result<FetchedValue> evaluate_argocd_vault_plugin(const FetchedReference& reference, const FetchedValue& read) {
  const std::string& key = reference.path.at(0);
  const FetchedValue* const found = read.find(key);
  // null is what a value that is missing is to argocd-vault-plugin.
  if (found == nullptr || found->kind == FetchedValue::Kind::null) {
    base::Error error = missing_key(reference.locator, {}, key, read.keys(), "#");
    if (found != nullptr) {
      error.help = "the key is there, its value is null";
    } else if (read.kind != FetchedValue::Kind::map) {
      error.help = "what was read is no map";
    }
    return base::fail(std::move(error));
  }
  FetchedValue value = found->clone();
  for (const Modifier& modifier : reference.modifiers) {
    TRY_ASSIGN(FetchedValue next, apply_modifier(modifier, std::move(value)));
    value = std::move(next);
  }
  return value;
}

bool may_hold_argocd_vault_plugin(std::string_view bytes) {
  // Go's JSON has an escape for "<" (https://pkg.go.dev/encoding/json#HTMLEscape), and so Helm's toJson.
  constexpr std::string_view k_escaped = "\\u003c";
  bool is_there = false;
  for (const std::string_view begin : {std::string_view("<"), k_escaped}) {
    for (std::size_t at = bytes.find(begin); at != std::string_view::npos; at = bytes.find(begin, at + 1)) {
      is_there = true;
      if (bytes.substr(at + begin.size(), k_path.size()) == k_path) {
        return true;
      }
    }
  }
  return is_there && bytes.find(k_avp_path_annotation) != std::string_view::npos;
}

}  // namespace helmme::placeholder
