#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "manifest/split.h"
#include "plain_yaml_for_tests.h"

namespace helmme::manifest {
namespace {

struct Case {
  const char* name;
  std::string bytes;
};

std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }

class Taken : public testing::TestWithParam<Case> {};

TEST_P(Taken, AsLibyamlReadsIt) {
  EXPECT_TRUE(read_plain_yaml(GetParam().bytes));
  EXPECT_EQ(difference_from_libyaml(GetParam().bytes), "");
}

INSTANTIATE_TEST_SUITE_P(
    PlainYaml, Taken,
    testing::Values(Case{"one_entry", "a: b"}, Case{"entries", "a: b\nc: d\n"},
                    Case{"nested", "a:\n  b:\n    c: d\n  e: f\ng: h\n"}, Case{"root_is_indented", "  a: b\n  c: d\n"},
                    Case{"root_list", "- a\n- b\n"}, Case{"list", "a:\n  - b\n  - c\nd: e\n"},
                    Case{"list_at_its_key", "a:\n- b\n- c\nd:\n- e\n"},
                    Case{"list_at_its_key_ends_the_document", "a:\n  b:\n  - c\n"},
                    Case{"list_of_mappings", "a:\n  - b: c\n    d: e\n  -   f: g\n      h: i\n"},
                    Case{"list_of_mappings_at_its_key", "a:\n- b: c\n  d:\n  - e\n- f: g\nh: i\n"},
                    Case{"list_in_a_list", "- - a\n  - b\n- - - c\n- d\n"},
                    Case{"empty_values", "a:\nb:\n  c:\n  d:   # nothing\ne:"},
                    Case{"empty_items", "a:\n-\n- \n- # nothing\n- b\nc:\n  -\n"},
                    Case{"item_on_the_next_line", "-\n  a: b\n-\n  - c\n"},
                    Case{"quoted", "a: \"b: c # d\"\n'e': ' f '\n\"g\": ''\nj:\n- \"\"\n"},
                    Case{"comments", "# a\n  # b\na: b # c\n      # d\n\n#e\nf: g#h #\n"},
                    Case{"comment_deeper_than_what_follows", "a:\n  b: c\n      # d\n  e: f\n"},
                    Case{"marker", "---\na: b\n"}, Case{"marker_with_a_comment", "# a\n\n---  # Source: b\na: b\n"},
                    Case{"blanks", "a:   b   \n   \nc :d: e\n"}, Case{"words", "a b: c d  e\n"},
                    Case{"signs_in_words", "a: b:c, [d] {e} #f\ng: -h\n-i: j&k*l!m|n>o'p\"q%r@s`t?u\n"},
                    Case{"flow",
                         "a: {}\nb: []\nc: { }  # d\ne: {f: g, \"h\": 'i', j: [k, l/m, {n: o}, []]}\np:\n- [a]\n"},
                    Case{"flow_at_the_end", "a: [b, {c: d}]"}, Case{"flow_item", "- {a: b}\n- [c]\n"},
                    Case{"flow_of_names", "a: {b: registry.example.com/c/d, e: \"1.2\", f: 100m}\n"},
                    Case{"merge_key_without_alias", "<<: {a: b}\nc: d\n"},
                    Case{"long_value", "a: " + std::string(5000, 'b') + "\n"}),
    name_of);

class Refused : public testing::TestWithParam<Case> {};

TEST_P(Refused, ForLibyaml) { EXPECT_FALSE(read_plain_yaml(GetParam().bytes)); }

INSTANTIATE_TEST_SUITE_P(
    PlainYaml, Refused,
    testing::Values(
        Case{"nothing", ""}, Case{"comment_alone", "# a\n"}, Case{"scalar", "a\n"},
        Case{"two_documents", "a: b\n---\nc: d\n"}, Case{"two_markers", "---\n---\na: b\n"},
        Case{"document_end_first", "...\na: b\n"}, Case{"key_after_an_inner_list", "a:\n  - b\n  c: d\n"},
        Case{"document_end", "a: b\n...\n"}, Case{"text_at_the_marker", "--- a\n"},
        Case{"directive", "%YAML 1.1\n---\na: b\n"}, Case{"tab", "a:\tb\n"}, Case{"carriage_return", "a: b\r\n"},
        Case{"beyond_ascii", "a: \xC3\xBC\n"}, Case{"delete", "a: \x7F\n"}, Case{"nul", std::string("a: \0\n", 5)},
        Case{"anchor", "a: &b c\n"}, Case{"alias", "a: *b\n"}, Case{"tag", "a: !!str b\n"},
        Case{"literal", "a: |\n  b\n"}, Case{"folded", "a: >\n  b\n"}, Case{"question_mark", "? a\n: b\n"},
        Case{"text_over_two_lines", "a: b\n  c\n"}, Case{"item_over_two_lines", "- a\n  b\n"},
        Case{"text_on_the_next_line", "a:\n  b\n"}, Case{"quotes_over_two_lines", "a: \"b\n  c\"\n"},
        Case{"escape", "a: \"b\\n\"\n"}, Case{"quote_in_quotes", "a: 'b''c'\n"},
        Case{"text_behind_quotes", "a: \"b\" c\n"}, Case{"comment_at_quotes", "a: \"b\"#c\n"},
        Case{"mapping_on_the_line", "a: b: c\n"}, Case{"key_on_the_line", "a: b:\n"},
        Case{"list_on_the_line", "a: - b\n"}, Case{"blank_before_the_colon", "a : b\n"}, Case{"no_key", "a: b\nc\n"},
        Case{"list_after_a_value", "a: b\n- c\n"}, Case{"key_after_a_list", "- a\nb: c\n"},
        Case{"less_than_the_root", "  a: b\nc: d\n"}, Case{"between_two_columns", "a:\n    b: c\n  d: e\n"},
        Case{"deeper_after_a_value", "a: b\n  c: d\n"}, Case{"flow_over_two_lines", "a: [b,\n  c]\n"},
        Case{"flow_is_open", "a: [b"}, Case{"flow_closes_wrongly", "a: [b}\n"}, Case{"comma_at_the_end", "a: [b,]\n"},
        Case{"pair_in_a_list", "a: [b: c]\n"}, Case{"colon_at_its_value", "a: {\"b\":c}\n"},
        Case{"no_value", "a: {b}\n"}, Case{"text_behind_a_list", "a: [b] c\n"}, Case{"list_as_key", "[a]: b\n"},
        Case{"long_key", std::string(1025, 'a') + ": b\n"}, Case{"deep", std::string(1000, '[')},
        Case{"byte_order_mark",
             "\xEF\xBB\xBF"
             "a: b\n"}),
    name_of);

TEST(PlainYaml, ReadsTheTestdataAsLibyamlDoes) {
  std::size_t taken = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(HELM_ME_TESTDATA)) {
    if (!entry.is_regular_file()) {
      continue;
    }
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    for (std::size_t at = 0; at < text.size();) {
      const Span span = document_at(text, at);
      const std::string_view bytes = std::string_view(text).substr(span.begin, span.size());
      EXPECT_EQ(difference_from_libyaml(bytes), "") << entry.path() << " at " << span.begin;
      taken += read_plain_yaml(bytes) ? 1U : 0U;
      at = span.end;
    }
  }
  EXPECT_GT(taken, 100U);
}

}  // namespace
}  // namespace helmme::manifest
