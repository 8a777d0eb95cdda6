// Any text as a value with placeholders, with and without the annotation, and as an expression of JSONPath.
#include <cstddef>
#include <cstdint>

#include "matches_for_fuzz.h"
#include "placeholder/argocd_vault_plugin.h"
#include "placeholder/json_path.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace helmme::placeholder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = parse_json(
      R"({"a":{"b":[1,2.50,"c",null,[{"d":true}]],"e":"{\"f\":1}"},"k":"aHVudGVyMg==","l":"x\n\n y\n","tls.crt":"z"})");
  for (const bool annotated : {false, true}) {
    const auto matches = find_argocd_vault_plugin(text, {.path = annotated ? "kv/x" : ""});
    check_matches(text, matches, annotated);
    for (const FetchedMatch& match : matches) {
      if (match.kind == FetchedMatch::Kind::reference) {
        FetchedReference found = match.reference;
        (void)remote_template(found, "v");
        for (const char* const key : {"a", "k", "l"}) {
          found.path = {key};
          (void)evaluate_argocd_vault_plugin(found, *read);
        }
      }
    }
  }
  if (const auto path = JsonPath::parse(text)) {
    (void)path->execute(*read);
  }
  return 0;
}
