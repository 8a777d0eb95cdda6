// Workflow commands (docs.github.com, "Workflow commands for GitHub Actions"), escaped as @actions/core does it.
#include "base/text.h"
#include "lint/report.h"

namespace helmme::lint {
namespace {

std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : base::printable(text)) {
    if (c == '%') {
      out += "%25";
    } else if (property && c == ':') {
      out += "%3A";
    } else if (property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string report_github(const Report& report) {
  std::string out;
  for (const Finding& finding : report.findings) {
    const std::string_view command = finding.severity == Severity::error     ? "error"
                                     : finding.severity == Severity::warning ? "warning"
                                                                             : "notice";
    out += "::" + std::string(command) + " file=" + escaped(finding.file, true) +
           ",line=" + std::to_string(finding.line) + ",endLine=" + std::to_string(finding.end_line) +
           ",col=" + std::to_string(finding.column) + ",endColumn=" + std::to_string(finding.end_column) +
           ",title=" + escaped(finding.rule->id, true) +
           "::" + escaped(finding.message + "; " + std::string(finding.rule->help), false) + "\n";
  }
  return out;
}

}  // namespace helmme::lint
