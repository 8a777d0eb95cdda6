#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy_for_tests.h"

namespace helmme::policy {
namespace {

std::optional<Policy> merged(const std::string& first, const std::string& second) {
  base::Diagnostics diagnostics;
  return read_policies({operator_text(first, "/one"), operator_text(second, "/two")}, {}, diagnostics);
}

TEST(Merge, MapsKeyByKey) {
  const auto policy = merged("bundles: {b: {existingSecret: a, required: {A: {minLength: 2}}}}\n",
                             "bundles: {b: {required: {A: {maxLength: 9}, B: {}}}, c: {}}\n");
  ASSERT_TRUE(policy.has_value());
  const Bundle& bundle = policy->bundles.at("b");
  EXPECT_EQ(bundle.existing_secret->name, "a");
  EXPECT_EQ(bundle.required.at("A").min_length, 2U);
  EXPECT_EQ(bundle.required.at("A").max_length, 9U);
  EXPECT_TRUE(bundle.required.contains("B"));
  EXPECT_TRUE(policy->bundles.contains("c"));
}

TEST(Merge, ScalarsAndListsReplace) {
  const auto policy = merged("bundles: {b: {existingSecret: {name: a, keys: {A: b}}, secretsFiles: [a, b]}}\n",
                             "bundles: {b: {existingSecret: c, secretsFiles: [d]}}\n");
  ASSERT_TRUE(policy.has_value());
  EXPECT_EQ(policy->bundles.at("b").existing_secret->name, "c");
  EXPECT_TRUE(policy->bundles.at("b").existing_secret->keys.empty());
  ASSERT_EQ(policy->bundles.at("b").secrets_files.size(), 1U);
}

TEST(Merge, NullDeletes) {
  const auto policy =
      merged("bundles: {b: {existingSecret: a}, c: {}}\n", "bundles: {b: {existingSecret: null}, c: }\n");
  ASSERT_TRUE(policy.has_value());
  EXPECT_FALSE(policy->bundles.at("b").existing_secret.has_value());
  EXPECT_FALSE(policy->bundles.contains("c"));
}

TEST(Merge, EachPathKeepsItsOwnFolder) {
  const auto policy = merged("bundles: {b: {secrets: {A: {file: a}}, secretsFiles: [x]}}\n",
                             "bundles: {b: {secrets: {B: {file: b}}}}\n");
  ASSERT_TRUE(policy.has_value());
  const Bundle& bundle = policy->bundles.at("b");
  EXPECT_EQ(bundle.secrets.at("A").folder, "/one");
  EXPECT_EQ(bundle.secrets.at("B").folder, "/two");
  EXPECT_EQ(bundle.secrets_files.at(0).folder, "/one");
}

TEST(Merge, AKeyMayStandInEachFileButTwiceInNone) {
  EXPECT_TRUE(merged("arguments: warn\n", "arguments: error\n").has_value());
  EXPECT_FALSE(merged("arguments: warn\narguments: warn\n", "arguments: error\n").has_value());
}

}  // namespace
}  // namespace helmme::policy
