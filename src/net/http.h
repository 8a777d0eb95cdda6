// net: HTTP as backends need it. Requests go out together, under one deadline; passing faults are tried again; a
// server's certificate is always checked, and no redirect leads credentials to another host. It may use base and
// libcurl, and never prints a query, userinfo or body. Lint does not link it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace helmme::net {

// What a body may have, in bytes after decompression. No Secret of Kubernetes holds more than 1 MiB.
inline constexpr std::size_t k_body_limit = std::size_t{4} << 20U;

using Deadline = std::chrono::steady_clock::time_point;

struct Header {
  std::string name;
  base::Secret value;
};

// How the server is known, and how we are known to it. There is no way not to check its certificate.
struct Tls {
  std::string ca_file = {};           // PEM; in place of the system's authorities
  std::string ca_folder = {};         // the same, as c_rehash(1) lays it out
  std::string certificate_file = {};  // ours, PEM; with `key_file`
  std::string key_file = {};
  std::string server_name = {};  // the name in its certificate, where it is not the URL's host

  [[nodiscard]] auto operator<=>(const Tls&) const = default;
};

struct Request {
  std::string method = "GET";
  std::string url;  // http or https, without userinfo
  std::vector<Header> headers = {};
  base::Secret body = {};
  Tls tls = {};
  // A redirect to the same scheme, host and port is followed, five at most; any other, and without this each, is an
  // error.
  bool follows_own_host = false;
};

struct Response {
  int status = 0;  // also 4xx and 5xx: what they mean is the backend's matter
  std::string content_type = {};
  base::Secret body = {};
};

class HttpClient {
 public:
  HttpClient() = default;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  virtual ~HttpClient() = default;

  // One result for each request, in their order; all are under way at once, within limits. Answers of 429, 502, 503
  // and 504 and faults of the connection are tried again until `deadline` (retry.h), then given as they are. Errors,
  // all of which begin with the server ("https://host:8200: connection refused"): unavailable (no connection, wrong
  // certificate, deadline, a redirect, more than k_body_limit); bad_input (no URL, a line break in a header, a
  // certificate file that cannot be read).
  [[nodiscard]] virtual std::vector<base::Result<Response>> send_all(std::span<const Request> requests,
                                                                     Deadline deadline) = 0;

  [[nodiscard]] base::Result<Response> send(const Request& request, Deadline deadline);
};

}  // namespace helmme::net
