#include "policy/form.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "policy/names.h"
#include "policy/scalar.h"

namespace helmme::policy {
namespace {

constexpr const char* k_quotes = "put it in quotes";

}  // namespace

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  // The distance takes time that grows with the word: a word of a name's length is enough.
  const std::optional<std::string> near = base::nearest(word.substr(0, 253), candidates);
  return near ? "did you mean " + *near + "?" : std::string();
}

void Form::problem(const Node& at, std::string message, std::string help) {
  diagnostics_.error({.kind = base::ErrorKind::bad_input,
                      .message = std::move(message),
                      .location = at.location(),
                      .notes = {},
                      .help = std::move(help)});
}

void Form::warning(const Node& at, std::string message, std::string help) {
  diagnostics_.warning(
      {.message = std::move(message), .location = at.location(), .notes = {}, .help = std::move(help)});
}

bool Form::is_mapping(const Node& node, const std::string& what) {
  if (node.is_empty() || node.kind == Node::Kind::mapping) {
    return !node.is_empty();
  }
  problem(node, what + " must be a mapping, not " + std::string(node.kind_name()));
  return false;
}

bool Form::is_sequence(const Node& node, const std::string& what) {
  if (node.is_empty() || node.kind == Node::Kind::sequence) {
    return !node.is_empty();
  }
  problem(node, what + " must be a list, not " + std::string(node.kind_name()), "write it as [ITEM, …]");
  return false;
}

std::optional<std::string> Form::text(const Node& node, const std::string& what) {
  if (node.is_empty()) {
    return std::nullopt;
  }
  if (node.kind != Node::Kind::scalar) {
    problem(node, what + " must be text, not " + std::string(node.kind_name()));
    return std::nullopt;
  }
  if (node.plain && is_typed(node.text) && !keeps_its_text(node.text)) {
    problem(node, what + " is no text to YAML, which may change what is written", k_quotes);
    return std::nullopt;
  }
  return node.text;
}

std::optional<std::size_t> Form::number(const Node& node, const std::string& what) {
  if (node.is_empty()) {
    return std::nullopt;
  }
  std::size_t value = 0;
  const char* const end = node.text.data() + node.text.size();
  const auto [rest, error] = std::from_chars(node.text.data(), end, value);
  const bool octal = node.text.size() > 1 && node.text[0] == '0';
  if (node.kind != Node::Kind::scalar || !node.plain || error != std::errc() || rest != end || octal ||
      value > k_text_limit) {
    problem(node, what + " must be a whole number from 0 to " + std::to_string(k_text_limit));
    return std::nullopt;
  }
  return value;
}

std::optional<bool> Form::boolean(const Node& node, const std::string& what) {
  if (node.is_empty()) {
    return std::nullopt;
  }
  if (node.kind != Node::Kind::scalar || !node.plain || (node.text != "true" && node.text != "false")) {
    problem(node, what + " must be true or false");
    return std::nullopt;
  }
  return node.text == "true";
}

std::optional<std::string> Form::word(const Node& node, const std::string& what,
                                      const std::vector<std::string>& words) {
  if (node.is_empty()) {
    return std::nullopt;
  }
  if (node.kind == Node::Kind::scalar && std::find(words.begin(), words.end(), node.text) != words.end()) {
    return node.text;
  }
  problem(node, what + " must be one of " + base::join_words(words),
          node.kind == Node::Kind::scalar ? did_you_mean(node.text, words) : "");
  return std::nullopt;
}

std::optional<std::string> Form::secret_name(const Node& node, const std::string& what) {
  std::optional<std::string> written = text(node, what);
  if (!written) {
    return std::nullopt;
  }
  if (node.plain && is_typed(node.text)) {
    problem(node, what + " is a number or a boolean to YAML, and no name", k_quotes);
    return std::nullopt;
  }
  base::Result<std::string> filled = fill(*written, variables_);
  if (!filled) {
    problem(node, filled.error().message + " in " + what, filled.error().help);
    return std::nullopt;
  }
  if (!is_secret_name(*filled)) {
    problem(node, what + " is no name of a Secret: " + quoted(*filled),
            "lower case letters, digits, \"-\" and \".\", at most 253");
    return std::nullopt;
  }
  return *filled;
}

bool Form::key_name(const Node& node, const std::string& what) {
  if (node.kind == Node::Kind::scalar && is_key_name(node.text)) {
    return true;
  }
  problem(node, what + " may hold letters, digits, \".\", \"_\" and \"-\" only");
  return false;
}

bool Form::is_known(const Node& key, const std::string& where, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), key.text) != known.end()) {
    return true;
  }
  std::string help = did_you_mean(key.text, known);
  problem(key, "unknown key " + quoted(key.text) + " in " + where,
          help.empty() ? "known are " + base::join_words(known) : std::move(help));
  return false;
}

}  // namespace helmme::policy
