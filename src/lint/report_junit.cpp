// JUnit's XML as CI servers read it: each finding is a failed test; a clean run has one that passed.
#include "base/text.h"
#include "lint/report.h"

namespace helmme::lint {
namespace {

// Character data and attribute values of XML 1.0; printable() has taken what XML does not allow.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : base::printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string report_junit(const Report& report) {
  const std::string failures = std::to_string(report.findings.size());
  const std::string tests = report.findings.empty() ? "1" : failures;
  const std::string counts = " tests=\"" + tests + "\" failures=\"" + failures + "\"";
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts +
                    ">\n  <testsuite name=\"helm-me lint\"" + counts + ">\n";
  for (const Finding& finding : report.findings) {
    const std::string place = finding.file + ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
    out += "    <testcase classname=\"" + escaped(finding.file) + "\" name=\"" +
           escaped(std::string(finding.rule->id) + " " + place) + "\">\n      <failure type=\"" +
           std::string(name_of(finding.severity)) + "\" message=\"" + escaped(finding.message) + "\">" +
           escaped(place + ": " + std::string(finding.rule->help)) + "</failure>\n    </testcase>\n";
  }
  if (report.findings.empty()) {
    out += "    <testcase classname=\"helm-me lint\" name=\"no findings\"/>\n";
  }
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace helmme::lint
