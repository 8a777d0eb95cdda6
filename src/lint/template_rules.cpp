// HM301 to HM308: templates, read as text. What stands between the actions is YAML and goes through the rules for
// manifests and values; the actions themselves are read here.
#include <algorithm>
#include <array>
#include <string>

#include "lint/check.h"
#include "lint/template_text.h"
#include "manifest/split.h"

namespace helmme::lint {
namespace {

using manifest::Document;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 12> k_generators = {"randAlphaNum",
                                                           "randAlpha",
                                                           "randNumeric",
                                                           "randAscii",
                                                           "randBytes",
                                                           "genPrivateKey",
                                                           "genCA",
                                                           "genCAWithKey",
                                                           "genSelfSignedCert",
                                                           "genSelfSignedCertWithKey",
                                                           "genSignedCert",
                                                           "genSignedCertWithKey"};

// Where an action stands.
struct Surroundings {
  std::string_view kind;      // of the document's object; "" where it cannot be told
  std::string_view key;       // of the line: "password" of "password: {{ … }}"
  std::string_view list_key;  // of a list's item: "args"
};

// "password" of "  password: …", "name" of "- name: …"; "" for any other line.
std::string_view key_of_line(std::string_view line) {
  std::size_t begin = line.find_first_not_of(" \t-\"'");
  if (begin == std::string_view::npos) {
    return {};
  }
  const std::size_t end = line.find_first_of(":= \t{", begin);
  if (end == std::string_view::npos || (line[end] != ':' && line[end] != '=')) {
    return {};
  }
  std::string_view key = line.substr(begin, end - begin);
  while (!key.empty() && (key.back() == '"' || key.back() == '\'')) {
    key.remove_suffix(1);
  }
  return key;
}

// Follows the lines of a template and knows, for each action, the object, the key and the list around it.
class LineTracker {
 public:
  explicit LineTracker(std::string_view text) : text_(text) { read_line(); }

  // `at` never goes back.
  Surroundings move_to(std::size_t at) {
    while (end_ < at) {
      leave_line();
      line_ = end_ + 1;
      read_line();
    }
    return {kind_, key_, item_ || opener_.ends_with("args") ? opener_ : std::string_view()};
  }

 private:
  // Once a line, however many actions it has.
  void read_line() {
    end_ = std::min(text_.find('\n', line_), text_.size());
    const std::string_view line = text_.substr(line_, end_ - line_);
    key_ = key_of_line(line);
    const std::size_t first = line.find_first_not_of(" \t");
    item_ = first != std::string_view::npos && line.substr(first, 2) == "- ";
  }

  void leave_line() {
    const std::string_view line = text_.substr(line_, end_ - line_);
    if (line.starts_with("---")) {
      kind_ = {};
    }
    if (line.starts_with("kind:")) {
      kind_ = trim(line.substr(5));
    }
    const std::string_view content = trim(line);
    if (content.ends_with(":") && content.find(' ') == std::string_view::npos) {
      opener_ = key_;
    } else if (!content.empty() && !content.starts_with("-") && !content.starts_with("{{") &&
               !content.starts_with("#")) {
      opener_ = key_.empty() ? opener_ : std::string_view();
    }
  }

  std::string_view text_;
  std::size_t line_ = 0;
  std::size_t end_ = 0;
  std::string_view key_;
  bool item_ = false;  // "- …"
  std::string_view kind_;
  std::string_view opener_;  // the last key that opened a list
};

bool has_word(const Action& action, std::string_view word) {
  return std::any_of(action.tokens.begin(), action.tokens.end(),
                     [&](const ActionToken& token) { return token.kind == TokenKind::word && token.text == word; });
}

// "common.secrets.lookup" and "common.secrets.passwords.manage": helpers of Bitnami's library chart, and of those who
// named theirs so, that keep what a Secret holds already.
bool includes_lookup(const Action& action) {
  return has_word(action, "include") &&
         std::any_of(action.tokens.begin(), action.tokens.end(), [](const ActionToken& token) {
           return token.kind == TokenKind::string &&
                  (token.text.find("lookup") != std::string_view::npos || token.text.ends_with(".passwords.manage"));
         });
}

bool is_values_field(const ActionToken& token) {
  return token.kind == TokenKind::field && (token.text.starts_with(".Values.") || token.text.starts_with("$.Values.") ||
                                            token.text.starts_with("$root.Values."));
}

// A field of the values that is a credential by its name.
bool is_credential_field(const ActionToken& token) {
  return is_values_field(token) && classify_key(last_step(token.text)) == KeyClass::credential;
}

class TemplateCheck {
 public:
  TemplateCheck(Check& check, const std::vector<Action>& actions) : check_(check), actions_(actions) {
    keeps_ = std::any_of(actions.begin(), actions.end(),
                         [](const Action& action) { return has_word(action, "lookup") || includes_lookup(action); });
  }

  void run() {
    LineTracker lines(check_.text());
    for (const Action& action : actions_) {
      const Surroundings around = lines.move_to(action.span.begin);
      if (action.comment || action.tokens.empty()) {
        continue;
      }
      text_of_define(action);
      literals(action, around);
      password_hashes(action);
      generators(action, around);
      whole_values(action, around);
      messages(action, around);
      if (!action.is_control()) {
        credentials_in_plain_places(action, around);
      }
    }
  }

 private:
  // HM301: what a helper called "shop.password" says between its actions. Follows what is defined and how deep.
  void text_of_define(const Action& action) {
    constexpr std::array<std::string_view, 5> k_open = {"if", "with", "range", "define", "block"};
    const std::string_view word = action.tokens[0].text;
    const std::string_view between = check_.text().substr(told_, action.span.begin - told_);
    const std::string_view value = trim(between);
    if (depth_ > 0 && alone_ && action.is_control() && !value.empty() &&
        value.find_first_of(" \n:") == std::string_view::npos && classify_key(defines_) == KeyClass::credential &&
        judge(defines_, value) != Verdict::clean) {
      const std::size_t begin = told_ + static_cast<std::size_t>(value.data() - between.data());
      check_.report("HM301", {begin, begin + value.size()}, "a literal for the credential " + shown(defines_),
                    {.key = defines_});
    }
    told_ = action.span.end;
    alone_ = action.is_control();
    if (word == "define" && action.tokens.size() > 1) {
      defines_ = last_step(action.tokens[1].text);
      depth_ = 1;
    } else if (depth_ > 0 && is_one_of(word, k_open)) {
      ++depth_;
    } else if (depth_ > 0 && word == "end") {
      --depth_;
    }
  }

  // HM301: a literal that `default`, `quote`, `b64enc` and the like turn into a credential.
  void literals(const Action& action, const Surroundings& around) {
    constexpr std::array<std::string_view, 9> k_functions = {
        "default", "quote", "squote", "b64enc", "coalesce", "ternary", "toString", "sha256sum", "derivePassword"};
    const std::string_view name = credential_name(action, around);
    if (name.empty()) {
      return;
    }
    const std::vector<ActionToken>& tokens = action.tokens;
    std::string_view function;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].kind == TokenKind::word) {
        function = tokens[i].text;
      } else if (tokens[i].kind == TokenKind::open || tokens[i].kind == TokenKind::pipe ||
                 tokens[i].kind == TokenKind::assign) {
        function = {};
      }
      if (tokens[i].kind != TokenKind::string) {
        continue;
      }
      const bool head = function.empty() && (i == 0 || tokens[i - 1].kind != TokenKind::field);
      const bool piped = head && i + 2 < tokens.size() && tokens[i + 1].kind == TokenKind::pipe &&
                         is_one_of(tokens[i + 2].text, k_functions);
      const bool alone = head && i + 1 == tokens.size();
      if ((is_one_of(function, k_functions) || piped || alone) &&
          judge(KeyClass::credential, tokens[i].text) != Verdict::clean) {
        check_.report("HM301", tokens[i].span, "a literal for the credential " + shown(name), {.key = name});
      }
    }
  }

  // What the action makes: a value of a credential's name, or a line's or a variable's credential.
  static std::string_view credential_name(const Action& action, const Surroundings& around) {
    if (action.is_control()) {
      return {};
    }
    for (const ActionToken& token : action.tokens) {
      const bool names = token.kind == TokenKind::field || token.kind == TokenKind::variable;
      if (names && classify_key(last_step(token.text)) == KeyClass::credential) {
        return last_step(token.text);
      }
    }
    return classify_key(around.key) == KeyClass::credential ? around.key : std::string_view();
  }

  // HM306: htpasswd "name" "literal", bcrypt "literal", "literal" | bcrypt.
  void password_hashes(const Action& action) {
    const std::vector<ActionToken>& tokens = action.tokens;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].kind != TokenKind::word || (tokens[i].text != "htpasswd" && tokens[i].text != "bcrypt")) {
        continue;
      }
      const std::size_t argument = i + (tokens[i].text == "htpasswd" ? 2U : 1U);
      const bool piped = i >= 2 && tokens[i - 1].kind == TokenKind::pipe && tokens[i - 2].kind == TokenKind::string;
      const std::size_t literal = piped ? i - 2 : argument;
      if (literal < tokens.size() && tokens[literal].kind == TokenKind::string && !tokens[literal].text.empty()) {
        check_.report("HM306", tokens[literal].span, "the hash of a literal password", {.key = tokens[i].text});
      }
    }
  }

  // HM303 and HM304.
  void generators(const Action& action, const Surroundings& around) {
    for (const ActionToken& token : action.tokens) {
      if (token.kind != TokenKind::word) {
        continue;
      }
      if (token.text == "lookup" && reads_secret(action)) {
        check_.report("HM304", token.span, "a secret that lookup keeps: without a cluster it is made anew",
                      {.key = token.text});
      } else if (!keeps_ && is_one_of(token.text, k_generators) && makes_secret(action, token, around)) {
        check_.report("HM303", token.span, shown(token.text) + " makes another secret at every upgrade",
                      {.key = token.text});
      }
    }
  }

  static bool reads_secret(const Action& action) {
    return std::any_of(action.tokens.begin(), action.tokens.end(), [](const ActionToken& token) {
      return token.kind == TokenKind::string && token.text == "Secret";
    });
  }

  // A random suffix of a name is no secret.
  [[nodiscard]] bool makes_secret(const Action& action, const ActionToken& generator,
                                  const Surroundings& around) const {
    if (generator.text.starts_with("gen")) {
      return true;
    }
    if (around.kind == "Secret") {
      return around.key != "name" && around.key != "rollme";
    }
    return !credential_name(action, around).empty() || classify_key(defines_) == KeyClass::credential;
  }

  // HM307
  void whole_values(const Action& action, const Surroundings& around) {
    const bool written = has_word(action, "toYaml") || has_word(action, "toJson") || has_word(action, "toPrettyJson") ||
                         has_word(action, "mustToJson") || has_word(action, "toToml");
    if (around.kind != "ConfigMap" || !written || has_word(action, "sha256sum")) {
      return;
    }
    for (const ActionToken& token : action.tokens) {
      if (token.text == ".Values" || token.text == "$.Values") {
        check_.report("HM307", token.span, "all values, with every credential in them, in a ConfigMap",
                      {.key = ".Values"});
      }
    }
  }

  // HM308: what `fail` says is printed by Helm; what printf makes outside of a Secret is as well.
  void messages(const Action& action, const Surroundings& around) {
    const bool fails = has_word(action, "fail");
    const bool prints =
        has_word(action, "printf") && !around.kind.empty() && around.kind != "Secret" && !is_hashed(action);
    if (!fails && !prints) {
      return;
    }
    for (const ActionToken& token : action.tokens) {
      if (is_credential_field(token)) {
        check_.report("HM308", token.span, shown(token.text) + " in the text of " + (fails ? "fail" : "printf"),
                      {.key = token.text});
      }
    }
  }

  static bool is_hashed(const Action& action) {
    return has_word(action, "sha256sum") || has_word(action, "sha1sum") || has_word(action, "adler32sum") ||
           has_word(action, "htpasswd") || has_word(action, "bcrypt");
  }

  // HM302
  void credentials_in_plain_places(const Action& action, const Surroundings& around) {
    const bool config = around.kind == "ConfigMap";
    const bool environment = around.key == "value" && around.kind != "Secret" && around.kind != "ExternalSecret";
    const bool argument = around.list_key == "args" || around.list_key == "command";
    const bool sets = std::any_of(action.tokens.begin(), action.tokens.end(),
                                  [](const ActionToken& token) { return token.kind == TokenKind::assign; });
    if ((!config && !environment && !argument) || is_hashed(action) || sets || has_word(action, "required")) {
      return;
    }
    for (const ActionToken& token : action.tokens) {
      if (is_credential_field(token)) {
        const std::string_view where = config ? "a ConfigMap" : environment ? "an environment value" : "an argument";
        check_.report("HM302", token.span, shown(token.text) + " goes into " + std::string(where), {.key = token.text});
      }
    }
  }

  Check& check_;
  const std::vector<Action>& actions_;
  bool keeps_ = false;        // the file looks up what is there
  std::string_view defines_;  // "password" of the define "shop.password" that was entered last
  std::size_t depth_ = 0;     // of its blocks; 0 outside of it
  std::size_t told_ = 0;      // the end of the action before
  bool alone_ = false;        // which prints nothing itself
};

// The YAML between the actions, document by document; what is no YAML without them is read as lines.
void check_between(Check& check, const std::vector<Action>& actions) {
  const std::string text = without_actions(check.text(), actions);
  SecretValues values;
  for (std::size_t at = 0; at < text.size();) {
    const manifest::Span span = manifest::document_at(text, at);
    const std::string_view bytes = std::string_view(text).substr(span.begin, span.size());
    at = std::max(span.end, at + 1);
    if (manifest::has_no_content(bytes)) {
      continue;
    }
    const base::Result<Document> parsed = Document::read(bytes, check.file().name, text, span.begin);
    if (!parsed) {
      check_assignments(check, bytes, span.begin, TextStyle::config);
    } else if (!child_text(*parsed, Document::root(), "kind").empty()) {
      check_manifest(check, *parsed, span.begin, false, values);
    }
  }
}

}  // namespace

void check_template(Check& check) {
  const std::vector<Action> actions = actions_of(check.text());
  TemplateCheck(check, actions).run();
  if (!file_name_of(check.file().name).ends_with(".tpl")) {
    check_between(check, actions);
    check_comments(check);
  }
}

void check_notes(Check& check) {
  for (const Action& action : actions_of(check.text())) {
    if (action.is_control()) {
      continue;
    }
    std::string_view before;
    for (const ActionToken& token : action.tokens) {
      const bool included = token.kind == TokenKind::string && before == "include" &&
                            classify_key(last_step(token.text)) == KeyClass::credential;
      before = token.text;
      if (included || is_credential_field(token) || (token.kind == TokenKind::word && token.text == "b64dec")) {
        check.report("HM305", token.span, "NOTES.txt prints a credential: " + shown(token.text), {.key = token.text});
      }
    }
  }
}

}  // namespace helmme::lint
