#include "policy/names.h"

#include <gtest/gtest.h>

#include "policy/scalar.h"

namespace helmme::policy {
namespace {

TEST(Names, OfKeys) {
  EXPECT_TRUE(is_key_name("JWT_SECRET"));
  EXPECT_TRUE(is_key_name(".dockerconfigjson"));
  EXPECT_TRUE(is_key_name(std::string(253, 'a')));
  EXPECT_FALSE(is_key_name(std::string(254, 'a')));
  EXPECT_FALSE(is_key_name(""));
  EXPECT_FALSE(is_key_name("a/b"));
  EXPECT_FALSE(is_key_name("a b"));
}

TEST(Names, OfSecrets) {
  EXPECT_TRUE(is_secret_name("shop-secrets.v1"));
  EXPECT_TRUE(is_secret_name("0"));
  for (const char* name : {"", "A", "a_b", "-a", "a-", "a..b", ".a", "a.", "a.-b", "a/b"}) {
    EXPECT_FALSE(is_secret_name(name)) << name;
  }
  EXPECT_FALSE(is_secret_name(std::string(254, 'a')));
}

TEST(Names, Globs) {
  EXPECT_TRUE(glob_matches("JWT_*", "JWT_SECRET"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("env/*", "env/a/b"));
  EXPECT_TRUE(glob_matches("*a*b", "xaxabxb"));
  EXPECT_FALSE(glob_matches("JWT_*", "API_JWT_"));
  EXPECT_FALSE(glob_matches("a", "ab"));
  EXPECT_FALSE(glob_matches("", "a"));
  EXPECT_FALSE(glob_matches("*a*b", "xaxabxbc"));
}

TEST(Scalars, AsYaml11TypesThem) {
  for (const char* text :
       {"yes",   "No",  "ON",   "n",  "Y",     "true", "~",    "null",       "0123", "0o17", "0x1F", "0b11",
        "1_000", "1e3", "1.50", ".5", "-.inf", ".NaN", "1:30", "2001-12-14", "8080", "+1",   "<<",   ""}) {
    EXPECT_TRUE(is_typed(text)) << text;
  }
  for (const char* text : {"text", "1.2.3", "a1", "81111e1x", "yesno", "-", "10.0.0.1", "1-2", "v1"}) {
    EXPECT_FALSE(is_typed(text)) << text;
  }
  for (const char* text : {"true", "false", "0", "8080", "-5"}) {
    EXPECT_TRUE(keeps_its_text(text)) << text;
  }
  for (const char* text : {"yes", "True", "0123", "1e3", "1.50", "+1", "-0", "1234567890123456"}) {
    EXPECT_FALSE(keeps_its_text(text)) << text;
  }
}

}  // namespace
}  // namespace helmme::policy
