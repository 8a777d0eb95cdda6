// Which options, and which words behind a verb, hold a credential: by program, where the name does not say so.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace helmme::lint {

// How a credential is written in a word.
enum class WordForm {
  whole,    // PASSWORD
  pair,     // name:PASSWORD
  percent,  // name%PASSWORD
  comma,    // name,PASSWORD
  slash,    // name/PASSWORD, name/PASSWORD@place
  source,   // pass:PASSWORD, other than env:, file: and fd:
  own,      // ">PASSWORD": a rule of Redis' users
  nothing,  // what looks like a credential's option and holds none
};

inline constexpr std::size_t k_last_argument = static_cast<std::size_t>(-1);

struct CommandOption {
  std::string_view family;
  std::string_view option;  // with its dashes
  WordForm form = WordForm::whole;
  bool attached = false;        // its value may follow without a space, "-pPASSWORD" …
  bool next = true;             // … and stand in the next word
  std::string_view needs = {};  // a word that must stand in the same command: "login"
};

struct CommandArgument {
  std::string_view family;
  std::string_view verb;     // one word or more, with a space between them; "" for the program itself
  std::size_t position = 1;  // among the words behind the verb that are no options; 0: each of them
  WordForm form = WordForm::whole;
  bool keyed = false;  // the word before it says what it is, and is judged
  char switch_ = 0;    // a letter that one of the options must have: "b" of htpasswd; 0: none must
};

// Programs that are used alike form a family: "mongo" is that of mongosh and mongodump. "" for all others.
[[nodiscard]] std::string_view family_of_program(std::string_view name);
[[nodiscard]] std::span<const CommandOption> options_of(std::string_view family);
[[nodiscard]] std::span<const CommandArgument> arguments_of(std::string_view family);

// An option of any program whose value comes from what is piped into it: "--password-stdin".
[[nodiscard]] bool reads_credential(std::string_view family, std::string_view word);

}  // namespace helmme::lint
