// The little that we need to know of a URL (RFC 3986), read strictly: what is unusual is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace helmme::net {

struct Url {
  bool tls = false;  // https
  std::string host;  // in lower case; an IPv6 address in its brackets
  unsigned port = 0;
  std::string target;  // path and query, as written; begins with "/" unless it is empty

  // "https://vault.example.com:8200", without the port where it is the scheme's own. For messages and comparisons.
  [[nodiscard]] std::string origin() const;
  // "vault.example.com:8200", likewise.
  [[nodiscard]] std::string authority() const;
};

// nullopt: another scheme, userinfo, a fragment, blanks or control characters, an odd host or port.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

// Percent-encodes all but unreserved characters and "/".
[[nodiscard]] std::string encode_path(std::string_view path);
// The same, "/" too: a part of a path, or of a query.
[[nodiscard]] std::string encode_part(std::string_view text);

// A path of a backend's that has a part "." or "..", or an empty one: servers make another path of those than was
// allowed.
[[nodiscard]] bool has_odd_part(std::string_view path);

}  // namespace helmme::net
