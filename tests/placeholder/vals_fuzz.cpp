// Any text: a reference that is found is one when it stands alone, and takes any value for those inside it.
#include <cstddef>
#include <cstdint>

#include "matches_for_fuzz.h"
#include "placeholder/vals.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace helmme::placeholder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<FetchedMatch> matches = find_vals(text);
  check_matches(text, matches, false);
  for (const FetchedMatch& match : matches) {
    FetchedReference found = match.reference;
    auto alone = parse_vals(text.substr(found.begin, found.length));
    if (alone.has_value() != (match.kind == FetchedMatch::Kind::reference)) {
      __builtin_trap();
    }
    if (!alone) {
      continue;
    }
    if (alone->locator != found.locator || alone->path != found.path || alone->nested.size() != found.nested.size()) {
      __builtin_trap();
    }
    std::vector<FetchedValue> values;
    for (std::size_t i = 0; i < found.nested.size(); ++i) {
      values.push_back(FetchedValue::text(text.empty() ? "x" : text));
    }
    if (!values.empty()) {
      const auto whole = vals_with_nested(text, found, values);
      if (whole && !whole->nested.empty()) {
        __builtin_trap();
      }
    } else {
      (void)evaluate_vals(found, FetchedValue::text(text));
    }
  }
  return 0;
}
