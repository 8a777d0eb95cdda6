#include <algorithm>
#include <array>

#include "lint/characters.h"
#include "lint/embedded.h"

namespace helmme::lint {
namespace {

constexpr std::size_t k_longest_authority = 1024;
constexpr std::size_t k_longest_name = 128;

// "%s", "{password}": what a program fills in.
bool is_format(std::string_view value) {
  return value.starts_with("%") || (value.front() == '{' && value.back() == '}') || value.front() == ':';
}

void add_password(std::vector<EmbeddedSecret>& found, std::string_view name, std::string_view text, Span span) {
  if (span.begin >= span.end) {
    return;
  }
  const std::string_view value = text.substr(span.begin, span.end - span.begin);
  if (!is_format(value) && value.find_first_of("<>{}$") == std::string_view::npos) {
    add_judged(found, name, KeyClass::credential, text, span);
  }
}

// What stands between "://" and the path. "?" and "#" end it, but people write them into passwords as they are: then an
// "@" follows, and what stands before them is no port.
std::string_view authority_at(std::string_view rest) {
  const std::string_view widest = rest.substr(0, rest.find_first_of("/ \t\r\n\"'`,;<>|\\"));
  const std::string_view strict = widest.substr(0, widest.find_first_of("?#"));
  const std::size_t colon = strict.find(':');
  if (strict.size() == widest.size() || colon == std::string_view::npos || contains(strict, "@")) {
    return strict;
  }
  const std::string_view port = strict.substr(colon + 1);
  const std::size_t sign = widest.rfind('@');
  const bool host = sign != std::string_view::npos && sign + 1 < widest.size() &&
                    (is_letter(widest[sign + 1]) || is_digit(widest[sign + 1]) || widest[sign + 1] == '[');
  return host && !std::all_of(port.begin(), port.end(), is_digit)
             ? widest.substr(0, std::min(widest.find_first_of("?#", sign), widest.size()))
             : strict;
}

// "user:PASSWORD@tcp(host:port)/" as Go's MySQL driver has it.
void find_go_dsn(std::string_view text, std::vector<EmbeddedSecret>& found) {
  for (std::size_t at = text.find("@tcp("); at != std::string_view::npos; at = text.find("@tcp(", at + 1)) {
    std::size_t colon = at;
    while (colon > 0 && at - colon < k_longest_name && !is_in(text[colon - 1], ": \t\n\"'=")) {
      --colon;
    }
    if (colon > 1 && text[colon - 1] == ':') {
      add_password(found, "DSN", text, {colon, at});
    }
  }
}

// Key-value connection strings: libpq's, ADO.NET's, JDBC's. Only where the text names a host as well.
void find_key_value_dsn(std::string_view text, std::vector<EmbeddedSecret>& found) {
  constexpr std::array<std::string_view, 8> k_places = {
      "host=", "Host=", "erver=", "ata Source=", "jdbc:", "dbname=", "ndpoint=", "://"};
  if (text.find('=') == std::string_view::npos ||
      std::none_of(k_places.begin(), k_places.end(), [&](std::string_view place) { return contains(text, place); })) {
    return;
  }
  for (std::size_t at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < k_longest_name && is_name_character(text[begin - 1])) {
      --begin;
    }
    const std::string_view name = text.substr(begin, at - begin);
    const bool parameter = begin > 0 && is_in(text[begin - 1], "?&; \"'");
    if ((parameter || begin == 0) &&
        (same_word(name, "password") || same_word(name, "pwd") || same_word(name, "accountkey") ||
         same_word(name, "sharedaccesskey") || same_word(name, "passwd"))) {
      const std::string_view rest = text.substr(at + 1, k_longest_authority);
      add_password(found, name, text, {at + 1, at + 1 + std::min(rest.find_first_of("; &\"'\r\n\t"), rest.size())});
    }
  }
}

}  // namespace

std::vector<EmbeddedSecret> find_url_passwords(std::string_view text) {
  std::vector<EmbeddedSecret> found;
  for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 1)) {
    const std::size_t begin = at + 3;
    const std::string_view authority = authority_at(text.substr(begin, k_longest_authority));
    const std::size_t sign = authority.rfind('@');
    const std::size_t colon = authority.find(':');
    if (sign == std::string_view::npos || colon == std::string_view::npos || colon > sign || at == 0 ||
        !(is_letter(text[at - 1]) || is_digit(text[at - 1]))) {
      continue;
    }
    const std::string_view user = authority.substr(0, colon);
    const std::string_view password = authority.substr(colon + 1, sign - colon - 1);
    const std::string_view host = authority.substr(sign + 1);
    const bool sample = ((user == "user" || user == "username") && (password == "password" || password == "pass")) ||
                        host == "host:port" || host == "hostname:port" || host == "HOST:PORT";
    if (!sample) {
      add_password(found, "URL", text, {begin + colon + 1, begin + sign});
    }
  }
  find_go_dsn(text, found);
  find_key_value_dsn(text, found);
  std::sort(found.begin(), found.end(),
            [](const EmbeddedSecret& a, const EmbeddedSecret& b) { return a.span.begin < b.span.begin; });
  return found;
}

}  // namespace helmme::lint
