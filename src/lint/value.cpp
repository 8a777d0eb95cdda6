#include "lint/value.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "lint/characters.h"
#include "lint/key_name.h"
#include "lint/token_format.h"
#include "lint/value_words.h"
#include "placeholder/native.h"

namespace helmme::lint {
namespace {

using Word = std::string_view;

// A value beyond this is judged by its beginning.
constexpr std::size_t k_longest_judged = 4096;

bool is_in_time(char c) { return std::string_view("-:.TZtz+ ").find(c) != std::string_view::npos; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

template <typename Test>
bool all(std::string_view text, Test test) {
  return std::all_of(text.begin(), text.end(), test);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

template <std::size_t N>
bool is_one_of(Word word, const std::array<Word, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_variable_name(std::string_view name) {
  return !name.empty() && !is_digit(name[0]) &&
         all(name, [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '-'; });
}

// "$NAME", "%NAME%", "@NAME@", "__NAME__", "#{NAME}#": what other tools fill in.
bool is_variable(std::string_view value) {
  const auto between = [&](std::string_view open, std::string_view close) {
    return value.size() > open.size() + close.size() && value.starts_with(open) && value.ends_with(close) &&
           is_variable_name(value.substr(open.size(), value.size() - open.size() - close.size()));
  };
  const bool argument =
      value.size() == 2 && value[0] == '$' && (is_digit(value[1]) || value[1] == '@' || value[1] == '*');
  // Envoy's "%REQ(x-token)%"
  const bool percents = value.size() > 2 && value.front() == '%' && value.back() == '%' && !contains(value, " ");
  return argument || percents || (value.size() > 1 && value[0] == '$' && is_variable_name(value.substr(1))) ||
         between("@", "@") || between("__", "__") || between("#{", "}#") || between("#{", "}") || between("@@", "@@") ||
         between("!!", "!!") || between("<<", ">>") || between("((", "))") || between("%%", "%%") || between("~", "~");
}

// "<KEY>", "<path:…#key>" and the like of argocd-vault-plugin, and examples such as "<your-token>".
bool is_in_angles(std::string_view value) {
  return value.size() > 2 && value.front() == '<' && value.back() == '>' && !contains(value.substr(1), "<");
}

bool has_expression(std::string_view value) {
  return contains(value, "{{") || contains(value, "${") || contains(value, "$(") || contains(value, "<%") ||
         contains(value, "<path:") || contains(value, "[[") || contains(value, placeholder::k_native_marker);
}

bool is_mask(std::string_view value) {
  const char first = value[0];
  const bool one = value.size() >= 3 && all(value, [&](char c) { return c == first; });
  if (one && (first == 'x' || first == 'X' || first == '*' || first == '.' || first == '-' || first == '_' ||
              first == '?' || first == '#' || first == '0')) {
    return true;
  }
  return contains(value, "xxxx") || contains(value, "EXAMPLE") || contains(value, "XXXX") || contains(value, "****") ||
         contains(value, "....") || value.ends_with("...") || contains(value, "\xE2\x80\xA6") ||
         contains(value, "\xE2\x80\xA2\xE2\x80\xA2");
}

bool is_example(std::string_view value, std::string_view lowered) {
  if (is_mask(value) || is_in_angles(value) || is_one_of(lowered, k_example_words)) {
    return true;
  }
  if (value.size() > 2 && value.front() == '[' && value.back() == ']') {
    return true;
  }
  if (value.starts_with("**") && value.ends_with("**")) {
    return true;
  }
  if (const std::size_t at = lowered.find("example"); at != std::string_view::npos) {
    const std::size_t end = at + std::string_view("example").size();
    if ((at == 0 || !is_letter(lowered[at - 1])) && (end == lowered.size() || !is_letter(lowered[end]))) {
      return true;
    }
  }
  return std::any_of(k_example_parts.begin(), k_example_parts.end(), [&](Word part) {
    const std::size_t at = lowered.find(part);
    return at != std::string_view::npos && (at == 0 || !is_letter(lowered[at - 1]) || !is_letter(part[0]));
  });
}

bool is_file(std::string_view value) {
  if (value.starts_with("./") || value.starts_with("../") || value.starts_with("~/") || value.starts_with("C:\\")) {
    return true;
  }
  // "private.key"
  for (const Word ending :
       {Word(".key"), Word(".pem"), Word(".crt"), Word(".cer"), Word(".p12"), Word(".pfx"), Word(".jks")}) {
    if (value.ends_with(ending) && value.size() > ending.size() && all(value, is_name_character)) {
      return true;
    }
  }
  // "docs/token.md"
  const std::size_t dot = value.rfind('.');
  if (dot != std::string_view::npos && dot > 2 && value.size() - dot >= 3 && value.size() - dot <= 6 &&
      contains(value, "/") && all(value.substr(dot + 1), is_letter) &&
      all(value, [](char c) { return is_name_character(c) || c == '/'; })) {
    return true;
  }
  if (value.size() < 3 || value[0] != '/' || contains(value, "=") || contains(value, "+")) {
    return false;
  }
  const auto slashes = std::count(value.begin(), value.end(), '/');
  return slashes >= 2 && slashes * 24 >= static_cast<std::ptrdiff_t>(value.size()) &&
         all(value, [](char c) { return is_name_character(c) || c == '/'; });
}

bool is_url(std::string_view value) {
  const std::size_t colon = value.find("://");
  return colon != std::string_view::npos && colon > 0 &&
         all(value.substr(0, colon), [](char c) { return is_name_character(c) || c == '+' || c == ':'; });
}

bool is_public(std::string_view value) {
  for (const Word begin :
       {Word("-----BEGIN CERTIFICATE"), Word("-----BEGIN PUBLIC KEY"), Word("-----BEGIN RSA PUBLIC"),
        Word("-----BEGIN PGP PUBLIC"), Word("-----BEGIN SSH2 PUBLIC"), Word("ssh-rsa "), Word("ssh-ed25519 "),
        Word("ecdsa-sha2-"), Word("sha256:"), Word("sha512:"), Word("sha1:"), Word("sha256-"), Word("sha512-"),
        Word("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS"), Word("LS0tLS1CRUdJTiBQVUJMSUMg"), Word("age1")}) {
    if (value.starts_with(begin)) {
      return true;
    }
  }
  const std::string_view head = value.substr(0, 300);
  return contains(head, "@sha256:") || contains(head, " ssh-rsa ") || contains(head, " ssh-ed25519 ") ||
         contains(head, " ecdsa-sha2-");
}

// A password's hash in the form of crypt(5), htpasswd, LDAP (RFC 2307), Django, Werkzeug, PostgreSQL or MySQL: no plain
// text.
bool is_hash(std::string_view value) {
  constexpr std::size_t k_shortest = 20;
  constexpr std::size_t k_longest_user = 64;
  // "name:$apr1$…"
  if (const std::size_t colon = value.substr(0, k_longest_user).find(":$");
      colon != std::string_view::npos && colon > 0 && all(value.substr(0, colon), is_name_character)) {
    value.remove_prefix(colon + 1);
  }
  constexpr std::array<Word, 32> k_beginnings = {"$2a$",
                                                 "$2b$",
                                                 "$2y$",
                                                 "$1$",
                                                 "$5$",
                                                 "$6$",
                                                 "$7$",
                                                 "$y$",
                                                 "$gy$",
                                                 "$apr1$",
                                                 "$argon2",
                                                 "$scrypt$",
                                                 "$pbkdf2",
                                                 "{SHA",
                                                 "{SSHA",
                                                 "{CRYPT}",
                                                 "{MD5}",
                                                 "{SMD5}",
                                                 "{BCRYPT}",
                                                 "{bcrypt}",
                                                 "{PBKDF2",
                                                 "{pbkdf2}",
                                                 "{ARGON2",
                                                 "{argon2",
                                                 "{scrypt",
                                                 "pbkdf2_",
                                                 "pbkdf2:",
                                                 "scrypt:",
                                                 "SCRAM-SHA-256$",
                                                 "SCRAM-SHA-1$",
                                                 "bcrypt_sha256$",
                                                 "argon2$"};
  if (std::any_of(k_beginnings.begin(), k_beginnings.end(), [&](Word begin) { return value.starts_with(begin); })) {
    return value.size() > k_shortest;
  }
  return (value.size() == 35 && value.starts_with("md5") && all(value.substr(3), is_hex)) ||
         (value.size() == 41 && value[0] == '*' && all(value.substr(1), is_hex));
}

// "-----BEGIN … PRIVATE KEY-----" around nothing.
bool is_empty_key(std::string_view value) {
  const std::size_t begin = value.find("-----BEGIN ");
  return begin != std::string_view::npos && contains(value, "PRIVATE KEY") && !private_key_at(value, begin);
}

// RFC 3339.
bool is_time(std::string_view value) {
  return value.size() >= 10 && value.size() <= 35 && value[4] == '-' && value[7] == '-' &&
         all(value, [](char c) { return is_digit(c) || is_in_time(c); });
}

bool is_prose(std::string_view value) {
  if (contains(value, "\n") || std::count(value.begin(), value.end(), ' ') < 2) {
    return false;
  }
  constexpr std::array<Word, 34> k_filler = {"the",  "your", "a",    "an",  "for",    "to",    "of",   "is",   "be",
                                             "in",   "with", "if",   "and", "or",     "enter", "must", "not",  "please",
                                             "will", "this", "that", "use", "used",   "can",   "from", "when", "has",
                                             "by",   "on",   "it",   "are", "should", "no",    "as"};
  std::size_t at = 0;
  while (at < value.size()) {
    const std::size_t end = std::min(value.find(' ', at), value.size());
    if (is_one_of(lower(value.substr(at, end - at)), k_filler)) {
      return true;
    }
    at = end + 1;
  }
  return false;
}

bool is_small_number(std::string_view value) {
  return value.size() == 1 || (value.size() == 2 && all(value, [](char c) { return is_digit(c) || c == '-'; }));
}

// "24h", "30d", "15m": how long, not what.
bool is_duration(std::string_view value) {
  return value.size() >= 2 && value.size() <= 6 && is_digit(value[0]) &&
         all(value.substr(0, value.size() - 1), is_digit) && contains("smhdw", value.substr(value.size() - 1));
}

}  // namespace

// By hand: find_first_not_of makes a call for each character, and every value of every file is trimmed.
std::string_view trim(std::string_view value) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  std::size_t begin = 0;
  std::size_t end = value.size();
  while (begin < end && is_space(value[begin])) {
    ++begin;
  }
  while (end > begin && is_space(value[end - 1])) {
    --end;
  }
  return value.substr(begin, end - begin);
}

bool is_title(std::string_view value) {
  return !value.empty() && is_upper(value[0]) && all(value, [](char c) {
    return is_letter(c) || contains(" -,.?!:'()%", std::string_view(&c, 1)) || static_cast<unsigned char>(c) >= 0x80;
  });
}

bool is_title_of(std::string_view key, std::string_view value) {
  constexpr std::size_t k_most_words = 6;
  const std::vector<std::string> of_value = words_of(value.substr(0, k_longest_judged));
  const std::vector<std::string> of_key = words_of(key);
  return is_title(value) && !of_value.empty() && !of_key.empty() && of_value.size() <= k_most_words &&
         of_value.back() == of_key.back();
}

double entropy(std::string_view value) {
  std::array<std::size_t, 256> counts{};
  for (const char c : value) {
    ++counts[static_cast<unsigned char>(c)];
  }
  double bits = 0;
  const auto size = static_cast<double>(value.size());
  for (const std::size_t count : counts) {
    if (count > 0) {
      const double share = static_cast<double>(count) / size;
      bits -= share * std::log2(share);
    }
  }
  return bits;
}

bool looks_random(std::string_view value) {
  value = value.substr(0, k_longest_judged);
  if (value.size() < 8 || contains(value, " ")) {
    return false;
  }
  const bool digits = std::any_of(value.begin(), value.end(), is_digit);
  const bool uppers = std::any_of(value.begin(), value.end(), is_upper);
  const bool lowers = std::any_of(value.begin(), value.end(), is_lower);
  const bool signs = !all(value, is_name_character);
  if (value.size() >= 16 && all(value, is_hex) && digits && (uppers || lowers)) {
    return entropy(value) >= 2.8;
  }
  const int kinds =
      static_cast<int>(digits) + static_cast<int>(uppers) + static_cast<int>(lowers) + static_cast<int>(signs);
  return kinds >= 3 ? entropy(value) >= 2.7 : (digits && kinds >= 2 && value.size() >= 12 && entropy(value) >= 3.2);
}

bool is_uuid(std::string_view value) {
  if (value.size() != 36) {
    return false;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? value[i] != '-' : !is_hex(value[i])) {
      return false;
    }
  }
  return true;
}

bool is_reference(std::string_view value) {
  value = trim(value);
  if (value.empty()) {
    return false;
  }
  return has_expression(value) || is_variable(value) ||
         std::any_of(k_reference_beginnings.begin(), k_reference_beginnings.end(),
                     [&](Word begin) { return value.starts_with(begin); });
}

bool is_secret_of_ambiguous_key(std::string_view value) {
  value = trim(value);
  const bool name = value.size() <= 253 && all(value, [](char c) { return is_name_character(c) || c == '/'; });
  if (!name) {
    return true;
  }
  if (is_uuid(value)) {
    return false;
  }
  if (looks_random(value) && (value.size() >= 16 || !contains(value, "-"))) {
    return true;
  }
  constexpr std::array<Word, 34> k_words = {
      "secret",   "secrets", "password", "passwd", "token", "key",      "keys",   "credentials", "creds",
      "cred",     "cert",    "tls",      "auth",   "user",  "username", "config", "name",        "pass",
      "registry", "api",     "access",   "client", "data",  "jwt",      "admin",  "root",        "regcred",
      "id",       "db",      "ca",       "my",     "app",   "env",      "value"};
  const std::vector<std::string> words = words_of(value);
  if (words.size() >= 2 || (words.size() == 1 && is_one_of(words[0], k_words))) {
    // Words joined by dashes: how objects and keys are called.
    return std::any_of(words.begin(), words.end(), [](const std::string& word) {
      const auto digits = std::count_if(word.begin(), word.end(), is_digit);
      return word.size() >= 6 && digits >= 2 && static_cast<std::size_t>(digits) < word.size();
    });
  }
  const bool ends_as_name = std::any_of(k_words.begin(), k_words.end(),
                                        [&](Word word) { return word.size() > 3 && lower(value).ends_with(word); });
  // "key1" is numbered, "s3cr3t" is not.
  const std::string_view stem = value.substr(0, value.find_last_not_of("0123456789") + 1);
  return !ends_as_name && std::any_of(stem.begin(), stem.end(), is_digit);
}

ValueClass classify_value(std::string_view value) {
  value = trim(value);
  if (value.empty() || value == "~") {
    return ValueClass::nothing;
  }
  const std::string_view judged = value.substr(0, k_longest_judged);
  if (is_reference(judged)) {
    return ValueClass::reference;
  }
  const std::string lowered = lower(judged);
  if (is_small_number(judged) || is_duration(judged) || is_time(judged) || is_one_of(lowered, k_flags)) {
    return ValueClass::flag;
  }
  if (is_public(judged) || is_hash(judged)) {
    return ValueClass::certificate;
  }
  if (is_one_of(lowered, k_common)) {
    return ValueClass::common;
  }
  if (is_example(judged, lowered) || is_empty_key(value)) {
    return ValueClass::example;
  }
  if (is_file(judged)) {
    return ValueClass::file;
  }
  if (is_url(judged)) {
    return ValueClass::url;
  }
  if (is_prose(judged)) {
    return ValueClass::prose;
  }
  if (!is_secret_of_ambiguous_key(judged)) {
    return ValueClass::name;
  }
  return ValueClass::literal;
}

}  // namespace helmme::lint
