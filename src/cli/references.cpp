#include "cli/references.h"

#include <utility>

#include "provider/local_provider.h"

namespace helmme::cli {
namespace {

using base::Result;
using base::Secret;
using provider::Locator;

constexpr std::string_view k_digest_label = "helm-me.io/secret-version";

base::Error foreign(const Locator& locator) {
  return {.kind = base::ErrorKind::bad_input,
          .message = "a reference to a provider of scheme " + locator.scheme + " is not in this version",
          .help = "ref+local://NAME#/KEY"};
}

// Everything that the local store is asked for, in one reading of it.
std::vector<Result<Secret>> read_local(const std::vector<Locator>& locators, const base::Environment& environment,
                                       crypto::Random& random, std::optional<Secret>& digest_key) {
  std::vector<Result<Secret>> results;
  Result<provider::StoreSettings> settings = provider::store_settings(environment);
  if (settings) {
    const provider::LocalStore store(*std::move(settings), random);
    std::vector<Result<Secret>> read = provider::LocalProvider(store).read_all(locators);
    Result<std::optional<Secret>> key = store.derived_key(k_digest_label);
    digest_key = key ? *std::move(key) : std::nullopt;
    return read;
  }
  for (std::size_t i = 0; i < locators.size(); ++i) {
    results.emplace_back(base::fail(settings.error()));
  }
  return results;
}

}  // namespace

std::vector<Result<Secret>> ProviderReferences::read_all(const std::vector<std::string>& references) {
  std::vector<Result<Locator>> parsed;
  std::vector<Locator> local;
  for (const std::string& reference : references) {
    parsed.push_back(provider::parse_locator(reference));
    if (parsed.back() && parsed.back()->scheme == "local") {
      local.push_back(*parsed.back());
    }
  }
  std::vector<Result<Secret>> read =
      local.empty() ? std::vector<Result<Secret>>() : read_local(local, environment_, random_, digest_key_);
  auto next = read.begin();
  std::vector<Result<Secret>> results;
  for (const Result<Locator>& locator : parsed) {
    if (!locator) {
      results.emplace_back(base::fail(locator.error()));
    } else if (locator->scheme == "local") {
      results.push_back(std::move(*next++));
    } else {
      results.emplace_back(base::fail(foreign(*locator)));
    }
  }
  return results;
}

}  // namespace helmme::cli
