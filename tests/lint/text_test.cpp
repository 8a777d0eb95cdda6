// Where things stand in a file: parts of scalars, templates without their actions, suppressions, the kind of a file.
#include <gtest/gtest.h>

#include <string>

#include "lint/config.h"
#include "lint/file_kind.h"
#include "lint/git.h"
#include "lint/leaf.h"
#include "lint/report.h"
#include "lint/template_text.h"
#include "lint_for_tests.h"
#include "manifest/document.h"

namespace helmme::lint {
namespace {

struct ScalarCase {
  std::string name;
  std::string marked;  // a document "k: …" with parts of its value marked
};

class Parts : public testing::TestWithParam<ScalarCase> {};

// Each marked part is looked up in the value and asked for again.
TEST_P(Parts, AreWhereTheyAreWritten) {
  const Marked marked = unmark(GetParam().marked);
  const base::Result<manifest::Document> document = manifest::Document::parse(marked.text, "f", marked.text, 0);
  ASSERT_TRUE(document);
  const manifest::NodeId scalar = child(*document, manifest::Document::root(), "k");
  const std::string_view value = (*document)[scalar].value;
  WrittenParts parts(*document, scalar, 0);
  std::size_t from = 0;
  for (const Span& span : marked.spans) {
    const std::string text = marked.text.substr(span.begin, span.end - span.begin);
    const std::size_t at = value.find(text, from);
    ASSERT_NE(at, std::string_view::npos) << text;
    EXPECT_TRUE(parts.of({at, at + text.size()}) == span) << text;
    from = at + text.size();
  }
}

INSTANTIATE_TEST_SUITE_P(Styles, Parts,
                         testing::Values(ScalarCase{"plain", "k: a «bc» «d»\n"},
                                         ScalarCase{"quoted", "k: 'a «bc» d'\n"},
                                         ScalarCase{"escapes", "k: \"a\\n«bc»\\n«bc»\\t«d»\"\n"},
                                         ScalarCase{"literal", "k: |\n  a=«bc»\n\n  d=«bc»\n    e=«f»\n"},
                                         ScalarCase{"literal_anchor", "k: &x |-\n  a=«bc»\n"},
                                         ScalarCase{"literal_empty_first", "k: |\n\n  a=«bc»\n"},
                                         ScalarCase{"literal_crlf", "k: |\r\n  a=«bc»\r\n  d=«e»\r\n"},
                                         ScalarCase{"literal_indented", "k: |2\n    a=«bc»\n  d=«e»\n"},
                                         ScalarCase{"folded", "k: >\n  a «bc»\n  d «e»\n"},
                                         ScalarCase{"umlauts", "k: |\n  ä=«bc»\n  ö=«ü»\n"}),
                         [](const auto& named) { return named.param.name; });

TEST(Templates, LoseTheirActionsAndNothingElse) {
  const auto without = [](std::string_view text) { return without_actions(text, actions_of(text)); };
  EXPECT_EQ(without("a: {{ .b }}\n"), "a: xxxxxxxx\n");
  EXPECT_EQ(without("{{- if .a }}\nb: c\n{{- end }}\n"), "            \nb: c\n          \n");
  EXPECT_EQ(without("a: \"{{ .b | default \"c}}\" }}\"\n").size(),
            std::string("a: \"{{ .b | default \"c}}\" }}\"\n").size());
  EXPECT_EQ(without("a: \"{{ .b | default \"c}}\" }}\"\n").find("default"), std::string::npos);
  EXPECT_EQ(without("{{/* a }} b */}}\nc: d\n"), "                \nc: d\n");
  EXPECT_EQ(without("a {{ b"), "a xxxx");
}

TEST(Actions, AreReadToTokens) {
  const std::vector<Action> actions = actions_of("{{- $x := default \"a b\" .Values.c | quote }}");
  ASSERT_EQ(actions.size(), 1U);
  std::vector<std::string> texts;
  for (const ActionToken& token : actions[0].tokens) {
    texts.emplace_back(token.text);
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"$x", ":=", "default", "a b", ".Values.c", "|", "quote"}));
  EXPECT_EQ(actions[0].tokens[3].kind, TokenKind::string);
  EXPECT_EQ(last_step("$.Values.a.password"), "password");
  EXPECT_EQ(last_step("$password"), "password");
}

TEST(Kinds, AreToldByNameAndText) {
  EXPECT_EQ(kind_of("a/values.yaml", "a: b"), FileKind::yaml);
  EXPECT_EQ(kind_of("a/templates/x.yaml", "{{ a }}"), FileKind::templates);
  EXPECT_EQ(kind_of("a/templates/x.yaml", "a: b"), FileKind::yaml);
  EXPECT_EQ(kind_of("a/templates/_h.tpl", ""), FileKind::templates);
  EXPECT_EQ(kind_of("a/templates/NOTES.txt", ""), FileKind::notes);
  EXPECT_EQ(kind_of("Chart.yaml", ""), FileKind::chart);
  EXPECT_EQ(kind_of(".github/workflows/a.yml", ""), FileKind::ci);
  EXPECT_EQ(kind_of(".github/workflows/README.md", ""), FileKind::text);
  EXPECT_EQ(kind_of(".gitlab-ci.yml", ""), FileKind::ci);
  EXPECT_EQ(kind_of("azure-pipelines.yml", ""), FileKind::ci);
  EXPECT_EQ(kind_of(".circleci/config.yml", ""), FileKind::ci);
  EXPECT_EQ(kind_of("Jenkinsfile", ""), FileKind::script);
  EXPECT_EQ(kind_of("deploy", "#!/bin/bash\n"), FileKind::script);
  EXPECT_EQ(kind_of("helmfile.yaml", ""), FileKind::helmfile);
  EXPECT_EQ(kind_of("a/.env", ""), FileKind::dotenv);
  EXPECT_EQ(kind_of("prod.env", ""), FileKind::dotenv);
  EXPECT_EQ(kind_of("a/main.tf", ""), FileKind::terraform);
  EXPECT_EQ(kind_of("README.md", ""), FileKind::text);
  EXPECT_EQ(kind_of("values.yaml", std::string_view("a\0b", 3)), FileKind::binary);
}

TEST(Globs, Match) {
  EXPECT_TRUE(matches_glob("*.yaml", "a/b.yaml"));
  EXPECT_TRUE(matches_glob("docs/**", "docs/a/b"));
  EXPECT_FALSE(matches_glob("docs/*", "docs/a/b"));
  EXPECT_TRUE(matches_glob("docs/*", "docs/a"));
  EXPECT_TRUE(matches_glob("**/testdata/*", "testdata/a"));
  EXPECT_TRUE(matches_glob("**/testdata/*", "x/y/testdata/a"));
  EXPECT_FALSE(matches_glob("**/testdata/*", "x/ytestdata/a"));
  EXPECT_TRUE(matches_glob("a?c/x", "abc/x"));
  EXPECT_FALSE(matches_glob("a?c/x", "a/c/x"));
  EXPECT_FALSE(matches_glob("docs/**", "doc/a"));
}

TEST(Diffs, NameTheirNewLines) {
  EXPECT_EQ(new_lines_of("@@ -1,0 +2,3 @@ x\n+a\n+b\n+c\n@@ -9 +12 @@\n-x\n+y\n@@ -20,2 +22,0 @@\n"),
            (std::vector<std::size_t>{2, 3, 4, 12}));
}

TEST(Uris, AreRelativeAndEncoded) { EXPECT_EQ(uri_of("a b/ä%#?.yaml"), "a%20b/%C3%A4%25%23%3F.yaml"); }

TEST(Fingerprints, DependOnValueAndPlaceButNotOnLines) {
  const auto print = [](std::string text, const Config& config = {}) {
    return check("v.yaml", std::move(text), config).findings.at(0).fingerprint;
  };
  const std::string first = print("password: kd93kfo2xd\n");
  EXPECT_EQ(first, print("a: b\n\npassword: kd93kfo2xd\n"));
  EXPECT_NE(first, print("password: kd93kfo2xe\n"));
  EXPECT_NE(first, print("a:\n  password: kd93kfo2xd\n"));
  Config salted;
  salted.salt = "ours";
  EXPECT_NE(first, print("password: kd93kfo2xd\n", salted));
}

}  // namespace
}  // namespace helmme::lint
