// Any stream: an output or errors, never a crash, never a difference that only the check after the edit finds.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "render/render.h"

namespace {

class NoVariables final : public helmme::base::Environment {
 public:
  [[nodiscard]] std::optional<std::string> get(const std::string& /*name*/) const override { return std::nullopt; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const NoVariables environment;
  helmme::render::Input input;
  input.stream = std::string_view(reinterpret_cast<const char*>(data), size);
  input.policies.push_back({.source = {"policy",
                                       "apiVersion: helm-me/v1alpha1\nkind: SecretPolicy\nbundles:\n"
                                       "  b: {existingSecret: made, replaces: {old: {k: K}}}\n"},
                            .folder = ".",
                            .origin = {},
                            .object = {}});
  input.environment = &environment;
  helmme::base::Diagnostics diagnostics;
  const auto rendered = helmme::render::render(input, diagnostics);
  if (rendered.has_value() == diagnostics.failed()) {
    std::abort();
  }
  for (const auto& error : diagnostics.errors) {
    if (error.kind == helmme::base::ErrorKind::internal) {
      std::abort();
    }
  }
  return 0;
}
