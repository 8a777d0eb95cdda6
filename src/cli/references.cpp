#include "cli/references.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
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

constexpr const char* k_timeout_variable = "HELM_ME_TIMEOUT";

// "500ms", "30s", "2m". nullopt: another form, nothing, or more than a day.
std::optional<std::chrono::milliseconds> duration_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 3> k_units = {
      {{"ms", 1}, {"s", 1000}, {"m", 60000}}};
  constexpr std::uint64_t k_most = 24ULL * 60 * 60 * 1000;
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, count);
  const std::string_view word(stop, static_cast<std::size_t>(end - stop));
  const auto* const unit =
      std::find_if(k_units.begin(), k_units.end(), [&](const auto& one) { return one.first == word; });
  if (problem != std::errc() || unit == k_units.end() || count == 0 || count > k_most / unit->second) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(count * unit->second));
}

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

provider::Settings provider_settings(const PostOptions& options, const base::Environment& environment,
                                     base::Diagnostics& diagnostics) {
  provider::Settings settings;
  settings.environment = &environment;
  if (!options.policies.empty()) {
    settings.folder = std::filesystem::path(options.policies.front()).parent_path().string();
  }
  const std::string offline = environment.get("HELM_ME_OFFLINE").value_or("");
  settings.offline = options.offline || !(offline.empty() || offline == "0" || offline == "false");
  const std::string timeout = environment.get(k_timeout_variable).value_or("");
  if (const std::optional<std::chrono::milliseconds> duration = duration_of(timeout)) {
    settings.timeout = *duration;
  } else if (!timeout.empty()) {
    diagnostics.error({.kind = base::ErrorKind::usage,
                       .message = std::string(k_timeout_variable) + " is no duration",
                       .help = std::string(k_timeout_variable) + "=30s"});
  }
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
