#include "lint/gitleaks_ignore.h"

#include <algorithm>

#include "lint/lines.h"
#include "lint/value.h"

namespace helmme::lint {

void GitleaksIgnore::add(const base::Source& source, std::vector<base::Warning>& warnings) {
  const Lines lines(source.text);
  for (std::size_t number = 1; number <= lines.count(); ++number) {
    std::string entry(trim(lines.line(number)));
    if (entry.empty() || entry.front() == '#') {
      continue;
    }
    const auto colons = std::count(entry.begin(), entry.end(), ':');
    if (colons != 2 && colons != 3) {
      warnings.push_back(
          {.message = "not a fingerprint of gitleaks, so it is left out",
           .location = base::Location{.object = {}, .file = source.name, .line = number, .column = 1, .snippet = {}},
           .help = "file:rule:line, or commit:file:rule:line"});
      continue;
    }
    if (colons == 3) {
      entry.erase(0, entry.find(':') + 1);
    }
    std::replace(entry.begin(), entry.end(), '\\', '/');
    entries_.insert(std::move(entry));
  }
}

bool GitleaksIgnore::contains(std::string_view file, std::string_view rule, std::size_t line) const {
  if (entries_.empty()) {
    return false;
  }
  std::string entry(file);
  entry.append(":").append(rule).append(":").append(std::to_string(line));
  return entries_.contains(entry);
}

}  // namespace helmme::lint
