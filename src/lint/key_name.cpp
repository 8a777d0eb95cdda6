#include "lint/key_name.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace helmme::lint {
namespace {

using Word = std::string_view;
constexpr std::size_t k_longest_name = 128;

template <std::size_t N>
bool is_one_of(Word word, const std::array<Word, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr std::array<Word, 27> k_stems = {
    "pass",     "pat",        "psk",   "pw",      "secret",     "salt",   "token",   "key",        "cred",
    "cookie",   "conn",       "dsn",   "dockerc", "jwt",        "bearer", "webhook", "masterauth", "psw",
    "kennwort", "contrasena", "senha", "mdp",     "motdepasse", "pepper", "seed",    "mnemonic",   "primaryauth"};

constexpr std::size_t k_letters = 32;  // the low bits of a letter, whatever its case

constexpr std::size_t pair_of(char first, char second) {
  return (static_cast<unsigned char>(first) % k_letters) * k_letters + static_cast<unsigned char>(second) % k_letters;
}

// Whether a stem may begin with these two letters, so that most places of most names are passed by one look-up.
constexpr std::array<bool, k_letters* k_letters> k_begins_stem = [] {
  std::array<bool, k_letters * k_letters> begins{};
  for (const Word stem : k_stems) {
    begins[pair_of(stem[0], stem[1])] = true;
  }
  return begins;
}();

bool starts_with_stem(std::string_view text) {
  return std::any_of(k_stems.begin(), k_stems.end(), [&](Word stem) {
    return stem.size() <= text.size() &&
           std::equal(stem.begin(), stem.end(), text.begin(), [](char a, char b) { return a == lower(b); });
  });
}

// A quick no for nearly every key: without one of these stems a name is never a credential's.
bool has_stem(std::string_view name) {
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    if (k_begins_stem[pair_of(name[i], name[i + 1])] && starts_with_stem(name.substr(i))) {
      return true;
    }
  }
  return false;
}

// Words that say where or in which form, not what.
constexpr std::array<Word, 35> k_trailing = {
    "prod",    "production",  "dev",       "development", "staging",   "stage",   "test",     "old",     "new",
    "value",   "plain",       "text",      "raw",         "plaintext", "base64",  "b64",      "encoded", "string",
    "default", "unencrypted", "cleartext", "clear",       "literal",   "hex",     "uat",      "qa",      "preprod",
    "local",   "live",        "primary",   "secondary",   "backup",    "current", "previous", "utf8"};

constexpr std::array<Word, 17> k_password = {"password", "passwd",   "passphrase", "pwd",   "passwort", "pass",
                                             "psw",      "passcode", "pswd",       "pw",    "kennwort", "contrasena",
                                             "senha",    "mdp",      "motdepasse", "pword", "passkey"};

// "X secret" that is a value; other secrets may be names of Secrets.
constexpr std::array<Word, 35> k_secret_of = {
    "client",  "api",       "app",     "jwt",        "cookie", "session",  "shared",    "consumer", "webhook",
    "signing", "hmac",      "oauth",   "encryption", "otp",    "totp",     "csrf",      "rpc",      "turn",
    "erlang",  "captcha",   "refresh", "crypto",     "tsig",   "nextauth", "macaroon",  "form",     "registration",
    "gossip",  "signature", "invite",  "xsrf",       "aes",    "pairing",  "handshake", "blowfish"};

// "X key" that is a secret; all other keys are names or something public.
constexpr std::array<Word, 47> k_key_of = {
    "api",          "secret",       "private",   "encryption", "signing", "master",     "account",      "shared",
    "auth",         "storage",      "session",   "hmac",       "jwt",     "crypt",      "fernet",       "license",
    "decrypt",      "decryption",   "encrypt",   "passphrase", "app",     "preshared",  "tsig",         "rndc",
    "gossip",       "ingest",       "ingestion", "join",       "enroll",  "enrollment", "unseal",       "recovery",
    "write",        "licence",      "cipher",    "aes",        "cookie",  "csrf",       "registration", "activation",
    "provisioning", "subscription", "signature", "deployment", "worker",  "agent",      "xsrf"};

// Before a word of a credential these turn it into something else.
constexpr std::array<Word, 18> k_not_a_value = {"existing", "use",   "create", "generate", "enable", "has",
                                                "is",       "no",    "allow",  "skip",     "need",   "require",
                                                "required", "reset", "forgot", "public",   "mount",  "from"};

// Names written without a border between words: DBPASSWORD, apikey.
constexpr std::array<Word, 67> k_joined = {
    "password",     "passwd",         "passphrase",     "apikey",      "secretkey",    "privatekey",
    "clientsecret", "authtoken",      "accesstoken",    "apitoken",    "bearertoken",  "refreshtoken",
    "jwtsecret",    "encryptionkey",  "signingkey",     "fernetkey",   "accountkey",   "webhooksecret",
    "apisecret",    "requirepass",    "masterauth",     "dbpass",      "smtppass",     "tsigkey",
    "masterkey",    "licensekey",     "sharedkey",      "joinkey",     "cookiesecret", "sessionsecret",
    "sharedsecret", "appsecret",      "consumersecret", "sastoken",    "rootpw",       "bindpw",
    "dbpw",         "adminpw",        "userpw",         "adminpass",   "rootpass",     "userpass",
    "bindpass",     "authpass",       "redispass",      "ldappass",    "mailpass",     "secretaccesskey",
    "keystorepass", "truststorepass", "storepass",      "keypass",     "sslpass",      "bottoken",
    "apptoken",     "usertoken",      "dbpwd",          "userpwd",     "rootpwd",      "primaryauth",
    "hmackey",      "hmacsecret",     "cryptkey",       "secrettoken", "sessionkey",   "admintoken",
    "roottoken"};

KeyClass classify_secret(const std::vector<std::string>& words) {
  const std::size_t count = words.size();
  const Word before = count > 1 ? Word(words[count - 2]) : Word();
  // coturn's static-auth-secret
  const bool fixed = before == "auth" && count > 2 && words[count - 3] == "static";
  return fixed || is_one_of(before, k_secret_of) ? KeyClass::credential : KeyClass::ambiguous;
}

KeyClass classify_key_word(const std::vector<std::string>& words) {
  const std::size_t count = words.size();
  const Word before = count > 1 ? Word(words[count - 2]) : Word();
  // "aws_secret_access_key"
  if (before == "access" && count > 2 && words[count - 3] == "secret") {
    return KeyClass::credential;
  }
  if (is_one_of(before, k_key_of)) {
    const bool named = before == "secret" || before == "app" || before == "account" || before == "auth";
    return named && (count < 3 || words[count - 3] == "existing") ? KeyClass::ambiguous : KeyClass::credential;
  }
  if (before == "set" && count > 2 && words[count - 3] == "replica") {
    return KeyClass::credential;
  }
  const bool may = before == "access" || before == "routing" || before == "service" || before == "integration" ||
                   before == "deploy" || before == "ssh" || before == "token" || before == "admin";
  return may ? KeyClass::ambiguous : KeyClass::other;
}

KeyClass classify_two_words(Word before, Word last) {
  const auto is = [&](Word a, Word b) { return before == a && last == b; };
  if (is("connection", "string") || is("conn", "str") || is("webhook", "url") || is("key", "base") ||
      is("hash", "salt") || is("totp", "seed") || is("otp", "seed") || is("seed", "phrase") ||
      is("password", "pepper") || is("access", "pat") || is("erlang", "cookie")) {
    return last == "url" || last == "base" ? KeyClass::ambiguous : KeyClass::credential;
  }
  return KeyClass::other;
}

bool is_connection_string(const std::vector<std::string>& words) {
  return words.size() > 1 && words.back() == "string" && words[words.size() - 2] == "connection";
}

void drop_trailing(std::vector<std::string>& words) {
  while (words.size() > 1 && !is_connection_string(words) &&
         (is_one_of(words.back(), k_trailing) || std::all_of(words.back().begin(), words.back().end(), is_digit))) {
    words.pop_back();
  }
  while (!words.empty() && words.back().size() > 1 && is_digit(words.back().back()) && words.back() != "oauth2") {
    words.back().pop_back();
  }
}

}  // namespace

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
      end_word();
      continue;
    }
    const bool after_lower = i > 0 && (is_lower(name[i - 1]) || is_digit(name[i - 1]));
    const bool before_lower = i > 0 && is_upper(name[i - 1]) && i + 1 < name.size() && is_lower(name[i + 1]);
    if (is_upper(c) && (after_lower || before_lower)) {
      end_word();
    }
    word += lower(c);
  }
  end_word();
  return words;
}

KeyClass classify_key(std::string_view name) {
  if (name.size() > k_longest_name) {
    name.remove_prefix(name.size() - k_longest_name);
  }
  // A title or a sentence is no name.
  if (!has_stem(name) || name.find(' ') != std::string_view::npos) {
    return KeyClass::other;
  }
  std::vector<std::string> words = words_of(name);
  if (words.empty()) {
    return KeyClass::other;
  }
  drop_trailing(words);
  const Word last = words.back();
  const Word before = words.size() > 1 ? Word(words[words.size() - 2]) : Word();
  if (is_one_of(words.front(), k_not_a_value) || is_one_of(before, k_not_a_value)) {
    return KeyClass::other;
  }
  if (is_one_of(last, k_password)) {
    return KeyClass::credential;
  }
  if (last == "token" || last == "jwt") {
    const bool of_kubernetes = before == "account" || before == "automount" || before == "page" || before == "next";
    return of_kubernetes || (last == "jwt" && words.size() == 1) ? KeyClass::other : KeyClass::credential;
  }
  if (last == "secret") {
    return classify_secret(words);
  }
  if (last == "key") {
    return classify_key_word(words);
  }
  if (last == "credential" || last == "credentials" || last == "creds" || last == "cred" || last == "salt" ||
      last == "tokens" || last == "passwords" || last == "dsn" || last == "psk" || last == "dockerconfigjson") {
    return last == "passwords" || last == "psk" ? KeyClass::credential : KeyClass::ambiguous;
  }
  if (words.size() > 1 && classify_two_words(before, last) != KeyClass::other) {
    return classify_two_words(before, last);
  }
  const bool joined = std::any_of(k_joined.begin(), k_joined.end(), [&](Word one) { return last.ends_with(one); });
  return joined && !last.starts_with("existing") ? KeyClass::credential : KeyClass::other;
}

bool names_existing_secret(std::string_view name) {
  // Asked of every key of every mapping.
  const bool may = name.find("ecret") != std::string_view::npos || name.find("ECRET") != std::string_view::npos;
  if (!may || name.size() > k_longest_name) {
    return false;
  }
  const std::vector<std::string> words = words_of(name);
  const auto has = [&](Word word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  if (!has("secret") && !has("secrets") && !has("existingsecret")) {
    return false;
  }
  const Word last = words.back();
  return has("existing") || has("existingsecret") || has("external") || last == "ref" || last == "name" ||
         (words.size() > 1 && last == "secret" &&
          (words[words.size() - 2] == "credentials" || words[words.size() - 2] == "password"));
}

bool holds_no_values(std::string_view name) {
  constexpr std::array<Word, 28> k_names = {
      "secretKeyRef",  "configMapKeyRef",   "fieldRef",          "resourceFieldRef", "secretRef",  "remoteRef",
      "keyMapping",    "keyMappings",       "secretKeys",        "secretKeyNames",   "properties", "openAPIV3Schema",
      "definitions",   "x-kubernetes",      "required",          "translations",     "i18n",       "encryptedData",
      "dataFrom",      "secretStoreRef",    "passwordSecretRef", "tokenSecretRef",   "valueFrom",  "secretMappings",
      "secretObjects", "patternProperties", "replaces",          "permissions"};
  if (is_one_of(name, k_names)) {
    return true;
  }
  return name.starts_with("existing") || name.ends_with("SecretRef") || name.ends_with("KeyRef") ||
         name.ends_with("SecretKeyRef");
}

}  // namespace helmme::lint
