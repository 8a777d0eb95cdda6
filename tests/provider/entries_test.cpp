#include "provider/entries.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <utility>

#include "store_for_tests.h"

namespace helmme::provider {
namespace {

Change change(const std::string& name, std::initializer_list<std::pair<std::string, std::string>> values,
              Reconcile reconcile = Reconcile::apply, std::optional<std::string> type = std::nullopt) {
  Change out{.name = name, .type = std::move(type), .values = {}, .reconcile = reconcile};
  for (const auto& [key, value] : values) {
    out.values.emplace(key, base::Secret(value));
  }
  return out;
}

Entries sample() {
  Entries entries;
  put(entries, "shop", "A", "1");
  put(entries, "shop", "B", "2");
  return entries;
}

using Names = std::vector<std::string>;

TEST(Apply, MakesAnEntry) {
  Entries entries;
  const auto applied = apply(entries, change("shop", {{"A", "1"}}), 50);
  ASSERT_TRUE(applied);
  EXPECT_EQ(applied->written, Names{"A"});
  EXPECT_TRUE(applied->anything);
  EXPECT_EQ(dump(entries), "shop (Opaque)\n  A=1 @50,50\n");
}

TEST(Apply, MergesAndKnowsWhatIsNew) {
  Entries entries = sample();
  const auto applied = apply(entries, change("shop", {{"A", "1"}, {"B", "3"}, {"C", "4"}}), 2000);
  ASSERT_TRUE(applied);
  EXPECT_EQ(applied->written, (Names{"B", "C"}));
  EXPECT_EQ(dump(entries), "shop (Opaque)\n  A=1 @1000,1000\n  B=3 @1000,2000\n  C=4 @2000,2000\n");
  EXPECT_EQ(entries.at("shop").changed(), 2000);
  EXPECT_EQ(entries.at("shop").size(), 3U);
}

TEST(Apply, TheSameAgainIsNothing) {
  Entries entries = sample();
  const auto applied = apply(entries, change("shop", {{"A", "1"}}), 2000);
  ASSERT_TRUE(applied);
  EXPECT_FALSE(applied->anything);
  EXPECT_EQ(dump(entries), dump(sample()));
}

TEST(Apply, ReplaceLeavesJustWhatIsNamed) {
  Entries entries = sample();
  const auto applied = apply(entries, change("shop", {{"A", "1"}}, Reconcile::replace, "kubernetes.io/tls"), 2000);
  ASSERT_TRUE(applied);
  EXPECT_TRUE(applied->anything);
  EXPECT_EQ(dump(entries), "shop (kubernetes.io/tls)\n  A=1 @1000,1000\n");
}

TEST(Apply, CreateIfMissingAndFailIfExists) {
  Entries entries = sample();
  auto applied = apply(entries, change("shop", {{"A", "9"}}, Reconcile::create_if_missing), 2000);
  ASSERT_TRUE(applied);
  EXPECT_TRUE(applied->left_alone);
  EXPECT_FALSE(applied->anything);
  applied = apply(entries, change("shop", {{"A", "9"}}, Reconcile::fail_if_exists), 2000);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().kind, base::ErrorKind::bad_input);
  EXPECT_EQ(dump(entries), dump(sample()));
  for (const Reconcile reconcile : {Reconcile::create_if_missing, Reconcile::fail_if_exists}) {
    Entries none;
    EXPECT_TRUE(apply(none, change("shop", {{"A", "9"}}, reconcile), 1)->anything);
    EXPECT_EQ(none.size(), 1U);
  }
}

TEST(Apply, ATypeDoesNotChangeByMerging) {
  Entries entries = sample();
  const auto applied = apply(entries, change("shop", {{"A", "9"}}, Reconcile::apply, "kubernetes.io/tls"), 2000);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().message, "entry \"shop\" has type Opaque, which does not change");
  EXPECT_EQ(dump(entries), dump(sample()));
  EXPECT_TRUE(apply(entries, change("shop", {{"A", "9"}}, Reconcile::apply, "Opaque"), 2000));
}

TEST(Apply, OneMebibyteIsTheLimit) {
  const std::string half(k_entry_limit / 2, 'x');
  Entries entries;
  EXPECT_TRUE(apply(entries, change("shop", {{"A", half}, {"B", half}}), 1));
  EXPECT_FALSE(apply(entries, change("shop", {{"C", "x"}}), 1));
  EXPECT_TRUE(apply(entries, change("shop", {{"B", "x"}, {"C", "x"}}), 1));
  EXPECT_TRUE(apply(entries, change("shop", {{"A", half}, {"D", half}}, Reconcile::replace), 1));
  const auto applied = apply(entries, change("other", {{"A", half + half + "x"}}), 1);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().message.find("xx"), std::string::npos);
  EXPECT_FALSE(entries.contains("other"));
}

TEST(Remove, KeysAndEntries) {
  Entries entries = sample();
  ASSERT_TRUE(remove(entries, "shop", {"A"}));
  EXPECT_EQ(dump(entries), "shop (Opaque)\n  B=2 @1000,1000\n");
  ASSERT_TRUE(remove(entries, "shop", {"B"}));
  EXPECT_TRUE(entries.empty());
  entries = sample();
  ASSERT_TRUE(remove(entries, "shop", {}));
  EXPECT_TRUE(entries.empty());
}

TEST(Remove, AllOrNothingWithDidYouMean) {
  Entries entries = sample();
  entries.at("shop").keys["API_KEY"];
  const std::string before = dump(entries);
  auto removed = remove(entries, "shop", {"A", "API_KEX"});
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().kind, base::ErrorKind::not_found);
  EXPECT_EQ(removed.error().message, "entry \"shop\" of the local store has no key \"API_KEX\"");
  EXPECT_EQ(removed.error().help, "did you mean API_KEY?");
  removed = remove(entries, "shpo", {});
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().message, "the local store has no entry \"shpo\"");
  EXPECT_EQ(dump(entries), before);
}

}  // namespace
}  // namespace helmme::provider
