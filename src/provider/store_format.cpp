#include "provider/store_format.h"

#include <array>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "crypto/aes_gcm.h"
#include "crypto/hmac.h"
#include "crypto/sha256.h"

namespace helmme::provider {
namespace {

constexpr std::string_view k_magic = "helm-me store ";
constexpr std::string_view k_version = "1\n";
constexpr std::size_t k_write_salt_size = 32;
constexpr std::size_t k_digest_size = 32;
// Magic, kind, cost, salts.
constexpr std::size_t k_signed_size = k_magic.size() + k_version.size() + 2 + k_scrypt_salt_size + k_write_salt_size;
constexpr std::size_t k_header_size = k_signed_size + k_digest_size;

// What the derived keys are for: no two of these begin alike.
constexpr std::string_view k_header_label = "helm-me store 1: header\n";
constexpr std::string_view k_entries_label = "helm-me store 1: entries\n";

// Appends big-endian integers and texts.
template <typename Integer>
void put(std::string& out, Integer value) {
  const auto bits = static_cast<std::uint64_t>(value);
  for (std::size_t i = sizeof(Integer); i-- > 0;) {
    out += static_cast<char>((bits >> (8 * i)) & 0xFFU);
  }
}

void put_name(std::string& out, std::string_view name) {
  put(out, static_cast<std::uint16_t>(name.size()));
  out += name;
}

// Takes them off again; once something was not there, all that follows is empty and good() is false.
class Taker {
 public:
  explicit Taker(std::string_view rest) : rest_(rest) {}

  template <typename Integer>
  Integer integer() {
    std::uint64_t bits = 0;
    for (const char c : bytes(sizeof(Integer))) {
      bits = (bits << 8U) | static_cast<unsigned char>(c);
    }
    return static_cast<Integer>(bits);
  }
  std::string_view bytes(std::size_t count) {
    if (count > rest_.size()) {
      good_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  std::string_view name() { return bytes(integer<std::uint16_t>()); }

  [[nodiscard]] bool good() const noexcept { return good_; }
  [[nodiscard]] bool at_end() const noexcept { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::string nonce_of(std::uint32_t number) {
  std::string nonce(crypto::k_gcm_nonce_size - sizeof number, '\0');
  put(nonce, number);
  return nonce;
}

std::string labelled(std::string_view label, std::string_view bytes) { return std::string(label).append(bytes); }

// The key of one writing, from the header's signed bytes, whose end is its salt.
base::Secret writing_key(const base::Secret& master, std::string_view signed_bytes) {
  return crypto::hmac_sha256(master, labelled(k_entries_label, signed_bytes.substr(k_signed_size - k_write_salt_size)));
}

struct IndexItem {
  std::string name;
  std::size_t size = 0;
};

std::optional<std::vector<IndexItem>> unpack_index(std::string_view bytes) {
  Taker taker(bytes);
  const auto count = taker.integer<std::uint32_t>();
  std::vector<IndexItem> items;
  for (std::uint32_t i = 0; i < count && taker.good(); ++i) {
    std::string name(taker.name());
    items.push_back({std::move(name), taker.integer<std::uint32_t>()});
  }
  return taker.at_end() ? std::optional(std::move(items)) : std::nullopt;
}

// Everything but the digest at the end; nullopt: it is not that of these bytes.
std::optional<std::string_view> without_digest(std::string_view bytes) {
  if (bytes.size() < k_header_size + k_digest_size) {
    return std::nullopt;
  }
  const std::string_view body = bytes.substr(0, bytes.size() - k_digest_size);
  return crypto::sha256(body) == bytes.substr(body.size()) ? std::optional(body) : std::nullopt;
}

tl::unexpected<StoreFault> fault(StoreFault what) { return tl::unexpected<StoreFault>(what); }

}  // namespace

base::Secret pack_entry(const Entry& entry) {
  std::size_t size = entry.type.size() + 6;
  for (const auto& [key, stored] : entry.keys) {
    size += key.size() + stored.value.size() + 22;
  }
  std::string out;
  out.reserve(size);  // so that a growing string leaves no copies behind
  put_name(out, entry.type);
  put(out, static_cast<std::uint32_t>(entry.keys.size()));
  for (const auto& [key, stored] : entry.keys) {
    put_name(out, key);
    put(out, stored.created);
    put(out, stored.changed);
    put(out, static_cast<std::uint32_t>(stored.value.size()));
    out += stored.value.reveal();
  }
  base::Secret packed{std::string_view(out)};
  base::cleanse(out);
  return packed;
}

std::optional<Entry> unpack_entry(std::string_view bytes) {
  Taker taker(bytes);
  Entry entry;
  entry.type = std::string(taker.name());
  const auto count = taker.integer<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && taker.good(); ++i) {
    std::string key(taker.name());
    StoredValue stored;
    stored.created = taker.integer<std::int64_t>();
    stored.changed = taker.integer<std::int64_t>();
    const auto size = taker.integer<std::uint32_t>();
    stored.value = base::Secret(taker.bytes(size));
    if (!entry.keys.emplace(std::move(key), std::move(stored)).second) {
      return std::nullopt;
    }
  }
  return taker.at_end() ? std::optional(std::move(entry)) : std::nullopt;
}

tl::expected<StoreHeader, StoreFault> read_store_header(std::string_view bytes) {
  if (!bytes.starts_with(k_magic)) {
    return fault(bytes.empty() ? StoreFault::damaged : StoreFault::not_a_store);
  }
  const std::string_view version = bytes.substr(k_magic.size(), k_version.size());
  if (version != k_version) {
    const bool is_number = version.size() == k_version.size() && version[0] > '1' && version[0] <= '9';
    return fault(is_number ? StoreFault::newer_version : StoreFault::damaged);
  }
  if (!without_digest(bytes)) {
    return fault(StoreFault::damaged);
  }
  Taker taker(bytes.substr(k_magic.size() + k_version.size()));
  StoreHeader header;
  const auto kind = taker.integer<std::uint8_t>();
  header.kind = static_cast<StoreKeyKind>(kind);
  header.log2_n = taker.integer<std::uint8_t>();
  header.salt = std::string(taker.bytes(k_scrypt_salt_size));
  const bool good = kind == 0
                        ? header.log2_n == 0
                        : kind == 1 && header.log2_n >= k_least_scrypt_log2_n && header.log2_n <= k_most_scrypt_log2_n;
  return good ? tl::expected<StoreHeader, StoreFault>(std::move(header)) : fault(StoreFault::damaged);
}

tl::expected<Entries, StoreFault> open_store(std::string_view bytes, const base::Secret& master) {
  if (const auto header = read_store_header(bytes); !header) {
    return fault(header.error());
  }
  const std::string_view body = *without_digest(bytes);
  const std::string_view header = body.substr(0, k_header_size);
  const std::string_view signed_bytes = header.substr(0, k_signed_size);
  const base::Secret mac = crypto::hmac_sha256(master, labelled(k_header_label, signed_bytes));
  if (!mac.equals(base::Secret(header.substr(k_signed_size)))) {
    return fault(StoreFault::wrong_key);
  }
  const base::Secret key = writing_key(master, signed_bytes);
  Taker taker(body.substr(k_header_size));
  const std::string_view sealed_index = taker.bytes(taker.integer<std::uint32_t>());
  const auto index = crypto::open_aes_gcm(key, nonce_of(0), header, sealed_index);
  const auto items = index ? unpack_index(index->reveal()) : std::nullopt;
  if (!items) {
    return fault(StoreFault::damaged);
  }
  Entries entries;
  std::uint32_t number = 0;
  for (const IndexItem& item : *items) {
    const auto packed = crypto::open_aes_gcm(key, nonce_of(++number), item.name, taker.bytes(item.size));
    std::optional<Entry> entry = packed ? unpack_entry(packed->reveal()) : std::nullopt;
    if (!entry || !entries.emplace(item.name, *std::move(entry)).second) {
      return fault(StoreFault::damaged);
    }
  }
  return taker.at_end() ? tl::expected<Entries, StoreFault>(std::move(entries)) : fault(StoreFault::damaged);
}

std::string seal_store(const Entries& entries, const StoreHeader& header, const base::Secret& master,
                       crypto::Random& random) {
  std::string out = std::string(k_magic).append(k_version);
  put(out, static_cast<std::uint8_t>(header.kind));
  put(out, static_cast<std::uint8_t>(header.log2_n));
  out += header.salt;
  std::array<unsigned char, k_write_salt_size> salt{};
  random.fill(salt);
  out.append(salt.begin(), salt.end());
  const base::Secret key = writing_key(master, out);
  out += crypto::hmac_sha256(master, labelled(k_header_label, out)).reveal();

  std::string index;
  std::string sealed_entries;
  std::uint32_t number = 0;
  put(index, static_cast<std::uint32_t>(entries.size()));
  for (const auto& [name, entry] : entries) {
    const std::string sealed = crypto::seal_aes_gcm(key, nonce_of(++number), name, pack_entry(entry).reveal());
    put_name(index, name);
    put(index, static_cast<std::uint32_t>(sealed.size()));
    sealed_entries += sealed;
  }
  const std::string sealed_index = crypto::seal_aes_gcm(key, nonce_of(0), out, index);
  put(out, static_cast<std::uint32_t>(sealed_index.size()));
  out += sealed_index;
  out += sealed_entries;
  out += crypto::sha256(out);
  return out;
}

}  // namespace helmme::provider
