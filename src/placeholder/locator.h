// A unique thing to fetch: what a provider is asked for, whatever dialect named it.
#pragma once

#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace helmme::placeholder {

struct Locator {
  std::string scheme;                               // "vault", "file": which provider
  std::string path;                                 // as the backend names it, without a leading "/" of the URL's own
  std::string version = {};                         // empty: the newest
  std::map<std::string, std::string> options = {};  // vals' `?name=value`, without `version`
  // Keys that the reader walks itself. Empty of all schemes that are read here: see FetchedReference::path.
  std::vector<std::string> keys = {};
  // Where a value that was read went into it: no message shows its path or version.
  bool hidden = false;

  // NOLINTNEXTLINE(modernize-use-nullptr): the 0 that the compiler writes
  [[nodiscard]] auto operator<=>(const Locator&) const = default;
  // "vault:secret/data/shop", "vault:secret/data/shop version 3", for messages: without options. Hidden:
  // "vault:…".
  [[nodiscard]] std::string text() const;
};

// True of an option that says which of a backend's values is meant, and nothing about where, how or as whom it is read:
// `version`, `region`.
[[nodiscard]] bool only_selects(std::string_view option) noexcept;

}  // namespace helmme::placeholder
