#include "lint/suppression.h"

#include <cstring>
#include <map>

#include "lint/check.h"
#include "lint/value.h"

namespace helmme::lint {
namespace {

constexpr std::string_view k_word = "helm-me:allow";
constexpr std::size_t k_furthest = 64;  // comment lines between a suppression and what it is for

bool is_comment_mark(std::string_view before) {
  before = trim(before);
  for (const std::string_view mark : {"#", "//", "/*", "<!--", ";", "--", "\""}) {
    if (before.ends_with(mark)) {
      return true;
    }
  }
  return false;
}

bool is_comment_line(std::string_view line) {
  line = trim(line);
  return line.empty() || line.starts_with("#") || line.starts_with("//") || line.starts_with("{{/*") ||
         line.starts_with("{{- /*") || line.starts_with("<!--") || line.starts_with(";");
}

// Less what closes a comment.
std::string_view without_close(std::string_view reason) {
  for (bool again = true; again;) {
    reason = trim(reason);
    again = false;
    for (const std::string_view close : {"*/", "-}}", "}}", "-->"}) {
      if (reason.ends_with(close)) {
        reason.remove_suffix(close.size());
        again = true;
      }
    }
  }
  return reason;
}

Suppression read_at(std::string_view text, std::size_t word, std::size_t end) {
  Suppression suppression;
  const std::string_view rest = without_close(text.substr(word + k_word.size(), end - word - k_word.size()));
  const std::size_t space = std::min(rest.find_first_of(" \t"), rest.size());
  suppression.rule = rest.substr(0, space);
  suppression.has_reason = !trim(rest.substr(space)).empty();
  suppression.span = {
      word, rest.empty() ? word + k_word.size() : static_cast<std::size_t>(rest.data() - text.data()) + rest.size()};
  return suppression;
}

// The lines that may carry a finding's suppression besides its own: the head of the block scalar, or the name of the
// list's item, that it stands in.
std::size_t first_line_of(const Lines& lines, const Finding& finding) {
  if (finding.line < 2) {
    return finding.line;
  }
  const std::string_view above = trim(lines.line(finding.line - 1));
  const bool block = above.ends_with("|") || above.ends_with(">") || above.ends_with("|-") || above.ends_with(">-") ||
                     above.ends_with("|+");
  return block || above.starts_with("- name:") ? finding.line - 1 : finding.line;
}

// Marks the suppressions of that line that fit; true where there was one.
bool use(std::vector<Suppression>& all, const std::multimap<std::size_t, std::size_t>& by_line, std::size_t line,
         std::string_view rule) {
  bool any = false;
  const auto [begin, end] = by_line.equal_range(line);
  for (auto one = begin; one != end; ++one) {
    Suppression& suppression = all[one->second];
    if (suppression.has_reason && suppression.rule == rule) {
      suppression.used = any = true;
    }
  }
  return any;
}

// Whether its rule has run, or is no rule at all.
bool is_judged(const Suppression& one, const Config& config) {
  return config.own_rules && (config.rule_named(one.rule) != nullptr || !may_be_gitleaks_rule(one.rule));
}

}  // namespace

// string_view::find stops at every first letter, which makes it a tenth of a whole run.
bool has_suppressions(std::string_view text) {
  return ::memmem(text.data(), text.size(), k_word.data(), k_word.size()) != nullptr;
}

std::vector<Suppression> suppressions_in(std::string_view text, const Lines& lines) {
  std::vector<Suppression> found;
  for (std::size_t word = text.find(k_word); word != std::string_view::npos;) {
    const std::size_t number = lines.number_of(word);
    const std::string_view line = lines.line(number);
    const std::size_t begin = lines.begin_of(number);
    if (is_comment_mark(line.substr(0, word - begin))) {
      Suppression suppression = read_at(text, word, begin + line.size());
      suppression.line = suppression.target = number;
      if (is_comment_line(line)) {
        do {
          ++suppression.target;
        } while (suppression.target < lines.count() && suppression.target < number + k_furthest &&
                 is_comment_line(lines.line(suppression.target)));
      }
      found.push_back(suppression);
    }
    word = text.find(k_word, begin + line.size());
  }
  return found;
}

std::size_t apply_suppressions(const SourceFile& file, const Lines& lines, const Config& config,
                               std::vector<Finding>& findings) {
  std::vector<Suppression> suppressions = suppressions_in(file.text, lines);
  std::multimap<std::size_t, std::size_t> by_line;
  for (std::size_t i = 0; i < suppressions.size(); ++i) {
    by_line.emplace(suppressions[i].line, i);
    if (suppressions[i].target != suppressions[i].line) {
      by_line.emplace(suppressions[i].target, i);
    }
  }
  const std::size_t before = findings.size();
  std::erase_if(findings, [&](const Finding& finding) {
    const std::size_t first = first_line_of(lines, finding);
    const bool here = use(suppressions, by_line, finding.line, finding.rule->id);
    return (first != finding.line && use(suppressions, by_line, first, finding.rule->id)) || here;
  });
  const std::size_t suppressed = before - findings.size();
  if (suppressions.empty() || kind_of(file.name, file.text) == FileKind::text) {
    return suppressed;
  }
  Findings added;
  for (const Suppression& one : suppressions) {
    if (!one.used && is_judged(one, config)) {
      added
          .add("HM404", one.span,
               one.has_reason ? "a suppression that suppresses nothing"
                              : "a suppression without a reason, so it suppresses nothing")
          .key = std::string(k_word);
    }
  }
  findings.insert(findings.end(), added.all().begin(), added.all().end());
  return suppressed;
}

}  // namespace helmme::lint
