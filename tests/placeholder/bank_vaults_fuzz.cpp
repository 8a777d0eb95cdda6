// Any text as a value with references and as a template.
#include <cstddef>
#include <cstdint>

#include "matches_for_fuzz.h"
#include "placeholder/bank_vaults.h"
#include "placeholder/go_template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace helmme::placeholder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = parse_json(
      R"({"a":"b","n":42,"f":1.5,"y":true,"z":null,"l":["c","d"],"m":{"k":"v"},"b64":"aHVudGVyMg==","j":"[1]","s":"x:y"})");
  const auto matches = find_bank_vaults(text);
  check_matches(text, matches, false);
  for (const FetchedMatch& match : matches) {
    if (match.kind == FetchedMatch::Kind::reference) {
      (void)evaluate_bank_vaults(match.reference, *read);
      (void)remote_template(match.reference, "v");
    }
  }
  const auto parsed = GoTemplate::parse(text);
  if (parsed) {
    (void)parsed->execute(*read);
  } else if (with_double_braces(text)) {
    __builtin_trap();
  }
  return 0;
}
