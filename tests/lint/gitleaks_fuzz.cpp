// Any bytes as a gitleaks.toml, and any bytes under rules of every kind: no crash, and every match inside the text, in
// the line that it says.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lint/gitleaks_scan.h"

namespace {

using namespace helmme;

base::Result<lint::GitleaksConfig> read(const std::string& text) {
  return lint::read_gitleaks_config("g.toml", {.read = [&](const std::string& path) -> base::Result<base::Source> {
                                                 return base::Source{path, text};
                                               },
                                               .built_in = {}});
}

constexpr const char* k_rules = R"(
[[rules]]
id = 'generic'
regex = '''(?i)[\w.-]{0,50}?(?:key|token)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|:)[\s'"]{0,5}([\w.=-]{4,50})'''
keywords = ['key', 'token']
[[rules.allowlists]]
regexTarget = 'line'
regexes = ['^x']
stopwords = ['abc']
[[rules]]
id = 'any'
regex = '''a*'''
[[rules]]
id = 'lines'
regex = '''\n+b\n*'''
entropy = 0.1
[[rules]]
id = 'both'
regex = '''q'''
[[rules.required]]
id = 'any'
withinLines = 1
withinColumns = 2
[[rules]]
id = 'file'
path = '''.'''
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const lint::GitleaksScanner scanner(*read(k_rules));
  if (size == 0) {
    return 0;
  }
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 't') {
    static_cast<void>(read(text));
    return 0;
  }
  for (const lint::GitleaksMatch& match : scanner.find("values.yaml", text)) {
    const bool inside = match.span.begin <= match.span.end && match.span.end <= text.size();
    const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
    if (!inside || match.line > static_cast<std::size_t>(lines)) {
      std::abort();
    }
    if (!match.whole_file) {
      const auto before = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(match.span.begin), '\n');
      if (match.line != static_cast<std::size_t>(before) + 1) {
        std::abort();
      }
    }
  }
  return 0;
}
