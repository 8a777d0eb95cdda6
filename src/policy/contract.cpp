#include "policy/contract.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace helmme::policy {

const std::vector<std::string> k_contract_keys = {"length",  "minLength", "maxLength", "charset",
                                                  "pattern", "default",   "generate"};

namespace {

const std::vector<std::string> k_generate_keys = {"hex", "base64", "alphabet", "length", "uuid", "prefix"};
const std::vector<std::string> k_charsets = {"any", "hex", "base64", "alphanumeric", "digits", "printable"};
constexpr std::size_t k_uuid_length = 36;

Charset charset_of(const std::string& word) {
  const auto found = std::find(k_charsets.begin(), k_charsets.end(), word);
  return static_cast<Charset>(found - k_charsets.begin());
}

bool in_charset(Charset charset, char c) {
  const bool digit = c >= '0' && c <= '9';
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  switch (charset) {
    case Charset::any:
      return true;
    case Charset::hex:
      return digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    case Charset::base64:  // RFC 4648, sections 4 and 5
      return digit || letter || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
    case Charset::alphanumeric:
      return digit || letter;
    case Charset::digits:
      return digit;
    case Charset::printable:
      break;
  }
  return c >= 0x20 && c <= 0x7E;
}

bool all_in_charset(Charset charset, std::string_view text) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return in_charset(charset, c); });
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

// RE2 reads UTF-8 by default; a value may be any bytes.
RE2::Options pattern_options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_encoding(RE2::Options::EncodingLatin1);
  return options;
}

std::size_t generated_length(const Generate& generate) {
  switch (generate.kind) {
    case Generate::Kind::hex:
      return generate.prefix.size() + 2 * generate.count;
    case Generate::Kind::base64:
      return generate.prefix.size() + (generate.count + 2) / 3 * 4;
    case Generate::Kind::alphabet:
      return generate.prefix.size() + generate.count;
    case Generate::Kind::uuid:
      break;
  }
  return generate.prefix.size() + k_uuid_length;
}

// Every character that it may make.
std::string generated_characters(const Generate& generate) {
  constexpr const char* k_hex = "0123456789abcdef";
  switch (generate.kind) {
    case Generate::Kind::hex:
      return generate.prefix + k_hex;
    case Generate::Kind::base64:
      return generate.prefix + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    case Generate::Kind::alphabet:
      return generate.prefix + generate.alphabet;
    case Generate::Kind::uuid:
      break;
  }
  return generate.prefix + k_hex + "-";
}

std::optional<Generate> read_generate(const Node& node, const std::string& what, Form& form) {
  if (!form.is_mapping(node, what)) {
    return std::nullopt;
  }
  Generate generate;
  std::size_t kinds = 0;
  bool counted = false;
  const auto count = [&](const Node& value, const std::string& name) {
    const std::optional<std::size_t> number = form.number(value, name);
    counted = true;
    if (number && *number == 0) {
      form.problem(value, name + " must be more than 0");
    }
    generate.count = number.value_or(0);
  };
  bool known = true;
  for (const NodeEntry& entry : node.entries) {
    const std::string& key = entry.key.text;
    const std::string name = std::string(key).append(" of ").append(what);
    if (!form.is_known(entry.key, what, k_generate_keys)) {
      known = false;
    } else if (entry.value.is_empty()) {
      continue;
    } else if (key == "prefix") {
      generate.prefix = form.text(entry.value, name).value_or("");
    } else if (key == "length") {
      count(entry.value, name);
    } else if (key == "hex" || key == "base64") {
      ++kinds;
      generate.kind = key == "hex" ? Generate::Kind::hex : Generate::Kind::base64;
      count(entry.value, name);
    } else if (key == "alphabet") {
      ++kinds;
      generate.kind = Generate::Kind::alphabet;
      generate.alphabet = form.text(entry.value, name).value_or("");
    } else if (form.boolean(entry.value, name).value_or(false)) {
      ++kinds;
      generate.kind = Generate::Kind::uuid;
    }
  }
  const bool length = node.find("length") != nullptr;
  if (known && (kinds != 1 || length != (generate.kind == Generate::Kind::alphabet) ||
                counted != (generate.kind != Generate::Kind::uuid))) {
    form.problem(node, what + " must be one of hex, base64, alphabet with length, and uuid",
                 "{hex: 32}, {base64: 32}, {alphabet: abc123, length: 32} or {uuid: true}");
    return std::nullopt;
  }
  return generate;
}

void check_itself(const KeyContract& contract, const Node& node, const std::string& what, Form& form) {
  const std::size_t least = std::max(contract.length.value_or(0), contract.min_length.value_or(0));
  if ((contract.max_length && *contract.max_length < least) ||
      (contract.length && contract.min_length && *contract.length < *contract.min_length)) {
    form.problem(node, "no value can meet " + what + ": length, minLength and maxLength contradict each other");
    return;
  }
  if (contract.default_value) {
    for (const std::string& breach : breaches(contract, *contract.default_value)) {
      form.problem(node, std::string("the default of ").append(what).append(" breaks it: ").append(breach));
    }
  }
  if (contract.generate) {
    const std::size_t length = generated_length(*contract.generate);
    if ((contract.length && length != *contract.length) || length < contract.min_length.value_or(0) ||
        length > contract.max_length.value_or(length)) {
      form.problem(node, "generate of " + what + " makes " + std::to_string(length) + " characters, which breaks it",
                   "change generate or the length");
    }
    if (!all_in_charset(contract.charset, generated_characters(*contract.generate))) {
      form.problem(node, "generate of " + what + " makes characters that its charset forbids",
                   "change generate or the charset");
    }
  }
}

}  // namespace

KeyContract read_contract(const Node& node, const std::string& key, Form& form) {
  const std::string what = "the contract of " + quoted(key);
  KeyContract contract;
  contract.location = node.location();
  if (!form.is_mapping(node, what)) {
    return contract;
  }
  for (const NodeEntry& entry : node.entries) {
    const std::string& name = entry.key.text;
    const std::string field = std::string(name).append(" of ").append(what);
    const Node& value = entry.value;
    if (!form.is_known(entry.key, what, k_contract_keys)) {
      continue;
    }
    if (name == "length") {
      contract.length = form.number(value, field);
    } else if (name == "minLength") {
      contract.min_length = form.number(value, field);
    } else if (name == "maxLength") {
      contract.max_length = form.number(value, field);
    } else if (name == "charset") {
      contract.charset = charset_of(form.word(value, field, k_charsets).value_or("any"));
    } else if (name == "default") {
      contract.default_value = form.text(value, field);
    } else if (name == "generate") {
      contract.generate = read_generate(value, field, form);
    } else if (const std::optional<std::string> pattern = form.text(value, field)) {
      if (const RE2 compiled(piece(*pattern), pattern_options()); !compiled.ok()) {
        form.problem(value, field + " is no regular expression: " + compiled.error(), "the syntax is RE2's");
      } else {
        contract.pattern = pattern;
      }
    }
  }
  check_itself(contract, node, what, form);
  return contract;
}

std::vector<std::string> breaches(const KeyContract& contract, std::string_view value) {
  std::vector<std::string> out;
  if (contract.length && value.size() != *contract.length) {
    out.push_back("length must be " + std::to_string(*contract.length));
  }
  if (contract.min_length && value.size() < *contract.min_length) {
    out.push_back("length must be at least " + std::to_string(*contract.min_length));
  }
  if (contract.max_length && value.size() > *contract.max_length) {
    out.push_back("length must be at most " + std::to_string(*contract.max_length));
  }
  if (!all_in_charset(contract.charset, value)) {
    out.push_back("charset must be " + k_charsets[static_cast<std::size_t>(contract.charset)]);
  }
  if (contract.pattern && !RE2::FullMatch(piece(value), RE2(piece(*contract.pattern), pattern_options()))) {
    out.push_back("pattern must match");
  }
  return out;
}

}  // namespace helmme::policy
