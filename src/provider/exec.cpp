#include "provider/exec.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "provider/process.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using placeholder::Locator;

void split(std::string_view text, char separator, std::vector<std::string>& words) {
  while (true) {
    const std::size_t end = text.find(separator);
    words.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return;
    }
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> words_of(const Locator& locator) {
  std::vector<std::string> words;
  std::string_view path = locator.path;
  if (path.ends_with("/")) {
    path.remove_suffix(1);
  }
  if (path.starts_with("/")) {
    words.emplace_back(path);
  } else {
    split(path, '/', words);
  }
  if (const auto arguments = locator.options.find("args");
      arguments != locator.options.end() && !arguments->second.empty()) {
    split(arguments->second, ',', words);
  }
  return words;
}

}  // namespace

base::Result<Answer> ExecProvider::read(const Locator& locator) {
  TRY(check_options(locator, {"args", "trim"}));
  if (locator.hidden) {
    return base::fail(error_about(locator, ErrorKind::bad_input,
                                  "takes no value of another reference: all see the arguments of a program",
                                  "have the program read the value itself"));
  }
  Program program{.words = words_of(locator)};
  const std::string& name = program.words.front();
  if (name.empty() || name == "." || name == "..") {
    return base::fail(error_about(locator, ErrorKind::bad_input, "a program is named by itself or by an absolute path",
                                  "ref+exec://NAME/ARGUMENT, or ref+exec:///PATH?args=ARGUMENT,ARGUMENT"));
  }
  if (std::find(allowed_.begin(), allowed_.end(), name) == allowed_.end()) {
    return base::fail(error_about(locator, ErrorKind::bad_input,
                                  "the policy does not allow to run " + base::printable(name),
                                  "allow: {exec: [" + base::printable(name) + "]} in the policy"));
  }
  program.variables.emplace();
  for (const char* variable : {"PATH", "HOME"}) {
    if (const auto value = environment_.get(variable)) {
      program.variables->emplace(variable, *value);
    }
  }
  TRY_ASSIGN(const ProgramEnd end, run_program(program, deadline_));
  if (end.code != 0) {
    return base::fail(error_about(locator, ErrorKind::unavailable,
                                  base::printable(name) + " has failed with exit code " + std::to_string(end.code),
                                  "run it by hand: what it says is not shown here, for it may hold values"));
  }
  std::string_view text = end.output.reveal();
  const auto trim = locator.options.find("trim");
  if (trim == locator.options.end() || trim->second != "false") {
    text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
  }
  return Answer{.value = placeholder::FetchedValue::text(text)};
}

}  // namespace helmme::provider
