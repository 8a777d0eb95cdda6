// What `ref+…` values name, read from the providers of this program.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"
#include "crypto/random.h"
#include "policy/references.h"

namespace helmme::cli {

class ProviderReferences final : public policy::References {
 public:
  // `environment` must outlive it.
  explicit ProviderReferences(const base::Environment& environment) : environment_(environment) {}

  // The local store is opened when the first reference asks for it.
  [[nodiscard]] std::vector<base::Result<base::Secret>> read_all(const std::vector<std::string>& references) override;
  // Follows from the local store's key, where that was read.
  [[nodiscard]] const base::Secret* digest_key() const override { return digest_key_ ? &*digest_key_ : nullptr; }

 private:
  const base::Environment& environment_;
  crypto::SystemRandom random_;
  std::optional<base::Secret> digest_key_;
};

}  // namespace helmme::cli
