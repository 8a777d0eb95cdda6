// Any bytes as an answer of Vault's: no crash, and what is called data is a map.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "provider/vault_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace helmme;
  using provider::VaultAnswer;
  if (size == 0) {
    return 0;
  }
  constexpr std::array<int, 9> k_statuses = {200, 204, 400, 403, 404, 429, 500, 501, 503};
  const int status = k_statuses[data[0] % k_statuses.size()];
  const auto layers = static_cast<provider::VaultLayers>(data[0] / k_statuses.size() % 3);
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const VaultAnswer answer = provider::read_vault_answer(status, body, layers);
  if (answer.kind == VaultAnswer::Kind::data && answer.data.kind != placeholder::FetchedValue::Kind::map) {
    __builtin_trap();
  }
  if (const auto mount = provider::read_vault_mount(answer); mount && !mount->path.ends_with("/")) {
    __builtin_trap();
  }
  return 0;
}
