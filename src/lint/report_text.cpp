#include <algorithm>

#include "base/text.h"
#include "lint/report.h"

namespace helmme::lint {
namespace {

using base::printable;

// SGR codes (ECMA-48, 8.3.117).
constexpr std::string_view k_red = "\033[1;31m";
constexpr std::string_view k_yellow = "\033[1;33m";
constexpr std::string_view k_blue = "\033[1;34m";
constexpr std::string_view k_cyan = "\033[1;36m";
constexpr std::string_view k_plain = "\033[0m";

constexpr std::size_t k_least_gutter = 2;

class TextReport {
 public:
  explicit TextReport(bool colour) : colour_(colour) {}

  void add(const Finding& finding) {
    paint(std::string(name_of(finding.severity)) + "[" + std::string(finding.rule->id) + "]",
          colour_of(finding.severity));
    text_ += ": " + printable(finding.message) + "\n";
    const std::string number = std::to_string(finding.line);
    const std::size_t gutter = std::max(k_least_gutter, number.size());
    text_.append(gutter, ' ');
    paint("-->", k_blue);
    text_ += " " + printable(finding.file) + ":" + number + ":" + std::to_string(finding.column);
    text_ += finding.object.empty() ? "\n" : ": " + printable(finding.object) + "\n";
    paint(std::string(gutter + 1, ' ') + "|\n" + std::string(gutter - number.size(), ' ') + number + " |", k_blue);
    // Whatever the line holds, no more than the key is shown.
    text_ += " " + (finding.key.empty() ? std::string() : printable(finding.key) + ": ") + "****\n";
    paint(std::string(gutter + 1, ' ') + "|\n", k_blue);
    paint("help", k_cyan);
    text_ += ": " + std::string(finding.rule->help) + "\n\n";
  }

  void summary(const Report& report) {
    const auto count = [&](Severity severity) {
      return std::count_if(report.findings.begin(), report.findings.end(),
                           [&](const Finding& finding) { return finding.severity == severity; });
    };
    const auto counted = [](auto number, const std::string& word) {
      return std::to_string(number) + " " + word + (number == 1 ? "" : "s");
    };
    text_ += counted(count(Severity::error), "error") + ", " + counted(count(Severity::warning), "warning") + ", " +
             std::to_string(count(Severity::info)) + " info in " + counted(report.files, "file");
    text_ += report.suppressed > 0 ? ", " + std::to_string(report.suppressed) + " suppressed\n" : "\n";
  }

  std::string take() { return std::move(text_); }

 private:
  static std::string_view colour_of(Severity severity) {
    return severity == Severity::error ? k_red : severity == Severity::warning ? k_yellow : k_cyan;
  }

  void paint(std::string_view text, std::string_view with) {
    if (colour_) {
      text_.append(with).append(text).append(k_plain);
    } else {
      text_ += text;
    }
  }

  bool colour_;
  std::string text_;
};

}  // namespace

std::string report_text(const Report& report, bool colour) {
  TextReport text(colour);
  for (const Finding& finding : report.findings) {
    text.add(finding);
  }
  text.summary(report);
  return text.take();
}

}  // namespace helmme::lint
