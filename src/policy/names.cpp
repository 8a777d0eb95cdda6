#include "policy/names.h"

#include <algorithm>

namespace helmme::policy {
namespace {

constexpr std::size_t k_name_limit = 253;  // Kubernetes: validation.DNS1123SubdomainMaxLength

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) noexcept { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

bool is_label(std::string_view label) noexcept {
  const auto edge = [](char c) { return is_digit(c) || is_lower(c); };
  return !label.empty() && edge(label.front()) && edge(label.back()) &&
         std::all_of(label.begin(), label.end(), [&](char c) { return edge(c) || c == '-'; });
}

}  // namespace

bool is_key_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= k_name_limit && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
  });
}

bool is_secret_name(std::string_view name) noexcept {
  if (name.size() > k_name_limit) {
    return false;
  }
  for (;;) {
    const std::size_t dot = name.find('.');
    if (!is_label(name.substr(0, dot))) {
      return false;
    }
    if (dot == std::string_view::npos) {
      return true;
    }
    name.remove_prefix(dot + 1);
  }
}

bool is_variable_name(std::string_view name) noexcept {
  return !name.empty() && !is_digit(name[0]) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

bool glob_matches(std::string_view pattern, std::string_view text) noexcept {
  // On a mismatch the last star takes one character more: linear memory, at most quadratic time.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') {
    ++p;
  }
  return p == pattern.size();
}

base::Result<std::string> fill(std::string_view text, const Variables& variables) {
  std::string out;
  for (;;) {
    const std::size_t begin = text.find("${");
    out += text.substr(0, begin);
    if (begin == std::string_view::npos) {
      return out;
    }
    const std::size_t end = text.find('}', begin);
    const std::string name(text.substr(begin + 2, end == std::string_view::npos ? end : end - begin - 2));
    const bool release = name == "release";
    if (end == std::string_view::npos || (!release && name != "namespace")) {
      return base::fail({.kind = base::ErrorKind::bad_input,
                         .message = "unknown variable \"${" + name + "}\"",
                         .help = "only ${release} and ${namespace} are filled in here"});
    }
    const std::optional<std::string>& value = release ? variables.release : variables.namespace_name;
    if (!value) {
      return base::fail({.kind = base::ErrorKind::bad_input,
                         .message = "\"${" + name + "}\" is not known in this run",
                         .help = release ? "--release NAME" : "--namespace NAME"});
    }
    out += *value;
    text.remove_prefix(end + 1);
  }
}

}  // namespace helmme::policy
