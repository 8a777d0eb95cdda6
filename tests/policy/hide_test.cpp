// A value that stands in a policy is in no snippet, whatever is wrong with the policy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy_for_tests.h"

namespace helmme::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Hidden {
  const char* name;
  std::string body;
};

void PrintTo(const Hidden& hidden, std::ostream* out) { *out << hidden.name; }

class HiddenValue : public ::testing::TestWithParam<Hidden> {};

TEST_P(HiddenValue, IsNeverPrinted) {
  for (const bool stream : {false, true}) {
    base::Diagnostics diagnostics;
    EXPECT_FALSE(
        read_policies({stream ? stream_text(GetParam().body) : operator_text(GetParam().body)}, {}, diagnostics));
    EXPECT_FALSE(diagnostics.errors.empty());
    EXPECT_THAT(printed(diagnostics), Not(HasSubstr("hunter2")));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, HiddenValue,
    ::testing::Values(
        Hidden{"one_line", "bundles: {b: {secrets: {A: hunter2}, target: Wrong}}\n"},
        Hidden{"unknown_key_beside", "bundles:\n  b: {secrets: {A: hunter2}, tagret: wrong}\n"},
        Hidden{"misspelt", "bundles:\n  b:\n    secrest: {A: hunter2}\n"},
        Hidden{"misspelt_block", "bundles:\n  b:\n    secrest:\n      A: |\n        hunter2\n        [\n    x: y\n"},
        Hidden{"at_the_top", "secrets: {A: hunter2}\n"}, Hidden{"bundle_at_the_top", "b:\n  secrets: {A: hunter2}\n"},
        Hidden{"nested", "bundles:\n  b:\n    secrets:\n      A: {value: hunter2}\n"},
        Hidden{"in_a_list", "bundles:\n  b:\n    secrets: [hunter2]\n"},
        Hidden{"item_of_a_list", "bundles:\n  b:\n    secrets:\n      A:\n      - hunter2\n"},
        Hidden{"as_variable", "bundles:\n  b:\n    secrets:\n      A: {env: hunter2!}\n"},
        Hidden{"doubled", "bundles:\n  b:\n    secrets:\n      A: hunter2\n      A: hunter2b\n"},
        Hidden{"doubled_secrets", "bundles:\n  b:\n    secrets: {A: b}\n    secrets: {A: hunter2}\n"},
        Hidden{"doubled_bundles", "bundles: {}\nbundles: {b: {secrets: {A: hunter2}}}\n"},
        Hidden{"as_key", "bundles:\n  b:\n    secrets:\n      'hunter2 x': a\n"},
        Hidden{"typed", "bundles:\n  b:\n    secrets:\n      A: !x hunter2\n"},
        Hidden{"syntax", "bundles:\n  b:\n    secrets:\n      A: \"hunter2\n"},
        Hidden{"syntax_misspelt", "bundles:\n  b:\n    secretes:\n      A: {hunter2\n"},
        Hidden{"syntax_quoted", "{\"bundles\": {\"b\": {\"secrets\" : {\"A\": \"hunter2\" \"}}}}\n"},
        Hidden{"reference", "bundles:\n  b:\n    secrets:\n      A: ref+vault:hunter2\n"},
        Hidden{"in_required", "bundles:\n  b:\n    required:\n      A: hunter2\n"},
        Hidden{"in_contract", "bundles:\n  b:\n    required:\n      A: {value: hunter2}\n"},
        Hidden{"in_existing_secret", "bundles:\n  b:\n    existingSecret: {name: a, A: hunter2}\n"},
        Hidden{"in_keys", "bundles:\n  b:\n    existingSecret: {name: a, keys: {A: {x: hunter2}}}\n"},
        Hidden{"keys_is_text", "bundles:\n  b:\n    existingSecret: {name: a, keys: hunter2}\n"},
        Hidden{"existing_secret_is_a_list", "bundles:\n  b:\n    existingSecret:\n    - hunter2\n"},
        Hidden{"in_generate", "bundles:\n  b:\n    required: {A: {generate: {value: hunter2}}}\n"},
        Hidden{"as_default", "bundles:\n  b:\n    required:\n      A:\n        default: hunter2\n        length: x\n"},
        Hidden{"as_broken_default", "bundles:\n  b:\n    required:\n      A: {length: 3, default: hunter2}\n"},
        Hidden{"in_files", "bundles:\n  b:\n    secretsFiles:\n    - {A: hunter2}\n"},
        Hidden{"files_is_a_mapping", "bundles:\n  b:\n    secretsFiles: {A: hunter2}\n"},
        Hidden{"in_replaces", "bundles:\n  b:\n    replaces: {s: {k: [hunter2]}}\n"},
        Hidden{"replaces_is_text", "bundles:\n  b:\n    replaces: hunter2\n"},
        Hidden{"in_metadata", "metadata: {nam: hunter2}\n"}, Hidden{"in_allow", "allow: {evn: {A: hunter2}}\n"},
        Hidden{"later_work", "allowValues: hunter2\n"},
        Hidden{"aliased", "metadata: {name: &a hunter2, x: *a}\nbundles:\n  b:\n    secrets:\n      A: [*a]\n"},
        Hidden{"in_a_block", "bundles:\n  b:\n    target: |\n      Wrong\n    secrets:\n      A: >\n        hunter2\n"},
        Hidden{"in_defaults", "defaults:\n  secrets: {A: hunter2}\n"},
        Hidden{"bundle_is_text", "bundles:\n  b: hunter2\n"}, Hidden{"bundles_is_text", "bundles: hunter2\n"},
        Hidden{"multi_line", "bundles:\n  b:\n    secrets:\n      A: 'x\n        hunter2'\n      A: y\n"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Snippets, AreThereWhereNoValueIs) {
  base::Diagnostics diagnostics;
  EXPECT_FALSE(read_policies({operator_text("bundles:\n  b:\n    secrets:\n      A: hunter2\n    target: Wrong\n")}, {},
                             diagnostics));
  ASSERT_EQ(diagnostics.errors.size(), 1U);
  EXPECT_EQ(diagnostics.errors[0].location->snippet, "    target: Wrong");
}

// Without a parse, nobody knows what a line holds.
TEST(Snippets, OfBrokenSyntaxAreNotThere) {
  base::Diagnostics diagnostics;
  EXPECT_FALSE(read_policies({operator_text("bundles:\n  b: {existingSecret: shop-secrets]\n")}, {}, diagnostics));
  ASSERT_EQ(diagnostics.errors.size(), 1U);
  EXPECT_EQ(diagnostics.errors[0].location->line, 4U);
  EXPECT_EQ(diagnostics.errors[0].location->column, 35U);
  EXPECT_EQ(diagnostics.errors[0].location->snippet, "");
}

}  // namespace
}  // namespace helmme::policy
