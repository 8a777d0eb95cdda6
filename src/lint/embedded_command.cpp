// Helm's --set.
#include <algorithm>
#include <array>
#include <string>

#include "lint/command_words.h"
#include "lint/embedded.h"

namespace helmme::lint {
namespace {

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
