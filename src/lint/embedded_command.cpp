// Commands: options with values, headers, and Helm's --set.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "lint/embedded.h"

namespace helmme::lint {
namespace {

bool is_in(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
bool is_blank(char c) { return is_in(c, " \t\r\n\\"); }

// A word of a shell's command line; its quotes are left out where they enclose all of it.
struct Word {
  std::string_view text;
  std::size_t begin = 0;
  bool ends_command = false;  // a separator or a line end follows
};

std::size_t skip_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at++];
  while (at < text.size() && text[at] != quote) {
    at += text[at] == '\\' && quote == '"' ? 2U : 1U;
  }
  return std::min(at + 1, text.size());
}

std::vector<Word> words_in(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    if (is_blank(text[at]) || is_in(text[at], ";|&()")) {
      const bool continued = text[at] == '\n' && at > 0 && text[at - 1] == '\\';
      if (!words.empty() && !continued && is_in(text[at], ";|&()\n")) {
        words.back().ends_command = true;
      }
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && !is_blank(text[at]) && !is_in(text[at], ";|&()")) {
      at = is_in(text[at], "\"'") ? skip_quoted(text, at) : at + 1;
    }
    std::string_view word = text.substr(begin, at - begin);
    std::size_t inner = begin;
    if (word.size() >= 2 && is_in(word.front(), "\"'") && word.find(word.front(), 1) == word.size() - 1) {
      word = word.substr(1, word.size() - 2);
      ++inner;
    }
    words.push_back({word, inner, false});
  }
  return words;
}

// Less quotes that stand around a value behind "=".
Span unquoted(std::string_view text, Span span) {
  if (span.end - span.begin >= 2 && is_in(text[span.begin], "\"'") && text[span.end - 1] == text[span.begin]) {
    return {span.begin + 1, span.end - 1};
  }
  // A quote that closes what began before the span.
  if (span.end > span.begin && is_in(text[span.end - 1], "\"'") &&
      std::count(text.begin() + static_cast<std::ptrdiff_t>(span.begin),
                 text.begin() + static_cast<std::ptrdiff_t>(span.end), text[span.end - 1]) %
              2 ==
          1) {
    --span.end;
  }
  return span;
}

class CommandReader {
 public:
  explicit CommandReader(std::string_view text, int depth = 0) : text_(text), depth_(depth), words_(words_in(text)) {}

  std::vector<EmbeddedSecret> read() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::string_view word = words_[i].text;
      if (i == 0 || words_[i - 1].ends_command) {
        program_ = word.substr(word.rfind('/') == std::string_view::npos ? 0 : word.rfind('/') + 1);
      }
      if (word == "curl" || word == "mysql" || word == "redis-cli" || word == "sshpass" || word == "mysqldump" ||
          word == "docker" || word == "helm" || word == "mysqladmin" || word == "wget" || word == "podman") {
        program_ = word;
      }
      option(i);
      quoted_command(words_[i]);
      if (word == "alias" || word == "config") {
        minio_alias(i);
      }
      if (word == "--password-stdin") {
        echoed(i);
      }
    }
    return std::move(found_);
  }

 private:
  void option(std::size_t i) {
    const std::string_view word = words_[i].text;
    if (word.starts_with("--") || (word.starts_with("-D") && word.size() > 3)) {
      long_option(i, 2);
    } else if ((word == "-H" || word == "--header") && has_value(i)) {
      header(words_[i + 1]);
    } else if (word.starts_with("-")) {
      short_option(i);
    }
  }

  // mc alias set NAME URL KEY SECRET, mc config host add NAME URL KEY SECRET
  void minio_alias(std::size_t i) {
    const auto is = [&](std::size_t at, std::string_view text) {
      return at < words_.size() && words_[at].text == text;
    };
    const std::size_t verb = is(i + 1, "set") ? i + 1 : is(i + 1, "host") && is(i + 2, "add") ? i + 2 : 0;
    if (verb == 0 || i == 0 || !is(i - 1, "mc") || verb + 4 >= words_.size()) {
      return;
    }
    const Word& secret = words_[verb + 4];
    add("mc alias", KeyClass::credential, {secret.begin, secret.begin + secret.text.size()});
  }

  // echo X | helm registry login --password-stdin
  void echoed(std::size_t i) {
    std::size_t pipe = i;
    for (std::size_t back = 1; back <= k_farthest && back <= i && pipe == i; ++back) {
      pipe = words_[i - back].ends_command ? i - back : i;
    }
    for (std::size_t back = 1; pipe < i && back <= k_farthest && back <= pipe; ++back) {
      if (words_[pipe - back].ends_command) {
        return;
      }
      const std::string_view word = words_[pipe - back].text;
      if (word == "echo" || word == "printf") {
        add("--password-stdin", KeyClass::credential,
            {words_[pipe].begin, words_[pipe].begin + words_[pipe].text.size()});
        return;
      }
    }
  }

  // sh -c '…', and Jenkins' sh '…'.
  void quoted_command(const Word& word) {
    if (depth_ == k_deepest || word.text.find(' ') == std::string_view::npos) {
      return;
    }
    for (EmbeddedSecret secret : CommandReader(word.text, depth_ + 1).read()) {
      secret.span.begin += word.begin;
      secret.span.end += word.begin;
      found_.push_back(secret);
    }
  }

  void long_option(std::size_t i, std::size_t dashes) {
    const Word& word = words_[i];
    const std::size_t equals = word.text.find('=');
    const std::string_view name = word.text.substr(dashes, equals == std::string_view::npos ? equals : equals - dashes);
    if (name == "header" && has_value(i)) {
      header(words_[i + 1]);
      return;
    }
    if (name == "user" && program_ == "curl" && has_value(i)) {
      basic(words_[i + 1]);
      return;
    }
    if (name == "from-literal") {
      from_literal(i, equals);
      return;
    }
    const KeyClass key = classify_key(name);
    if (key == KeyClass::other) {
      return;
    }
    if (equals != std::string_view::npos) {
      add(name, key, {word.begin + equals + 1, word.begin + word.text.size()});
    } else if (has_value(i) && !word.ends_command) {
      add(name, key, {words_[i + 1].begin, words_[i + 1].begin + words_[i + 1].text.size()});
    }
  }

  // kubectl create secret generic NAME --from-literal=KEY=VALUE
  void from_literal(std::size_t i, std::size_t equals) {
    const Word& word = equals == std::string_view::npos && has_value(i) ? words_[i + 1] : words_[i];
    const std::size_t begin = &word == &words_[i] && equals != std::string_view::npos ? equals + 1 : 0;
    const std::size_t sign = word.text.find('=', begin);
    if (sign != std::string_view::npos) {
      const std::string_view key = word.text.substr(begin, sign - begin);
      add(key, classify_key(key), {word.begin + sign + 1, word.begin + word.text.size()});
    }
  }

  void short_option(std::size_t i) {
    const Word& word = words_[i];
    const bool mysql = program_.starts_with("mysql") || program_ == "mariadb";
    if (mysql && word.text.starts_with("-p") && word.text.size() > 2) {
      add("-p", KeyClass::credential, {word.begin + 2, word.begin + word.text.size()});
    } else if (has_value(i) &&
               ((program_ == "redis-cli" && word.text == "-a") ||
                ((program_ == "sshpass" || program_ == "docker" || program_ == "podman" || program_ == "helm") &&
                 word.text == "-p" && is_login(i)))) {
      add(word.text, KeyClass::credential, {words_[i + 1].begin, words_[i + 1].begin + words_[i + 1].text.size()});
    } else if (program_ == "curl" && word.text == "-u" && has_value(i)) {
      basic(words_[i + 1]);
    }
  }

  // "docker run -p 80:80" publishes a port.
  [[nodiscard]] bool is_login(std::size_t i) const {
    if (program_ == "sshpass") {
      return true;
    }
    for (std::size_t back = 1; back <= 8 && back <= i; ++back) {
      if (words_[i - back].text == "login") {
        return true;
      }
    }
    return false;
  }

  void header(const Word& word) {
    const std::size_t colon = word.text.find(':');
    if (colon == std::string_view::npos) {
      return;
    }
    for (EmbeddedSecret secret : find_header_secret(word.text.substr(0, colon), word.text.substr(colon + 1))) {
      secret.span.begin += word.begin + colon + 1;
      secret.span.end += word.begin + colon + 1;
      found_.push_back(secret);
    }
  }

  void basic(const Word& word) {
    const std::size_t colon = word.text.find(':');
    if (colon != std::string_view::npos && colon + 1 < word.text.size()) {
      add("-u", KeyClass::credential, {word.begin + colon + 1, word.begin + word.text.size()});
    }
  }

  [[nodiscard]] bool has_value(std::size_t i) const {
    return i + 1 < words_.size() && !words_[i + 1].text.empty() && words_[i + 1].text[0] != '-';
  }

  void add(std::string_view name, KeyClass key, Span span) {
    span = unquoted(text_, span);
    const std::string_view value = text_.substr(span.begin, span.end - span.begin);
    if (value.empty() || is_in(value[0], "$`<") || value.find('$') != std::string_view::npos) {
      return;
    }
    const Verdict verdict = judge(name, key, value);
    if (verdict != Verdict::clean) {
      found_.push_back({name, span, verdict});
    }
  }

  static constexpr int k_deepest = 2;
  static constexpr std::size_t k_farthest = 16;  // words that are looked back at

  std::string_view text_;
  int depth_;
  std::vector<Word> words_;
  std::string_view program_;
  std::vector<EmbeddedSecret> found_;
};

// "a.b=x,c={y,z}": Helm splits at commas that no backslash, bracket or brace protects.
void read_assignments(std::string_view text, Span span, std::vector<EmbeddedSecret>& found) {
  span = unquoted(text, span);
  std::size_t begin = span.begin;
  while (begin < span.end) {
    std::size_t end = begin;
    while (end < span.end && text[end] != ',') {
      end += text[end] == '\\' ? 2U : 1U;
    }
    end = std::min(end, span.end);
    const std::size_t equals = text.substr(0, end).find('=', begin);
    if (equals != std::string_view::npos) {
      const std::string_view name = text.substr(begin, equals - begin);
      const std::size_t dot = name.rfind('.');
      const std::string_view leaf = dot == std::string_view::npos ? name : name.substr(dot + 1);
      const Span value = unquoted(text, {equals + 1, end});
      const std::string_view written = text.substr(value.begin, value.end - value.begin);
      const Verdict verdict = written.find('$') == std::string_view::npos && !written.starts_with("`")
                                  ? judge(classify_key(leaf), written)
                                  : Verdict::clean;
      if (verdict != Verdict::clean) {
        found.push_back({name, value, verdict});
      }
    }
    begin = end + 1;
  }
}

// 'a={"password":"X"}' of --set-json.
void read_json_assignment(std::string_view text, const std::vector<Word>& words, std::size_t i, std::size_t equals,
                          std::vector<EmbeddedSecret>& found) {
  const bool next = equals == std::string_view::npos;
  if (next && (i + 1 >= words.size() || words[i].ends_command)) {
    return;
  }
  const Word& word = next ? words[i + 1] : words[i];
  const std::size_t begin = word.begin + (next ? 0 : equals + 1);
  const std::string_view json = text.substr(begin, word.begin + word.text.size() - begin);
  for (EmbeddedSecret secret : find_assignments(json, TextStyle::code)) {
    secret.span = {secret.span.begin + begin, secret.span.end + begin};
    found.push_back(secret);
  }
}

// The lines of a script, each with those that a backslash adds to it; comments are left out. A quote that nobody
// closes then spoils no more than its line.
std::vector<Span> commands_in(std::string_view text) {
  std::vector<Span> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    while (end < text.size() && end > begin && text[end - 1] == '\\') {
      end = std::min(text.find('\n', end + 1), text.size());
    }
    const std::size_t first = text.find_first_not_of(" \t", begin);
    if (first < end && text[first] != '#' && text.substr(first, 2) != "//") {
      lines.push_back({begin, end});
    }
    begin = end + 1;
  }
  return lines;
}

// `depth`: how many quotes it stands in, as in sh -c '…'.
void read_set_options(std::string_view text, std::size_t offset, int depth, std::vector<EmbeddedSecret>& found) {
  constexpr int k_deepest = 2;
  const std::vector<Word> words = words_in(text);
  constexpr std::array<std::string_view, 3> k_options = {"--set", "--set-string", "--set-literal"};
  std::vector<EmbeddedSecret> here;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    if (depth < k_deepest && word.find(" --set") != std::string_view::npos) {
      read_set_options(word, offset + words[i].begin, depth + 1, found);
    }
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    if (name == "--set-json") {
      read_json_assignment(text, words, i, equals, here);
      continue;
    }
    if (std::find(k_options.begin(), k_options.end(), name) == k_options.end()) {
      continue;
    }
    if (equals != std::string_view::npos) {
      read_assignments(text, {words[i].begin + equals + 1, words[i].begin + word.size()}, here);
    } else if (i + 1 < words.size() && !words[i].ends_command) {
      read_assignments(text, {words[i + 1].begin, words[i + 1].begin + words[i + 1].text.size()}, here);
    }
  }
  for (EmbeddedSecret& secret : here) {
    secret.span = {secret.span.begin + offset, secret.span.end + offset};
    found.push_back(secret);
  }
}

}  // namespace

std::vector<EmbeddedSecret> find_command_secrets(std::string_view text) {
  std::vector<EmbeddedSecret> found;
  for (const Span line : commands_in(text)) {
    for (EmbeddedSecret secret : CommandReader(text.substr(line.begin, line.end - line.begin)).read()) {
      secret.span.begin += line.begin;
      secret.span.end += line.begin;
      found.push_back(secret);
    }
  }
  return found;
}

std::vector<EmbeddedSecret> find_set_values(std::string_view text) {
  std::vector<EmbeddedSecret> found;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    read_assignments(text, {begin, end}, found);
    begin = end + 1;
  }
  return found;
}

std::vector<EmbeddedSecret> find_set_secrets(std::string_view text) {
  std::vector<EmbeddedSecret> found;
  if (text.find("--set") == std::string_view::npos) {
    return found;
  }
  for (const Span line : commands_in(text)) {
    read_set_options(text.substr(line.begin, line.end - line.begin), line.begin, 0, found);
  }
  return found;
}

}  // namespace helmme::lint
