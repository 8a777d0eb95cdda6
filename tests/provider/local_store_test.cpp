#include "provider/local_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/private_file.h"
#include "crypto/base64.h"
#include "store_for_tests.h"

namespace helmme::provider {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;

const std::string k_key_text = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";  // 0123456789abcdef twice

class Store : public ::testing::Test {
 protected:
  [[nodiscard]] StoreSettings settings() const {
    return {.folder = folder_.path() + "/data/helm-me", .key = {}, .passphrase = {}, .scrypt_log2_n = 10};
  }
  [[nodiscard]] LocalStore by_key_file() { return {settings(), random_}; }
  [[nodiscard]] LocalStore by_key(const std::string& text = k_key_text) {
    StoreSettings with = settings();
    with.key = *read_store_key("KEY", base::Secret(text));
    return {std::move(with), random_};
  }
  [[nodiscard]] LocalStore by_passphrase(const std::string& words) {
    StoreSettings with = settings();
    with.passphrase = base::Secret(words);
    return {std::move(with), random_};
  }
  [[nodiscard]] std::string file(const std::string& name = "store") const { return settings().folder + "/" + name; }

  static base::Result<void> set(LocalStore store, const std::string& name, const std::string& value) {
    return store.update([&](Entries& entries) -> base::Result<bool> {
      put(entries, name, "K", value);
      return true;
    });
  }
  static std::string value(const LocalStore& store, const std::string& name) {
    const auto entries = store.read();
    if (!entries) {
      return "error: " + entries.error().message;
    }
    return entries->contains(name) ? std::string(entries->at(name).keys.at("K").value.reveal()) : "nothing";
  }
  static ErrorKind kind_of(const base::Result<void>& result) {
    return result ? ErrorKind::internal : result.error().kind;
  }
  static ErrorKind kind_of(const base::Result<Entries>& result) {
    return result ? ErrorKind::internal : result.error().kind;
  }

  Folder folder_;
  CountingRandom random_;
};

TEST_F(Store, IsMadeByTheFirstWriting) {
  const auto nothing = by_key_file().read();
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->empty());
  EXPECT_FALSE(fs::exists(settings().folder)) << "reading makes nothing";
  ASSERT_TRUE(set(by_key_file(), "shop", "value"));
  EXPECT_EQ(value(by_key_file(), "shop"), "value");
  const auto mode = [](const std::string& path) {
    struct stat status {};
    ::stat(path.c_str(), &status);
    return status.st_mode & 07777U;
  };
  EXPECT_EQ(mode(settings().folder), 0700U);
  for (const char* name : {"store", "store.key", "store.lock"}) {
    EXPECT_EQ(mode(file(name)), 0600U) << name;
  }
  const auto key = crypto::decode_base64(read_bytes(file("store.key")));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->size(), 32U);
}

TEST_F(Store, NothingDifferentIsNotWritten) {
  const auto nothing = [](Entries&) -> base::Result<bool> { return false; };
  ASSERT_TRUE(by_key_file().update(nothing));
  EXPECT_FALSE(fs::exists(file())) << "nor is a key made for it";
  EXPECT_FALSE(fs::exists(file("store.key")));
  ASSERT_TRUE(set(by_key_file(), "shop", "value"));
  const std::string before = read_bytes(file());
  ASSERT_TRUE(by_key_file().update(nothing));
  ASSERT_FALSE(by_key_file().update([](Entries& entries) -> base::Result<bool> {
    entries.clear();
    return base::fail({.kind = ErrorKind::bad_input, .message = "no"});
  }));
  EXPECT_EQ(read_bytes(file()), before);
}

TEST_F(Store, KeyAndPassphraseOfTheEnvironmentMakeNoKeyFile) {
  ASSERT_TRUE(set(by_key(), "shop", "by key"));
  EXPECT_EQ(value(by_key(), "shop"), "by key");
  EXPECT_FALSE(fs::exists(file("store.key")));
  fs::remove(file());
  ASSERT_TRUE(set(by_passphrase("some words"), "shop", "by words"));
  ASSERT_TRUE(set(by_passphrase("some words"), "other", "again"));
  EXPECT_EQ(value(by_passphrase("some words"), "shop"), "by words");
  EXPECT_FALSE(fs::exists(file("store.key")));
}

TEST_F(Store, WithoutItsKeyFileItIsAnError) {
  ASSERT_TRUE(set(by_key_file(), "shop", "value"));
  const std::string before = read_bytes(file());
  const std::string key = read_bytes(file("store.key"));
  fs::remove(file("store.key"));
  EXPECT_EQ(value(by_key_file(), "shop"),
            "error: the key file " + file("store.key") + " of the local store is missing");
  EXPECT_EQ(kind_of(set(by_key_file(), "shop", "new")), ErrorKind::not_found);
  EXPECT_FALSE(fs::exists(file("store.key")));
  EXPECT_EQ(read_bytes(file()), before);
  // The same key by the variable.
  EXPECT_EQ(value(by_key(key), "shop"), "value");
}

TEST_F(Store, AWrongKeyIsSaidAndNothingIsOverwritten) {
  ASSERT_TRUE(set(by_key(), "shop", "value"));
  const std::string before = read_bytes(file());
  const std::string other = "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQ=";
  EXPECT_EQ(value(by_key(other), "shop"),
            "error: HELM_ME_STORE_KEY does not open the local store " + file() + ": it belongs to another store");
  EXPECT_EQ(kind_of(set(by_key(other), "shop", "new")), ErrorKind::denied);
  EXPECT_EQ(kind_of(by_key(other).rekey({})), ErrorKind::denied);
  EXPECT_EQ(value(by_passphrase("words"), "shop"),
            "error: the local store " + file() + " is opened by a key, not by a passphrase");
  EXPECT_EQ(kind_of(set(by_passphrase("words"), "shop", "new")), ErrorKind::denied);
  write_bytes(file("store.key"), other + "\n");
  fs::permissions(file("store.key"), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(kind_of(by_key_file().read()), ErrorKind::denied);
  write_bytes(file("store.key"), "not a key\n");
  EXPECT_EQ(kind_of(by_key_file().read()), ErrorKind::bad_input);
  EXPECT_EQ(kind_of(set(by_key_file(), "shop", "new")), ErrorKind::bad_input);
  EXPECT_EQ(read_bytes(file("store.key")), "not a key\n");
  EXPECT_EQ(read_bytes(file()), before);
}

TEST_F(Store, APassphraseIsAskedFor) {
  ASSERT_TRUE(set(by_passphrase("words"), "shop", "value"));
  EXPECT_EQ(value(by_key_file(), "shop"), "error: the local store " + file() + " is opened by a passphrase");
  EXPECT_EQ(kind_of(by_key().read()), ErrorKind::denied);
  EXPECT_EQ(
      value(by_passphrase("other words"), "shop"),
      "error: HELM_ME_STORE_PASSPHRASE does not open the local store " + file() + ": it belongs to another store");
}

TEST_F(Store, DamageIsSaidAndNothingIsOverwritten) {
  ASSERT_TRUE(set(by_key(), "shop", "value"));
  const std::string whole = read_bytes(file());
  std::string flipped = whole;
  flipped[flipped.size() - 40] = static_cast<char>(flipped[flipped.size() - 40] ^ 1);
  for (const std::string& bytes : {whole.substr(0, whole.size() - 1), flipped, std::string("other"), std::string()}) {
    write_bytes(file(), bytes);
    EXPECT_EQ(kind_of(by_key().read()), ErrorKind::unavailable);
    EXPECT_EQ(kind_of(set(by_key(), "shop", "new")), ErrorKind::unavailable);
    EXPECT_EQ(kind_of(by_key().rekey({})), ErrorKind::unavailable);
    EXPECT_EQ(read_bytes(file()), bytes);
    EXPECT_FALSE(fs::exists(file("store.key")));
  }
}

TEST_F(Store, FollowsNoSymlinks) {
  ASSERT_TRUE(set(by_key_file(), "shop", "value"));
  for (const char* name : {"store", "store.key"}) {
    fs::rename(file(name), folder_.path() + "/elsewhere");
    fs::create_symlink(folder_.path() + "/elsewhere", file(name));
    const std::string before = read_bytes(folder_.path() + "/elsewhere");
    EXPECT_EQ(kind_of(by_key_file().read()), ErrorKind::bad_input) << name;
    EXPECT_EQ(kind_of(set(by_key_file(), "shop", "new")), ErrorKind::bad_input) << name;
    EXPECT_EQ(read_bytes(folder_.path() + "/elsewhere"), before);
    fs::remove(file(name));
    fs::rename(folder_.path() + "/elsewhere", file(name));
  }
  // Its folder may be one.
  fs::rename(settings().folder, folder_.path() + "/moved");
  fs::create_directory_symlink(folder_.path() + "/moved", settings().folder);
  ASSERT_TRUE(set(by_key_file(), "other", "value"));
  EXPECT_EQ(value(by_key_file(), "shop"), "value");
}

TEST_F(Store, AKeyFileThatOthersReadIsRefused) {
  ASSERT_TRUE(set(by_key_file(), "shop", "value"));
  fs::permissions(file("store.key"), fs::perms::group_read, fs::perm_options::add);
  const auto read = by_key_file().read();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::denied);
  EXPECT_EQ(read.error().help, "chmod 600 " + file("store.key"));
}

TEST_F(Store, RekeyFromAndToEachKind) {
  EXPECT_EQ(kind_of(by_key_file().rekey({})), ErrorKind::not_found);
  EXPECT_FALSE(fs::exists(settings().folder));
  ASSERT_TRUE(set(by_key_file(), "shop", "value"));
  const std::string first = read_bytes(file("store.key"));

  ASSERT_TRUE(by_key_file().rekey({}));
  EXPECT_NE(read_bytes(file("store.key")), first);
  EXPECT_EQ(value(by_key_file(), "shop"), "value");
  EXPECT_EQ(kind_of(by_key(first).read()), ErrorKind::denied) << "the old key opens nothing";

  NewStoreKey words;
  words.passphrase = base::Secret("words");
  ASSERT_TRUE(by_key_file().rekey(words));
  EXPECT_FALSE(fs::exists(file("store.key")));
  EXPECT_EQ(value(by_passphrase("words"), "shop"), "value");

  NewStoreKey key;
  key.key = *read_store_key("KEY", base::Secret(k_key_text));
  ASSERT_TRUE(by_passphrase("words").rekey(key));
  EXPECT_FALSE(fs::exists(file("store.key")));
  EXPECT_EQ(value(by_key(), "shop"), "value");

  ASSERT_TRUE(by_key().rekey({}));
  EXPECT_EQ(value(by_key_file(), "shop"), "value");
  EXPECT_FALSE(fs::exists(file("store.key-next")));
}

// The moments at which rekey() to a new key file may be killed, made by hand.
TEST_F(Store, AKilledRekeyLeavesAStoreWithItsKey) {
  ASSERT_TRUE(set(by_key_file(), "shop", "value"));
  const std::string old_store = read_bytes(file());
  const std::string old_key = read_bytes(file("store.key"));
  ASSERT_TRUE(by_key_file().rekey({}));
  const std::string new_store = read_bytes(file());
  const std::string new_key = read_bytes(file("store.key"));
  const auto at = [&](const std::string& store, const std::string& key, const std::string& next) {
    for (const auto& [name, bytes] : {std::pair("store", store), {"store.key", key}, {"store.key-next", next}}) {
      fs::remove(file(name));
      if (!bytes.empty()) {
        ASSERT_TRUE(base::write_private_file("a file", file(name), bytes));
      }
    }
  };
  struct Moment {
    const char* name;
    std::string store, key, next;
  };
  for (const Moment& moment :
       {Moment{"next key written", old_store, old_key, new_key}, Moment{"store written", new_store, old_key, new_key},
        Moment{"store written, no key file before", new_store, "", new_key}}) {
    at(moment.store, moment.key, moment.next);
    EXPECT_EQ(value(by_key_file(), "shop"), "value") << moment.name;
    ASSERT_TRUE(set(by_key_file(), "other", "later")) << moment.name;
    EXPECT_EQ(value(by_key_file(), "shop"), "value") << moment.name;
    // Again, and what was left is not in its way.
    at(moment.store, moment.key, moment.next);
    ASSERT_TRUE(by_key_file().rekey({})) << moment.name;
    EXPECT_EQ(value(by_key_file(), "shop"), "value") << moment.name;
    EXPECT_FALSE(fs::exists(file("store.key-next"))) << moment.name;
  }
  // Again, and killed again before the store is written: the key that it needs is not the next one's to overwrite.
  at(new_store, old_key, new_key);
  fs::create_directories(file("store.new") + "/in the way");
  ASSERT_FALSE(by_key_file().rekey({}));
  EXPECT_EQ(value(by_key_file(), "shop"), "value");
  fs::remove_all(file("store.new"));
  // A next key that cannot be read is no reason to fail where the key opens the store.
  at(old_store, old_key, "");
  write_bytes(file("store.key-next"), "junk");
  EXPECT_EQ(value(by_key_file(), "shop"), "value");
}

TEST(StoreSettings, OfTheEnvironment) {
  MapEnvironment environment;
  EXPECT_EQ(store_settings(environment).error().message, "there is no place for the local store: HOME is not set");
  environment.variables = {{"HOME", "/home/me"}};
  EXPECT_EQ(store_settings(environment)->folder, "/home/me/.local/share/helm-me");
  environment.variables["XDG_DATA_HOME"] = "relative";
  EXPECT_EQ(store_settings(environment)->folder, "/home/me/.local/share/helm-me");
  environment.variables["XDG_DATA_HOME"] = "/data";
  EXPECT_EQ(store_settings(environment)->folder, "/data/helm-me");
  environment.variables[k_store_key_variable] = "";
  environment.variables[k_store_passphrase_variable] = "";
  EXPECT_FALSE(store_settings(environment)->key);
  EXPECT_FALSE(store_settings(environment)->passphrase);
  environment.variables[k_store_key_variable] = k_key_text + "\n";
  EXPECT_EQ(store_settings(environment)->key->reveal(), "0123456789abcdef0123456789abcdef");
  for (const char* bad : {"c2hvcnQ=", "not base64!", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWZn"}) {
    environment.variables[k_store_key_variable] = bad;
    const auto settings = store_settings(environment);
    ASSERT_FALSE(settings) << bad;
    EXPECT_EQ(settings.error().message, "HELM_ME_STORE_KEY is no key: it must be 32 bytes in base64");
  }
  environment.variables[k_store_key_variable] = k_key_text;
  environment.variables[k_store_passphrase_variable] = "words";
  EXPECT_EQ(store_settings(environment).error().kind, ErrorKind::usage);
}

TEST_F(Store, LendsAKeyThatStaysUntilARekey) {
  EXPECT_FALSE(by_key_file().derived_key("a")->has_value());
  ASSERT_TRUE(set(by_key_file(), "shop", "value"));
  const auto first = by_key_file().derived_key("a");
  ASSERT_TRUE(first && *first);
  ASSERT_TRUE(set(by_key_file(), "shop", "another"));
  EXPECT_TRUE((*by_key_file().derived_key("a"))->equals(**first));
  EXPECT_FALSE((*by_key_file().derived_key("b"))->equals(**first));
  ASSERT_TRUE(by_key_file().rekey({}));
  EXPECT_FALSE((*by_key_file().derived_key("a"))->equals(**first));
}

}  // namespace
}  // namespace helmme::provider
