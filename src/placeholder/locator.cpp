#include "placeholder/locator.h"

namespace helmme::placeholder {

std::string Locator::text() const { return scheme + ":" + path + (version.empty() ? "" : " version " + version); }

}  // namespace helmme::placeholder
