// ref+https://HOST/PATH?QUERY: one GET of JSON, without credentials.
#pragma once

#include <string>
#include <vector>

#include "net/http.h"
#include "provider/provider.h"

namespace helmme::provider {

// Only hosts in `hosts` ("config.example.com", "config.example.com:8443"; what stands behind a "/" is the policy's
// matter; "*" is any) are asked, by TLS; a redirect to another is an error. The options of a locator are the query.
class HttpsProvider final : public Provider {
 public:
  // `tls`: whom to trust. The client must outlive it.
  HttpsProvider(net::HttpClient& client, std::vector<std::string> hosts, net::Tls tls, net::Deadline deadline)
      : client_(client), hosts_(std::move(hosts)), tls_(std::move(tls)), deadline_(deadline) {}

  [[nodiscard]] std::vector<base::Result<Answer>> read_all(std::span<const placeholder::Locator> locators) override;

 private:
  [[nodiscard]] base::Result<net::Request> request_of(const placeholder::Locator& locator) const;

  net::HttpClient& client_;
  std::vector<std::string> hosts_;
  net::Tls tls_;
  net::Deadline deadline_;
};

}  // namespace helmme::provider
