#include "policy/secrets_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy_for_tests.h"

namespace helmme::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Case {
  const char* name;
  const char* file;
  std::string text;
  std::map<std::string, std::string> values;
  std::string message = {};  // not empty: a problem
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class SecretsFileText : public ::testing::TestWithParam<Case> {};

TEST_P(SecretsFileText, IsRead) {
  const Case& test = GetParam();
  base::Diagnostics diagnostics;
  const auto values = parse_secrets_file(test.file, test.text, diagnostics);
  if (!test.message.empty()) {
    EXPECT_FALSE(values.has_value());
    EXPECT_THAT(printed(diagnostics), HasSubstr(test.message));
    EXPECT_THAT(printed(diagnostics), Not(HasSubstr("hunter2")));
    for (const base::Error& error : diagnostics.errors) {
      EXPECT_EQ(error.kind, base::ErrorKind::bad_input);
      EXPECT_EQ(error.location->snippet, "");
      EXPECT_EQ(error.location->file, test.file);
    }
    return;
  }
  ASSERT_TRUE(values.has_value()) << printed(diagnostics);
  std::map<std::string, std::string> got;
  for (const auto& [key, value] : *values) {
    got.emplace(key, value.reveal());
  }
  EXPECT_EQ(got, test.values);
}

INSTANTIATE_TEST_SUITE_P(
    Yaml, SecretsFileText,
    ::testing::Values(Case{"flat",
                           "a.yaml",
                           "A: x\nB: 'y z'\nC: 8080\nD: true\nE: |\n  k\n  l\n",
                           {{"A", "x"}, {"B", "y z"}, {"C", "8080"}, {"D", "true"}, {"E", "k\nl\n"}}},
                      Case{"json", "a.json", R"({"A": "x\n\/", "B": 5})", {{"A", "x\n/"}, {"B", "5"}}},
                      Case{"empty", "a.yaml", "", {}}, Case{"empties", "a.yaml", "A:\nB: ''\nC: {}\nD: []\n", {}},
                      Case{"str_tag", "a.yaml", "A: !!str 0123\n", {{"A", "0123"}}},
                      Case{"nested", "a.yaml", "A: {B: hunter2}\n", {}, "the value of \"A.B\" is nested"},
                      Case{"list", "a.yaml", "A: [hunter2]\n", {}, "the value of \"A\" is nested"},
                      Case{"root_list", "a.yaml", "[hunter2]\n", {}, "must be a mapping of keys"},
                      Case{"root_text", "a.yaml", "hunter2\n", {}, "must be a mapping of keys"},
                      Case{"doubled", "a.yaml", "A: hunter2\nA: x\n", {}, "key \"A\" stands twice"},
                      Case{"octal", "a.yaml", "A: 0123\n", {}, "is no text to YAML"},
                      Case{"binary", "a.yaml", "A: !!binary hunter2\n", {}, "tags are not read here"},
                      Case{"key", "a.yaml", "'hunter2 x': y\n", {}, "a key may hold"},
                      Case{"broken", "a.yaml", "A: \"hunter2\n", {}, "not valid YAML"},
                      Case{"reference", "a.yaml", "A: ref+vault://hunter2\n", {}, "is not in this version"}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Env, SecretsFileText,
    ::testing::Values(
        Case{"plain", "a.env", "A=x\nB = \n", {}, "a key may hold"},
        Case{"bare",
             "a.env",
             "A=x y \nB=0123\r\n\n  # c\nC=a#b # c\nD=$X\\n\n",
             {{"A", "x y"}, {"B", "0123"}, {"C", "a#b"}, {"D", "$X\\n"}}},
        Case{"equals", "a.env", "A=b=c==\n", {{"A", "b=c=="}}}, Case{"export", ".env", "export A=x\n", {{"A", "x"}}},
        Case{"single", "a.env", "A='x \\n\"y' # c\nB='1\n2'\n", {{"A", "x \\n\"y"}, {"B", "1\n2"}}},
        Case{"twice", ".env.local", "A=\"x\\n\\\"\\\\\\$y\"\nB=\"1\n2\"", {{"A", "x\n\"\\$y"}, {"B", "1\n2"}}},
        Case{"no_line_end", "d/a.env", "A=x", {{"A", "x"}}}, Case{"empty", "a.env", "A=\nB=''\nC= # c\n", {}},
        Case{"mark",
             "a.env",
             "\xEF\xBB\xBF"
             "A=x\n",
             {{"A", "x"}}},
        Case{"doubled", "a.env", "A=hunter2\nA=x\n", {}, "key \"A\" stands twice"},
        Case{"doubled_empty", "a.env", "A=\nA=x\n", {}, "key \"A\" stands twice"},
        Case{"no_equals", "a.env", "hunter2\n", {}, "a line has no \"=\""},
        Case{"key", "a.env", "hunter2 x=y\n", {}, "a key may hold"},
        Case{"open", "a.env", "A=\"hunter2\n", {}, "a quote is not closed"},
        Case{"escape", "a.env", "A=\"hunter2\\q\"\n", {}, "an unknown escape"},
        Case{"after", "a.env", "A=\"hunter2\"hunter2\n", {}, "text stands after the closing quote"},
        Case{"nul", "a.env", std::string("A=hunter2\0x\n", 12), {}, "holds a NUL"},
        Case{"reference", "a.env", "A=secretref+vault://hunter2\n", {}, "is not in this version"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(SecretsFileText, PlacesAndEveryProblem) {
  base::Diagnostics diagnostics;
  EXPECT_FALSE(parse_secrets_file("a.env", "A=x\nbad\nA=y\nB=\"\n", diagnostics).has_value());
  ASSERT_EQ(diagnostics.errors.size(), 3U);
  EXPECT_EQ(diagnostics.errors[0].location->line, 2U);
  EXPECT_EQ(diagnostics.errors[1].location->line, 3U);
  EXPECT_EQ(diagnostics.errors[2].location->line, 4U);
}

struct Encrypted {
  const char* name;
  const char* file;
  const char* text;
  bool expected;
};

class SopsEncrypted : public testing::TestWithParam<Encrypted> {};

TEST_P(SopsEncrypted, IsSeen) { EXPECT_EQ(is_sops_encrypted(GetParam().file, GetParam().text), GetParam().expected); }

INSTANTIATE_TEST_SUITE_P(
    Files, SopsEncrypted,
    testing::Values(Encrypted{"yaml", "a.yaml", "A: ENC[x]\nsops: {version: 3}\n", true},
                    Encrypted{"json", "a.json", "{\"A\": \"ENC[x]\", \"sops\": {\"mac\": \"x\"}}", true},
                    Encrypted{"env", "a.env", "A=ENC[x]\nsops_version=3\n", true},
                    Encrypted{"env_from_the_first_line", "a.env", "sops_version=3\nA=ENC[x]\n", true},
                    Encrypted{"plain", "a.yaml", "A: x\n", false},
                    Encrypted{"a_key_of_that_name", "a.yaml", "sops: text\n", false},
                    Encrypted{"a_word", "a.yaml", "A: sops\n", false},
                    Encrypted{"no_yaml", "a.yaml", "sops: {\n", false},
                    Encrypted{"a_value_in_env", "a.env", "A=sops_version=3\n", false}),
    [](const testing::TestParamInfo<Encrypted>& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace helmme::policy
