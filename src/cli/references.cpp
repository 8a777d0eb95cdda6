#include "cli/references.h"

#include <filesystem>
#include <optional>
#include <utility>

#include "base/duration.h"
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
  settings.timeout = base::parse_duration(options.timeout).value_or(settings.timeout);
  return settings;
}

std::vector<Result<Secret>> ProviderReferences::read_all(const std::vector<std::string>& references) {
  std::vector<Result<FetchedReference>> parsed;
  std::vector<placeholder::Locator> locators;
  for (const std::string& text : references) {
    Result<FetchedReference>& reference = parsed.emplace_back(parse(text));
    if (reference) {
      *reference = provider::as_asked(*std::move(reference));
      locators.push_back(reference->locator);
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

Result<std::map<std::string, Secret>> ProviderReferences::decrypt(const std::string& path, const std::string& name) {
  TRY_ASSIGN(const FetchedValue file, providers_.decrypt(path, name));
  std::map<std::string, Secret> values;
  for (const auto& [key, value] : file.entries) {
    if (!value.is_scalar()) {
      return base::fail(
          {.kind = base::ErrorKind::bad_input,
           .message = "the value of \"" + base::printable(key) + "\" in \"" + base::printable(name) +
                      "\" is nested: a secrets file is flat",
           .help = "write each value as KEY: VALUE, or name it: KEY: ref+sops://FILE#/" + base::printable(key) + "/…"});
    }
    if (value.kind != FetchedValue::Kind::null && !value.scalar.empty()) {
      values.emplace(key, value.scalar.clone());
    }
  }
  return values;
}

}  // namespace helmme::cli
