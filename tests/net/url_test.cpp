#include "net/url.h"

#include <gtest/gtest.h>

namespace helmme::net {
namespace {

struct Read {
  const char* name;
  const char* text;
  const char* origin;
  const char* target;
};
class UrlIsRead : public testing::TestWithParam<Read> {};

TEST_P(UrlIsRead, AsItsParts) {
  const auto url = parse_url(GetParam().text);
  ASSERT_TRUE(url);
  EXPECT_EQ(url->origin(), GetParam().origin);
  EXPECT_EQ(url->target, GetParam().target);
}

INSTANTIATE_TEST_SUITE_P(
    Urls, UrlIsRead,
    testing::Values(Read{"plain", "http://127.0.0.1:8200/v1/x", "http://127.0.0.1:8200", "/v1/x"},
                    Read{"no_target", "https://vault.example.com", "https://vault.example.com", ""},
                    Read{"own_port", "https://vault.example.com:443/", "https://vault.example.com", "/"},
                    Read{"http_own_port", "http://h:80/", "http://h", "/"},
                    Read{"upper_case", "HTTPS://Vault.Example.COM/A", "https://vault.example.com", "/A"},
                    Read{"query", "https://h/x?a=b@c:d", "https://h", "/x?a=b@c:d"},
                    Read{"query_alone", "https://h?a=b", "https://h", "/?a=b"},
                    Read{"ipv6", "http://[::1]:8200/x", "http://[::1]:8200", "/x"},
                    Read{"ipv6_own_port", "http://[::1]", "http://[::1]", ""}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Url, OddOnesAreRefused) {
  for (const char* text : {"",
                           "vault.example.com",
                           "ftp://h/",
                           "file:///etc/passwd",
                           "https://",
                           "https:///x",
                           "https://user@h/",
                           "https://user:word@h/",
                           "https://h:0/",
                           "https://h:65536/",
                           "https://h:/",
                           "https://h:8x/",
                           "https://h/a b",
                           "https://h/\n",
                           "https://h/#x",
                           "https://h\\@evil/",
                           "https://[::1",
                           "https://[]/",
                           "https://h%2eexample/",
                           "https://h:1:2/"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

TEST(Url, PathsAreEncoded) {
  EXPECT_EQ(encode_path("secret/data/shop-1_~.x"), "secret/data/shop-1_~.x");
  EXPECT_EQ(encode_path("a b?c#d%2e\n\xC3\xA9"), "a%20b%3Fc%23d%252e%0A%C3%A9");
  EXPECT_EQ(encode_part("a/b&c=d"), "a%2Fb%26c%3Dd");
}

TEST(Url, OddPartsAreFound) {
  for (const char* path : {"", "/", "a/", "/a", "a//b", ".", "a/./b", "a/..", "../a"}) {
    EXPECT_TRUE(has_odd_part(path)) << path;
  }
  for (const char* path : {"a", "a/b", ".a/b..", "a/...", "%2e%2e/a"}) {
    EXPECT_FALSE(has_odd_part(path)) << path;
  }
}

}  // namespace
}  // namespace helmme::net
