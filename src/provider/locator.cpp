#include "provider/locator.h"

#include <algorithm>

namespace helmme::provider {
namespace {

tl::unexpected<base::Error> bad(std::string message) {
  return base::fail({.kind = base::ErrorKind::bad_input,
                     .message = std::move(message),
                     .help = "ref+SCHEME://PATH#/KEY, for example ref+local://shop-secrets#/API_KEY"});
}

// RFC 3986, section 3.1, in lower case.
bool is_scheme(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
}

}  // namespace

std::string Locator::text() const { return scheme + ":" + path + (fragment.empty() ? "" : "#/" + fragment); }

base::Result<Locator> parse_locator(std::string_view text) {
  if (text.starts_with("secret")) {
    text.remove_prefix(std::string_view("secret").size());
  }
  if (!text.starts_with("ref+")) {
    return bad("a reference to a provider begins with ref+");
  }
  text.remove_prefix(std::string_view("ref+").size());
  if (text.ends_with("+")) {
    text.remove_suffix(1);
  }
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon)) ||
      text.find_first_of(" \t\r\n+") != std::string_view::npos) {
    return bad("a reference to a provider has no SCHEME://");
  }
  Locator locator{.scheme = std::string(text.substr(0, colon)), .path = {}};
  text.remove_prefix(colon + 3);
  if (const std::size_t hash = text.find('#'); hash != std::string_view::npos) {
    std::string_view fragment = text.substr(hash + 1);
    if (!fragment.starts_with("/")) {
      return bad("the part behind # of a reference to a provider begins with /");
    }
    locator.fragment = std::string(fragment.substr(1));
    text = text.substr(0, hash);
  }
  const std::size_t question = text.find('?');
  locator.path = std::string(text.substr(0, question));
  if (locator.path.empty()) {
    return bad("a reference to a provider has no path");
  }
  std::string_view options = question == std::string_view::npos ? std::string_view() : text.substr(question + 1);
  while (!options.empty()) {
    const std::string_view option = options.substr(0, options.find('&'));
    options.remove_prefix(std::min(option.size() + 1, options.size()));
    const std::size_t equals = option.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return bad("an option of a reference to a provider is no NAME=VALUE");
    }
    locator.options.emplace(option.substr(0, equals), option.substr(equals + 1));
  }
  return locator;
}

}  // namespace helmme::provider
