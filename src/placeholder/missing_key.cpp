#include "placeholder/missing_key.h"

#include <optional>

#include "base/text.h"

namespace helmme::placeholder {

base::Error missing_key(const Locator& locator, const std::vector<std::string>& before, std::string_view key,
                        const std::vector<std::string>& keys, std::string_view shape) {
  base::Error error{.kind = base::ErrorKind::not_found,
                    .message = "secret not found: " + base::printable(locator.text()) + " has no key"};
  if (locator.hidden) {
    return error;
  }
  std::string path;
  for (const std::string& found : before) {
    path.append(found).append("/");
  }
  error.message += " \"" + base::printable(path) + base::printable(key) + "\"";
  if (const std::optional<std::string> near = base::nearest(key, keys)) {
    error.help = "did you mean " + std::string(shape) + base::printable(path + *near) + "?";
  } else if (keys.empty()) {
    error.help = "there are no keys in it";
  }
  return error;
}

}  // namespace helmme::placeholder
