#include "provider/local_provider.h"

#include <utility>

namespace helmme::provider {
namespace {

using placeholder::FetchedValue;
using placeholder::Locator;

constexpr std::string_view k_digest_label = "helm-me.io/secret-version";

base::Result<Answer> read_one(const Entries& entries, const Locator& locator) {
  TRY(check_options(locator, {}));
  const base::Result<const Entry*> found = find_entry(entries, locator.path);
  if (!found) {
    return base::fail(locator.hidden
                          ? error_about(locator, found.error().kind, "the local store has no entry of that name")
                          : found.error());
  }
  const Entry* const entry = *found;
  Answer answer;
  answer.value.kind = FetchedValue::Kind::map;
  for (const auto& [key, stored] : entry->keys) {
    answer.value.entries.emplace_back(key, FetchedValue::text(stored.value.reveal()));
  }
  return answer;
}

}  // namespace

std::vector<base::Result<Answer>> LocalProvider::read_all(std::span<const Locator> locators) {
  std::vector<base::Result<Answer>> results;
  base::Result<StoreSettings> settings = store_settings(environment_);
  base::Result<Entries> entries = Entries{};
  if (settings) {
    const LocalStore store(*std::move(settings), random_);
    entries = store.read();
    base::Result<std::optional<base::Secret>> key = store.derived_key(k_digest_label);
    digest_key_ = key ? *std::move(key) : std::nullopt;
  } else {
    entries = base::fail(settings.error());
  }
  for (const Locator& locator : locators) {
    results.push_back(entries ? read_one(*entries, locator) : base::fail(entries.error()));
  }
  return results;
}

}  // namespace helmme::provider
