#include "manifest/document.h"

#include <gtest/gtest.h>

namespace helmme::manifest {
namespace {

Document parse(std::string_view bytes) {
  base::Result<Document> parsed = Document::parse(bytes, "stdin", bytes, 0);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
  return parsed ? std::move(*parsed) : Document();
}

std::string written(const Document& document, NodeId id) {
  return std::string(document.bytes().substr(document[id].begin, document[id].end - document[id].begin));
}

TEST(Document, FindsNodesByPathAndSaysWhereTheyAre) {
  const Document document = parse("a:\n  b:\n    - c: 1\n    - c.d/e: two # x\n");
  const NodeId list = document.at(Document::root(), "a.b");
  const NodeId two = document.find(document.items(list)[1], "c.d/e").value;
  EXPECT_EQ(written(document, two), "two");
  EXPECT_EQ(document.path(two), "a.b[1][\"c.d/e\"]");
  EXPECT_EQ(document.at(Document::root(), "a.x.y"), k_no_node);
}

struct ExtentCase {
  std::string name;
  std::string bytes;
  std::string value;    // of `a`
  std::string written;  // its bytes
};

class Extent : public testing::TestWithParam<ExtentCase> {};

TEST_P(Extent, IsExact) {
  const Document document = parse(GetParam().bytes);
  const NodeId id = document.at(Document::root(), "a");
  EXPECT_EQ(document.text(id), GetParam().value);
  EXPECT_EQ(written(document, id), GetParam().written);
}

INSTANTIATE_TEST_SUITE_P(
    Scalars, Extent,
    testing::Values(ExtentCase{"plain", "a: b c # d\n", "b c", "b c"}, ExtentCase{"crlf", "x: 1\r\na: b\r\n", "b", "b"},
                    ExtentCase{"single", "a: 'it''s'\n", "it's", "'it''s'"},
                    ExtentCase{"double_with_escapes", "a: \"\\x41\"\n", "A", "\"\\x41\""},
                    ExtentCase{"literal", "a: |\n  x\n  y\nb: 1\n", "x\ny\n", "|\n  x\n  y"},
                    ExtentCase{"folded_at_the_end", "a: >-\n  x\n  y", "x y", ">-\n  x\n  y"},
                    ExtentCase{"multi_line_plain", "a: x\n  y\n", "x y", "x\n  y"},
                    ExtentCase{"bom",
                               "\xEF\xBB\xBF"
                               "a: b\n",
                               "b", "b"},
                    ExtentCase{"all_widths", "x: \u00e9\u20ac\U0001F511\na: \U0001F511b\nc: 1\n", "\U0001F511b",
                               "\U0001F511b"},
                    ExtentCase{"json", "{\"x\": [1], \"a\": \"b\"}", "b", "\"b\""},
                    ExtentCase{"long_wide_text", "x: '" + std::string(500, 'y') + "\u20ac'\na: b\n", "b", "b"}),
    [](const auto& named) { return named.param.name; });

TEST(Document, LooksThroughAliasesAndMergeKeys) {
  const Document document = parse("base: &base {x: 1, y: 2}\nown: {<<: *base, y: 3}\nsame: *base\n");
  EXPECT_EQ(document.text_at(Document::root(), "own.x"), "1");
  EXPECT_EQ(document.text_at(Document::root(), "own.y"), "3");
  EXPECT_EQ(document.text_at(Document::root(), "same.y"), "2");
  EXPECT_TRUE(document[document.at(Document::root(), "base.x")].shared);
  EXPECT_FALSE(document[document.at(Document::root(), "own.y")].shared);
}

struct BadCase {
  std::string name;
  std::string bytes;
  std::string message;
  std::size_t line;
};

class Bad : public testing::TestWithParam<BadCase> {};

TEST_P(Bad, IsLocated) {
  const std::string stream = "first: 1\n" + GetParam().bytes;
  const base::Result<Document> parsed = Document::parse(std::string_view(stream).substr(9), "stdin", stream, 9);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().kind, base::ErrorKind::bad_input);
  EXPECT_NE(parsed.error().message.find(GetParam().message), std::string::npos) << parsed.error().message;
  EXPECT_EQ(parsed.error().location->line, GetParam().line);
}

INSTANTIATE_TEST_SUITE_P(Yaml, Bad,
                         testing::Values(BadCase{"tab", "---\na:\n\t- b\n", "not valid YAML", 4},
                                         BadCase{"open_flow", "---\na: [b\n", "not valid YAML", 4},
                                         BadCase{"unknown_alias", "---\na: *b\n", "alias of an anchor", 3},
                                         BadCase{"recursive", "---\na: &a [*a]\n", "inside the node that it repeats",
                                                 3},
                                         BadCase{"control_character", "---\na: \x01\n", "not valid YAML", 3},
                                         BadCase{"not_utf_8", "---\na: \xff\n", "not valid YAML", 3},
                                         BadCase{"deep", std::string(600, '['), "512 levels", 2}),
                         [](const auto& named) { return named.param.name; });

struct RepeatedCase {
  const char* name;
  std::string text;
  std::string path;  // of the repeated key's value, or ""
};

class Repeated : public testing::TestWithParam<RepeatedCase> {};

TEST_P(Repeated, KeyIsFound) {
  const base::Result<Document> document = Document::parse(GetParam().text, "stdin", GetParam().text, 0);
  ASSERT_TRUE(document) << document.error().message;
  const NodeId key = document->repeated_key();
  EXPECT_EQ(key == k_no_node ? "" : document->path(key), GetParam().path);
}

INSTANTIATE_TEST_SUITE_P(All, Repeated,
                         testing::Values(RepeatedCase{"none", "a: {b: 1, c: 2}\nd: {b: 1}\n", ""},
                                         RepeatedCase{"at_the_root", "a: 1\nb: 2\na: 3\n", "a"},
                                         RepeatedCase{"inside", "l:\n- {a: 1, a: 2}\n", "l[0].a"},
                                         RepeatedCase{"quoted", "a: 1\n\"a\": 2\n", "a"},
                                         RepeatedCase{"merge_below", "x: &x {a: 1}\ny: {a: 2, <<: *x}\n", "y[\"<<\"]"},
                                         RepeatedCase{"merges_below", "x: &x {a: 1}\ny: {a: 2, <<: [*x]}\n",
                                                      "y[\"<<\"]"},
                                         RepeatedCase{"merge_above", "x: &x {a: 1}\ny: {<<: *x, a: 2}\n", ""},
                                         RepeatedCase{"merge_of_other_keys", "x: &x {a: 1}\ny: {b: 2, <<: *x}\n", ""}),
                         [](const auto& named) { return named.param.name; });

// Each level merges the one before twice: 2^40 steps for a reader that forgets where it was.
TEST(Find, MergesThatMultiplyEnd) {
  std::string text = "x0: &a0 {k: v}\n";
  for (int i = 1; i <= 40; ++i) {
    const std::string before = std::to_string(i - 1);
    text += "x" + std::to_string(i) + ": &a" + std::to_string(i) + " {<<: [*a" + before + ", *a" + before + "]}\n";
  }
  const base::Result<Document> document = Document::parse(text, "stdin", text, 0);
  ASSERT_TRUE(document);
  const NodeId last = document->at(Document::root(), "x40");
  EXPECT_EQ(document->text_at(last, "k"), "v");
  EXPECT_FALSE(document->find(last, "none"));
}

}  // namespace
}  // namespace helmme::manifest
