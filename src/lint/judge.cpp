#include <algorithm>
#include <array>

#include "lint/characters.h"
#include "lint/embedded.h"
#include "lint/embedded_pair.h"

namespace helmme::lint {
namespace {

constexpr std::size_t k_longest_name = 128;

// "auth-token" for authToken: it stands for a value.
bool repeats(std::string_view key, std::string_view value) {
  if (value.size() > k_longest_name || key.size() > k_longest_name) {
    return false;
  }
  const std::vector<std::string> of_key = words_of(key);
  const std::vector<std::string> of_value = words_of(value);
  return !of_value.empty() && of_value.size() <= of_key.size() &&
         std::equal(of_value.rbegin(), of_value.rend(), of_key.rbegin());
}

// Words with "-" between them, in lower case: what people call things. Passwords may look so; what a program makes to
// be a token does not, so a token of that look is the name of one.
bool is_worded(std::string_view value) {
  return value.find('-') != std::string_view::npos && value.front() != '-' && value.back() != '-' &&
         std::all_of(value.begin(), value.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

bool is_for_token(std::string_view key) {
  const std::vector<std::string> words = words_of(key);
  return !words.empty() && words.back() == "token";
}

// "dbSecretKey: password" names the key of a Secret.
bool is_for_secret_key(std::string_view key) {
  return key.size() > std::string_view("SecretKey").size() && key.ends_with("SecretKey");
}

}  // namespace

Verdict judge(std::string_view key, std::string_view value) {
  const Verdict verdict = judge(classify_key(key), value);
  if (verdict != Verdict::clean && is_for_secret_key(key) && is_name_of_key(value)) {
    return Verdict::clean;
  }
  if (verdict != Verdict::secret) {
    return verdict;
  }
  if (is_worded(value) && is_for_token(key)) {
    return Verdict::clean;
  }
  return repeats(key, value) ? Verdict::common : verdict;
}

Verdict judge(std::string_view name, KeyClass key, std::string_view value) {
  const Verdict verdict = judge(key, value);
  return verdict != Verdict::clean && classify_key(name) == key ? judge(name, value) : verdict;
}

Verdict judge(KeyClass key, std::string_view value) {
  if (key == KeyClass::other) {
    return Verdict::clean;
  }
  const bool certain = key == KeyClass::credential;
  switch (classify_value(value)) {
    case ValueClass::literal:
      return Verdict::secret;
    case ValueClass::name:
      return certain ? Verdict::secret : Verdict::clean;
    case ValueClass::common:
      return certain || contains(value, "hange") ? Verdict::common : Verdict::clean;
    default:
      return Verdict::clean;
  }
}

void add_judged(std::vector<EmbeddedSecret>& found, std::string_view name, KeyClass key, std::string_view text,
                Span span) {
  const Verdict verdict = judge(name, key, text.substr(span.begin, span.end - span.begin));
  if (verdict != Verdict::clean) {
    found.push_back({name, span, verdict});
  }
}

}  // namespace helmme::lint
