#include "render/expansion.h"

namespace helmme::render {

std::vector<VariableUse> variable_uses(std::string_view text) {
  std::vector<VariableUse> uses;
  for (std::size_t at = text.find('$'); at != std::string_view::npos && at + 1 < text.size();) {
    std::size_t next = at + 2;
    if (text[at + 1] == '(') {
      const std::size_t close = text.find(')', at + 2);
      if (close == std::string_view::npos) {
        break;  // for those behind it there is none either
      }
      uses.push_back({at, close + 1, text.substr(at + 2, close - at - 2)});
      next = close + 1;
    }
    at = text.find('$', next);
  }
  return uses;
}

}  // namespace helmme::render
