// Which attempts are worth another, and when. Pure, so that tests need no clock.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace helmme::net {

// The first and all that follow it.
inline constexpr unsigned k_most_attempts = 5;

enum class Outcome {
  answered,       // with a status
  no_connection,  // nothing was sent: the host was not found, or did not take the connection
  broken,         // the connection ended when a request was under way
  final,          // anything else: a certificate, a limit, a redirect
};

struct Attempt {
  unsigned number = 1;  // counts from 1
  std::string_view method = "GET";
  Outcome outcome = Outcome::final;
  int status = 0;                                                 // of Outcome::answered
  std::optional<std::chrono::milliseconds> retry_after = {};      // what the server asked for
  std::chrono::milliseconds left = std::chrono::milliseconds(0);  // until the deadline
};

// How long to wait before the next attempt; nullopt: this was the last. `jitter` is in [0, 1). Doubling steps of 200
// ms, up to 5 s, of which a random half is taken off; never less than Retry-After says (RFC 9110, section 10.2.3), and
// none where that is beyond the deadline. What is not idempotent (RFC 9110, section 9.2.2) is sent again only where the
// server did nothing with it: no connection, 429, 503.
[[nodiscard]] std::optional<std::chrono::milliseconds> delay_before_next(const Attempt& attempt, double jitter);

}  // namespace helmme::net
