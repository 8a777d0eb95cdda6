#include "net/url.h"

#include <algorithm>

#include "base/text.h"

namespace helmme::net {
namespace {

constexpr std::string_view k_http = "http://";
constexpr std::string_view k_https = "https://";
constexpr unsigned k_http_port = 80;
constexpr unsigned k_https_port = 443;
constexpr unsigned k_last_port = 65535;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Names, IPv4 addresses, and what Kubernetes' own names hold.
bool is_host(std::string_view text) {
  if (text.starts_with("[") && text.ends_with("]")) {
    const std::string_view address = text.substr(1, text.size() - 2);
    return !address.empty() && address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || is_letter(c) || c == '.' || c == '-' || c == '_';
  });
}

bool read_port(std::string_view text, unsigned& port) {
  if (text.empty() || text.size() > 5 || !std::all_of(text.begin(), text.end(), is_digit)) {
    return false;
  }
  port = 0;
  for (const char c : text) {
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  return port > 0 && port <= k_last_port;
}

}  // namespace

std::string Url::authority() const {
  return port == (tls ? k_https_port : k_http_port) ? host : host + ":" + std::to_string(port);
}

std::string Url::origin() const { return std::string(tls ? k_https : k_http) + authority(); }

std::optional<Url> parse_url(std::string_view text) {
  Url url;
  std::string scheme(text.substr(0, k_https.size()));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), lower);
  if (scheme.starts_with(k_https)) {
    url.tls = true;
    text.remove_prefix(k_https.size());
  } else if (scheme.starts_with(k_http)) {
    text.remove_prefix(k_http.size());
  } else {
    return std::nullopt;
  }
  const bool odd = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '\\' || c == '#';
  });
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  std::string_view authority = text.substr(0, end);
  url.target = std::string(text.substr(end));
  if (odd) {
    return std::nullopt;
  }
  if (url.target.starts_with("?")) {
    url.target = std::string("/").append(url.target);
  }
  url.port = url.tls ? k_https_port : k_http_port;
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    if (!read_port(authority.substr(colon + 1), url.port)) {
      return std::nullopt;
    }
    authority = authority.substr(0, colon);
  }
  if (!is_host(authority)) {
    return std::nullopt;
  }
  url.host = std::string(authority);
  std::transform(url.host.begin(), url.host.end(), url.host.begin(), lower);
  return url;
}

std::string encode_path(std::string_view path) { return base::percent_encode(path, "-._~/"); }
std::string encode_part(std::string_view text) { return base::percent_encode(text, "-._~"); }

bool has_odd_part(std::string_view path) {
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") {
      return true;
    }
    if (slash == std::string_view::npos) {
      return false;
    }
    path.remove_prefix(slash + 1);
  }
}

}  // namespace helmme::net
