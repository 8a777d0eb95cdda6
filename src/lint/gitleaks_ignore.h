// .gitleaksignore: fingerprints of findings that are known, one a line, as gitleaks 8 reads them.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace helmme::lint {

inline constexpr std::string_view k_gitleaks_ignore_name = ".gitleaksignore";

class GitleaksIgnore {
 public:
  // Adds what a file holds: "file:rule:line", or "commit:file:rule:line", whose commit is not looked at, since files
  // are read as they are. Lines of another form are remarked on, as gitleaks does.
  void add(const base::Source& source, std::vector<base::Warning>& warnings);

  // `line`: from 1; 0 for a rule that goes by the file's name alone.
  [[nodiscard]] bool contains(std::string_view file, std::string_view rule, std::size_t line) const;

 private:
  std::set<std::string, std::less<>> entries_;  // "file:rule:line"
};

}  // namespace helmme::lint
