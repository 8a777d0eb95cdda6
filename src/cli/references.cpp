#include "cli/references.h"

#include <filesystem>
#include <utility>

#include "base/text.h"
#include "placeholder/fetched_reference.h"
#include "placeholder/vals.h"

namespace helmme::cli {
namespace {

using base::Result;
using base::Secret;
using placeholder::FetchedReference;
using placeholder::FetchedValue;

Result<FetchedReference> parse(const std::string& text) {
  TRY_ASSIGN(FetchedReference reference, placeholder::parse_vals(text));
  if (!reference.nested.empty()) {
    return base::fail({.kind = base::ErrorKind::bad_input,
                       .message = "a reference inside a reference",
                       .help = "name what is read in full"});
  }
  return reference;
}

Result<Secret> value_of(const FetchedReference& reference, const FetchedValue& read) {
  TRY_ASSIGN(const FetchedValue value, placeholder::evaluate(reference, read));
  if (value.is_scalar()) {
    return placeholder::to_text(value);
  }
  std::vector<std::string> keys = value.keys();
  for (std::string& key : keys) {
    key = base::printable(key);
  }
  return base::fail({.kind = base::ErrorKind::bad_input,
                     .message = base::printable(reference.locator.text()) + " names no key",
                     .help = keys.empty() ? "#/KEY behind it" : "#/KEY behind it; there is " + base::join_words(keys)});
}

}  // namespace

provider::Settings provider_settings(const PostOptions& options, const base::Environment& environment) {
  provider::Settings settings;
  settings.environment = &environment;
  if (!options.policies.empty()) {
    settings.folder = std::filesystem::path(options.policies.front()).parent_path().string();
  }
  settings.offline = options.offline;
  return settings;
}

std::vector<Result<Secret>> ProviderReferences::read_all(const std::vector<std::string>& references) {
  std::vector<Result<FetchedReference>> parsed;
  std::vector<placeholder::Locator> locators;
  for (const std::string& reference : references) {
    if (parsed.emplace_back(parse(reference))) {
      locators.push_back(parsed.back()->locator);
    }
  }
  const std::vector<Result<const provider::Answer*>> answers = providers_.read_all(locators);
  auto next = answers.begin();
  std::vector<Result<Secret>> results;
  for (const Result<FetchedReference>& reference : parsed) {
    if (!reference) {
      results.emplace_back(base::fail(reference.error()));
    } else if (const Result<const provider::Answer*>& answer = *next++; !answer) {
      results.emplace_back(base::fail(answer.error()));
    } else {
      results.push_back(value_of(*reference, (*answer)->value));
    }
  }
  return results;
}

}  // namespace helmme::cli
