#include "lint/embedded_pair.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "lint/characters.h"
#include "lint/key_name.h"
#include "lint/value.h"

namespace helmme::lint {
namespace {

constexpr std::size_t k_longest_word = 64;
constexpr std::size_t k_nearby = 240;  // bytes before and behind

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& lowered) {
  return std::any_of(lowered.begin(), lowered.end(), [&](std::string_view one) { return same_word(word, one); });
}

std::size_t skip_back(std::string_view text, std::size_t at, std::string_view set) {
  while (at > 0 && is_in(text[at - 1], set)) {
    --at;
  }
  return at;
}

std::string_view word_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && end - begin < k_longest_word && is_name_character(text[begin - 1])) {
    --begin;
  }
  return text.substr(begin, end - begin);
}

}  // namespace

bool is_naming_word(std::string_view word) {
  constexpr std::array<std::string_view, 20> k_words = {
      "name", "key",          "parameter",     "param",        "property", "variable",  "var",
      "env",  "envname",      "header",        "option",       "setting",  "field",     "type",
      "id",   "variablename", "parametername", "parameterkey", "envvar",   "headername"};
  return is_one_of(word, k_words);
}

bool is_value_word(std::string_view word) {
  constexpr std::array<std::string_view, 9> k_words = {"value",          "defaultvalue", "default_value",
                                                       "stringvalue",    "string_value", "val",
                                                       "parametervalue", "plainvalue",   "headervalue"};
  return is_one_of(word, k_words);
}

bool is_named_here(std::string_view text, std::size_t begin) {
  std::size_t at = skip_back(text, begin, "\"'\\");
  if (at > 0 && text[at - 1] == '>') {
    const std::string_view word = word_before(text, at - 1);
    const std::size_t open = at - 1 - word.size();
    return open > 0 && text[open - 1] == '<' && is_naming_word(word);
  }
  at = skip_back(text, at, " \t");
  if (at == 0 || !is_in(text[at - 1], ":=")) {
    return false;
  }
  return is_naming_word(word_before(text, skip_back(text, skip_back(text, at - 1, " \t"), "\"'\\")));
}

bool stands_beside_identity(std::string_view text, Span span) {
  constexpr std::array<std::string_view, 15> k_names = {
      "accessKey", "access_key", "access-key", "AccessKey", "ACCESS_KEY", "accesskey", "clientId", "clientID",
      "client_id", "client-id",  "CLIENT_ID",  "ClientId",  "roleId",     "role_id",   "keyId"};
  const std::size_t from = span.begin - std::min(span.begin, k_nearby);
  const std::string_view near = text.substr(from, span.end - from + k_nearby);
  return std::any_of(k_names.begin(), k_names.end(), [&](std::string_view name) {
    const std::size_t at = near.find(name);
    if (at == std::string_view::npos ||
        (at >= 6 && (near.substr(at - 6, 6) == "secret" || near.substr(at - 6, 6) == "Secret"))) {
      return false;
    }
    std::size_t end = at + name.size();
    while (end < near.size() && (is_name_character(near[end]) || is_in(near[end], "\"' \t\\"))) {
      ++end;
    }
    return end < near.size() && is_in(near[end], ":=");
  });
}

bool is_name_of_key(std::string_view value) {
  constexpr std::array<std::string_view, 17> k_last = {
      "key",  "secret", "password", "token",  "id",   "credentials", "name",  "credential", "secrets",
      "keys", "creds",  "auth",     "access", "user", "username",    "value", "data"};
  const bool plain = std::all_of(value.begin(), value.end(), is_name_character);
  const std::vector<std::string> words = plain ? words_of(value) : std::vector<std::string>();
  return !words.empty() && is_one_of(std::string_view(words.back()), k_last) && !looks_random(value);
}

bool is_value_beside_identity(std::string_view key, std::string_view value) {
  if (is_name_of_key(value) || is_identity(key)) {
    return false;
  }
  const bool worded =
      std::all_of(value.begin(), value.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
  const bool called = worded && (value.ends_with("password") || value.ends_with("secret") || value.ends_with("key"));
  const std::vector<std::string> words = words_of(key);
  return !words.empty() && !called && (words.back() == "key" || !worded);
}

bool is_identity(std::string_view key) {
  if (key.size() > k_longest_word) {
    return false;
  }
  constexpr std::array<std::string_view, 6> k_names = {"accesskey", "accesskeyid", "clientid",
                                                       "roleid",    "accessid",    "consumerkey"};
  std::string joined;
  for (const std::string& word : words_of(key)) {
    joined += word;
  }
  return std::any_of(k_names.begin(), k_names.end(), [&](std::string_view name) {
    return joined.ends_with(name) && joined.find("secret") == std::string::npos;
  });
}

}  // namespace helmme::lint
