#include "placeholder/locator.h"

namespace helmme::placeholder {

std::string Locator::text() const {
  if (hidden) {
    return scheme + ":\xE2\x80\xA6";
  }
  return scheme + ":" + path + (version.empty() ? "" : " version " + version);
}

}  // namespace helmme::placeholder
