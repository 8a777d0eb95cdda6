#include "placeholder/fetched_reference.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "placeholder/argocd_vault_plugin.h"
#include "placeholder/bank_vaults.h"
#include "placeholder/vals.h"

namespace helmme::placeholder {
namespace {

constexpr std::array<std::string_view, 4> k_names = {"native", "vals", "argocd-vault-plugin", "bank-vaults"};

// Of two that overlap the one that begins first stays, of two that begin at the same byte the longer one.
std::vector<FetchedMatch> without_overlap(std::vector<FetchedMatch> found) {
  std::stable_sort(found.begin(), found.end(), [](const FetchedMatch& a, const FetchedMatch& b) {
    return a.reference.begin != b.reference.begin ? a.reference.begin < b.reference.begin
                                                  : a.reference.length > b.reference.length;
  });
  std::vector<FetchedMatch> out;
  std::size_t end = 0;
  for (FetchedMatch& match : found) {
    if (match.reference.begin >= end) {
      end = match.reference.begin + match.reference.length;
      out.push_back(std::move(match));
    }
  }
  return out;
}

}  // namespace

std::string_view name_of(Dialect dialect) noexcept { return k_names.at(static_cast<std::size_t>(dialect)); }

std::optional<Dialect> dialect_named(std::string_view word) noexcept {
  const auto* const found = std::find(k_names.begin(), k_names.end(), word);
  return found == k_names.end() ? std::nullopt : std::optional(static_cast<Dialect>(found - k_names.begin()));
}

bool reads_the_same(const FetchedReference& one, const FetchedReference& other) {
  return one.locator == other.locator && one.path == other.path && one.key_template == other.key_template &&
         one.modifiers == other.modifiers;
}

FetchedReference counted_from(FetchedReference reference, std::size_t begin) {
  reference.begin -= begin;
  for (FetchedReference& nested : reference.nested) {
    nested = counted_from(std::move(nested), begin);
  }
  return reference;
}

std::vector<FetchedMatch> find_fetched(std::string_view value, const std::set<Dialect>& dialects,
                                       const ObjectAnnotations& annotations) {
  std::vector<FetchedMatch> found;
  const auto add = [&](std::vector<FetchedMatch> matches) {
    std::move(matches.begin(), matches.end(), std::back_inserter(found));
  };
  if (dialects.contains(Dialect::vals)) {
    add(find_vals(value));
  }
  if (dialects.contains(Dialect::argocd_vault_plugin)) {
    add(find_argocd_vault_plugin(value, annotations));
  }
  if (dialects.contains(Dialect::bank_vaults)) {
    add(find_bank_vaults(value));
  }
  return without_overlap(std::move(found));
}

base::Result<FetchedReference> with_nested(std::string_view value, const FetchedReference& reference,
                                           const std::vector<FetchedValue>& nested) {
  return vals_with_nested(value, reference, nested);
}

base::Result<FetchedValue> evaluate(const FetchedReference& reference, const FetchedValue& read) {
  switch (reference.dialect) {
    case Dialect::vals:
      return evaluate_vals(reference, read);
    case Dialect::argocd_vault_plugin:
      return evaluate_argocd_vault_plugin(reference, read);
    case Dialect::bank_vaults:
      return evaluate_bank_vaults(reference, read);
    default:
      return base::fail(
          {.kind = base::ErrorKind::internal, .message = "a reference of a dialect that fetches nothing"});
  }
}

bool keeps_type(const FetchedReference& reference) noexcept { return reference.dialect != Dialect::bank_vaults; }

}  // namespace helmme::placeholder
