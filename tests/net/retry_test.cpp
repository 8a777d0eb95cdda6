#include "net/retry.h"

#include <gtest/gtest.h>

namespace helmme::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds k_left(30);

struct Case {
  const char* name;
  Attempt attempt;
  double jitter;
  std::optional<milliseconds> delay;
};
class Retry : public testing::TestWithParam<Case> {};

TEST_P(Retry, WaitsOrEnds) { EXPECT_EQ(delay_before_next(GetParam().attempt, GetParam().jitter), GetParam().delay); }

Attempt answered(int status, unsigned number = 1, std::string_view method = "GET") {
  return {.number = number, .method = method, .outcome = Outcome::answered, .status = status, .left = k_left};
}
Attempt ended(Outcome outcome, std::string_view method = "GET") {
  return {.number = 1, .method = method, .outcome = outcome, .left = k_left};
}
Attempt throttled(milliseconds retry_after, milliseconds left = k_left) {
  return {.outcome = Outcome::answered, .status = 429, .retry_after = retry_after, .left = left};
}

INSTANTIATE_TEST_SUITE_P(
    Attempts, Retry,
    testing::Values(
        Case{"good", answered(200), 0, std::nullopt}, Case{"not_found", answered(404), 0, std::nullopt},
        Case{"denied", answered(403), 0, std::nullopt}, Case{"broken_server", answered(500), 0, std::nullopt},
        Case{"not_implemented", answered(501), 0, std::nullopt}, Case{"throttled", answered(429), 0, milliseconds(200)},
        Case{"bad_gateway", answered(502), 0, milliseconds(200)}, Case{"sealed", answered(503), 0, milliseconds(200)},
        Case{"gateway_timeout", answered(504), 0, milliseconds(200)},
        Case{"jitter_takes_half_at_most", answered(503), 0.999999, milliseconds(101)},
        Case{"doubles", answered(503, 2), 0, milliseconds(400)},
        Case{"doubles_again", answered(503, 4), 0, milliseconds(1600)},
        Case{"fifth_is_the_last", answered(503, 5), 0, std::nullopt},
        Case{"no_connection", ended(Outcome::no_connection), 0, milliseconds(200)},
        Case{"reset", ended(Outcome::broken), 0, milliseconds(200)},
        Case{"wrong_certificate", ended(Outcome::final), 0, std::nullopt},
        Case{"login_without_connection", ended(Outcome::no_connection, "POST"), 0, milliseconds(200)},
        Case{"login_reset", ended(Outcome::broken, "POST"), 0, std::nullopt},
        Case{"login_throttled", answered(429, 1, "POST"), 0, milliseconds(200)},
        Case{"login_bad_gateway", answered(502, 1, "POST"), 0, std::nullopt},
        Case{"retry_after_is_obeyed", throttled(seconds(3)), 0, milliseconds(3000)},
        Case{"short_retry_after", throttled(milliseconds(1)), 0, milliseconds(200)},
        Case{"retry_after_beyond_the_deadline", throttled(seconds(31)), 0, std::nullopt},
        Case{"no_time_left", throttled(milliseconds(0), milliseconds(150)), 0, std::nullopt}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace helmme::net
