// The bytes of the local store. Nothing of it can be changed, cut, moved or taken from an older copy without being
// found; only an older copy of the whole file opens as what it is.
//
//   16  "helm-me store 1\n": what it is, and the version of the format
//    1  what opens it: 0 a key of 32 bytes, 1 a passphrase
//    1  log2 of scrypt's N (r 8, p 1); 0 with a key
//   16  scrypt's salt; zeros with a key
//   32  salt of this writing, fresh each time
//   32  HMAC-SHA-256 over all the above, under the key
//    4  size of the index, sealed; then the index; then the entries, in the index's order, each of the size it says
//   32  SHA-256 over all the above. It keeps nobody out: it tells damage from a wrong key.
//
// Index: count (4); for each entry the size of its name (2), the name, the size of its sealed bytes (4).
// Entry: size of its type (2), the type, count of keys (4); for each key the size of its name (2), the name, created
// and changed (8 each, seconds), the size of its value (4), the value. Integers are big-endian.
//
// The sealed parts are AES-256-GCM under a key that HMAC derives from the master key and the writing's salt, so each
// writing has a key of its own and the nonces just count: 0 the index, then the entries. What is bound: to the index
// the bytes above it, to an entry its name. The master key is the 32 bytes, or scrypt of the passphrase.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"
#include "crypto/random.h"
#include "provider/entries.h"

namespace helmme::provider {

inline constexpr std::size_t k_store_key_size = 32;
inline constexpr std::size_t k_scrypt_salt_size = 16;
inline constexpr unsigned k_least_scrypt_log2_n = 10;
inline constexpr unsigned k_most_scrypt_log2_n = 20;  // 1 GiB of memory

enum class StoreKeyKind { key = 0, passphrase = 1 };

// What the file says about its key before it is opened.
struct StoreHeader {
  StoreKeyKind kind = StoreKeyKind::key;
  unsigned log2_n = 0;
  std::string salt = std::string(k_scrypt_salt_size, '\0');
};

enum class StoreFault {
  not_a_store,    // another kind of file
  newer_version,  // of the format
  damaged,
  wrong_key,
};

// Checks the digest, so damage is found here.
[[nodiscard]] tl::expected<StoreHeader, StoreFault> read_store_header(std::string_view bytes);

[[nodiscard]] tl::expected<Entries, StoreFault> open_store(std::string_view bytes, const base::Secret& master);

// `master` belongs to `header`.
[[nodiscard]] std::string seal_store(const Entries& entries, const StoreHeader& header, const base::Secret& master,
                                     crypto::Random& random);

// The plaintext of one entry. nullopt: it is none.
[[nodiscard]] base::Secret pack_entry(const Entry& entry);
[[nodiscard]] std::optional<Entry> unpack_entry(std::string_view bytes);

}  // namespace helmme::provider
