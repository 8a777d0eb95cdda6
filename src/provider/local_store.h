// The embedded store: one encrypted file (store_format.h) in a folder of its own, `store`, with `store.key` beside it
// unless the key comes from elsewhere. Writers hold `store.lock` and replace the file whole, so that a run that is
// killed loses nothing that an earlier one has acknowledged, and two at once lose nothing of each other.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/environment.h"
#include "base/error.h"
#include "base/secret.h"
#include "crypto/random.h"
#include "provider/entries.h"
#include "provider/store_format.h"

namespace helmme::provider {

inline constexpr const char* k_store_key_variable = "HELM_ME_STORE_KEY";
inline constexpr const char* k_store_passphrase_variable = "HELM_ME_STORE_PASSPHRASE";
inline constexpr std::size_t k_store_limit = std::size_t{64} << 20U;  // bytes of the file

// Where the store is and what opens it; with neither key nor passphrase the key file does.
struct StoreSettings {
  std::string folder;
  std::optional<base::Secret> key;  // 32 bytes
  std::optional<base::Secret> passphrase;
  unsigned scrypt_log2_n = 17;  // of new passphrases: 128 MiB, some tenths of a second
};

// $XDG_DATA_HOME/helm-me, else $HOME/.local/share/helm-me (XDG Base Directory Specification: a relative
// $XDG_DATA_HOME is ignored); HELM_ME_STORE_KEY or HELM_ME_STORE_PASSPHRASE.
[[nodiscard]] base::Result<StoreSettings> store_settings(const base::Environment& environment);

// The 32 bytes of a key as `openssl rand -base64 32` writes them. `name` is the variable, for the error.
[[nodiscard]] base::Result<base::Secret> read_store_key(const std::string& name, const base::Secret& text);

// What rekey() changes to. Neither: a new key file.
struct NewStoreKey {
  std::optional<base::Secret> key;
  std::optional<base::Secret> passphrase;
};

class LocalStore {
 public:
  LocalStore(StoreSettings settings, crypto::Random& random);

  [[nodiscard]] std::string path() const { return settings_.folder + "/store"; }
  [[nodiscard]] std::string key_path() const { return path() + ".key"; }

  // Everything; empty where there is no store yet. Errors: a missing key file is not_found; a wrong key, or a file that
  // may not be read, is denied; a damaged store is unavailable.
  [[nodiscard]] base::Result<Entries> read() const;

  // A key that follows from the store's own and from `label` (HMAC-SHA-256, RFC 2104): the same until a rekey(), and no
  // way back. nullopt: there is no store yet. Errors as read().
  [[nodiscard]] base::Result<std::optional<base::Secret>> derived_key(std::string_view label) const;

  // Lets `change` edit the entries under the lock and writes them, unless it fails or returns false: nothing is
  // different. Makes folder, key file and store where they are not there. A store that does not open is left alone.
  [[nodiscard]] base::Result<void> update(const std::function<base::Result<bool>(Entries&)>& change);

  // The store must be there. At each moment the key that opens the file is on the disk, or is the caller's.
  [[nodiscard]] base::Result<void> rekey(const NewStoreKey& to);

 private:
  struct Opened {
    Entries entries;
    StoreHeader header;
    base::Secret master;
    bool by_new_key_file = false;  // a rekey() was killed before it was done
  };

  [[nodiscard]] std::string new_key_path() const { return key_path() + "-next"; }
  [[nodiscard]] base::Result<std::optional<Opened>> open() const;
  [[nodiscard]] base::Result<Opened> open_by_key_file(std::string_view bytes, StoreHeader header) const;
  [[nodiscard]] base::Result<Opened> open_by_settings(std::string_view bytes, StoreHeader header) const;
  [[nodiscard]] base::Result<std::optional<base::Secret>> read_key_file(const std::string& path) const;
  [[nodiscard]] base::Result<base::Secret> make_key_file(const std::string& path) const;
  [[nodiscard]] base::Result<Opened> key_of_new_store() const;
  [[nodiscard]] base::Result<void> finish_rekey(const std::optional<Opened>& opened) const;
  [[nodiscard]] base::Result<void> write(const Opened& opened) const;
  [[nodiscard]] StoreHeader passphrase_header() const;
  [[nodiscard]] base::Error error_of(StoreFault fault, const std::string& key_name) const;

  StoreSettings settings_;
  crypto::Random& random_;
};

}  // namespace helmme::provider
