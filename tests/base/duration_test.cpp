#include "base/duration.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace helmme::base {
namespace {

struct Case {
  const char* text;
  std::int64_t milliseconds;  // -1: refused
};

class Duration : public testing::TestWithParam<Case> {};

TEST_P(Duration, IsReadAsGoReadsIt) {
  const auto read = parse_duration(GetParam().text);
  EXPECT_EQ(read ? read->count() : -1, GetParam().milliseconds) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Texts, Duration,
                         testing::Values(Case{"30s", 30'000}, Case{"1h30m", 5'400'000}, Case{"1.5h", 5'400'000},
                                         Case{"250ms", 250}, Case{"1h0m0s", 3'600'000}, Case{".5s", 500}, Case{"0s", 0},
                                         Case{"", -1}, Case{"30", -1}, Case{"s", -1}, Case{"-1s", -1}, Case{"1 s", -1},
                                         Case{"1d", -1}, Case{"nans", -1}, Case{"infs", -1}, Case{"1e9s", -1},
                                         Case{"99999999h", -1}, Case{"1s2", -1}));

}  // namespace
}  // namespace helmme::base
