// What Vault's HTTP API answers (https://developer.hashicorp.com/vault/api-docs), told apart. Pure: tests and the
// fuzzer feed it bytes. Nothing of an error's own text is kept: Vault's `errors` may name paths and more.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "placeholder/fetched_value.h"

namespace helmme::provider {

struct VaultAnswer {
  enum class Kind {
    data,
    missing,
    deleted,        // that version of a KV v2 secret, and can be undeleted
    destroyed,      // likewise, and cannot
    denied,         // also: the token is no good. 403 says no more
    refused,        // 400: the request itself
    throttled,      // 429
    sealed,         // 503
    uninitialized,  // 501
    needs_tls,      // http:// was spoken to a server of https://
    failed,         // another status
    malformed,      // not what the API promises
  };
  Kind kind = Kind::malformed;
  int status = 0;
  placeholder::FetchedValue data = {};  // of a KV v2 secret: its keys
  std::string version = {};             // of a KV v2 secret, also one that is deleted
  std::string deleted_at = {};          // RFC 3339
  std::string lease_id = {};
};

// What a path of a KV v2 mount gives is in two layers.
enum class VaultLayers { one, two, by_look };
[[nodiscard]] VaultAnswer read_vault_answer(int status, std::string_view body, VaultLayers layers);

// What GET sys/internal/ui/mounts/PATH says.
struct VaultMount {
  std::string path;         // "secret/", "team/kv/"
  bool keeps_keys = false;  // a KV mount
  bool has_versions = false;
  [[nodiscard]] bool operator==(const VaultMount&) const = default;
};
// nullopt: not that.
[[nodiscard]] std::optional<VaultMount> read_vault_mount(const VaultAnswer& answer);

// The path of the API for a secret as people and vals write it, with or without `data/` behind a KV v2 mount.
[[nodiscard]] std::string vault_api_path(const VaultMount& mount, std::string_view path);
// The secret's path in its mount, without `data/`: "shop/db".
[[nodiscard]] std::string vault_secret_path(const VaultMount& mount, std::string_view path);

}  // namespace helmme::provider
