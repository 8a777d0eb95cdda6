#include "provider/locator.h"

#include <gtest/gtest.h>

namespace helmme::provider {
namespace {

TEST(Locator, IsRead) {
  const Locator shop{.scheme = "local", .path = "shop", .options = {}, .fragment = "API_KEY"};
  EXPECT_EQ(*parse_locator("ref+local://shop#/API_KEY"), shop);
  EXPECT_EQ(*parse_locator("ref+local://shop#/API_KEY+"), shop);
  EXPECT_EQ(*parse_locator("secretref+local://shop#/API_KEY"), shop);
  EXPECT_EQ(shop.text(), "local:shop#/API_KEY");
  const auto vault = parse_locator("ref+vault://secret/data/shop?version=3&address=http://x#/a/b");
  ASSERT_TRUE(vault);
  EXPECT_EQ(vault->path, "secret/data/shop");
  EXPECT_EQ(vault->options.at("address"), "http://x");
  EXPECT_EQ(vault->fragment, "a/b");
  EXPECT_EQ(vault->text(), "vault:secret/data/shop#/a/b");
}

TEST(Locator, IsRefused) {
  for (const char* text : {"", "ref+", "local://shop", "ref+local:/shop", "ref+://shop", "ref+local://",
                           "ref+local://#/K", "ref+local://shop#K", "ref+local://sh op", "ref+Local://shop",
                           "ref+local://a+b", "ref+local://shop?x", "ref+local://shop?=x"}) {
    EXPECT_FALSE(parse_locator(text)) << text;
  }
}

}  // namespace
}  // namespace helmme::provider
