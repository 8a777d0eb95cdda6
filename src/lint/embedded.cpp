#include "lint/embedded.h"

#include <algorithm>
#include <array>

namespace helmme::lint {
namespace {

constexpr std::size_t k_longest_authority = 1024;
constexpr std::size_t k_longest_name = 128;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_character(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
bool is_in(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool same_word(std::string_view a, std::string_view lowered) {
  return a.size() == lowered.size() &&
         std::equal(a.begin(), a.end(), lowered.begin(), [](char x, char y) { return lower(x) == y; });
}

void add(std::vector<EmbeddedSecret>& found, std::string_view name, KeyClass key, std::string_view text, Span span) {
  const std::string_view value = text.substr(span.begin, span.end - span.begin);
  const Verdict verdict = judge(name, key, value);
  if (verdict != Verdict::clean) {
    found.push_back({name, span, verdict});
  }
}

// One line of text that may assign something.
class LineReader {
 public:
  LineReader(std::string_view text, std::size_t begin, std::size_t end, TextStyle style,
             std::vector<EmbeddedSecret>& found)
      : text_(text), begin_(begin), end_(end), style_(style), found_(found) {}

  void read() {
    std::size_t at = begin_;
    while (at < end_) {
      if (!is_letter(text_[at]) && text_[at] != '_') {
        ++at;
        continue;
      }
      const std::size_t name_begin = at;
      while (at < end_ && is_name_character(text_[at])) {
        ++at;
      }
      const std::string_view name = text_.substr(name_begin, at - name_begin);
      if (is_identified_by(name, name_begin)) {
        at = std::max(at, behind_blank(name, KeyClass::credential, name_begin, at));
        continue;
      }
      const KeyClass key = name.size() <= k_longest_name ? classify_key(name) : KeyClass::other;
      if (key != KeyClass::other) {
        at = std::max(at, assignment(name, key, name_begin, at));
      }
    }
  }

 private:
  // Returns where to go on.
  std::size_t assignment(std::string_view name, KeyClass key, std::size_t name_begin, std::size_t at) {
    if (at < end_ && text_[at] == '>' && name_begin > begin_ && text_[name_begin - 1] == '<') {
      return element(name, key, at + 1);
    }
    if (at < end_ && is_in(text_[at], "\"'")) {
      ++at;
    }
    const std::size_t after_name = at;
    while (at < end_ && is_blank(text_[at])) {
      ++at;
    }
    if (at < end_ && text_[at] == ',' && is_php_constant(name_begin)) {
      return behind_blank(name, key, name_begin, at + 1);
    }
    if (at >= end_ || !is_in(text_[at], ":=")) {
      return at > after_name ? behind_blank(name, key, name_begin, after_name) : after_name;
    }
    const bool colon = text_[at] == ':';
    ++at;
    if (at < end_ && is_in(text_[at], "=>~")) {
      if (!(colon && text_[at] == '=') && text_[at] != '>') {
        return at;  // a comparison
      }
      ++at;
    }
    const bool space = at < end_ && is_blank(text_[at]);
    while (at < end_ && is_blank(text_[at])) {
      ++at;
    }
    if (at < end_ && is_in(text_[at], "\"'")) {
      return quoted(name, key, at);
    }
    const bool bare = style_ == TextStyle::config ? (stands_first(name_begin) && (!colon || space))
                                                  : (style_ == TextStyle::shell && !colon && !space);
    return bare ? bare_word(name, key, at) : at;
  }

  // SQL's IDENTIFIED BY 'X'.
  [[nodiscard]] bool is_identified_by(std::string_view name, std::size_t name_begin) const {
    if (name.size() != 2 || !same_word(name, "by")) {
      return false;
    }
    const std::size_t far = std::min(name_begin - begin_, k_longest_name);
    const std::string_view before = text_.substr(name_begin - far, far);
    return contains(before, "IDENTIFIED") || contains(before, "identified");
  }

  // define('DB_PASSWORD', 'X')
  [[nodiscard]] bool is_php_constant(std::size_t name_begin) const {
    const std::string_view before = text_.substr(begin_, name_begin - begin_);
    return before.ends_with("define('") || before.ends_with("define(\"");
  }

  // What stands behind a name without a sign between them: PASSWORD 'X' of SQL, secret "X"; of BIND, requirepass X of
  // Redis. Where prose may stand as well, a quoted value ends its statement.
  std::size_t behind_blank(std::string_view name, KeyClass key, std::size_t name_begin, std::size_t at) {
    while (at < end_ && is_blank(text_[at])) {
      ++at;
    }
    if (at >= end_) {
      return at;
    }
    if (is_in(text_[at], "\"'")) {
      const std::size_t close = text_.substr(0, end_).find(text_[at], at + 1);
      const std::size_t next = close == std::string_view::npos ? close : text_.find_first_not_of(" \t", close + 1);
      const bool ends = next == std::string_view::npos || next >= end_ || is_in(text_[next], ";,)");
      return close != std::string_view::npos && ends && style_ != TextStyle::shell ? quoted(name, key, at) : at;
    }
    const bool redis = same_word(name, "requirepass") || same_word(name, "masterauth");
    return redis && style_ == TextStyle::config && stands_first(name_begin) ? bare_word(name, key, at) : at;
  }

  std::size_t element(std::string_view name, KeyClass key, std::size_t begin) {
    const std::size_t close = text_.substr(0, end_).find('<', begin);
    if (close == std::string_view::npos || text_.substr(close, 2) != "</") {
      return begin;
    }
    add(found_, name, key, text_, {begin, close});
    return close;
  }

  std::size_t quoted(std::string_view name, KeyClass key, std::size_t quote) {
    std::size_t close = quote + 1;
    while (close < end_ && text_[close] != text_[quote]) {
      close += text_[close] == '\\' ? 2U : 1U;
    }
    if (close >= end_) {
      return end_;
    }
    // What a shell or a program fills in, "$2", is no value.
    const std::string_view value = text_.substr(quote + 1, close - quote - 1);
    if (style_ != TextStyle::shell || text_[quote] == '\'' || value.find_first_of("$`") == std::string_view::npos) {
      add(found_, name, key, text_, {quote + 1, close});
    }
    return close + 1;
  }

  std::size_t bare_word(std::string_view name, KeyClass key, std::size_t begin) {
    std::size_t close = begin;
    const std::string_view stops = style_ == TextStyle::shell ? " \t;&|)\"'`" : "\t;,&\"'}";
    while (close < end_ && !is_in(text_[close], stops) && !(text_[close] == ' ' && is_comment(close))) {
      ++close;
    }
    while (close > begin && is_in(text_[close - 1], " \\")) {
      --close;
    }
    const std::string_view value = text_.substr(begin, close - begin);
    // A call, an index, a member, a list: an expression, no value.
    const bool expression = value.empty() || is_in(value[0], "$%([{<&*!|>@`") || contains(value, "(") ||
                            contains(value, "[") || contains(value, "$") || contains(value, "::");
    if (!expression && (style_ == TextStyle::shell || !contains(value, " "))) {
      add(found_, name, key, text_, {begin, close});
    }
    return close;
  }

  [[nodiscard]] bool is_comment(std::size_t at) const {
    return at + 1 < end_ && (text_[at + 1] == '#' || text_.substr(at + 1, 2) == "//");
  }

  // True where only white space, a dash, a quote, "export" or a bracket stands before the name.
  [[nodiscard]] bool stands_first(std::size_t name_begin) const {
    std::string_view before = trim(text_.substr(begin_, name_begin - begin_));
    for (const std::string_view word : {std::string_view("export"), std::string_view("set"), std::string_view("-")}) {
      if (before.starts_with(word)) {
        before = trim(before.substr(word.size()));
      }
    }
    return before.empty() || is_in(before.back(), "\"'{,;&?");
  }

  std::string_view text_;
  std::size_t begin_;
  std::size_t end_;
  TextStyle style_;
  std::vector<EmbeddedSecret>& found_;
};

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
    add(found, name, KeyClass::credential, text, span);
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

namespace {

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

}  // namespace

Verdict judge(std::string_view key, std::string_view value) {
  const Verdict verdict = judge(classify_key(key), value);
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
  return verdict == Verdict::secret && classify_key(name) != KeyClass::other ? judge(name, value) : verdict;
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

std::vector<EmbeddedSecret> find_assignments(std::string_view text, TextStyle style) {
  std::vector<EmbeddedSecret> found;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t next = end + 1;
    if (end > begin && text[end - 1] == '\r') {
      --end;
    }
    const std::size_t first = text.find_first_not_of(" \t", begin);
    if (first < end && !is_in(text[first], "#;!")) {
      LineReader(text, begin, end, style, found).read();
    }
    begin = next;
  }
  return found;
}

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

std::vector<EmbeddedSecret> find_header_secret(std::string_view header, std::string_view value) {
  std::vector<EmbeddedSecret> found;
  // Those whose name does not say it.
  constexpr std::array<std::string_view, 5> k_headers = {"authorization", "proxy-authorization", "x-honeycomb-team",
                                                         "dd-application-key", "ocp-apim-subscription-key"};
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
    add(found, header, KeyClass::credential, value, {begin, end});
  }
  return found;
}

std::vector<EmbeddedSecret> find_authorizations(std::string_view text) {
  std::vector<EmbeddedSecret> found;
  constexpr std::string_view k_rest = "uthorization";
  for (std::size_t at = text.find(k_rest); at != std::string_view::npos; at = text.find(k_rest, at + 1)) {
    const std::size_t begin = text.find_first_not_of(" \t\"':", at + k_rest.size());
    if (begin == std::string_view::npos || begin == at + k_rest.size()) {
      continue;
    }
    std::string_view value = text.substr(begin, k_longest_authority);
    if (!value.starts_with("Basic ") && !value.starts_with("Bearer ")) {
      continue;
    }
    value = value.substr(0, value.find_first_of(" \t\"';\r\n", value.find(' ') + 1));
    for (EmbeddedSecret secret : find_header_secret("Authorization", value)) {
      secret.span = {secret.span.begin + begin, secret.span.end + begin};
      found.push_back(secret);
    }
  }
  return found;
}

std::vector<EmbeddedSecret> find_name_and_password(std::string_view key, std::string_view value) {
  std::vector<EmbeddedSecret> found;
  if (!key.ends_with("uth") && !key.ends_with("UTH")) {
    return found;
  }
  const std::vector<std::string> words = words_of(key);
  const bool basic = words.size() > 1 && words[words.size() - 2] == "basic";
  const std::string_view neo4j = value.starts_with("neo4j/") ? "/" : "";
  const std::size_t sign = value.find(basic ? ":" : neo4j);
  const bool plain = value.find_first_of(" \t\n{}<>") == std::string_view::npos;
  if ((!basic && neo4j.empty()) || !plain || sign == 0 || sign == std::string_view::npos || sign > k_longest_name ||
      !std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(sign), is_name_character)) {
    return found;
  }
  add(found, key, KeyClass::credential, value, {sign + 1, value.size()});
  return found;
}

TextStyle style_of(std::string_view file_name) {
  constexpr std::array<std::string_view, 16> k_code = {".py",      ".js",  ".ts",   ".lua",  ".groovy", ".go",
                                                       ".rb",      ".php", ".pl",   ".java", ".scala",  ".kt",
                                                       ".jsonnet", ".sql", ".html", ".tpl"};
  if (file_name.ends_with(".sh") || file_name.ends_with(".bash")) {
    return TextStyle::shell;
  }
  const bool code =
      std::any_of(k_code.begin(), k_code.end(), [&](std::string_view one) { return file_name.ends_with(one); });
  return code ? TextStyle::code : TextStyle::config;
}

}  // namespace helmme::lint
