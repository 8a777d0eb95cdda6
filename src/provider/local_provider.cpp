#include "provider/local_provider.h"

namespace helmme::provider {
namespace {

base::Result<base::Secret> read_one(const Entries& entries, const Locator& locator) {
  if (!locator.options.empty() || locator.fragment.empty()) {
    return base::fail(
        {.kind = base::ErrorKind::bad_input,
         .message = locator.text() + (locator.fragment.empty() ? " names no key" : " has an option, and there is none"),
         .help = "ref+local://" + locator.path + "#/" + (locator.fragment.empty() ? "KEY" : locator.fragment)});
  }
  TRY_ASSIGN(const Entry* const entry, find_entry(entries, locator.path));
  TRY_ASSIGN(const StoredValue* const stored, find_value(*entry, locator.path, locator.fragment));
  return stored->value.clone();
}

}  // namespace

std::vector<base::Result<base::Secret>> LocalProvider::read_all(std::span<const Locator> locators) {
  std::vector<base::Result<base::Secret>> results;
  const base::Result<Entries> entries = store_.read();
  for (const Locator& locator : locators) {
    results.push_back(entries ? read_one(*entries, locator) : base::fail(entries.error()));
  }
  return results;
}

}  // namespace helmme::provider
