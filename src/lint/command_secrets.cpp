// Credentials on command lines: behind options, verbs and colons, in headers, and what is piped into a program.
#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "lint/characters.h"
#include "lint/command_table.h"
#include "lint/command_words.h"
#include "lint/embedded.h"

namespace helmme::lint {
namespace {

constexpr int k_deepest = 2;            // quotes in quotes
constexpr std::size_t k_farthest = 64;  // words of a command that are looked at

// "8080:80", "127.0.0.1:80": what is published, not what is kept.
bool is_port(std::string_view value) {
  return value.find(':') != std::string_view::npos &&
         std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || c == ':' || c == '.'; });
}

// "method=userpass"
bool is_assignment(std::string_view word) {
  const std::size_t sign = word.find('=');
  return sign != std::string_view::npos && sign > 0 && sign + 1 < word.size() && word[sign + 1] != '=' &&
         std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(sign),
                     [](char c) { return is_letter(c) || c == '_' || c == '-'; });
}

class CommandReader {
 public:
  // `shell`: "$" and "`" begin something that a shell fills in.
  CommandReader(std::vector<Word> words, bool shell, int depth = 0)
      : words_(std::move(words)), shell_(shell), depth_(depth) {}

  std::vector<EmbeddedSecret> read(std::string_view family = {}) {
    family_ = family;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (i == 0 || words_[i - 1].ends_command) {
        begin_ = i;
        end_ = std::min(i + 1, words_.size());
        while (end_ < words_.size() && !words_[end_ - 1].ends_command) {
          ++end_;
        }
        family_ = i == 0 ? family : std::string_view();
      }
      program(i);
      option(i);
      arguments(i);
      quoted_command(words_[i]);
      if (reads_credential(family_, words_[i].text) ||
          (words_[i].text == program_ && reads_credential(family_, family_))) {
        echoed(i);
      }
    }
    return std::move(found_);
  }

 private:
  void program(std::size_t i) {
    const std::string_view before = i > begin_ ? words_[i - 1].text : std::string_view();
    const bool value = before.starts_with("-") && before != "--" && before != "-E" && before != "-S";
    const std::string_view family = value ? std::string_view() : family_of_program(words_[i].text);
    if (!family.empty()) {
      program_ = words_[i].text;
      family_ = family;
      from_program(i);
    }
  }

  void from_program(std::size_t i) {
    for (const CommandArgument& rule : arguments_of(family_)) {
      if (rule.verb.empty()) {
        argument(rule, i + 1);
      }
    }
  }

  void option(std::size_t i) {
    const Word& word = words_[i];
    const std::string_view text = word.text;
    if (text.size() < 2 || text[0] != '-' || known_option(i)) {
      return;
    }
    if (text == "-H" || text == "--header" || text == "--proxy-header") {
      if (has_value(i)) {
        header(words_[i + 1], 0);
      }
    } else if (text.starts_with("--header=")) {
      header(word, text.find('=') + 1);
    } else if (text.starts_with("-H") && text.size() > 2) {
      header(word, 2);
    } else if (text.starts_with("--from-literal")) {
      from_literal(i);
    } else if (text.starts_with("--")) {
      named_option(i, 2);
    } else if (text.starts_with("-J-D")) {
      named_option(i, 4);
    } else if (text.starts_with("-D") && text.size() > 3) {
      named_option(i, 2);
    } else if (family_ == "curl" && text.ends_with("u") && has_value(i)) {
      value(words_[i + 1], 0, WordForm::pair, "-u");  // -fsSu
    } else if (text.size() > 4) {
      named_option(i, 1);
    }
  }

  // What the table knows of the program. True: nothing else is to be said about the option.
  bool known_option(std::size_t i) {
    const Word& word = words_[i];
    const std::size_t equals = word.text.find('=');
    for (const CommandOption& rule : options_of(family_)) {
      if (!rule.needs.empty() && !has_word(rule.needs)) {
        continue;
      }
      if (word.text == rule.option) {
        if (rule.form != WordForm::nothing && rule.next && has_value(i)) {
          value(words_[i + 1], 0, rule.form, rule.option);
        }
        return true;
      }
      if (rule.form != WordForm::nothing && equals == rule.option.size() && word.text.starts_with(rule.option)) {
        value(word, equals + 1, rule.form, rule.option);
        return true;
      }
      if (rule.attached && word.text.starts_with(rule.option) && !word.text.starts_with("--")) {
        value(word, rule.option.size(), rule.form, rule.option);
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] bool has_word(std::string_view wanted) const {
    const std::size_t end = std::min(end_, begin_ + k_farthest);
    return std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(begin_),
                       words_.begin() + static_cast<std::ptrdiff_t>(std::max(begin_, end)),
                       [&](const Word& word) { return word.text == wanted; });
  }

  void named_option(std::size_t i, std::size_t dashes) {
    const Word& word = words_[i];
    const std::size_t equals = word.text.find('=');
    const std::string_view name = word.text.substr(dashes, equals == std::string_view::npos ? equals : equals - dashes);
    const KeyClass key = classify_key(name);
    if (key == KeyClass::other) {
      return;
    }
    if (equals != std::string_view::npos) {
      add(word, equals + 1, word.text.size(), name, key);
    } else if (has_value(i)) {
      add(words_[i + 1], 0, words_[i + 1].text.size(), name, key);
    }
  }

  // kubectl create secret generic NAME --from-literal=KEY=VALUE
  void from_literal(std::size_t i) {
    const std::size_t equals = words_[i].text.find('=');
    if (equals == std::string_view::npos && !has_value(i)) {
      return;
    }
    const Word& word = equals == std::string_view::npos ? words_[i + 1] : words_[i];
    const Span inner = unquoted(word.text, {equals == std::string_view::npos ? 0 : equals + 1, word.text.size()});
    const std::size_t sign = word.text.substr(0, inner.end).find('=', inner.begin);
    if (sign != std::string_view::npos) {
      const std::string_view key = word.text.substr(inner.begin, sign - inner.begin);
      add(word, sign + 1, inner.end, key, classify_key(key));
    }
  }

  void arguments(std::size_t i) {
    for (const CommandArgument& rule : arguments_of(family_)) {
      std::size_t at = i;
      bool same = !rule.verb.empty() && words_[i].text != program_;
      for (std::size_t begin = 0; same && begin < rule.verb.size(); ++at) {
        const std::size_t end = std::min(rule.verb.find(' ', begin), rule.verb.size());
        same = at < end_ && same_word(words_[at].text, rule.verb.substr(begin, end - begin));
        begin = end + 1;
      }
      if (same) {
        argument(rule, at);
      }
    }
  }

  // The words from `at` on that are no options.
  void argument(const CommandArgument& rule, std::size_t at) {
    const Word* last = nullptr;
    bool switched = rule.switch_ == 0;
    std::size_t count = 0;
    for (const std::size_t end = std::min(end_, at + k_farthest); at < end; ++at) {
      const Word& word = words_[at];
      if (word.text.starts_with("-") || word.text.starts_with("<")) {
        switched = switched || word.text.find(rule.switch_) != std::string_view::npos;
        continue;
      }
      ++count;
      if (rule.keyed && last != nullptr && classify_key(last->text) != KeyClass::other) {
        add(word, 0, word.text.size(), last->text, classify_key(last->text));
      } else if (!rule.keyed && (rule.position == 0 || rule.position == count) && switched) {
        value(word, 0, rule.form, rule.verb.empty() ? program_ : rule.verb);
      }
      last = &word;
    }
    if (rule.position == k_last_argument && last != nullptr && switched) {
      value(*last, 0, rule.form, rule.verb.empty() ? program_ : rule.verb);
    }
  }

  // echo X | helm registry login --password-stdin
  void echoed(std::size_t i) {
    if (begin_ == 0 || i - begin_ > k_farthest || !words_[begin_ - 1].piped) {
      return;
    }
    const std::size_t pipe = begin_ - 1;
    for (std::size_t back = 1; back <= k_farthest && back <= pipe; ++back) {
      if (words_[pipe - back].ends_command) {
        return;
      }
      const std::string_view word = words_[pipe - back].text;
      if (word == "echo" || word == "printf") {
        value(words_[pipe], 0, family_ == "chpasswd" ? WordForm::pair : WordForm::whole, words_[i].text);
        return;
      }
    }
  }

  // sh -c '…', Jenkins' sh '…', NAME="…".
  void quoted_command(const Word& word) {
    if (depth_ == k_deepest || word.text.find(' ') == std::string_view::npos) {
      return;
    }
    const std::size_t quote = word.text.find_first_of("\"'");
    const bool named = quote != std::string_view::npos && quote > 0 && word.text[quote - 1] == '=';
    const Span inner = named ? unquoted(word.text, {quote, word.text.size()}) : Span{0, word.text.size()};
    const std::string_view text = word.text.substr(inner.begin, inner.end - inner.begin);
    for (const Span line : commands_in(text)) {
      const std::string_view command = text.substr(line.begin, line.end - line.begin);
      for (EmbeddedSecret secret : CommandReader(words_in(command), shell_, depth_ + 1).read()) {
        const std::size_t offset = word.begin + inner.begin + line.begin;
        found_.push_back({secret.name, {secret.span.begin + offset, secret.span.end + offset}, secret.verdict});
      }
    }
  }

  void header(const Word& word, std::size_t begin) {
    const Span inner = unquoted(word.text, {begin, word.text.size()});
    const std::string_view text = word.text.substr(inner.begin, inner.end - inner.begin);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      return;
    }
    const std::size_t offset = word.begin + inner.begin + colon + 1;
    for (EmbeddedSecret secret : find_header_secret(text.substr(0, colon), text.substr(colon + 1))) {
      found_.push_back({secret.name, {secret.span.begin + offset, secret.span.end + offset}, secret.verdict});
    }
  }

  [[nodiscard]] bool has_value(std::size_t i) const {
    return i + 1 < words_.size() && !words_[i].ends_command && !words_[i + 1].text.empty() &&
           words_[i + 1].text[0] != '-';
  }

  // The credential in a word from `begin` on.
  void value(const Word& word, std::size_t begin, WordForm form, std::string_view name) {
    const Span inner = unquoted(word.text, {begin, word.text.size()});
    const std::string_view text = word.text.substr(inner.begin, inner.end - inner.begin);
    const auto behind = [&](char sign) {
      const std::size_t at = text.find(sign);
      if (at != std::string_view::npos && !text.substr(at).starts_with("://")) {
        add(word, inner.begin + at + 1, inner.end, name, std::nullopt);
      }
    };
    switch (form) {
      case WordForm::whole:
        if (!is_port(text) && !is_assignment(text)) {
          add(word, inner.begin, inner.end, name, std::nullopt);
        }
        break;
      case WordForm::pair:
        behind(':');
        break;
      case WordForm::percent:
        behind('%');
        break;
      case WordForm::comma:
        behind(',');
        break;
      case WordForm::slash:
        if (const std::size_t at = text.find('/'); at != std::string_view::npos && at > 0) {
          const std::size_t end = std::min(text.find('@', at), text.size());
          add(word, inner.begin + at + 1, inner.begin + end, name, std::nullopt);
        }
        break;
      case WordForm::source:
        if (text.starts_with("pass:")) {
          behind(':');
        }
        break;
      case WordForm::own:
        if (text.starts_with(">")) {
          add(word, inner.begin + 1, inner.end, name, std::nullopt);
        }
        break;
      case WordForm::nothing:
        break;
    }
  }

  // Without `key` it is a credential for certain, whatever its option is called.
  void add(const Word& word, std::size_t begin, std::size_t end, std::string_view name, std::optional<KeyClass> key) {
    if (begin >= end) {
      return;
    }
    const Span span = unquoted(word.text, {begin, end});
    const std::string_view value = word.text.substr(span.begin, span.end - span.begin);
    const bool filled_in = shell_ && (value.starts_with("`") || value.find('$') != std::string_view::npos);
    if (value.empty() || value[0] == '<' || filled_in) {
      return;
    }
    const Verdict verdict = key ? judge(name, *key, value) : judge(KeyClass::credential, value);
    if (verdict != Verdict::clean) {
      found_.push_back({name, {word.begin + span.begin, word.begin + span.end}, verdict});
    }
  }

  std::vector<Word> words_;
  bool shell_;
  int depth_;
  std::size_t begin_ = 0;  // of the command that is being read
  std::size_t end_ = 0;
  std::string_view program_;
  std::string_view family_;
  std::vector<EmbeddedSecret> found_;
};

void put_in_order(std::vector<EmbeddedSecret>& found) {
  std::stable_sort(found.begin(), found.end(),
                   [](const EmbeddedSecret& a, const EmbeddedSecret& b) { return a.span.begin < b.span.begin; });
  found.erase(std::unique(found.begin(), found.end(),
                          [](const EmbeddedSecret& a, const EmbeddedSecret& b) { return a.span == b.span; }),
              found.end());
}

}  // namespace

std::vector<EmbeddedSecret> find_command_secrets(std::string_view text) {
  std::vector<EmbeddedSecret> found;
  for (const Span line : commands_in(text)) {
    const std::string_view command = text.substr(line.begin, line.end - line.begin);
    for (EmbeddedSecret secret : CommandReader(words_in(command), true).read()) {
      secret.span.begin += line.begin;
      secret.span.end += line.begin;
      found.push_back(secret);
    }
  }
  put_in_order(found);
  return found;
}

std::vector<EmbeddedSecret> find_argument_secrets(const std::vector<std::string_view>& arguments,
                                                  std::string_view program) {
  std::vector<Word> words;
  words.reserve(arguments.size());
  std::size_t begin = 0;
  for (const std::string_view argument : arguments) {
    words.push_back({argument, begin});
    begin += argument.size() + 1;
  }
  // A script among them is read as one, by who knows its lines.
  std::vector<EmbeddedSecret> found =
      CommandReader(std::move(words), false, k_deepest).read(family_of_program(program));
  put_in_order(found);
  return found;
}

}  // namespace helmme::lint
