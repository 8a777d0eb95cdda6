// Any bytes under any kind of file: no crash, every span inside the text, no value in what is said of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lint_for_tests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view k_names[] = {"values.yaml",      "Chart.yaml+values.yaml",
                                          "templates/a.yaml", "templates/NOTES.txt",
                                          "templates/a.tpl",  ".gitlab-ci.yml",
                                          "helmfile.yaml",    "a.sh",
                                          "Jenkinsfile",      "a.env",
                                          "Chart.yaml",       "secrets.yaml",
                                          "main.tf",          "azure-pipelines.yml"};
  if (size == 0) {
    return 0;
  }
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view name = k_names[data[0] % std::size(k_names)];
  for (const helmme::lint::Finding& finding : helmme::lint::check(name, text).findings) {
    if (finding.span.begin >= finding.span.end || finding.span.end > text.size() || finding.line == 0 ||
        finding.column == 0) {
      std::abort();
    }
  }
  return 0;
}
