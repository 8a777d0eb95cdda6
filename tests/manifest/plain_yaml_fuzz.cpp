// Whatever the fast reader takes, libyaml reads as well, and as the same tree.
#include <cstdint>
#include <cstdlib>

#include "plain_yaml_for_tests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (!helmme::manifest::difference_from_libyaml(bytes).empty()) {
    std::abort();
  }
  return 0;
}
