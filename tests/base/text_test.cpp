#include "base/text.h"

#include <gtest/gtest.h>

namespace helmme::base {
namespace {

TEST(Printable, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("plain \u00e9 \U0001F511"), "plain \u00e9 \U0001F511");
  EXPECT_EQ(printable("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(printable("a\n::error::b"), "a\\x0a::error::b");
  EXPECT_EQ(printable("\t"), " ");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m");
  EXPECT_EQ(printable("\xff\xed\xa0\x80"), "\\xff\\xed\\xa0\\x80");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
}

TEST(Locate, CountsLinesAndCharacters) {
  const std::string text = "a: 1\r\n\u00e9: bad\r\n";
  const Location place = locate("f.yaml", text, text.find("bad"), 3);
  EXPECT_EQ(place.line, 2U);
  EXPECT_EQ(place.column, 4U);
  EXPECT_EQ(place.length, 3U);
  EXPECT_EQ(place.snippet, "\u00e9: bad");
  EXPECT_EQ(locate("f", text, text.find("bad"), 3, true).snippet, "");
  EXPECT_EQ(locate("f", "", 0, 1).line, 1U);
  EXPECT_EQ(locate("f", "a\n", 2, 1).line, 2U);
}

struct Slip {
  const char* name;
  const char* word;
  std::vector<std::string> candidates;
  std::optional<std::string> nearest;
};

void PrintTo(const Slip& slip, std::ostream* out) { *out << slip.name; }

class Nearest : public ::testing::TestWithParam<Slip> {};

TEST_P(Nearest, FindsASlipOfTheHandAndNothingElse) {
  EXPECT_EQ(nearest(GetParam().word, GetParam().candidates), GetParam().nearest);
}

INSTANTIATE_TEST_SUITE_P(
    All, Nearest,
    ::testing::Values(
        Slip{"swapped", "JWT_SECRTE", {"API_KEY", "JWT_SECRET"}, "JWT_SECRET"},
        Slip{"swapped_in_a_short_word", "evn", {"file", "env", "raw"}, "env"},
        Slip{"swapped_at_the_start", "vualt", {"file", "vault"}, "vault"},
        Slip{"swapped_at_the_end", "JTW", {"X", "JWT"}, "JWT"},
        Slip{"two_swaps_in_a_short_word", "nvea", {"enav"}, std::nullopt},
        Slip{"cut_short", "db-pass", {"db-user", "db-password"}, "db-password"},
        Slip{"too_many_at_the_end", "JWTS", {"X", "JWT"}, "JWT"}, Slip{"doubled_at_the_end", "envv", {"env"}, "env"},
        Slip{"missing_at_the_end", "JW", {"JWT"}, "JWT"}, Slip{"missing_in_two_letters", "C", {"CC"}, "CC"},
        Slip{"wrong_letter", "envs", {"enva"}, "enva"}, Slip{"first_of_equals", "key", {"keya", "keyb"}, "keya"},
        Slip{"nearest_of_two", "secretsFile", {"secrets", "secretsFiles"}, "secretsFiles"},
        Slip{"far", "zzzz", {"JWT_SECRET"}, std::nullopt}, Slip{"no_letter_in_common", "A", {"B"}, std::nullopt},
        Slip{"no_candidates", "a", {}, std::nullopt}, Slip{"no_word", "", {"a"}, std::nullopt},
        Slip{"empty_candidate", "a", {""}, std::nullopt}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(JoinWords, ReadsLikeASentence) {
  EXPECT_EQ(join_words({"a"}), "a");
  EXPECT_EQ(join_words({"a", "b"}), "a and b");
  EXPECT_EQ(join_words({"a", "b", "c"}), "a, b and c");
}

}  // namespace
}  // namespace helmme::base
