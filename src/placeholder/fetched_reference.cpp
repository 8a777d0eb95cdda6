#include "placeholder/fetched_reference.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace helmme::placeholder {
namespace {

constexpr std::array<std::string_view, 4> k_names = {"native", "vals", "argocd-vault-plugin", "bank-vaults"};

}  // namespace

std::string_view name_of(Dialect dialect) noexcept { return k_names.at(static_cast<std::size_t>(dialect)); }

std::optional<Dialect> dialect_named(std::string_view word) noexcept {
  const auto* const found = std::find(k_names.begin(), k_names.end(), word);
  return found == k_names.end() ? std::nullopt : std::optional(static_cast<Dialect>(found - k_names.begin()));
}

}  // namespace helmme::placeholder
