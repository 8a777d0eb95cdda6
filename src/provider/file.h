// ref+file://PATH: a file below the policy's folder, as it is.
#pragma once

#include <cstddef>
#include <string>

#include "provider/provider.h"

namespace helmme::provider {

// What a file of secrets may have, in bytes.
inline constexpr std::size_t k_file_limit = std::size_t{4} << 20U;

// The answer is text: what a path walks in it is read as YAML or JSON where it is walked. Option `encode=base64` gives
// the bytes in base64, as vals has it.
class FileProvider final : public EachProvider {
 public:
  explicit FileProvider(std::string folder) : folder_(std::move(folder)) {}

 private:
  [[nodiscard]] base::Result<Answer> read(const placeholder::Locator& locator) override;

  std::string folder_;
};

}  // namespace helmme::provider
