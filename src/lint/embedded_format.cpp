// Formats that write a credential without a name before it, known by the file's name or by the look of a line.
#include <algorithm>
#include <array>

#include "lint/characters.h"
#include "lint/embedded.h"
#include "lint/file_kind.h"

namespace helmme::lint {
namespace {

constexpr std::size_t k_most_words = 16;  // of a line
constexpr std::size_t k_longest_line = 4096;

struct Line {
  std::size_t begin = 0;
  std::vector<std::string_view> words;

  [[nodiscard]] bool begins(std::string_view first, std::string_view second = "") const {
    return !words.empty() && words[0] == first && (second.empty() || (words.size() > 1 && words[1] == second));
  }
};

// What a kind of line gives away. `found`: where its secrets go.
using Reader = void (*)(const Line& line, std::string_view text, std::vector<EmbeddedSecret>& found);

Span span_of(std::string_view text, std::string_view part) {
  const auto begin = static_cast<std::size_t>(part.data() - text.data());
  return {begin, begin + part.size()};
}

void add(std::vector<EmbeddedSecret>& found, std::string_view name, std::string_view text, std::string_view value) {
  if (value.size() >= 2 && is_in(value.front(), "\"'") && value.back() == value.front()) {
    value = value.substr(1, value.size() - 2);
  }
  if (!value.empty() && value != "*" && value.find('$') == std::string_view::npos) {
    add_judged(found, name, KeyClass::credential, text, span_of(text, value));
  }
}

// "name:PASSWORD".
void add_pair(std::vector<EmbeddedSecret>& found, std::string_view name, std::string_view text, std::string_view pair) {
  const std::size_t colon = pair.find(':');
  if (colon != std::string_view::npos && colon > 0) {
    add(found, name, text, pair.substr(colon + 1));
  }
}

// Redis: "user shop on >PASSWORD ~* +@all".
void read_redis_user(const Line& line, std::string_view text, std::vector<EmbeddedSecret>& found) {
  if (line.begins("user") || line.begins("ACL", "SETUSER")) {
    for (const std::string_view word : line.words) {
      if (word.size() > 1 && word[0] == '>') {
        add(found, "user", text, word.substr(1));
      }
    }
  }
}

// HAProxy: "stats auth name:PASSWORD"; Squid: "cache_peer … login=name:PASSWORD"; coturn: "user=name:PASSWORD".
void read_pair_of_server(const Line& line, std::string_view text, std::vector<EmbeddedSecret>& found) {
  if (line.begins("stats", "auth") && line.words.size() > 2) {
    add_pair(found, "stats auth", text, line.words[2]);
  }
  for (const std::string_view begin : {std::string_view("login="), std::string_view("user=")}) {
    for (const std::string_view word : line.words) {
      if (word.starts_with(begin)) {
        add_pair(found, begin.substr(0, begin.size() - 1), text, word.substr(begin.size()));
      }
    }
  }
}

// PgBouncer's userlist.txt: "name" "PASSWORD".
void read_userlist(const Line& line, std::string_view text, std::vector<EmbeddedSecret>& found) {
  const auto is_quoted = [](std::string_view word) {
    return word.size() > 2 && word.front() == '"' && word.back() == '"' && word.find('"', 1) == word.size() - 1;
  };
  if (line.words.size() == 2 && is_quoted(line.words[0]) && is_quoted(line.words[1])) {
    add(found, "userlist", text, line.words[1]);
  }
}

// PostgreSQL's .pgpass: host:port:database:name:PASSWORD, where "\" keeps a colon.
void read_pgpass(const Line& line, std::string_view text, std::vector<EmbeddedSecret>& found) {
  const std::string_view word = line.words.front();
  std::size_t at = 0;
  for (int colons = 0; colons < 4; ++at) {
    if (at >= word.size()) {
      return;
    }
    if (word[at] == '\\') {
      ++at;
    } else if (word[at] == ':') {
      ++colons;
    }
  }
  at = std::min(at, word.size());
  add(found, "pgpass", text, word.substr(at));
}

// "name:PASSWORD" a line: rsyncd.secrets, htpasswd with {PLAIN}, Postfix' sasl_passwd behind the host.
void read_pairs(const Line& line, std::string_view text, std::vector<EmbeddedSecret>& found) {
  std::string_view pair = line.words.back();
  if (const std::size_t plain = pair.find("{PLAIN}"); plain != std::string_view::npos) {
    add(found, "password", text, pair.substr(plain + std::string_view("{PLAIN}").size()));
    return;
  }
  add_pair(found, "password", text, pair);
}

// "name = PASSWORD", "name: PASSWORD, role": users.properties, realm.properties.
void read_assigned_users(const Line& line, std::string_view text, std::vector<EmbeddedSecret>& found) {
  const std::string_view first = line.words.front();
  const std::size_t sign = first.find_first_of("=:");
  const bool apart = sign == std::string_view::npos || sign + 1 == first.size();
  const bool sign_apart = sign == std::string_view::npos && line.words.size() > 2 && line.words[1] == "=";
  std::string_view value;
  if (!apart) {
    value = first.substr(sign + 1);
  } else if (line.words.size() > (sign_apart ? 2U : 1U) && (sign_apart || sign != std::string_view::npos)) {
    value = line.words[sign_apart ? 2 : 1];
  }
  add(found, "password", text, value.substr(0, value.find(',')));
}

// pppd's chap-secrets: client server SECRET addresses.
void read_ppp_secrets(const Line& line, std::string_view text, std::vector<EmbeddedSecret>& found) {
  if (line.words.size() >= 3) {
    add(found, "secret", text, line.words[2]);
  }
}

// strongSwan's ipsec.secrets: : PSK "SECRET", name : EAP "SECRET".
void read_ipsec_secrets(const Line& line, std::string_view text, std::vector<EmbeddedSecret>& found) {
  const std::size_t count = line.words.size();
  if (count >= 2 &&
      (line.words[count - 2] == "PSK" || line.words[count - 2] == "EAP" || line.words[count - 2] == "XAUTH")) {
    add(found, "secret", text, line.words.back());
  }
}

// Docker's configuration: {"auths": {"r.example.com": {"auth": "…"}}}
void find_registry_entries(std::string_view text, std::vector<EmbeddedSecret>& found) {
  constexpr std::string_view k_name = "\"auth\"";
  for (std::size_t at = text.find("\"auths\""); at != std::string_view::npos; at = text.find(k_name, at + 1)) {
    if (text.substr(at, k_name.size()) != k_name) {
      continue;
    }
    const std::size_t open = text.find_first_not_of(" \t:", at + k_name.size());
    const std::size_t close = open == std::string_view::npos ? open : text.find('"', open + 1);
    if (close != std::string_view::npos && text[open] == '"') {
      add(found, "auth", text, text.substr(open + 1, close - open - 1));
    }
  }
}

// Kafka's and ZooKeeper's users in JAAS: user_shop="…".
void find_jaas_users(std::string_view text, std::vector<EmbeddedSecret>& found) {
  if (!contains(text, "LoginModule")) {
    return;
  }
  constexpr std::string_view k_begin = "user_";
  for (std::size_t at = text.find(k_begin); at != std::string_view::npos; at = text.find(k_begin, at + 1)) {
    std::size_t sign = at;
    while (sign < text.size() && is_name_character(text[sign])) {
      ++sign;
    }
    const std::size_t close = text.substr(sign, 2) == "=\"" ? text.find('"', sign + 2) : std::string_view::npos;
    if (close != std::string_view::npos) {
      add(found, text.substr(at, sign - at), text, text.substr(sign + 2, close - sign - 2));
    }
  }
}

// A file that is nothing but the secret.
void read_whole(const Line& line, std::string_view text, std::vector<EmbeddedSecret>& found) {
  if (line.words.size() == 1) {
    add(found, "secret", text, line.words.front());
  }
}

struct NamedFormat {
  std::string_view file;  // its name ends so
  Reader read;
};

constexpr std::array<NamedFormat, 16> k_formats = {{
    {"userlist.txt", read_userlist},
    {"pgpass", read_pgpass},
    {"pgpass.conf", read_pgpass},
    {"rsyncd.secrets", read_pairs},
    {"htpasswd", read_pairs},
    {"sasl_passwd", read_pairs},
    {"passwd-s3fs", read_pairs},
    {"password.properties", read_assigned_users},
    {"users.properties", read_assigned_users},
    {"realm.properties", read_assigned_users},
    {"jmxremote.password", read_assigned_users},
    {"chap-secrets", read_ppp_secrets},
    {"pap-secrets", read_ppp_secrets},
    {"ipsec.secrets", read_ipsec_secrets},
    {".erlang.cookie", read_whole},
    {".vault-token", read_whole},
}};

Line line_at(std::string_view text, std::size_t begin, std::size_t end) {
  Line line{begin, {}};
  for (std::size_t at = begin; at < end && line.words.size() < k_most_words;) {
    if (is_blank(text[at]) || text[at] == '\r') {
      ++at;
      continue;
    }
    std::size_t close = at;
    while (close < end && !is_blank(text[close]) && text[close] != '\r') {
      ++close;
    }
    line.words.push_back(text.substr(at, close - at));
    at = close;
  }
  return line;
}

// Lines are known by their first letters before they are taken apart.
Reader reader_of_line(std::string_view text, std::size_t first) {
  const std::string_view line = text.substr(first, 16);
  if (line.starts_with("user ") || line.starts_with("ACL ")) {
    return read_redis_user;
  }
  return line.starts_with("stats ") || line.starts_with("cache_peer ") || line.starts_with("user=")
             ? read_pair_of_server
             : nullptr;
}

// All lines that say something are of the userlist's look: other names have it, too.
bool is_userlist(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '"') {
    return false;
  }
  const std::size_t end = std::min(text.find('\n', first), text.size());
  const Line line = line_at(text, first, end);
  return line.words.size() == 2 && line.words[0].ends_with('"') && line.words[1].starts_with('"') &&
         line.words[1].ends_with('"') && line.words[0].size() > 2;
}

}  // namespace

std::vector<EmbeddedSecret> find_by_format(std::string_view file_name, std::string_view text) {
  std::vector<EmbeddedSecret> found;
  Reader named = nullptr;
  for (const NamedFormat& format : k_formats) {
    if (file_name.ends_with(format.file)) {
      named = format.read;
    }
  }
  if (named == nullptr && is_userlist(text)) {
    named = read_userlist;
  }
  find_registry_entries(text, found);
  find_jaas_users(text, found);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t first = std::min(text.find_first_not_of(" \t\r", begin), end);
    const Reader reader = first == end || is_in(text[first], "#;") ? nullptr
                          : named != nullptr                       ? named
                                                                   : reader_of_line(text, first);
    if (reader != nullptr && end - first <= k_longest_line) {
      if (const Line line = line_at(text, first, end); !line.words.empty()) {
        reader(line, text, found);
      }
    }
    begin = end + 1;
  }
  return found;
}

namespace {

// en.json, messages_de.properties, locales/pt-BR.yaml
bool is_of_language(std::string_view file_name) {
  const std::string_view file = file_name_of(file_name);
  const std::string_view stem = file.substr(0, file.find('.'));
  const bool code = (stem.size() == 2 || (stem.size() == 5 && (stem[2] == '-' || stem[2] == '_'))) &&
                    is_letter(stem[0]) && is_letter(stem[1]);
  constexpr std::array<std::string_view, 8> k_words = {"messages", "translation", "locale", "i18n",
                                                       "language", "strings",     "labels", "lang"};
  return stem.size() < file.size() && (code || std::any_of(k_words.begin(), k_words.end(), [&](std::string_view word) {
                                         return contains(file_name, word);
                                       }));
}

}  // namespace

std::vector<EmbeddedSecret> find_in_text(std::string_view file_name, std::string_view text) {
  const TextStyle style = style_of(file_name);
  std::vector<EmbeddedSecret> found = find_assignments(text, style);
  const auto add_all = [&](const std::vector<EmbeddedSecret>& more) {
    found.insert(found.end(), more.begin(), more.end());
  };
  add_all(find_authorizations(text));
  add_all(find_by_format(file_name, text));
  if (style == TextStyle::shell || trim(text.substr(0, k_longest_line)).starts_with("#!")) {
    add_all(find_command_secrets(text));
  }
  const bool language = !found.empty() && is_of_language(file_name);
  std::erase_if(found, [&](const EmbeddedSecret& secret) {
    const std::string_view value = text.substr(secret.span.begin, secret.span.end - secret.span.begin);
    return (language && (is_title(value) || contains(value, " "))) ||
           ((contains(secret.name, ".") || contains(value, " ")) && is_title_of(secret.name, value));
  });
  std::stable_sort(found.begin(), found.end(),
                   [](const EmbeddedSecret& a, const EmbeddedSecret& b) { return a.span.begin < b.span.begin; });
  found.erase(
      std::unique(found.begin(), found.end(),
                  [](const EmbeddedSecret& a, const EmbeddedSecret& b) { return a.span.begin == b.span.begin; }),
      found.end());
  return found;
}

}  // namespace helmme::lint
