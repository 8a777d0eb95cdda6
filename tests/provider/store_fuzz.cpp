// Any bytes as a store and as an entry, and a good store with any of its bytes changed: no crash, and nothing opens
// that was not written.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "crypto/sha256.h"
#include "provider/store_format.h"
#include "store_for_tests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace helmme;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const base::Secret key(std::string(provider::k_store_key_size, 'k'));
  if (provider::open_store(text, key) || provider::open_store(std::string(text) + crypto::sha256(text), key)) {
    __builtin_trap();
  }
  if (const auto entry = provider::unpack_entry(text)) {
    // Keys come in order when they are written, so only the content must be the same.
    if (!provider::unpack_entry(provider::pack_entry(*entry).reveal())) {
      __builtin_trap();
    }
  }

  provider::Entries entries;
  provider::put(entries, "shop", "API_KEY", "value");
  provider::put(entries, "warehouse", "A", "1");
  provider::CountingRandom random;
  const std::string good = provider::seal_store(entries, {}, key, random);
  std::string changed = good.substr(0, good.size() - 32);
  // Two bytes a place, one what it becomes.
  for (std::size_t i = 0; i + 2 < size; i += 3) {
    changed[(data[i] * 256U + data[i + 1]) % changed.size()] = static_cast<char>(data[i + 2]);
  }
  changed += crypto::sha256(changed);
  if (changed != good && provider::open_store(changed, key)) {
    __builtin_trap();
  }
  return 0;
}
