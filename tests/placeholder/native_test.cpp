#include "placeholder/native.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <string>
#include <vector>

namespace helmme::placeholder {
namespace {

// "bundle/key?@begin+length", "literal@…" or "bad(problem)@…"
std::string shown(const NativeMatch& match) {
  const Reference& found = match.reference;
  const std::string place = "@" + std::to_string(found.begin) + "+" + std::to_string(found.length);
  if (match.kind == NativeMatch::Kind::escape) {
    return "literal" + place;
  }
  if (match.kind == NativeMatch::Kind::malformed) {
    return "bad(" + match.problem + ")" + place;
  }
  return (found.bundle.empty() ? "" : found.bundle + "/") + found.key + (found.optional ? "?" : "") + place;
}

struct GrammarCase {
  std::string name;
  std::string value;
  std::vector<std::string> matches;
};

class Grammar : public testing::TestWithParam<GrammarCase> {};

TEST_P(Grammar, Reads) {
  std::vector<std::string> matches;
  for (const NativeMatch& match : find_native(GetParam().value)) {
    matches.push_back(shown(match));
  }
  EXPECT_EQ(matches, GetParam().matches);
}

constexpr const char* k_names = "bad(a name holds letters, digits, \".\", \"_\" and \"-\" only)";

INSTANTIATE_TEST_SUITE_P(
    Native, Grammar,
    testing::Values(
        GrammarCase{"none", "plain $ text ${x} $(Y)", {}}, GrammarCase{"key", "${secret:A.b_c-1}", {"A.b_c-1@0+17"}},
        GrammarCase{"bundle", "x${secret:b/K}y", {"b/K@1+13"}}, GrammarCase{"optional", "${secret:K?}", {"K?@0+12"}},
        GrammarCase{"two", "${secret:A}:${secret:B}", {"A@0+11", "B@12+11"}},
        GrammarCase{"literal", "$${secret:K}", {"literal@0+10"}},
        GrammarCase{"literal_then_key", "$${secret:A}${secret:B}", {"literal@0+10", "B@12+11"}},
        GrammarCase{"no_key", "${secret:}", {"bad(the key's name is missing)@0+10"}},
        GrammarCase{"no_bundle", "${secret:/K}", {"bad(the bundle's name before \"/\" is missing)@0+12"}},
        GrammarCase{"no_key_in_bundle", "${secret:b/}", {"bad(the key's name is missing)@0+12"}},
        GrammarCase{"open", "${secret:K", {"bad(the closing \"}\" is missing)@0+10"}},
        GrammarCase{"space", "${secret:K }", {std::string(k_names) + "@0+12"}},
        GrammarCase{"three_parts", "${secret:a/b/c}", {std::string(k_names) + "@0+15"}},
        GrammarCase{"open_before_another", "${secret:A${secret:B}}", {std::string(k_names) + "@0+10", "B@10+11"}},
        GrammarCase{"open_before_a_literal", "${secret:A $${secret:B}", {std::string(k_names) + "@0+10", "literal@11+10"}},
        GrammarCase{"dollars_inside", "${secret:A $$ }", {std::string(k_names) + "@0+15"}},
        GrammarCase{"bad_then_good", "${secret: x} ${secret:B}", {"bad(the key's name is missing)@0+12", "B@13+11"}}),
    [](const auto& named) { return named.param.name; });

TEST(Base64Marker, IsSeenAtAllThreeOffsets) {
  for (const std::string prefix : {"", "a", "ab", "abc", "abcd"}) {
    const std::string text = prefix + "${secret:KEY}";
    std::string encoded(4 * ((text.size() + 2) / 3), '\0');
    std::string buffer(encoded.size() + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(buffer.data()),
                    reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    encoded = buffer.substr(0, encoded.size());
    EXPECT_TRUE(may_hold_base64_marker(encoded)) << encoded;
  }
  EXPECT_FALSE(may_hold_base64_marker("c2VjcmV0OnBsYWlu"));
}

TEST(Base64Marker, IsSeenOverLineEnds) {
  for (const std::string between : {"\n", "\r\n", "\n    ", "\\n", "\\r\\n", "\\\n  \\"}) {
    EXPECT_TRUE(may_hold_base64_marker("JHtzZWNy" + between + "ZXQ6S30=")) << between;
  }
  EXPECT_FALSE(may_hold_base64_marker("JHtzZWNy\n-ZXQ6S30="));
}

}  // namespace
}  // namespace helmme::placeholder
