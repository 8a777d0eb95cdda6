#include "placeholder/fetched_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "shown_for_tests.h"

namespace helmme::placeholder {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::string value;
};

class Json : public testing::TestWithParam<Case> {};

TEST_P(Json, IsRead) { EXPECT_EQ(shown(parse_json(GetParam().text)), GetParam().value); }

INSTANTIATE_TEST_SUITE_P(
    Placeholder, Json,
    testing::Values(Case{"kinds", R"({"a":null,"b":true,"c":false,"d":"x","e":[1,-2],"f":{}})",
                         "{a=z b=b:true c=b:false d=t:x e=[n:1 n:-2] f={}}"},
                    Case{"scalar", " \"x\" ", "t:x"},
                    Case{"number_as_written", "[1.50,1e3,0.10,-0]", "[n:1.50 n:1e3 n:0.10 n:-0]"},
                    Case{"big_number", "123456789012345678901234567890", "n:123456789012345678901234567890"},
                    Case{"largest_of_64_bits", "[18446744073709551615,-9223372036854775808]",
                         "[n:18446744073709551615 n:-9223372036854775808]"},
                    Case{"escapes", R"("a\n\u00e9\u0000")", std::string("t:a\n\xC3\xA9") + '\0'},
                    Case{"lists_in_lists", "[[1],[[]]]", "[[n:1] [[]]]"},
                    Case{"doubled_key", R"({"a":1,"a":2})", "error: not valid JSON: a key stands in it twice"},
                    Case{"same_key_in_two_maps", R"({"a":{"a":1},"b":{"a":2}})", "{a={a=n:1} b={a=n:2}}"},
                    Case{"behind", "{} x", "error: not valid JSON: at byte 4"},
                    Case{"open", R"({"password":"hunter)", "error: not valid JSON: at byte 20"},
                    Case{"empty", "", "error: not valid JSON: at byte 1"},
                    Case{"deep", std::string(256, '[') + std::string(256, ']'),
                         std::string(256, '[') + std::string(256, ']')},
                    Case{"too_deep", std::string(257, '['), "error: not valid JSON: nested more than 256 levels deep"}),
    [](const auto& named) { return named.param.name; });

class Yaml : public testing::TestWithParam<Case> {};

TEST_P(Yaml, IsRead) { EXPECT_EQ(shown(parse_yaml(GetParam().text)), GetParam().value); }

INSTANTIATE_TEST_SUITE_P(
    Placeholder, Yaml,
    testing::Values(
        Case{"nulls", "[~, null, Null, NULL, 'null']", "[z z z z t:null]"}, Case{"empty_value", "a:", "{a=z}"},
        Case{"nothing", "", "z"},
        Case{"booleans", "[y, Yes, on, TRUE, n, no, OFF, False, yEs, 'yes']",
             "[b:true b:true b:true b:true b:false b:false b:false b:false t:yEs t:yes]"},
        Case{"integers", "[0, 8080, -5, +5, 0644, 0o644, 0x1F, 0b11, 1_000, 08]",
             "[n:0 n:8080 n:-5 n:+5 n:0644 n:0o644 n:0x1F n:0b11 n:1_000 n:08]"},
        Case{"big_number", "123456789012345678901234567890", "n:123456789012345678901234567890"},
        Case{"floats", "[1.50, .5, 1., 81111e1, -1e-3, 1e-999, .inf, -.INF, .NaN]",
             "[n:1.50 n:.5 n:1. n:81111e1 n:-1e-3 n:1e-999 n:.inf n:-.INF n:.NaN]"},
        Case{"no_numbers", "[1e999, -1e999, 0x, 0xFFFFFFFFFFFFFFFFF, ., -, 1.2.3, 12:30:00, 2026-01-31, _1, 1a, 0b12]",
             "[t:1e999 t:-1e999 t:0x t:0xFFFFFFFFFFFFFFFFF t:. t:- t:1.2.3 t:12:30:00 t:2026-01-31 t:_1 t:1a t:0b12]"},
        Case{"quotes_and_blocks", "a: \"1\"\nb: '2'\nc: |\n  3\n", "{a=t:1 b=t:2 c=t:3\n}"},
        Case{"tags", "[!!str 1, !!int '2', !!float 3, !!bool 'yes', !!null '', !!binary aGk=, !own 4]",
             "[t:1 n:2 n:3 b:true z t:hi t:4]"},
        Case{"tag_that_does_not_fit", "a: !!int hunter2",
             "error: not valid YAML: a scalar does not fit its tag at byte 3"},
        Case{"keys_as_written", "{yes: 1, 0644: 2, 1.50: 3}", "{yes=n:1 0644=n:2 1.50=n:3}"},
        Case{"alias", "a: &x {k: 1}\nb: *x\nc: [*x, &y 7, *y]", "{a={k=n:1} b={k=n:1} c=[{k=n:1} n:7 n:7]}"},
        Case{"alias_as_key", "a: &x k\n*x : 2", "{a=t:k k=n:2}"},
        Case{"merge", "a: &x {k: 1, l: 2}\nb:\n  k: 3\n  <<: *x\n  m: 4\n", "{a={k=n:1 l=n:2} b={k=n:3 m=n:4 l=n:2}}"},
        Case{"merge_of_several", "{<<: [{a: 1}, {a: 2, b: 3}], c: 4}", "{c=n:4 a=n:1 b=n:3}"},
        Case{"merge_of_a_scalar", "{<<: x}",
             "error: not valid YAML: a merge (<<) of something that is no map at byte 6"},
        Case{"two_merges", "{<<: {a: 1}, <<: {b: 1}}",
             "error: not valid YAML: a key stands twice in one map at byte 13"},
        Case{"quoted_merge_key", "{'<<': x}", "{<<=t:x}"},
        Case{"alias_of_nothing", "*x", "error: not valid YAML: an alias of an anchor that is not there at byte 0"},
        Case{"alias_inside_itself", "&x [*x]",
             "error: not valid YAML: an alias of an anchor that is not there at byte 4"},
        Case{"doubled_key", "a: 1\na: 2", "error: not valid YAML: a key stands twice in one map at byte 5"},
        Case{"map_as_key", "? {a: 1}\n: 2", "error: not valid YAML: a list or map as a key at byte 2"},
        Case{"second_document", "a: 1\n---\nb: 2", "error: not valid YAML: a second document begins at byte 5"},
        Case{"bytes_not_characters", "\xC3\xA9: 1\n\xC3\xA9: 2",
             "error: not valid YAML: a key stands twice in one map at byte 6"},
        Case{"syntax", "a: 'hunter", "error: not valid YAML: at byte 10"},
        Case{"not_utf8", "a: \xFF", "error: not valid YAML: at byte 3"},
        Case{"json", R"({"a":[1,"b"]})", "{a=[n:1 t:b]}"},
        Case{"too_deep", std::string(257, '['), "error: not valid YAML: nested more than 256 levels deep at byte 256"}),
    [](const auto& named) { return named.param.name; });

TEST(YamlAliases, ThatMultiplyWithoutEndAreRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int n = 1; n < 10; ++n) {
      text += ", " + before;
    }
    text += "]\n";
  }
  EXPECT_THAT(shown(parse_yaml(text)), testing::StartsWith("error: not valid YAML: anchors and aliases repeat"));
}

struct TextCase {
  std::string name;
  std::string yaml;
  std::string text;
};

class ToText : public testing::TestWithParam<TextCase> {};

TEST_P(ToText, IsWritten) {
  const auto value = parse_yaml(GetParam().yaml);
  ASSERT_TRUE(value) << value.error().message;
  EXPECT_EQ(to_text(*value).reveal(), GetParam().text);
  EXPECT_EQ(to_text(value->clone()).reveal(), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Placeholder, ToText,
    testing::Values(TextCase{"null", "~", "null"}, TextCase{"boolean", "yes", "true"},
                    TextCase{"number_as_written", "0644", "0644"}, TextCase{"text", "a b", "a b"},
                    TextCase{"list", "[1, 'a', ~, no, []]", R"([1,"a",null,false,[]])"},
                    TextCase{"map", "{a: {b: [x]}, 'c\"': 1}", R"({"a":{"b":["x"]},"c\"":1})"},
                    TextCase{"numbers", "[0644, 0x1F, +5, -0b11, 1_000, 1.50, .5, -.5, 1., 08, 007.5, 81111e1, .inf]",
                             R"([420,31,5,-3,1000,1.50,0.5,-0.5,1,8,7.5,81111e1,".inf"])"},
                    TextCase{"big_numbers", "[123456789012345678901234567890, 00, 0, -0, -0b0]",
                             "[123456789012345678901234567890,0,0,-0,0]"},
                    TextCase{"escapes", "[\"a\\n\\t\\\"\\\\\\x01\\u00e9</&\"]",
                             "[\"a\\n\\t\\\"\\\\\\u0001\xC3\xA9</&\"]"},
                    TextCase{"no_utf8", "[!!binary /2E=]",
                             "[\"\xEF\xBF\xBD"
                             "a\"]"}),
    [](const auto& named) { return named.param.name; });

TEST(FetchedValue, FindsInMapsOnly) {
  const auto map = parse_json(R"({"b":1,"a":2})");
  ASSERT_TRUE(map);
  ASSERT_NE(map->find("a"), nullptr);
  EXPECT_EQ(map->find("a")->scalar.reveal(), "2");
  EXPECT_EQ(map->find("c"), nullptr);
  EXPECT_EQ(map->keys(), (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(FetchedValue::text("a").find("a"), nullptr);
}

}  // namespace
}  // namespace helmme::placeholder
