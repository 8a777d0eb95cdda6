#include "provider/provider.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace helmme::provider {

using placeholder::Locator;

std::vector<base::Result<Answer>> EachProvider::read_all(std::span<const Locator> locators) {
  std::vector<base::Result<Answer>> results;
  results.reserve(locators.size());
  for (const Locator& locator : locators) {
    results.push_back(read(locator));
  }
  return results;
}

base::Result<void> check_options(const Locator& locator, std::initializer_list<std::string_view> known,
                                 bool has_versions) {
  for (const auto& [name, value] : locator.options) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const std::vector<std::string> words(known.begin(), known.end());
      const std::optional<std::string> near = locator.hidden ? std::nullopt : base::nearest(name, words);
      return base::fail(error_about(locator, base::ErrorKind::bad_input,
                                    "there is no option \"" + shown_of(locator, name) + "\" here",
                                    near            ? "did you mean " + *near + "?"
                                    : words.empty() ? "leave it out"
                                                    : "there is " + base::join_words(words)));
    }
  }
  if (!has_versions && !locator.version.empty()) {
    return base::fail(error_about(locator, base::ErrorKind::bad_input, "there are no versions here", "leave it out"));
  }
  return {};
}

std::string shown_of(const Locator& locator, std::string_view part) {
  return locator.hidden ? "…" : base::printable(part);
}

base::Error error_about(const Locator& locator, base::ErrorKind kind, std::string_view what, std::string help) {
  return {.kind = kind, .message = base::printable(locator.text()).append(": ").append(what), .help = std::move(help)};
}

}  // namespace helmme::provider
