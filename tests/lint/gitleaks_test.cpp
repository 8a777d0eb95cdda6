// gitleaks' rules piece by piece; tests/integration/test_gitleaks.py holds the whole against the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "lint/gitleaks_config.h"
#include "lint/gitleaks_decode.h"
#include "lint/gitleaks_ignore.h"
#include "lint/gitleaks_scan.h"
#include "lint/lazy_pattern.h"

namespace helmme::lint {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// All passes, as one text.
std::string decoded(std::string text) {
  std::vector<DecodedPass> passes;
  for (std::size_t i = 0; i < k_decode_depth; ++i) {
    DecodedPass pass = decode_once(text, passes);
    if (pass.segments.empty()) {
      break;
    }
    text = pass.text;
    passes.push_back(std::move(pass));
  }
  return text;
}

std::string hexadecimal(std::string text, int times) {
  for (; times > 0; --times) {
    std::string next;
    for (const char c : text) {
      next += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U];
      next += "0123456789abcdef"[static_cast<unsigned char>(c) & 0xFU];
    }
    text = std::move(next);
  }
  return text;
}

struct DecodeCase {
  std::string name;
  std::string text;
  std::string wanted;
};

class Decoding : public testing::TestWithParam<DecodeCase> {};

TEST_P(Decoding, IsThatOfGitleaks) { EXPECT_EQ(decoded(GetParam().text), GetParam().wanted); }

// Those of gitleaks' own decoder_test.go, and the edges of each encoding.
INSTANTIATE_TEST_SUITE_P(
    Texts, Decoding,
    testing::Values(
        DecodeCase{"nothing", "", ""},
        DecodeCase{"base64", "token: bG9uZ2VyLWVuY29kZWQtc2VjcmV0LXRlc3Q=", "token: longer-encoded-secret-test"},
        DecodeCase{"a_name_that_is_base64_too",
                   "some-encoded-secret=dGVzdC1zZWNyZXQtdmFsdWU=", "some-encoded-secret=test-secret-value"},
        DecodeCase{"without_padding", "token: bG9uZ2VyLWVuY29kZWQtc2VjcmV0LXRlc3Q",
                   "token: longer-encoded-secret-test"},
        DecodeCase{"url_safe", "Z2l0bGVha3M-PmZpbmRzLXNlY3JldHM", "gitleaks>>finds-secrets"},
        DecodeCase{"url_safe_with_underscore", "YjY0dXJsc2FmZS10ZXN0LXNlY3JldC11bmRlcnNjb3Jlcz8_",
                   "b64urlsafe-test-secret-underscores??"},
        DecodeCase{"a_digest", "a3d3fa7c2bb99e469ba55e5834ce79ee4853a8a3", "a3d3fa7c2bb99e469ba55e5834ce79ee4853a8a3"},
        DecodeCase{"percent", "secret%3D%22q%24%21%40%23%24%25%5E%26%2A%28%20asdf%22", "secret=\"q$!@#$%^&*( asdf\""},
        DecodeCase{"percent_of_a_control_character", "a%3Db%00c", "a%3Db%00c"},
        DecodeCase{"percent_at_the_end", "a%3", "a%3"},
        DecodeCase{"hexadecimal", "secret=\"466973684D617048756E6B79212121363334\"", "secret=\"FishMapHunky!!!634\""},
        DecodeCase{"hexadecimal_of_an_odd_length", "466973684D617048756E6B792121213633345",
                   "466973684D617048756E6B792121213633345"},
        DecodeCase{"code_points", "secret=U+0061 U+0062 U+0063 U+0064 U+0065 U+0066", "secret=abcdef"},
        DecodeCase{"escapes", R"(secret=\\u0068\\u0065\\u006c\\u006c\\u006f)", "secret=hello"},
        DecodeCase{"escapes_and_hexadecimal", R"(\u0068\u0065\u0079 6C6F76656C792070656F706C65206F66206561727468)",
                   "hey lovely people of earth"},
        DecodeCase{"half_a_surrogate_pair", R"(\ud83d)", "\xEF\xBF\xBD"},
        DecodeCase{"six_layers_are_one_too_many", hexadecimal("%70assword%3A%20K012345678", 5),
                   "%70assword%3A%20K012345678"}),
    [](const auto& named) { return named.param.name; });

TEST(Decoding, KnowsWhereItCameFrom) {
  // "x: " + base64 of "a: " + base64 of "token-token-token".
  const std::string inner = "dG9rZW4tdG9rZW4tdG9rZW4=";
  const std::string text = "x: YTogZEc5clpXNHRkRzlyWlc0dGRHOXJaVzQ9";
  std::vector<DecodedPass> passes;
  passes.push_back(decode_once(text, passes));
  ASSERT_EQ(passes[0].text, "x: a: " + inner);
  passes.push_back(decode_once(passes[0].text, passes));
  ASSERT_EQ(passes[1].text, "x: a: token-token-token");
  EXPECT_EQ(to_original(passes, {6, 23}), (Span{3, text.size()}));
  EXPECT_EQ(to_original(passes, {11, 12}), (Span{3, text.size()}));
  // A match that begins before what was decoded.
  EXPECT_EQ(to_original(passes, {0, 23}).begin, 0U);
}

std::vector<std::size_t> sizes(const std::string& text) {
  std::vector<std::size_t> out;
  for (const Span& piece : gitleaks_fragments(text)) {
    out.push_back(piece.end - piece.begin);
  }
  return out;
}

TEST(Fragments, AreThoseOfGitleaks) {
  EXPECT_THAT(sizes(""), IsEmpty());
  EXPECT_THAT(sizes("a"), ElementsAre(1));
  EXPECT_THAT(sizes(std::string(100000, 'a')), ElementsAre(100000));
  // No blank line: 25 kB more, then what was read ahead (25 kB are 6 blocks of 4096 and 424 bytes) and 25 kB more.
  EXPECT_THAT(sizes(std::string(160000, 'a')), ElementsAre(125000, 28672, 6328));
  // A blank line ends the piece.
  EXPECT_THAT(sizes(std::string(100010, 'a') + "\n \n" + std::string(10, 'b')), ElementsAre(100013, 10));
  EXPECT_THAT(sizes(std::string(99998, 'a') + "\n\n" + std::string(10, 'b')), ElementsAre(100000, 10));
}

struct PatternCase {
  std::string name;
  std::string pattern;
  std::string text;
  std::vector<Span> wanted;
};

class Patterns : public testing::TestWithParam<PatternCase> {};

// With and without the short cut the same.
TEST_P(Patterns, MatchAsTheWholeDoes) {
  const SearchPattern search(GetParam().pattern);
  for (std::size_t from = 0; from <= GetParam().text.size(); ++from) {
    EXPECT_EQ(search.find(GetParam().text, from), search.whole().find(GetParam().text, from)) << from;
  }
  std::vector<Span> found;
  for (std::size_t from = 0; const auto match = search.find(GetParam().text, from);) {
    found.push_back(*match);
    from = std::max(match->end, from + 1);
  }
  EXPECT_EQ(found, GetParam().wanted);
}

const std::string k_long(60, 'a');

INSTANTIATE_TEST_SUITE_P(
    Cut, Patterns,
    testing::Values(
        PatternCase{"plain", "key=(\\d+)", "x key=1 key=22", {{2, 7}, {8, 14}}},
        PatternCase{"head", R"((?i)[\w.-]{0,50}?(?:key)=(\d+))", "my.key=1 KEY=2", {{0, 8}, {9, 14}}},
        PatternCase{"long_head", R"([\w.-]{0,50}?(?:key)=(\d+))", k_long + "key=1", {{10, 65}}},
        PatternCase{"head_of_two_byte_letters", R"((?i)[\w.-]{0,50}?(?:key)=(\d+))", "\xC5\xBFkey=1", {{0, 7}}},
        PatternCase{"no_head_is_needed", R"([\w.-]{0,50}?(?:key)=(\d+))", "=key=1", {{1, 6}}},
        PatternCase{"alternatives", R"([\w.-]{0,50}?key|abc)", "abc my.key", {{0, 3}, {4, 10}}},
        PatternCase{"a_bar_in_a_class", R"([\w.-]{0,50}?key[]|x])", "my.key| keyx", {{0, 7}, {8, 12}}},
        PatternCase{"a_bar_behind_a_named_class", R"([\w.-]{0,50}?k[[:digit:](]|abc)", "abc my.k1", {{0, 3}, {4, 9}}},
        PatternCase{"a_word_boundary", R"([\w.-]{0,50}?\bkey\b)", "mykey my.key", {{6, 12}}}),
    [](const auto& named) { return named.param.name; });

base::Result<GitleaksConfig> read(const std::map<std::string, std::string>& files, const std::string& built_in = "") {
  return read_gitleaks_config("g.toml",
                              {.read = [&](const std::string& path) -> base::Result<base::Source> {
                                 const auto file = files.find(path);
                                 if (file == files.end()) {
                                   return base::fail({.kind = base::ErrorKind::bad_input, .message = "no " + path});
                                 }
                                 return base::Source{path, file->second};
                               },
                               .built_in = built_in});
}

constexpr const char* k_pin = "[[rules]]\nid = 'pin'\nregex = 'pin=(\\d{4})'\nkeywords = ['PIN']\n";

TEST(GitleaksConfigs, ExtendTwiceAndNoFurther) {
  const auto config = read({{"g.toml", "[extend]\npath = 'g.toml'\n" + std::string(k_pin) + "tags = ['a']\n"}});
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_EQ(config->rules.size(), 1U);
  EXPECT_THAT(config->rules[0].tags, ElementsAre("a", "a", "a"));
  EXPECT_THAT(config->rules[0].keywords, ElementsAre("pin", "pin", "pin"));
}

TEST(GitleaksConfigs, LettersInPlaceOfWhiteSpaceAreNoToml) {
  for (const char* text :
       {"id \u00C6\"a\"\n", "id = \u0424\n", "\u00C6 = 1\n", "a = [\u00E9]\n", "a\u3000= \u2003 1\n"}) {
    EXPECT_FALSE(read({{"g.toml", text}})) << text;
  }
  EXPECT_TRUE(read({{"g.toml", "# \u00C6\ntitle = '\u00C6'\n" + std::string(k_pin)}}));
}

TEST(GitleaksConfigs, UseDefaultNeedsAFile) {
  const std::string text = "[extend]\nuseDefault = true\ndisabledRules = ['x']\n";
  const auto without = read({{"g.toml", text}});
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().location->line, 2U);
  const auto with = read({{"g.toml", text}, {"d.toml", k_pin}}, "d.toml");
  ASSERT_TRUE(with) << with.error().message;
  EXPECT_EQ(with->rules.size(), 1U);
  ASSERT_EQ(with->warnings.size(), 1U);
  EXPECT_EQ(with->warnings[0].location->line, 3U);
}

std::vector<std::string> found(const std::string& config, const std::string& file, const std::string& text) {
  auto read_config = read({{"g.toml", config}});
  EXPECT_TRUE(read_config) << read_config.error().message;
  const GitleaksScanner scanner(*std::move(read_config));
  std::vector<std::string> out;
  for (const GitleaksMatch& match : scanner.find(file, text)) {
    out.push_back(std::string(match.rule->id) + " " + std::to_string(match.line) + " " +
                  text.substr(match.span.begin, match.span.end - match.span.begin) + (match.encoded ? " encoded" : ""));
  }
  EXPECT_THAT(scanner.problems(), IsEmpty());
  return out;
}

TEST(GitleaksScan, ShowsTheSecretAlone) {
  EXPECT_THAT(found(k_pin, "a", "x\nmy Pin\npin=1234\n"), ElementsAre("pin 3 1234"));
  EXPECT_THAT(found(k_pin, "a", "x: YSBwaW49MTIzNCBwaW49MQ==\n"),
              ElementsAre("pin 1 YSBwaW49MTIzNCBwaW49MQ== encoded"));
  EXPECT_THAT(found(k_pin, "g.toml", "pin=1234\n"), IsEmpty());  // the configuration itself
  EXPECT_THAT(found(k_pin, "a", "pin=1234 # gitleaks:allow\n"), IsEmpty());
  // What begins in an earlier line is shown from there, since that is the line that counts.
  EXPECT_THAT(found("[[rules]]\nid = 'a'\nregex = 'pin:\\s+(\\d+)'\n", "a", "\npin:\n  12\n"),
              ElementsAre("a 2 pin:\n  12"));
  EXPECT_THAT(found("[[rules]]\nid = 'a'\npath = 'k.y$'\n", "x/key", "b\n"), ElementsAre("a 1 "));
}

TEST(GitleaksScan, LinesGoOnFromPieceToPiece) {
  std::string text;
  for (int i = 0; i < 20000; ++i) {
    text += i % 100 == 0 ? "\n" : "x: 12345\n";
  }
  text += "pin=1234";
  EXPECT_THAT(found(k_pin, "a", text), ElementsAre("pin 20001 1234"));
}

TEST(GitleaksIgnores, KnowBothForms) {
  GitleaksIgnore ignore;
  std::vector<base::Warning> warnings;
  ignore.add({"i", "# a comment\n\n  a/b.yaml:pat:3  \r\ncafe01:a\\c.yaml:pat:4\nnonsense\n"}, warnings);
  EXPECT_TRUE(ignore.contains("a/b.yaml", "pat", 3));
  EXPECT_TRUE(ignore.contains("a/c.yaml", "pat", 4));
  EXPECT_FALSE(ignore.contains("a/b.yaml", "pat", 4));
  EXPECT_FALSE(ignore.contains("a/b.yaml", "other", 3));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].location->line, 5U);
}

}  // namespace
}  // namespace helmme::lint
