// What a store holds: entries, each the like of a Kubernetes Secret, and how they are changed. Pure functions over
// values in memory; local_store.h keeps them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace helmme::provider {

// Kubernetes' limit for the values of one Secret (core/v1, MaxSecretSize).
inline constexpr std::size_t k_entry_limit = std::size_t{1} << 20U;

// What Kubernetes calls a Secret of no special type.
inline constexpr const char* k_default_type = "Opaque";

struct StoredValue {
  base::Secret value;
  std::int64_t created = 0;  // seconds since 1970
  std::int64_t changed = 0;  // when the value last became another one
};

struct Entry {
  std::string type = k_default_type;
  std::map<std::string, StoredValue> keys;

  [[nodiscard]] std::size_t size() const noexcept;           // bytes of all values
  [[nodiscard]] std::int64_t changed() const noexcept;       // the latest of its keys; 0 without keys
  [[nodiscard]] std::vector<std::string> key_names() const;  // in order
};

using Entries = std::map<std::string, Entry>;

enum class Reconcile {
  apply,              // merges: keys that are not named stay
  replace,            // the entry becomes what is named
  create_if_missing,  // an entry that is there stays as it is
  fail_if_exists,
};

struct Change {
  std::string name;
  std::optional<std::string> type;  // nullopt: as it is, else Opaque
  std::map<std::string, base::Secret> values;
  Reconcile reconcile = Reconcile::apply;
};

struct Applied {
  bool left_alone = false;           // create_if_missing met an entry
  std::vector<std::string> written;  // keys that are new or have another value now
  bool anything = false;             // false: nothing is different now
};

// bad_input: fail_if_exists met an entry, `apply` named another type, or the entry would be larger than 1 MiB. Then
// `entries` is as it was.
[[nodiscard]] base::Result<Applied> apply(Entries& entries, Change change, std::int64_t now);

// Removes keys, or without any the entry; one that loses its last key goes too. What is not there is not_found, with
// "did you mean", and nothing is removed.
[[nodiscard]] base::Result<void> remove(Entries& entries, const std::string& name,
                                        const std::vector<std::string>& keys);

// not_found with "did you mean".
[[nodiscard]] base::Result<const Entry*> find_entry(const Entries& entries, const std::string& name);
[[nodiscard]] base::Result<const StoredValue*> find_value(const Entry& entry, const std::string& name,
                                                          const std::string& key);

}  // namespace helmme::provider
