#include "provider/local_store.h"

#include <array>
#include <utility>

#include "base/private_file.h"
#include "base/text.h"
#include "crypto/base64.h"
#include "crypto/hmac.h"
#include "crypto/scrypt.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using base::FileLock;

constexpr const char* k_what = "the local store";
constexpr const char* k_key_what = "the key file";
constexpr const char* k_lock_what = "the lock";
constexpr std::size_t k_key_file_limit = 4096;
constexpr mode_t k_others = 077;

tl::unexpected<base::Error> failed(ErrorKind kind, std::string message, std::string help) {
  return base::fail({.kind = kind, .message = std::move(message), .help = std::move(help)});
}

std::optional<base::Secret> secret_variable(const base::Environment& environment, const char* name) {
  std::optional<std::string> text = environment.get(name);
  if (!text || text->empty()) {
    return std::nullopt;
  }
  base::Secret secret{std::string_view(*text)};
  base::cleanse(*text);
  return secret;
}

base::Result<std::string> store_folder(const base::Environment& environment) {
  const std::string data = environment.get("XDG_DATA_HOME").value_or("");
  if (data.starts_with("/")) {
    return data + "/helm-me";
  }
  const std::string home = environment.get("HOME").value_or("");
  if (!home.starts_with("/")) {
    return failed(ErrorKind::bad_input, "there is no place for the local store: HOME is not set", "HOME=/path/to/home");
  }
  return home + "/.local/share/helm-me";
}

base::Secret master_of(const base::Secret& passphrase, const StoreHeader& header) {
  return crypto::scrypt(passphrase, header.salt, {.log2_n = header.log2_n}, k_store_key_size);
}

}  // namespace

base::Result<base::Secret> read_store_key(const std::string& name, const base::Secret& text) {
  std::optional<base::Secret> key = crypto::decode_base64(text.reveal());
  if (!key || key->size() != k_store_key_size) {
    return failed(ErrorKind::bad_input, name + " is no key: it must be 32 bytes in base64", "openssl rand -base64 32");
  }
  return *std::move(key);
}

base::Result<StoreSettings> store_settings(const base::Environment& environment) {
  StoreSettings settings;
  TRY_ASSIGN(settings.folder, store_folder(environment));
  const std::optional<base::Secret> key = secret_variable(environment, k_store_key_variable);
  settings.passphrase = secret_variable(environment, k_store_passphrase_variable);
  if (key && settings.passphrase) {
    return failed(ErrorKind::usage,
                  std::string(k_store_key_variable) + " and " + k_store_passphrase_variable + " are both set",
                  std::string("unset ") + k_store_key_variable + ", or the other");
  }
  if (key) {
    TRY_ASSIGN(settings.key, read_store_key(k_store_key_variable, *key));
  }
  return settings;
}

LocalStore::LocalStore(StoreSettings settings, crypto::Random& random)
    : settings_(std::move(settings)), random_(random) {}

base::Result<Entries> LocalStore::read() const {
  TRY_ASSIGN(const FileLock lock, FileLock::take(k_lock_what, path() + ".lock", FileLock::Kind::shared));
  TRY_ASSIGN(std::optional<Opened> opened, open());
  return opened ? std::move(opened->entries) : Entries();
}

base::Result<std::optional<base::Secret>> LocalStore::derived_key(std::string_view label) const {
  TRY_ASSIGN(const FileLock lock, FileLock::take(k_lock_what, path() + ".lock", FileLock::Kind::shared));
  TRY_ASSIGN(const std::optional<Opened> opened, open());
  return opened ? std::optional(crypto::hmac_sha256(opened->master, label)) : std::nullopt;
}

base::Result<void> LocalStore::update(const std::function<base::Result<bool>(Entries&)>& change) {
  TRY(base::make_private_folder("the folder", settings_.folder));
  TRY_ASSIGN(const FileLock lock, FileLock::take(k_lock_what, path() + ".lock", FileLock::Kind::exclusive));
  TRY_ASSIGN(std::optional<Opened> opened, open());
  TRY(finish_rekey(opened));
  Entries entries = opened ? std::move(opened->entries) : Entries();
  TRY_ASSIGN(const bool different, change(entries));
  if (!different) {
    return {};
  }
  if (!opened) {
    TRY_ASSIGN(opened, key_of_new_store());
  }
  opened->entries = std::move(entries);
  return write(*opened);
}

base::Result<void> LocalStore::rekey(const NewStoreKey& to) {
  const auto none = [&] {
    return failed(ErrorKind::not_found, "there is no local store " + base::printable(path()),
                  "helm me secret set NAME --from-stdin KEY --store local");
  };
  // Without the folder there is no lock to take.
  TRY_ASSIGN(const std::optional<base::PrivateFile> there, base::read_private_file(k_what, path(), k_store_limit));
  if (!there) {
    return none();
  }
  TRY_ASSIGN(const FileLock lock, FileLock::take(k_lock_what, path() + ".lock", FileLock::Kind::exclusive));
  TRY_ASSIGN(std::optional<Opened> opened, open());
  if (!opened) {
    return none();
  }
  TRY(finish_rekey(opened));
  opened->header = StoreHeader();
  if (to.passphrase) {
    opened->header = passphrase_header();
    opened->master = master_of(*to.passphrase, opened->header);
  } else if (to.key) {
    opened->master = to.key->clone();
  } else {
    // The new key is on the disk before the store needs it, the old one until it does not.
    TRY_ASSIGN(opened->master, make_key_file(new_key_path()));
    TRY(write(*opened));
    return base::rename_private_file(k_key_what, new_key_path(), key_path());
  }
  TRY(write(*opened));
  return base::remove_private_file(k_key_what, key_path());
}

// Reads and opens the file; the caller holds the lock.
base::Result<std::optional<LocalStore::Opened>> LocalStore::open() const {
  TRY_ASSIGN(const std::optional<base::PrivateFile> file, base::read_private_file(k_what, path(), k_store_limit));
  if (!file) {
    return std::nullopt;
  }
  const std::string_view bytes = file->bytes.reveal();
  tl::expected<StoreHeader, StoreFault> header = read_store_header(bytes);
  if (!header) {
    return base::fail(error_of(header.error(), ""));
  }
  const bool by_settings = settings_.key || settings_.passphrase || header->kind == StoreKeyKind::passphrase;
  TRY_ASSIGN(Opened opened, by_settings ? open_by_settings(bytes, *header) : open_by_key_file(bytes, *header));
  return opened;
}

base::Result<LocalStore::Opened> LocalStore::open_by_settings(std::string_view bytes, StoreHeader header) const {
  const bool by_passphrase = header.kind == StoreKeyKind::passphrase;
  if (by_passphrase != settings_.passphrase.has_value()) {
    return failed(ErrorKind::denied,
                  std::string(k_what) + " " + base::printable(path()) + " is opened by a " +
                      (by_passphrase ? "passphrase" : "key, not by a passphrase"),
                  by_passphrase ? std::string("set ") + k_store_passphrase_variable
                                : std::string("unset ") + k_store_passphrase_variable);
  }
  base::Secret master = by_passphrase ? master_of(*settings_.passphrase, header) : settings_.key->clone();
  tl::expected<Entries, StoreFault> entries = open_store(bytes, master);
  if (!entries) {
    return base::fail(error_of(entries.error(), by_passphrase ? k_store_passphrase_variable : k_store_key_variable));
  }
  return Opened{.entries = *std::move(entries), .header = std::move(header), .master = std::move(master)};
}

base::Result<LocalStore::Opened> LocalStore::open_by_key_file(std::string_view bytes, StoreHeader header) const {
  StoreFault fault = StoreFault::wrong_key;
  bool any = false;
  for (const std::string& path : {key_path(), new_key_path()}) {
    TRY_ASSIGN(std::optional<base::Secret> key, read_key_file(path));
    if (!key) {
      continue;
    }
    any = true;
    tl::expected<Entries, StoreFault> entries = open_store(bytes, *key);
    if (entries) {
      return Opened{.entries = *std::move(entries),
                    .header = std::move(header),
                    .master = *std::move(key),
                    .by_new_key_file = path != key_path()};
    }
    fault = entries.error() == StoreFault::wrong_key ? fault : entries.error();
  }
  if (!any) {
    return failed(ErrorKind::not_found,
                  std::string(k_key_what) + " " + base::printable(key_path()) + " of the local store is missing",
                  std::string("bring it back, or set ") + k_store_key_variable + "; no new one is made for a store");
  }
  return base::fail(error_of(fault, std::string(k_key_what) + " " + base::printable(key_path())));
}

base::Result<std::optional<base::Secret>> LocalStore::read_key_file(const std::string& path) const {
  TRY_ASSIGN(const std::optional<base::PrivateFile> file, base::read_private_file(k_key_what, path, k_key_file_limit));
  if (!file) {
    return std::nullopt;
  }
  const std::string name = std::string(k_key_what) + " " + base::printable(path);
  if ((file->mode & k_others) != 0) {
    return failed(ErrorKind::denied, name + " can be read by others", "chmod 600 " + base::printable(path));
  }
  TRY_ASSIGN(base::Secret key, read_store_key(name, file->bytes));
  return key;
}

base::Result<base::Secret> LocalStore::make_key_file(const std::string& path) const {
  std::array<unsigned char, k_store_key_size> bytes{};
  random_.fill(bytes);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  base::Secret key(text);
  const base::Secret encoded = crypto::encode_base64(text);
  base::cleanse({reinterpret_cast<char*>(bytes.data()), bytes.size()});
  // With the final line end that tools for people want.
  std::string line;
  line.reserve(encoded.size() + 1);
  line.append(encoded.reveal()) += '\n';
  const base::Result<void> written = base::write_private_file(k_key_what, path, line);
  base::cleanse(line);
  if (!written) {
    return base::fail(written.error());
  }
  return key;
}

base::Result<LocalStore::Opened> LocalStore::key_of_new_store() const {
  Opened opened;
  if (settings_.passphrase) {
    opened.header = passphrase_header();
    opened.master = master_of(*settings_.passphrase, opened.header);
  } else if (settings_.key) {
    opened.master = settings_.key->clone();
  } else {
    // One that is there is from a store that was never written, or that was taken away.
    TRY_ASSIGN(std::optional<base::Secret> key, read_key_file(key_path()));
    if (!key) {
      TRY_ASSIGN(key, make_key_file(key_path()));
    }
    opened.master = *std::move(key);
  }
  return opened;
}

base::Result<void> LocalStore::finish_rekey(const std::optional<Opened>& opened) const {
  if (!opened || !opened->by_new_key_file) {
    return {};
  }
  return base::rename_private_file(k_key_what, new_key_path(), key_path());
}

base::Result<void> LocalStore::write(const Opened& opened) const {
  const std::string bytes = seal_store(opened.entries, opened.header, opened.master, random_);
  if (bytes.size() > k_store_limit) {
    return failed(ErrorKind::bad_input, std::string(k_what) + " would be larger than 64 MiB",
                  "helm me secret delete NAME --store local");
  }
  return base::write_private_file(k_what, path(), bytes);
}

StoreHeader LocalStore::passphrase_header() const {
  StoreHeader header{.kind = StoreKeyKind::passphrase, .log2_n = settings_.scrypt_log2_n};
  std::array<unsigned char, k_scrypt_salt_size> salt{};
  random_.fill(salt);
  header.salt.assign(salt.begin(), salt.end());
  return header;
}

base::Error LocalStore::error_of(StoreFault fault, const std::string& key_name) const {
  const std::string name = std::string(k_what) + " " + base::printable(path());
  switch (fault) {
    case StoreFault::wrong_key:
      return {.kind = ErrorKind::denied,
              .message = key_name + " does not open " + name + ": it belongs to another store",
              .help = "use the key that the store was written with; it is left as it is"};
    case StoreFault::not_a_store:
      return {.kind = ErrorKind::unavailable,
              .message = name + " is another kind of file, or damaged",
              .help = "restore it from a copy, or move it away; it is left as it is"};
    case StoreFault::newer_version:
      return {.kind = ErrorKind::unavailable,
              .message = name + " is of a newer format than this version knows",
              .help = "use the helm-me that wrote it"};
    case StoreFault::damaged:
      break;
  }
  return {.kind = ErrorKind::unavailable,
          .message = name + " is damaged: it was cut or changed",
          .help = "restore it from a copy, or move it away; it is left as it is"};
}

}  // namespace helmme::provider
