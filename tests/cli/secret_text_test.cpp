#include <gtest/gtest.h>

#include <map>
#include <string>

#include "cli/reveal.h"
#include "cli/secrets_file_edit.h"
#include "map_environment.h"

namespace helmme::cli {
namespace {

TEST(MaskCommands, ALineForEachLineThatIsNotBlank) {
  EXPECT_EQ(mask_commands(""), "");
  EXPECT_EQ(mask_commands("value"), "::add-mask::value\n");
  EXPECT_EQ(mask_commands("100%\r\n\n \t\nb::c\n"), "::add-mask::100%25\n::add-mask::b::c\n");
  EXPECT_EQ(mask_commands("a\rb"), "::add-mask::a\n::add-mask::b\n");
}

TEST(CheckReveal, WhatIsACiSystem) {
  for (const char* word : {"", "0", "false"}) {
    EXPECT_TRUE(check_reveal(MapEnvironment{{"CI", word}}, false)) << word;
  }
  EXPECT_TRUE(check_reveal(MapEnvironment{}, false));
  EXPECT_TRUE(check_reveal(MapEnvironment{{"CI", "true"}}, true));
}

struct EditCase {
  const char* name;
  const char* path;
  const char* before;
  std::map<std::string, std::string> added;
  const char* after;  // nullptr: refused
};

void PrintTo(const EditCase& one, std::ostream* out) { *out << one.name; }

class SecretsFileEdit : public ::testing::TestWithParam<EditCase> {};

TEST_P(SecretsFileEdit, AddsAndLeavesTheRest) {
  const EditCase& one = GetParam();
  base::Diagnostics diagnostics;
  SecretsFileText file;
  file.text = base::Secret(one.before);
  file.values = *policy::parse_secrets_file(one.path, one.before, diagnostics);
  std::map<std::string, base::Secret> added;
  for (const auto& [key, value] : one.added) {
    added.emplace(key, base::Secret(value));
  }
  const auto text = add_to_secrets_file(one.path, file, added);
  ASSERT_EQ(text.has_value(), one.after != nullptr);
  if (text) {
    EXPECT_EQ(text->reveal(), one.after);
  } else {
    EXPECT_EQ(text.error().kind, base::ErrorKind::bad_input);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, SecretsFileEdit,
    ::testing::Values(
        EditCase{"new_env", "a.env", "", {{"A", "1"}, {"B", "2"}}, "A=\"1\"\nB=\"2\"\n"},
        EditCase{"new_yaml",
                 "a.yaml",
                 "",
                 {{"A", "1"}, {"yes", "2"}, {"1", "3"}},
                 "\"1\": \"3\"\nA: \"1\"\n\"yes\": \"2\"\n"},
        EditCase{"no_line_end", "a.env", "X=1", {{"A", "1"}}, "X=1\nA=\"1\"\n"},
        EditCase{"escapes_env", "a.env", "", {{"A", "a\"b\\c$d\n\t'"}}, "A=\"a\\\"b\\\\c\\$d\\n\\t'\"\n"},
        EditCase{"escapes_yaml", "a.yaml", "", {{"A", "a\"b\\c$d\n\t'"}}, "A: \"a\\\"b\\\\c$d\\n\\t'\"\n"},
        EditCase{"comments_stay", "a.yaml", "# one\nX: 1 # two\n", {{"A", "1"}}, "# one\nX: 1 # two\nA: \"1\"\n"},
        EditCase{
            "empty_key_goes", "a.yaml", "A:\nX: 1\n'B': ''\n", {{"A", "1"}, {"B", "2"}}, "X: 1\nA: \"1\"\nB: \"2\"\n"},
        EditCase{"replaced", "a.env", " export A=old\nX=1\n", {{"A", "1"}}, "X=1\nA=\"1\"\n"},
        EditCase{"flow_map", "a.yaml", "{X: \"1\"}\n", {{"A", "1"}}, nullptr},
        EditCase{"json", "a.yaml", "{\n\"X\": \"1\"\n}\n", {{"A", "1"}}, nullptr},
        EditCase{"value_over_lines", "a.env", "A='1\n2'\n", {{"A", "1"}}, nullptr},
        EditCase{"another_value_over_lines", "a.env", "X='1\nA=2'\n", {{"A", "1"}}, nullptr},
        EditCase{"block_value", "a.yaml", "A: |\n  1\nX: 1\n", {{"A", "1"}}, nullptr}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace helmme::cli
