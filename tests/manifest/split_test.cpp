#include "manifest/split.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace helmme::manifest {
namespace {

std::vector<std::string> split_all(std::string_view stream) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < stream.size();) {
    const Span span = document_at(stream, at);
    EXPECT_EQ(span.begin, at) << "a gap or an overlap";
    EXPECT_EQ(document_at(stream, span.end - 1), span) << "the same from its last byte";
    out.emplace_back(stream.substr(span.begin, span.size()));
    at = span.end;
  }
  return out;
}

struct SplitCase {
  std::string name;
  std::string stream;
  std::vector<std::string> documents;
};

class Split : public testing::TestWithParam<SplitCase> {};

TEST_P(Split, CoversTheStream) { EXPECT_EQ(split_all(GetParam().stream), GetParam().documents); }

INSTANTIATE_TEST_SUITE_P(
    Documents, Split,
    testing::Values(
        SplitCase{"one", "a: 1\n", {"a: 1\n"}}, SplitCase{"without_final_line_end", "a: 1", {"a: 1"}},
        SplitCase{"two", "---\na: 1\n---\nb: 2\n", {"---\na: 1\n", "---\nb: 2\n"}},
        SplitCase{"first_without_marker", "a: 1\n---\nb: 2\n", {"a: 1\n", "---\nb: 2\n"}},
        SplitCase{"comment_behind_the_marker", "--- # one\na: 1\n--- # two\n", {"--- # one\na: 1\n", "--- # two\n"}},
        SplitCase{"inside_a_block_scalar", "a: |\n  x\n---\nb: 2\n", {"a: |\n  x\n", "---\nb: 2\n"}},
        SplitCase{"end_marker", "a: 1\n...\nb: 2\n", {"a: 1\n...\n", "b: 2\n"}},
        SplitCase{"end_then_start", "a: 1\n...\n---\nb: 2\n", {"a: 1\n...\n", "---\nb: 2\n"}},
        SplitCase{"crlf", "---\r\na: 1\r\n---\r\nb: 2\r\n", {"---\r\na: 1\r\n", "---\r\nb: 2\r\n"}},
        SplitCase{"longer_dashes_are_text", "a: |-\n-----BEGIN\n", {"a: |-\n-----BEGIN\n"}},
        SplitCase{"indented_is_text", "a: |\n  ---\n  b\n", {"a: |\n  ---\n  b\n"}},
        SplitCase{"marker_at_the_end", "a: 1\n---", {"a: 1\n", "---"}}),
    [](const auto& named) { return named.param.name; });

TEST(HasNoContent, SeesCommentsAndMarkersOnly) {
  EXPECT_TRUE(has_no_content(""));
  EXPECT_TRUE(has_no_content("\n"));
  EXPECT_TRUE(has_no_content("---\n# Source: a\n  # b\n...\n"));
  EXPECT_TRUE(has_no_content("\xEF\xBB\xBF---\r\n"));
  EXPECT_FALSE(has_no_content("--- {a: 1}\n"));
  EXPECT_FALSE(has_no_content("# a\nb: 1\n"));
}

}  // namespace
}  // namespace helmme::manifest
