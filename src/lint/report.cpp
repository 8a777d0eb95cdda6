#include "lint/report.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace helmme::lint {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 7> k_formats = {{{"text", Format::text},
                                                                           {"json", Format::json},
                                                                           {"sarif", Format::sarif},
                                                                           {"gitlab", Format::gitlab},
                                                                           {"junit", Format::junit},
                                                                           {"rdjson", Format::rdjson},
                                                                           {"github", Format::github}}};

// An example without its marks.
std::string unmarked(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at, 2);
    if (rest == "\xC2\xAB" || rest == "\xC2\xBB") {
      at += 2;
    } else {
      out += text[at++];
    }
  }
  return out;
}

void add_indented(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += "    ";
    out.append(text.substr(0, end)) += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::optional<Format> format_named(std::string_view word) {
  for (const auto& [name, format] : k_formats) {
    if (name == word) {
      return format;
    }
  }
  return std::nullopt;
}

std::string format_report(const Report& report, Format format, bool colour) {
  switch (format) {
    case Format::json:
      return report_json(report);
    case Format::sarif:
      return report_sarif(report);
    case Format::gitlab:
      return report_gitlab(report);
    case Format::junit:
      return report_junit(report);
    case Format::rdjson:
      return report_rdjson(report);
    case Format::github:
      return report_github(report);
    case Format::text:
      break;
  }
  return report_text(report, colour);
}

std::string explain(const Rule& rule) {
  std::string out =
      std::string(rule.id) + ": " + std::string(rule.title) + " (" + std::string(name_of(rule.severity)) + ")\n\n";
  out.append(rule.why) += "\n\nhelp: ";
  out.append(rule.help) += "\n";
  if (!rule.fix.empty()) {
    out += "\nfix:\n";
    add_indented(out, rule.fix);
  }
  if (rule.found.empty() || rule.clean.empty()) {
    return out;
  }
  out += "\nfound, for example in " + std::string(rule.found.front().file) + ":\n";
  add_indented(out, unmarked(rule.found.front().text));
  out += "\nnot found:\n";
  add_indented(out, rule.clean.front().text);
  return out;
}

std::string list_rules(const std::vector<const Rule*>& more) {
  std::string out;
  const auto add = [&](const auto& rules) {
    for (const Rule* rule : rules) {
      std::string severity(name_of(rule->severity));
      severity.resize(8, ' ');
      out += std::string(rule->id) + "  " + severity + " " + std::string(rule->title) + "\n";
    }
  };
  add(all_rules());
  add(more);
  return out;
}

std::string uri_of(std::string_view path) { return base::percent_encode(path, "-._~/!$&'()*+,;=@"); }

}  // namespace helmme::lint
