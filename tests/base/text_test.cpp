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

TEST(Nearest, FindsASlipOfTheHandAndNothingElse) {
  EXPECT_EQ(nearest("JWT_SECRTE", {"API_KEY", "JWT_SECRET"}), "JWT_SECRET");
  EXPECT_EQ(nearest("db-pass", {"db-user", "db-password"}), "db-password");
  EXPECT_EQ(nearest("zzzz", {"JWT_SECRET"}), std::nullopt);
  EXPECT_EQ(nearest("a", {}), std::nullopt);
}

TEST(JoinWords, ReadsLikeASentence) {
  EXPECT_EQ(join_words({"a"}), "a");
  EXPECT_EQ(join_words({"a", "b"}), "a and b");
  EXPECT_EQ(join_words({"a", "b", "c"}), "a, b and c");
}

}  // namespace
}  // namespace helmme::base
