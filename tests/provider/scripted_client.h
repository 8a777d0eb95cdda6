// An HttpClient that answers by a table, and keeps what it was asked.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "net/http.h"

namespace helmme::provider {

class ScriptedClient final : public net::HttpClient {
 public:
  struct Reply {
    int status = 200;
    std::string body = {};
    std::string error = {};  // not empty: an error of kind unavailable instead
  };

  // "GET https://vault:8200/v1/secret/data/x" → what comes back; anything else gives 404 {"errors":[]}.
  std::map<std::string, Reply> replies;
  std::vector<std::string> asked;
  std::vector<std::vector<std::string>> batches;
  std::vector<std::string> headers;  // "NAME: VALUE", of all requests
  std::vector<std::string> bodies;   // those that are there
  std::vector<net::Tls> tls;

  [[nodiscard]] std::vector<base::Result<net::Response>> send_all(std::span<const net::Request> requests,
                                                                  net::Deadline /*deadline*/) override {
    std::vector<base::Result<net::Response>> results;
    if (!requests.empty()) {
      batches.emplace_back();
    }
    for (const net::Request& request : requests) {
      const std::string key = request.method + " " + request.url;
      asked.push_back(key);
      batches.back().push_back(key);
      tls.push_back(request.tls);
      for (const net::Header& header : request.headers) {
        headers.push_back(header.name + ": " + std::string(header.value.reveal()));
      }
      if (!request.body.empty()) {
        bodies.emplace_back(request.body.reveal());
      }
      const auto found = replies.find(key);
      const Reply reply = found == replies.end() ? Reply{.status = 404, .body = R"({"errors":[]})"} : found->second;
      if (reply.error.empty()) {
        results.emplace_back(net::Response{.status = reply.status, .body = base::Secret(std::string_view(reply.body))});
      } else {
        results.emplace_back(base::fail({.kind = base::ErrorKind::unavailable, .message = reply.error}));
      }
    }
    return results;
  }
};

}  // namespace helmme::provider
