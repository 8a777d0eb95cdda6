#include "lint/own_rules.h"

#include <algorithm>
#include <array>

#include "lint/check.h"
#include "lint/config.h"
#include "lint/lines.h"
#include "lint/value.h"
#include "manifest/split.h"

namespace helmme::lint {
namespace {

constexpr std::size_t k_most_findings = 10000;
constexpr std::size_t k_largest_tree = std::size_t{16} << 20U;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

// "KEY: value", "export KEY=value", "- KEY = 'value'".
struct Assignment {
  std::string_view key;
  std::string_view value;
};

Assignment assignment_in(std::string_view line) {
  line = trim(line);
  for (const std::string_view word : {"- ", "export ", "ENV ", "ARG ", "set "}) {
    line = trim(line.starts_with(word) ? line.substr(word.size()) : line);
  }
  const bool quoted = !line.empty() && (line.front() == '"' || line.front() == '\'');
  const char quote = quoted ? line.front() : '\0';
  line.remove_prefix(quoted ? 1U : 0U);
  std::size_t end = 0;
  while (end < line.size() && is_name_character(line[end])) {
    ++end;
  }
  const std::string_view key = line.substr(0, end);
  line.remove_prefix(end);
  if (quoted && !line.empty() && line.front() == quote) {
    line.remove_prefix(1);
  }
  line = trim(line);
  if (key.empty() || line.empty() || (line.front() != ':' && line.front() != '=')) {
    return {};
  }
  std::string_view value = trim(line.substr(1));
  if (value.ends_with(',')) {
    value = trim(value.substr(0, value.size() - 1));
  }
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front()) {
    value = value.substr(1, value.size() - 2);
  }
  return {key, value};
}

RuleTexts texts_of(const OwnRuleSpec& spec) {
  return {.id = spec.id,
          .title = spec.title,
          .why = "A rule of your own, from " + std::string(k_config_name) + ".",
          .help = spec.help.empty() ? "move it to a Secret, and name that one" : spec.help};
}

Span span_in(std::string_view text, std::string_view part) {
  const auto begin = static_cast<std::size_t>(part.data() - text.data());
  return {begin, begin + part.size()};
}

}  // namespace

OwnRule::OwnRule(OwnRuleSpec spec) : spec_(std::move(spec)), made_(texts_of(spec_), spec_.severity) {
  if (!spec_.pattern.empty()) {
    pattern_.emplace(spec_.pattern);
  }
  if (!spec_.keywords.empty()) {
    keywords_.emplace(std::vector<std::string_view>(spec_.keywords.begin(), spec_.keywords.end()));
  }
}

std::vector<Finding> OwnRule::find(const SourceFile& file) const {
  std::vector<Finding> findings;
  if (has_keyword(file.text)) {
    if (spec_.keys.empty()) {
      find_pattern(file.text, findings);
    } else {
      find_keys(file, findings);
    }
  }
  return findings;
}

bool OwnRule::has_keyword(std::string_view text) const {
  bool found = !keywords_;
  if (keywords_) {
    keywords_->scan(text, [&](std::uint32_t, std::size_t) { found = true; });
  }
  return found;
}

bool OwnRule::is_key(std::string_view name) const {
  if (name.empty() || name.size() > 256) {
    return false;
  }
  const std::string key = lower(name);
  return std::any_of(spec_.keys.begin(), spec_.keys.end(),
                     [&](const std::string& pattern) { return matches_glob(pattern, key); });
}

std::optional<Span> OwnRule::match(std::string_view text, std::size_t from) const {
  const RE2* pattern = pattern_->get();
  if (pattern == nullptr || from > text.size()) {
    return std::nullopt;
  }
  std::array<re2::StringPiece, 2> groups;
  const int wanted = 1 + std::min(1, pattern->NumberOfCapturingGroups());
  if (!pattern->Match(re2::StringPiece(text.data(), text.size()), from, text.size(), RE2::UNANCHORED, groups.data(),
                      wanted)) {
    return std::nullopt;
  }
  const re2::StringPiece& group = wanted == 2 && groups[1].data() != nullptr ? groups[1] : groups[0];
  return span_in(text, {group.data(), group.size()});
}

void OwnRule::find_pattern(std::string_view text, std::vector<Finding>& findings) const {
  for (std::size_t from = 0; findings.size() < k_most_findings;) {
    const std::optional<Span> found = match(text, from);
    if (!found) {
      return;
    }
    if (found->end > found->begin) {
      add(*found, {}, findings);
    }
    from = std::max(found->end, from + 1);
  }
}

std::optional<Span> OwnRule::secret_in(std::string_view value) const {
  if (pattern_) {
    const std::optional<Span> found = match(value, 0);
    return found && found->end > found->begin && !is_reference(value) ? found : std::nullopt;
  }
  switch (classify_value(value)) {
    case ValueClass::literal:
    case ValueClass::common:
    case ValueClass::name:
      return Span{0, value.size()};
    default:
      return std::nullopt;
  }
}

// Documents by their leaves; what is no YAML, line by line.
void OwnRule::find_keys(const SourceFile& file, std::vector<Finding>& findings) const {
  const FileKind kind = kind_of(file.name, file.text);
  const bool is_tree = kind == FileKind::yaml || kind == FileKind::ci || kind == FileKind::helmfile;
  if (!is_tree) {
    find_in_lines(file.text, 0, findings);
    return;
  }
  const std::string_view text = file.text;
  for (std::size_t at = 0; at < text.size();) {
    const manifest::Span span = manifest::document_at(text, at);
    const std::string_view bytes = text.substr(span.begin, span.end - span.begin);
    if (!manifest::has_no_content(bytes)) {
      const auto parsed = bytes.size() > k_largest_tree ? base::Result<manifest::Document>(base::fail(base::Error{}))
                                                        : manifest::Document::parse(bytes, file.name, text, span.begin);
      if (parsed) {
        find_in_document(*parsed, span.begin, findings);
      } else {
        find_in_lines(bytes, span.begin, findings);
      }
    }
    at = std::max(span.end, at + 1);
  }
}

void OwnRule::find_in_document(const manifest::Document& document, std::size_t offset,
                               std::vector<Finding>& findings) const {
  visit_leaves(
      document, manifest::Document::root(),
      [&](const Leaf& leaf) {
        std::string_view key = leaf.key();
        if (key == "value" && leaf.mapping() != manifest::k_no_node) {
          const manifest::NodeId name = sibling(document, leaf.mapping(), "name");
          key = name == manifest::k_no_node ? key : document[name].value;
        }
        const std::optional<Span> secret = is_key(key) ? secret_in(leaf.value()) : std::nullopt;
        if (secret && findings.size() < k_most_findings) {
          add(WrittenParts(document, leaf.id(), offset).of(*secret), key, findings).yaml_path = leaf.path();
        }
      },
      [](manifest::NodeId, const std::vector<Frame>&) { return true; });
}

void OwnRule::find_in_lines(std::string_view text, std::size_t offset, std::vector<Finding>& findings) const {
  const Lines lines(text);
  std::string_view name;  // of "- name: KEY" in the line before
  for (std::size_t number = 1; number <= lines.count() && findings.size() < k_most_findings; ++number) {
    const auto [key, value] = assignment_in(lines.line(number));
    const std::string_view named = key == "value" && !name.empty() ? name : key;
    name = key == "name" ? value : std::string_view();
    const std::optional<Span> secret = is_key(named) ? secret_in(value) : std::nullopt;
    if (secret) {
      const std::size_t begin = offset + span_in(text, value).begin;
      add({begin + secret->begin, begin + secret->end}, named, findings);
    }
  }
}

Finding& OwnRule::add(Span span, std::string_view key, std::vector<Finding>& findings) const {
  Finding finding;
  finding.rule = &rule();
  finding.severity = rule().severity;
  finding.span = span;
  finding.key = shown(key);
  finding.message = std::string(rule().title) + (key.empty() ? "" : ": " + finding.key);
  findings.push_back(std::move(finding));
  return findings.back();
}

void add_own_findings(const SourceFile& file, const OwnRules& rules, std::vector<Finding>& findings) {
  SpanSet taken;
  std::vector<Finding> own;
  for (const auto& rule : rules) {
    for (Finding& finding : rule->find(file)) {
      if (taken.add(finding.span)) {
        own.push_back(std::move(finding));
      }
    }
  }
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.span.begin < finding.span.end && taken.contains(finding.span);
  });
  std::move(own.begin(), own.end(), std::back_inserter(findings));
}

}  // namespace helmme::lint
