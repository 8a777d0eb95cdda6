// HttpClient over libcurl. Connections are kept for the next batch. Proxies are those of the usual variables
// (https_proxy, HTTPS_PROXY, http_proxy, no_proxy, NO_PROXY).
#pragma once

#include <cstddef>
#include <memory>
#include <random>
#include <span>
#include <vector>

#include "net/http.h"

namespace helmme::net {

class CurlClient final : public HttpClient {
 public:
  static constexpr std::size_t k_usual_concurrency = 32;
  static constexpr std::size_t k_most_concurrency = 64;

  // `concurrency`: requests under way at once, at most k_most_concurrency. For one thread at a time.
  explicit CurlClient(std::size_t concurrency = k_usual_concurrency);
  ~CurlClient() override;

  [[nodiscard]] std::vector<base::Result<Response>> send_all(std::span<const Request> requests,
                                                             Deadline deadline) override;

 private:
  class Batch;
  struct Handles;

  std::size_t concurrency_;
  std::minstd_rand jitter_;           // spreads retries; nothing secret hangs on it
  std::unique_ptr<Handles> handles_;  // made at the first request
};

}  // namespace helmme::net
