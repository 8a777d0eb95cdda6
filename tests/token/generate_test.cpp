#include "token/generate.h"

#include <gtest/gtest.h>

#include <array>
#include <regex>
#include <string>

#include "crypto/base64.h"

namespace helmme::token {
namespace {

using policy::Generate;
using Kind = policy::Generate::Kind;

// 0, 1, 2 … 255, 0, …
class Sequence final : public crypto::Random {
 public:
  void fill(std::span<unsigned char> out) override {
    for (unsigned char& byte : out) {
      byte = next_++;
    }
  }

 private:
  unsigned char next_ = 0;
};

std::string made(const Generate& how) {
  Sequence random;
  const auto value = generate(how, random);
  return value ? std::string(value->reveal()) : "error: " + value.error().message;
}

TEST(Generate, EachKind) {
  EXPECT_EQ(made({.kind = Kind::hex, .count = 4, .alphabet = {}, .prefix = {}}), "00010203");
  EXPECT_EQ(made({.kind = Kind::hex, .count = 2, .alphabet = {}, .prefix = "Admin_"}), "Admin_0001");
  EXPECT_EQ(made({.kind = Kind::base64, .count = 4, .alphabet = {}, .prefix = "p-"}), "p-AAECAw==");
  EXPECT_EQ(made({.kind = Kind::alphabet, .count = 5, .alphabet = "abc", .prefix = "x"}), "xabcab");
  // RFC 9562: version 4 and variant 10 are set, the rest is random.
  EXPECT_EQ(made({.kind = Kind::uuid, .count = 0, .alphabet = {}, .prefix = {}}),
            "00010203-0405-4607-8809-0a0b0c0d0e0f");
}

TEST(Generate, CharactersOfAnAlphabetAreAllAsLikely) {
  for (const std::string alphabet :
       {"0123456789", "abc", "ab", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"}) {
    // The bytes of whole rounds are all there as often: so must the characters be.
    const std::size_t fair = 256 - 256 % alphabet.size();
    Sequence random;
    const auto value =
        generate({.kind = Kind::alphabet, .count = fair * 4, .alphabet = alphabet, .prefix = {}}, random);
    ASSERT_TRUE(value);
    std::map<char, std::size_t> counts;
    for (const char c : value->reveal()) {
      ++counts[c];
    }
    EXPECT_EQ(counts.size(), alphabet.size());
    for (const auto& [c, count] : counts) {
      EXPECT_EQ(count, fair * 4 / alphabet.size()) << alphabet << " " << c;
    }
  }
}

TEST(Generate, AlphabetsThatFavourACharacterAreRefused) {
  for (const char* alphabet : {"", "a", "aab", "a\xC3\xA4"}) {
    EXPECT_EQ(made({.kind = Kind::alphabet, .count = 5, .alphabet = alphabet, .prefix = {}}),
              "error: an alphabet must hold two or more ASCII characters, each once");
  }
  EXPECT_TRUE(
      made({.kind = Kind::hex, .count = std::size_t{1} << 40U, .alphabet = {}, .prefix = {}}).starts_with("error"));
}

TEST(Generate, ByTheRealGenerator) {
  crypto::SystemRandom random;
  const Generate uuid{.kind = Kind::uuid, .count = 0, .alphabet = {}, .prefix = {}};
  const auto first = generate(uuid, random);
  const auto second = generate(uuid, random);
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  EXPECT_TRUE(std::regex_match(std::string(first->reveal()), form));
  EXPECT_FALSE(first->equals(*second));
  const auto bytes = generate({.kind = Kind::base64, .count = 33, .alphabet = {}, .prefix = {}}, random);
  EXPECT_EQ(crypto::decode_base64(bytes->reveal())->size(), 33U);
}

policy::Bundle bundle() {
  policy::Bundle out;
  out.name = "shop";
  out.required["HEX"].generate = {.kind = Kind::hex, .count = 4, .alphabet = {}, .prefix = {}};
  out.required["HEX"].length = 8;
  out.required["UUID"].generate = {.kind = Kind::uuid, .count = 0, .alphabet = {}, .prefix = {}};
  out.required["GIVEN"];
  out.required["PORT"].default_value = "8080";
  return out;
}

std::vector<std::string> names(const std::map<std::string, base::Secret>& values) {
  std::vector<std::string> out;
  for (const auto& [key, value] : values) {
    out.push_back(key);
  }
  return out;
}

using Names = std::vector<std::string>;

TEST(GenerateMissing, JustWhatIsMissing) {
  Sequence random;
  auto generated = generate_missing(bundle(), {}, {}, random);
  ASSERT_TRUE(generated);
  EXPECT_EQ(names(generated->values), (Names{"HEX", "UUID"}));
  EXPECT_EQ(generated->without, Names{"GIVEN"});
  generated = generate_missing(bundle(), {"HEX", "GIVEN"}, {}, random);
  EXPECT_EQ(names(generated->values), Names{"UUID"});
  EXPECT_TRUE(generated->without.empty());
  generated = generate_missing(bundle(), {"HEX", "UUID", "GIVEN"}, {"HEX"}, random);
  EXPECT_EQ(names(generated->values), Names{"HEX"});
}

TEST(GenerateMissing, WhatBreaksItsContractIsNotMade) {
  policy::Bundle broken = bundle();
  broken.required["HEX"].charset = policy::Charset::digits;
  broken.required["HEX"].generate->prefix = "x";
  broken.required["HEX"].length.reset();
  Sequence random;
  const auto generated = generate_missing(broken, {}, {}, random);
  ASSERT_FALSE(generated);
  EXPECT_EQ(generated.error().kind, base::ErrorKind::bad_input);
  EXPECT_EQ(generated.error().message,
            "generate of \"HEX\" in bundle \"shop\" makes values that break its contract: charset must be digits");
}

}  // namespace
}  // namespace helmme::token
