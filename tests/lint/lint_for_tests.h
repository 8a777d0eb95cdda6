// What the tests of lint share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lint/lint.h"

namespace helmme::lint {

// A text whose secrets stand between "«" and "»".
struct Marked {
  std::string text;
  std::vector<Span> spans;
};

inline Marked unmark(std::string_view marked) {
  Marked out;
  while (!marked.empty()) {
    if (marked.starts_with("«")) {
      out.spans.push_back({out.text.size(), 0});
      marked.remove_prefix(std::string_view("«").size());
    } else if (marked.starts_with("»")) {
      out.spans.back().end = out.text.size();
      marked.remove_prefix(std::string_view("»").size());
    } else {
      out.text += marked.front();
      marked.remove_prefix(1);
    }
  }
  return out;
}

inline CheckedText check(std::string_view name, std::string text, const Config& config = {}) {
  static const TokenScanner scanner;
  constexpr std::string_view k_chart = "Chart.yaml+";
  SourceFile file{.name = std::string(name), .text = std::move(text)};
  if (name.starts_with(k_chart)) {
    file.name = "shop/" + std::string(name.substr(k_chart.size()));
    file.values_of_chart = true;
  }
  return check_text(file, scanner, config);
}

// "HM101 3:5-3:9 auth.password", one a finding.
inline std::vector<std::string> shown(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& finding : findings) {
    out.push_back(std::string(finding.rule->id) + " " + std::to_string(finding.line) + ":" +
                  std::to_string(finding.column) + "-" + std::to_string(finding.end_line) + ":" +
                  std::to_string(finding.end_column) + (finding.yaml_path.empty() ? "" : " " + finding.yaml_path));
  }
  return out;
}

}  // namespace helmme::lint
