#include "net/retry.h"

#include <algorithm>

namespace helmme::net {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_first_step(200);
constexpr milliseconds k_longest_step(5000);

constexpr int k_too_many_requests = 429;
constexpr int k_bad_gateway = 502;
constexpr int k_service_unavailable = 503;
constexpr int k_gateway_timeout = 504;

bool may_help(const Attempt& attempt) {
  const bool idempotent = attempt.method != "POST" && attempt.method != "PATCH";
  switch (attempt.outcome) {
    case Outcome::answered:
      return attempt.status == k_too_many_requests || attempt.status == k_service_unavailable ||
             (idempotent && (attempt.status == k_bad_gateway || attempt.status == k_gateway_timeout));
    case Outcome::no_connection:
      return true;
    case Outcome::broken:
      return idempotent;
    case Outcome::final:
      return false;
  }
  return false;
}

}  // namespace

std::optional<milliseconds> delay_before_next(const Attempt& attempt, double jitter) {
  if (!may_help(attempt) || attempt.number >= k_most_attempts) {
    return std::nullopt;
  }
  milliseconds step = k_first_step;
  for (unsigned i = 1; i < attempt.number; ++i) {
    step = std::min(step * 2, k_longest_step);
  }
  const auto taken_off = milliseconds(static_cast<milliseconds::rep>(static_cast<double>(step.count()) / 2 * jitter));
  const milliseconds wait = std::max(step - taken_off, attempt.retry_after.value_or(milliseconds(0)));
  return wait < attempt.left ? std::optional(wait) : std::nullopt;
}

}  // namespace helmme::net
