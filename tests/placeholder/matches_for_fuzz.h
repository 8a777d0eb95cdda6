// What holds of matches whatever the text is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/base64.h"
#include "placeholder/fetched_reference.h"

namespace helmme::placeholder {

// They stand in the text, in order and apart, and the cheap looks see that there are some.
inline void check_matches(std::string_view text, const std::vector<FetchedMatch>& matches, bool annotated) {
  std::size_t end = 0;
  for (const FetchedMatch& match : matches) {
    const FetchedReference& found = match.reference;
    if (found.begin < end || found.length == 0 || found.begin + found.length > text.size()) {
      __builtin_trap();
    }
    end = found.begin + found.length;
    if (match.kind == FetchedMatch::Kind::refused ? match.problem.empty()
                                                  : found.nested.empty() && found.locator.scheme.empty()) {
      __builtin_trap();
    }
  }
  if (!matches.empty() && !annotated && !may_hold_fetched(text)) {
    __builtin_trap();
  }
  for (const std::string before : {"", "a", "ab"}) {
    if (!matches.empty() && !annotated &&
        !may_hold_base64_fetched(crypto::encode_base64(before + std::string(text)).reveal())) {
      __builtin_trap();
    }
  }
}

}  // namespace helmme::placeholder
