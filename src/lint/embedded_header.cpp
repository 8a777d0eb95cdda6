#include <algorithm>
#include <array>

#include "lint/characters.h"
#include "lint/embedded.h"

namespace helmme::lint {
namespace {

constexpr std::size_t k_longest_authority = 1024;
constexpr std::size_t k_longest_name = 128;

}  // namespace

std::vector<EmbeddedSecret> find_header_secret(std::string_view header, std::string_view value) {
  std::vector<EmbeddedSecret> found;
  // Those whose name does not say it.
  constexpr std::array<std::string_view, 7> k_headers = {
      "authorization", "proxy-authorization",   "x-honeycomb-team", "dd-application-key", "ocp-apim-subscription-key",
      "x-auth-key",    "lightstep-access-token"};
  if (std::none_of(k_headers.begin(), k_headers.end(), [&](std::string_view one) { return same_word(header, one); }) &&
      classify_key(header) != KeyClass::credential) {
    return found;
  }
  std::size_t begin = std::min(value.find_first_not_of(" \t"), value.size());
  const std::size_t space = value.find(' ', begin);
  if (header.size() > 12 || space != std::string_view::npos) {
    begin = same_word(header, "x-api-key") || space == std::string_view::npos ? begin : space + 1;
  }
  std::size_t end = value.size();
  while (end > begin && is_in(value[end - 1], " \t\r\n\"'")) {
    --end;
  }
  if (begin < end) {
    add_judged(found, header, KeyClass::credential, value, {begin, end});
  }
  return found;
}

std::vector<EmbeddedSecret> find_header_list(std::string_view text) {
  // Values are percent-encoded: OpenTelemetry's specification of exporters.
  constexpr std::string_view k_space = "%20";
  std::vector<EmbeddedSecret> found;
  if (text.find('=') == std::string_view::npos) {
    return found;
  }
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::size_t equals = text.substr(0, end).find('=', begin);
    if (equals != std::string_view::npos) {
      const std::string_view header = text.substr(begin, equals - begin);
      const std::size_t space = text.substr(0, end).find(k_space, equals);
      const std::size_t from = space == std::string_view::npos ? equals + 1 : space + k_space.size();
      for (EmbeddedSecret secret : find_header_secret(header, text.substr(from, end - from))) {
        found.push_back({header, {secret.span.begin + from, secret.span.end + from}, secret.verdict});
      }
    }
    begin = end + 1;
  }
  return found;
}

std::vector<EmbeddedSecret> find_authorizations(std::string_view text) {
  std::vector<EmbeddedSecret> found;
  constexpr std::string_view k_rest = "uthorization";
  for (std::size_t at = text.find(k_rest); at != std::string_view::npos; at = text.find(k_rest, at + 1)) {
    const std::size_t begin = text.find_first_not_of(" \t\"':=,>\\", at + k_rest.size());
    if (begin == std::string_view::npos || begin == at + k_rest.size()) {
      continue;
    }
    std::string_view value = text.substr(begin, k_longest_authority);
    if (!value.starts_with("Basic ") && !value.starts_with("Bearer ") && !value.starts_with("Token ") &&
        !value.starts_with("ApiKey ") && !value.starts_with("token ") && !value.starts_with("bearer ") &&
        !value.starts_with("GenieKey ") && !value.starts_with("Splunk ") && !value.starts_with("Api-Token ")) {
      continue;
    }
    value = value.substr(0, value.find_first_of(" \t\"';,\\\r\n", value.find(' ') + 1));
    for (EmbeddedSecret secret : find_header_secret("Authorization", value)) {
      secret.span = {secret.span.begin + begin, secret.span.end + begin};
      found.push_back(secret);
    }
  }
  return found;
}

std::vector<EmbeddedSecret> find_name_and_password(std::string_view key, std::string_view value) {
  std::vector<EmbeddedSecret> found;
  // Few keys are asked further.
  if (key.size() < 4 || !is_in(lower(key.back()), "hsd") || value.size() > k_longest_authority) {
    return found;
  }
  const std::size_t colon = value.find_first_of(":/");
  if (colon == std::string_view::npos || colon == 0 || colon > k_longest_name) {
    return found;
  }
  const std::vector<std::string> words = words_of(key);
  if (words.empty()) {
    return found;
  }
  const std::string_view last = words.back();
  const std::string_view before = words.size() > 1 ? std::string_view(words[words.size() - 2]) : std::string_view();
  const bool basic = (last == "auth" && before == "basic") || last == "basicauth" || last == "userpass" ||
                     last == "htpasswd" || (last == "users" && before == "auth") ||
                     (last == "auth" && before == "http");
  // "users: [shop:x]" may also give groups and roles.
  const bool users = last == "users" || last == "credentials" || last == "logins";
  const bool neo4j = value.starts_with("neo4j/") && last == "auth";
  const bool plain = value.find_first_of(" \t\n{}<>") == std::string_view::npos;
  if (!plain || (neo4j ? value[colon] != '/' : value[colon] != ':') || (!basic && !users && !neo4j) ||
      !std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(colon), is_name_character)) {
    return found;
  }
  const std::string_view password = value.substr(colon + 1);
  const bool made_up =
      std::any_of(password.begin(), password.end(), [](char c) { return is_digit(c) || !is_letter(c); }) &&
      !std::all_of(password.begin(), password.end(), is_digit) && password.find(':') == std::string_view::npos &&
      !value.starts_with("system:");
  if (basic || neo4j || made_up) {
    add_judged(found, key, KeyClass::credential, value, {colon + 1, value.size()});
  }
  return found;
}

}  // namespace helmme::lint
