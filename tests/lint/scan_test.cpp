// Finding words and tokens, against the plainest way to do it.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "lint/keyword_scan.h"
#include "lint/token_format.h"
#include "lint_for_tests.h"

namespace helmme::lint {
namespace {

using Hits = std::vector<std::pair<std::size_t, std::string>>;

Hits naive(const std::vector<std::string_view>& words, std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  Hits hits;
  for (const std::string_view word : words) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      hits.emplace_back(at, word);
    }
  }
  std::sort(hits.begin(), hits.end());
  return hits;
}

TEST(KeywordScan, FindsWhatASearchForEachWordFinds) {
  std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed): the same texts every time
  const std::vector<std::string_view> words = {"a", "ab", "bab", "abcab", "cc", "x_y", "bc"};
  const KeywordScan scan(words);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (std::size_t i = 0; i < 60; ++i) {
      text += std::string_view("abcABCx_y-")[random() % 10];
    }
    Hits hits;
    scan.scan(text, [&](std::uint32_t word, std::size_t at) { hits.emplace_back(at, words[word]); });
    std::sort(hits.begin(), hits.end());
    EXPECT_EQ(hits, naive(words, text)) << text;
  }
}

std::vector<Span> spans_in(std::string_view text) {
  static const TokenScanner scanner;
  std::vector<Span> spans;
  for (const TokenMatch& match : scanner.find(text)) {
    spans.push_back(match.span);
  }
  return spans;
}

TEST(Tokens, AreFoundWhereTheyStand) {
  for (const std::string_view marked : {
           "a «ghp_8aKq2mVn9Rt4Wz8Yb3Lp6Xc1Vf5Gh7Jk0MnQ» b",
           "«github_pat_11ABCDEFG0aBcDeFgHiJkL_mNoPqRsTuVwXyZ0123456789aBcDeFgHiJkLmNoPqRsTuVwXyZ01234567»",
           "x=«glpat-x7Kq2mVn9Rt4Wz8Yb3Lp»,",
           "«sk-ant-api03-x7Kq2mVn9Rt4Wz8Yb3Lpx7Kq2mVn9Rt4Wz8Yb3Lp»",
           "«sk-proj-x7Kq2mVn9Rt4Wz8Yb3Lpx7Kq2mVn9Rt4»",
           "(«AIzaSyD4x7Kq2mVn9Rt4Wz8Yb3LpQ1w5Hj6Zt8K»)",
           "\"«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaG9wIn0.x7Kq2mVn9Rt4Wz8Yb3LpQ1w5Hj6»\"",
           "https://x/«sk_live_4eC39HqLyjWDarjtT1zdp7dc»?",
           "//r.example.com/:_authToken=«x7Kq2mVn9Rt4Wz8Yb3LpQ1w5»",
           "DefaultEndpointsProtocol=https;AccountKey="
           "«x7Kq2mVn9Rt4Wz8Yb3LpQ1w5x7Kq2mVn9Rt4Wz8Yb3LpQ1w5x7Kq2mVn9Rt4Wz8Yb3LpQ1w5x7Kq2mVn9Rt4Wz==»;",
       }) {
    const Marked wanted = unmark(marked);
    EXPECT_TRUE(spans_in(wanted.text) == wanted.spans) << marked;
  }
}

TEST(Tokens, AreNotSeenWhereThereAreNone) {
  for (const std::string_view text : {"ghp_short", "ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "AKIAIOSFODNN7EXAMPLE",
                                      "risk-assessment-and-task-management-of-something", "eyJhbGciOiJIUzI1NiJ9.eyJ",
                                      "sk-learn", "pattern", "-----BEGIN PUBLIC KEY-----\nAAAA"}) {
    EXPECT_TRUE(spans_in(text).empty()) << text;
  }
}

TEST(Tokens, AreFoundInEncodingsTwoDeep) {
  const TokenScanner scanner;
  // base64, hexadecimal and percent encoding of "glpat-x7Kq2mVn9Rt4Wz8Yb3Lp", and base64 of the first.
  EXPECT_TRUE(scanner.find_encoded("Z2xwYXQteDdLcTJtVm45UnQ0V3o4WWIzTHA="));
  EXPECT_TRUE(scanner.find_encoded("676c7061742d78374b71326d566e39527434577a385962334c70"));
  EXPECT_TRUE(scanner.find_encoded("glpat%2Dx7Kq2mVn9Rt4Wz8Yb3Lp"));
  EXPECT_TRUE(scanner.find_encoded("WjJ4d1lYUXRlRGRMY1RKdFZtNDVVblEwVjNvNFdXSXpUSEE9"));
  EXPECT_FALSE(scanner.find_encoded("WjJ4d1lYUXRlRGRMY1RKdFZtNDVVblEwVjNvNFdXSXpUSEE9", 1));
  EXPECT_FALSE(scanner.find_encoded("aGVsbG8gd29ybGQsIGhvdyBhcmUgeW91"));
}

TEST(PrivateKey, EndsWithItsEndOrItsBody) {
  const std::string body = "MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu\n";
  const std::string key = "-----BEGIN PRIVATE KEY-----\n" + body + "-----END PRIVATE KEY-----";
  EXPECT_TRUE(private_key_at(key, 0) == (Span{0, key.size()}));
  const std::string cut = "-----BEGIN PRIVATE KEY-----\n" + body;
  EXPECT_TRUE(private_key_at(cut, 0) == (Span{0, cut.size() - 1}));
  EXPECT_FALSE(
      private_key_at("-----BEGIN PRIVATE KEY-----\nand some words about keys in general, as comments have them\n", 0));
  EXPECT_FALSE(private_key_at("-----BEGIN PUBLIC KEY-----\n" + body, 0));
  EXPECT_FALSE(private_key_at("-----BEGIN RSA PRIVATE KEY-----\n" + body + "...\n-----END RSA PRIVATE KEY-----", 0));
  EXPECT_TRUE(private_key_at("-----BEGIN RSA PRIVATE KEY-----\n" + body + body + "...", 0));
  EXPECT_FALSE(private_key_at("-----BEGIN PRIVATE KEY-----BEGIN PRIVATE KEY-----", 0));
}

}  // namespace
}  // namespace helmme::lint
