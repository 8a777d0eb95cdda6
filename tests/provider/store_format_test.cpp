#include "provider/store_format.h"

#include <gtest/gtest.h>

#include "crypto/scrypt.h"
#include "crypto/sha256.h"
#include "store_for_tests.h"

namespace helmme::provider {
namespace {

constexpr std::size_t k_digest_size = 32;
// Two integers' offsets that the format's description gives.
constexpr std::size_t k_version_offset = 14;
constexpr std::size_t k_index_offset = 98;

const base::Secret& key() {
  static const base::Secret secret(std::string(32, 'k'));
  return secret;
}

Entries sample() {
  Entries entries;
  put(entries, "shop", "API_KEY", std::string("va\0lue\xFF", 7), -5);
  put(entries, "shop", "EMPTY", "");
  put(entries, "warehouse", "A", "1234567");
  entries.at("warehouse").type = "kubernetes.io/tls";
  entries["without-keys"];
  return entries;
}

std::string seal(const Entries& entries) {
  CountingRandom random;
  return seal_store(entries, {}, key(), random);
}

// As somebody does it who wants the change not to be seen: with the digest made right again.
std::string with_digest(std::string bytes) {
  bytes.resize(bytes.size() - k_digest_size);
  return bytes + crypto::sha256(bytes);
}

TEST(StoreFormat, RoundTrip) {
  for (const Entries& entries : {sample(), Entries()}) {
    const auto opened = open_store(seal(entries), key());
    ASSERT_TRUE(opened);
    EXPECT_EQ(dump(*opened), dump(entries));
  }
}

TEST(StoreFormat, HoldsNoNameAndNoValueInTheClear) {
  const std::string bytes = seal(sample());
  for (const char* word : {"shop", "API_KEY", "lue", "1234567", "kubernetes.io/tls"}) {
    EXPECT_EQ(bytes.find(word), std::string::npos) << word;
  }
}

TEST(StoreFormat, EachWritingIsSealedAnew) {
  CountingRandom random;
  const std::string first = seal_store(sample(), {}, key(), random);
  const std::string second = seal_store(sample(), {}, key(), random);
  ASSERT_EQ(first.size(), second.size());
  EXPECT_NE(first.substr(k_index_offset), second.substr(k_index_offset));
}

TEST(StoreFormat, EveryFlippedBitIsFound) {
  const std::string bytes = seal(sample());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ (1U << bit));
      ASSERT_FALSE(open_store(changed, key())) << i << "." << bit;
      if (i < bytes.size() - k_digest_size) {
        ASSERT_FALSE(open_store(with_digest(changed), key())) << i << "." << bit;
      }
    }
  }
}

TEST(StoreFormat, EveryCutAndEveryAdditionIsFound) {
  const std::string bytes = seal(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(open_store(std::string_view(bytes).substr(0, size), key())) << size;
    if (size >= k_digest_size) {
      ASSERT_FALSE(open_store(with_digest(bytes.substr(0, size)), key())) << size;
    }
  }
  EXPECT_FALSE(open_store(bytes + "x", key()));
  EXPECT_FALSE(open_store(bytes + bytes, key()));
  EXPECT_FALSE(
      open_store(with_digest(bytes.substr(0, bytes.size() - k_digest_size) + "x" + std::string(32, '\0')), key()));
}

TEST(StoreFormat, NoPieceOfAnOlderFileFitsIntoANewerOne) {
  CountingRandom random;
  Entries entries;
  put(entries, "a", "K", "first");
  put(entries, "b", "K", "first");
  const std::string older = seal_store(entries, {}, key(), random);
  put(entries, "a", "K", "later");
  const std::string newer = seal_store(entries, {}, key(), random);
  ASSERT_EQ(older.size(), newer.size());
  // Every run of bytes, at its own place.
  for (std::size_t begin = 0; begin < newer.size() - k_digest_size; begin += 3) {
    for (std::size_t end = begin + 1; end <= newer.size() - k_digest_size; end += 5) {
      if (begin <= 34 && end >= newer.size() - k_digest_size) {
        continue;  // the older file as a whole
      }
      std::string spliced = newer;
      spliced.replace(begin, end - begin, older, begin, end - begin);
      if (spliced == newer) {
        continue;
      }
      ASSERT_FALSE(open_store(with_digest(spliced), key())) << begin << " to " << end;
    }
  }
}

TEST(StoreFormat, EntriesDoNotChangePlaces) {
  Entries entries;
  put(entries, "a", "K", "one");
  put(entries, "b", "K", "two");
  std::string bytes = seal(entries);
  const std::size_t entry_size = pack_entry(entries.at("a")).size() + 16;
  const std::size_t first = bytes.size() - k_digest_size - 2 * entry_size;
  const std::string one = bytes.substr(first, entry_size);
  bytes.replace(first, entry_size, bytes, first + entry_size, entry_size);
  bytes.replace(first + entry_size, entry_size, one);
  EXPECT_FALSE(open_store(with_digest(bytes), key()));
}

TEST(StoreFormat, TellsAWrongKeyFromDamage) {
  const std::string bytes = seal(sample());
  EXPECT_EQ(open_store(bytes, base::Secret(std::string(32, 'l'))).error(), StoreFault::wrong_key);
  std::string damaged = bytes;
  damaged[bytes.size() / 2] = static_cast<char>(damaged[bytes.size() / 2] ^ 1);
  EXPECT_EQ(open_store(damaged, key()).error(), StoreFault::damaged);
  EXPECT_EQ(open_store("apiVersion: v1\n", key()).error(), StoreFault::not_a_store);
  EXPECT_EQ(open_store("", key()).error(), StoreFault::damaged);
  std::string newer = bytes;
  newer[k_version_offset] = '2';
  EXPECT_EQ(open_store(newer, key()).error(), StoreFault::newer_version);
}

TEST(StoreFormat, SaysWhatOpensIt) {
  CountingRandom random;
  const StoreHeader header{
      .kind = StoreKeyKind::passphrase, .log2_n = k_least_scrypt_log2_n, .salt = "0123456789abcdef"};
  const base::Secret master = crypto::scrypt(base::Secret("words"), header.salt, {.log2_n = header.log2_n}, 32);
  const std::string bytes = seal_store(sample(), header, master, random);
  const auto read = read_store_header(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, StoreKeyKind::passphrase);
  EXPECT_EQ(read->log2_n, k_least_scrypt_log2_n);
  EXPECT_EQ(read->salt, header.salt);
  EXPECT_TRUE(open_store(bytes, master));
  // A cost that would take all memory is not tried.
  for (const unsigned cost : {0U, k_least_scrypt_log2_n - 1, k_most_scrypt_log2_n + 1, 63U, 255U}) {
    const StoreHeader other{.kind = StoreKeyKind::passphrase, .log2_n = cost, .salt = header.salt};
    EXPECT_FALSE(read_store_header(seal_store({}, other, master, random))) << cost;
  }
}

TEST(StoreFormat, AnEntryIsReadStrictly) {
  const Entries entries = sample();
  const base::Secret packed = pack_entry(entries.at("shop"));
  const std::string bytes(packed.reveal());
  ASSERT_TRUE(unpack_entry(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(unpack_entry(std::string_view(bytes).substr(0, size))) << size;
  }
  EXPECT_FALSE(unpack_entry(bytes + "x"));
  EXPECT_FALSE(unpack_entry(std::string("\0\0\xFF\xFF\xFF\xFF", 6)));
}

}  // namespace
}  // namespace helmme::provider
