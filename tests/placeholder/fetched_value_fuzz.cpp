// Any bytes as JSON and as YAML: what is read comes out as JSON that gives the same value again.
#include <cstddef>
#include <cstdint>

#include "placeholder/fetched_value.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace helmme::placeholder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& value : {parse_json(text), parse_yaml(text)}) {
    if (!value) {
      continue;
    }
    const auto written = to_json(value->clone());
    const auto again = parse_json(written.reveal());
    if (!again || !to_json(*again).equals(written)) {
      __builtin_trap();
    }
  }
  return 0;
}
