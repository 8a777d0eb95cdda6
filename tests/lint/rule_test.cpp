// Every rule's own examples, found exactly where they are marked, and nothing else.
#include "lint/rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "lint_for_tests.h"

namespace helmme::lint {
namespace {

class Examples : public testing::TestWithParam<const Rule*> {};

TEST_P(Examples, AreFoundWhereTheyAreMarked) {
  const Rule& rule = *GetParam();
  ASSERT_FALSE(rule.found.empty());
  for (const Example& example : rule.found) {
    const Marked marked = unmark(example.text);
    ASSERT_FALSE(marked.spans.empty()) << example.text;
    const CheckedText checked = check(example.file, marked.text);
    std::vector<Span> spans;
    for (const Finding& finding : checked.findings) {
      if (finding.rule == &rule) {
        spans.push_back(finding.span);
      }
      EXPECT_TRUE(finding.rule == &rule || (rule.id == "HM211" && finding.rule->id == "HM201") ||
                  (rule.id == "HM207" && finding.rule->id == "HM201") ||
                  (rule.id == "HM402" && finding.rule->id == "HM101"))
          << finding.rule->id << " in an example of " << rule.id << ": " << finding.message << "\n"
          << example.text;
    }
    std::vector<Span> wanted = marked.spans;
    if (rule.id == "HM207") {
      wanted.erase(wanted.begin());  // the Secret's own, which is HM201's
    }
    EXPECT_EQ(spans.size(), wanted.size()) << rule.id << "\n" << example.text;
    EXPECT_TRUE(spans == wanted) << rule.id << " " << testing::PrintToString(shown(checked.findings)) << "\n"
                                 << example.text;
  }
}

TEST_P(Examples, OfCleanTextAreClean) {
  const Rule& rule = *GetParam();
  ASSERT_FALSE(rule.clean.empty());
  for (const Example& example : rule.clean) {
    EXPECT_THAT(shown(check(example.file, std::string(example.text)).findings), testing::IsEmpty()) << rule.id << "\n"
                                                                                                    << example.text;
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, Examples, testing::ValuesIn(all_rules().begin(), all_rules().end()),
                         [](const auto& named) { return std::string(named.param->id); });

TEST(Rules, AreWholeAndDistinct) {
  std::set<std::string_view> ids;
  for (const Rule* rule : all_rules()) {
    EXPECT_TRUE(ids.insert(rule->id).second) << rule->id;
    EXPECT_EQ(find_rule(rule->id), rule);
    for (const std::string_view text : {rule->title, rule->why, rule->help, rule->fix}) {
      EXPECT_FALSE(text.empty()) << rule->id;
    }
    EXPECT_FALSE(rule->title.ends_with(".") || rule->help.ends_with(".")) << rule->id;
  }
  EXPECT_EQ(ids.size(), 33U);
  EXPECT_EQ(find_rule("HM999"), nullptr);
}

}  // namespace
}  // namespace helmme::lint
