#include "lint/embedded.h"

#include <algorithm>
#include <array>

#include "lint/characters.h"
#include "lint/embedded_pair.h"

namespace helmme::lint {
namespace {

constexpr std::size_t k_longest_name = 128;

// Where a line begins with one of these, a credential's name has its value behind it, without a sign between them.
constexpr std::array<std::string_view, 18> k_leads = {
    "machine",         "default",       "login",       "user",       "account",      "proxy_set_header",
    "grpc_set_header", "fastcgi_param", "uwsgi_param", "add_header", "http-request", "requestheader",
    "setenv",          "header_up",     "set",         "stats",      "sentinel",     "createuser"};

// Settings whose value stands behind a blank wherever they are known.
constexpr std::array<std::string_view, 13> k_blank_settings = {
    "requirepass", "masterauth",          "primaryauth",         "bindpw",     "rootpw",
    "http_passwd", "auth_pass",           "auth-pass",           "secret_key", "shared_key",
    "authpass",    "rootbinddn_password", "ldap_default_authtok"};

// Their credentials stand on the lines below.
constexpr std::array<std::string_view, 6> k_account_words = {"machine", "login", "user", "username", "account", "host"};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& lowered) {
  return std::any_of(lowered.begin(), lowered.end(), [&](std::string_view one) { return same_word(word, one); });
}

// Reads a text line by line for what it assigns.
class TextReader {
 public:
  TextReader(std::string_view text, TextStyle style) : text_(text), style_(style) {}

  std::vector<EmbeddedSecret> read() {
    for (std::size_t begin = 0; begin < text_.size();) {
      std::size_t end = std::min(text_.find('\n', begin), text_.size());
      const std::size_t next = end + 1;
      if (end > begin && text_[end - 1] == '\r') {
        --end;
      }
      const std::size_t first = text_.find_first_not_of(" \t", begin);
      if (first < end && !is_in(text_[first], "#;!")) {
        begin_ = begin;
        end_ = end;
        first_ = first;
        read_line();
        account_before_ = is_one_of(first_word(), k_account_words);
      }
      begin = next;
    }
    return std::move(found_);
  }

 private:
  void read_line() {
    if (!block_.empty()) {
      add(block_, block_key_, {first_, end_});
      block_ = {};
    }
    std::size_t at = first_;
    while (at < end_) {
      if (!is_letter(text_[at]) && text_[at] != '_') {
        ++at;
        continue;
      }
      const std::size_t name_begin = at;
      while (at < end_ && is_name_character(text_[at])) {
        ++at;
      }
      at = std::max(at, name(text_.substr(name_begin, at - name_begin), name_begin, at));
    }
  }

  // Returns where to go on.
  std::size_t name(std::string_view name, std::size_t begin, std::size_t at) {
    if (is_identified_by(name, begin)) {
      return behind_blank(name, KeyClass::credential, begin, at);
    }
    if (!named_.empty()) {
      if (is_naming_word(name)) {
        named_ = text_[begin - 1] == '/' ? named_ : std::string_view();
      } else if (is_value_word(name)) {
        const std::string_view named = named_;
        named_ = {};
        return begin - named_at_ <= k_farthest_value ? assignment(named, named_key_, begin, at, true) : at;
      }
    }
    const KeyClass key = name.size() <= k_longest_name ? classify_key(name) : KeyClass::other;
    if (key == KeyClass::other) {
      return at;
    }
    if (is_named_here(text_, begin)) {
      named_ = name;
      named_key_ = key;
      named_at_ = begin;
      // <entry key="password">X</entry>
      const bool opens = at + 1 < end_ && is_in(text_[at], "\"'") && text_[at + 1] == '>';
      return opens ? element(name, key, at + 2) : at;
    }
    return assignment(name, key, begin, at, false);
  }

  std::size_t assignment(std::string_view name, KeyClass key, std::size_t name_begin, std::size_t at, bool named) {
    if (at < end_ && text_[at] == '>' && name_begin > begin_ && text_[name_begin - 1] == '<') {
      return element(name, key, at + 1);
    }
    // "\"password\": …" inside a string.
    if (at + 1 < end_ && text_[at] == '\\' && is_in(text_[at + 1], "\"'")) {
      ++at;
    }
    if (at < end_ && is_in(text_[at], "\"'")) {
      ++at;
    }
    // config['password'] = …
    if (at < end_ && text_[at] == ']') {
      ++at;
    }
    const std::size_t after_name = at;
    while (at < end_ && is_blank(text_[at])) {
      ++at;
    }
    if (at < end_ && text_[at] == ',' && (is_named_in_call(name_begin) || is_erlang_pair(name_begin))) {
      const std::size_t value = text_.find_first_not_of(" \t<", at + 1);
      return value < end_ && is_in(text_[value], "\"'") ? quoted(name, key, value) : at;
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
    if (at < end_ && (is_in(text_[at], "\"'") || (text_[at] == '\\' && at + 1 < end_ && text_[at + 1] == '"'))) {
      return quoted(name, key, at);
    }
    if (colon && space && at < end_ && is_in(text_[at], "|>") && style_ == TextStyle::config) {
      begin_block(name, key, at);
      return at;
    }
    if (style_ == TextStyle::code && at < end_) {
      return text_[at] == '`' ? quoted(name, key, at) : fallback(name, key, at);
    }
    const bool option = !colon && !space && is_option(name_begin);
    const bool bare = style_ == TextStyle::config ? ((named || stands_first(name_begin)) && (!colon || space)) || option
                                                  : (style_ == TextStyle::shell && !colon && !space);
    return bare ? bare_word(name, key, at, option && !stands_first(name_begin)) : at;
  }

  // "key: |" and the value on the next line.
  void begin_block(std::string_view name, KeyClass key, std::size_t at) {
    if (text_.substr(at, end_ - at).find_first_not_of("|>-+ ") == std::string_view::npos) {
      block_ = name;
      block_key_ = key;
    }
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

  // define('DB_PASSWORD', 'X'), os.environ.get("DB_PASSWORD", "X"): a call with the name and its value.
  [[nodiscard]] bool is_named_in_call(std::size_t name_begin) const {
    constexpr std::array<std::string_view, 8> k_calls = {"define(", "etProperty(", "environ.get(", "getenv(",
                                                         "env(",    "ENV.fetch(",  "setdefault(",  "get_env("};
    const std::string_view before = text_.substr(first_, name_begin - first_);
    if (before.empty() || !is_in(before.back(), "\"'")) {
      return false;
    }
    const std::string_view call = trim(before.substr(0, before.size() - 1));
    return std::any_of(k_calls.begin(), k_calls.end(), [&](std::string_view one) { return call.ends_with(one); });
  }

  // password = os.getenv("X", "Y"), password: process.env.X || 'Y': what counts where nothing is set.
  std::size_t fallback(std::string_view name, KeyClass key, std::size_t at) {
    const std::string_view rest = text_.substr(at, std::min(end_ - at, k_longest_fallback));
    if (!contains(rest, "env") && !contains(rest, "ENV")) {
      return at;
    }
    for (const std::string_view sign : {std::string_view("|| "), std::string_view("?? "), std::string_view(" or "),
                                        std::string_view("\", "), std::string_view("', ")}) {
      const std::size_t found = rest.find(sign);
      const std::size_t quote = found == std::string_view::npos ? end_ : at + found + sign.size();
      if (quote < end_ && is_in(text_[quote], "\"'")) {
        return quoted(name, key, quote);
      }
    }
    return at;
  }

  // {default_pass, <<"X">>}
  [[nodiscard]] bool is_erlang_pair(std::size_t name_begin) const {
    return name_begin > begin_ && text_[name_begin - 1] == '{';
  }

  // -Dpassword=X and --password=X between other words.
  [[nodiscard]] bool is_option(std::size_t name_begin) const {
    std::size_t dash = name_begin;
    while (dash > begin_ && text_[dash - 1] == '-') {
      --dash;
    }
    return dash < name_begin && (dash == begin_ || is_in(text_[dash - 1], " \t\"'=,"));
  }

  [[nodiscard]] std::string_view first_word() const {
    std::size_t end = first_;
    while (end < end_ && is_name_character(text_[end])) {
      ++end;
    }
    return text_.substr(first_, end - first_);
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
    if (style_ != TextStyle::config) {
      return at;
    }
    // sentinel auth-pass NAME X
    if (same_word(name, "auth-pass") && same_word(first_word(), "sentinel")) {
      at = std::min(text_.find_first_not_of(" \t", std::min(text_.find_first_of(" \t", at), end_)), end_);
    }
    std::size_t close = at;
    while (close < end_ && !is_in(text_[close], " \t;\"'")) {
      ++close;
    }
    if (is_directive(name, name_begin, {at, close}) && !is_in(text_[at], "$%([{<&*!|>@`=:+-,/")) {
      add(name, key, {at, close});
      return close;
    }
    return at;
  }

  [[nodiscard]] bool is_directive(std::string_view name, std::size_t name_begin, Span word) const {
    if (name_begin != first_) {
      return is_one_of(first_word(), k_leads) && name_begin > first_ && is_in(text_[name_begin - 1], " \t\"$");
    }
    if (is_one_of(name, k_blank_settings)) {
      return true;
    }
    const std::size_t next = text_.find_first_not_of(" \t;", word.end);
    if (next < end_ && text_[next] != '#') {
      return false;
    }
    if (account_before_) {
      return true;
    }
    const std::string_view value = text_.substr(word.begin, word.end - word.begin);
    const bool joined = name.find_first_of("_-") != std::string_view::npos;
    return value.size() >= k_shortest_bare && !is_in(value.back(), ".,:!?") &&
           (joined || std::any_of(value.begin(), value.end(), is_digit));
  }

  std::size_t element(std::string_view name, KeyClass key, std::size_t begin) {
    const std::size_t close = text_.substr(0, end_).find('<', begin);
    if (close == std::string_view::npos || text_.substr(close, 2) != "</") {
      return begin;
    }
    add(name, key, {begin, close});
    return close;
  }

  std::size_t quoted(std::string_view name, KeyClass key, std::size_t quote) {
    const bool escaped = text_[quote] == '\\';
    quote += escaped ? 1U : 0U;
    if (text_.substr(quote, 3) == "\"\"\"") {
      quote += 2;
    }
    std::size_t close = quote + 1;
    while (close < end_ && text_[close] != text_[quote] && !(escaped && text_.substr(close, 2) == "\\\"")) {
      close += text_[close] == '\\' ? 2U : 1U;
    }
    if (close >= end_) {
      return end_;
    }
    // What a shell or a program fills in, "$2", is no value.
    const std::string_view value = text_.substr(quote + 1, close - quote - 1);
    if (style_ != TextStyle::shell || text_[quote] == '\'' || value.find_first_of("$`") == std::string_view::npos) {
      add(name, key, {quote + 1, close});
    }
    return close + 1;
  }

  // `option`: it stands among the words of a command.
  std::size_t bare_word(std::string_view name, KeyClass key, std::size_t begin, bool option) {
    const bool words = option || style_ == TextStyle::shell;
    std::size_t close = begin;
    const std::string_view stops = words ? " \t;&|)\"'`" : "\t;,&\"'}";
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
    if (!expression && (words || !contains(value, " "))) {
      add(name, key, {begin, close});
    }
    return close;
  }

  [[nodiscard]] bool is_comment(std::size_t at) const {
    return at + 1 < end_ && (text_[at + 1] == '#' || text_.substr(at + 1, 2) == "//");
  }

  // True where only white space, dashes, a quote, "export" or a bracket stands before the name.
  [[nodiscard]] bool stands_first(std::size_t name_begin) const {
    std::string_view before = trim(text_.substr(first_, name_begin - first_));
    for (const std::string_view word : {std::string_view("export"), std::string_view("set"), std::string_view("ENV"),
                                        std::string_view("-"), std::string_view("-"), std::string_view("$")}) {
      if (before.starts_with(word)) {
        before = trim(before.substr(word.size()));
      }
    }
    // "//registry.example.com/:_authToken=…" of npm.
    return before.empty() || is_in(before.back(), "\"'{,;&?") || (before.starts_with("//") && before.back() == ':');
  }

  void add(std::string_view name, KeyClass key, Span span) {
    const std::size_t before = found_.size();
    add_judged(found_, name, key, text_, span);
    const std::string_view value = text_.substr(span.begin, span.end - span.begin);
    if (found_.size() == before && key == KeyClass::ambiguous && is_value_beside_identity(name, value) &&
        stands_beside_identity(text_, span) && judge(KeyClass::credential, value) == Verdict::secret) {
      found_.push_back({name, span, Verdict::secret});
    }
  }

  static constexpr std::size_t k_farthest_value = 400;  // bytes behind the name of a pair
  static constexpr std::size_t k_longest_fallback = 240;
  static constexpr std::size_t k_shortest_bare = 4;

  std::string_view text_;
  TextStyle style_;
  std::size_t begin_ = 0;  // of the line
  std::size_t end_ = 0;
  std::size_t first_ = 0;
  bool account_before_ = false;
  std::string_view named_ = {};  // by a naming word: its value is still to come
  KeyClass named_key_ = KeyClass::other;
  std::size_t named_at_ = 0;
  std::string_view block_ = {};  // its value is the next line
  KeyClass block_key_ = KeyClass::other;
  std::vector<EmbeddedSecret> found_;
};

}  // namespace

std::vector<EmbeddedSecret> find_assignments(std::string_view text, TextStyle style) {
  return TextReader(text, style).read();
}

TextStyle style_of(std::string_view file_name) {
  constexpr std::array<std::string_view, 18> k_code = {".py",      ".js",  ".ts",   ".lua",  ".groovy", ".go",
                                                       ".rb",      ".php", ".pl",   ".java", ".scala",  ".kt",
                                                       ".jsonnet", ".sql", ".html", ".tpl",  ".hcl",    ".tfvars"};
  if (file_name.ends_with(".sh") || file_name.ends_with(".bash")) {
    return TextStyle::shell;
  }
  const bool code =
      std::any_of(k_code.begin(), k_code.end(), [&](std::string_view one) { return file_name.ends_with(one); });
  return code ? TextStyle::code : TextStyle::config;
}

}  // namespace helmme::lint
