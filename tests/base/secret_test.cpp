#include "base/secret.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace helmme::base {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string_view, Secret>, "a Secret is made on purpose");

TEST(Secret, KeepsItsBytesThroughAMove) {
  Secret first(std::string_view("a\0b", 3));
  Secret second(std::move(first));
  EXPECT_EQ(second.reveal(), std::string_view("a\0b", 3));
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that a moved-from Secret is empty is the point
  Secret third;
  third = std::move(second);
  EXPECT_TRUE(third.equals(Secret(std::string_view("a\0b", 3))));
  EXPECT_FALSE(third.equals(Secret("a")));
  EXPECT_FALSE(third.equals(Secret("xyz")));
}

TEST(Secret, IsWipedWhenItGoes) {
  std::string bytes = "marked";
  cleanse(bytes);
  EXPECT_EQ(bytes, std::string(6, '\0'));
}

}  // namespace
}  // namespace helmme::base
