#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/resolve.h"
#include "policy_for_tests.h"

namespace helmme::policy {
namespace {

using ::testing::HasSubstr;

struct Case {
  const char* name;
  std::string bundles;
  const char* bundle;
  const char* key;
  bool optional;
  std::string found;  // "secret/key", or empty
  base::ErrorKind kind = base::ErrorKind::internal;
  std::string message = {};
  std::string help = {};
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class FindKey : public ::testing::TestWithParam<Case> {};

TEST_P(FindKey, Finds) {
  const Case& test = GetParam();
  base::Diagnostics diagnostics;
  const auto policy = read_policies({operator_text("bundles: {" + test.bundles + "}\n")}, {}, diagnostics);
  ASSERT_TRUE(policy.has_value()) << printed(diagnostics);
  const SecretKeys keys = {{"e", {"API_KEY"}}};
  const auto bundles = resolve_bundles(*policy,
                                       {.environment = nullptr,
                                        .secret_keys = test.bundles.find("e}") == std::string::npos ? nullptr : &keys,
                                        .namespace_name = {}},
                                       diagnostics);
  const auto use = find_key(bundles, {.bundle = test.bundle, .key = test.key, .optional = test.optional});
  if (!test.found.empty()) {
    ASSERT_TRUE(use.has_value()) << use.error().message;
    EXPECT_EQ(use->secret_name + "/" + use->secret_key, test.found);
    EXPECT_EQ(use->key, test.key);
    return;
  }
  ASSERT_FALSE(use.has_value());
  EXPECT_EQ(use.error().kind, test.kind);
  EXPECT_THAT(use.error().message, HasSubstr(test.message));
  EXPECT_THAT(use.error().help, HasSubstr(test.help));
}

constexpr auto k_missing = base::ErrorKind::not_found;
constexpr auto k_bad = base::ErrorKind::bad_input;
const std::string k_two =
    "a: {required: {JWT: {}, X: {}}, existingSecret: s-a}, b: {required: {X: {}}, existingSecret: s-b}";

INSTANTIATE_TEST_SUITE_P(
    All, FindKey,
    ::testing::Values(
        Case{"named", k_two, "b", "X", false, "s-b/X"}, Case{"by_contract", k_two, "", "JWT", false, "s-a/JWT"},
        Case{"several", k_two, "", "X", false, "", k_bad, "is required by several bundles: a and b", "${secret:a/X}"},
        Case{"none_of_several", k_two, "", "JWTS", false, "", k_missing, "is required by no bundle",
             "did you mean JWT?"},
        Case{"none_near", k_two, "", "OTHER_THING", false, "", k_missing, "name the bundle", "${secret:a/OTHER_THING}"},
        Case{"unknown_bundle", "shop: {existingSecret: s}", "shp", "X", false, "", k_missing, "unknown bundle \"shp\"",
             "did you mean shop?"},
        Case{"far_bundle", "shop: {existingSecret: s}", "zzz", "X", false, "", k_missing, "unknown bundle",
             "known are shop"},
        Case{"unknown_key", k_two, "a", "JTW", false, "", k_missing, "unknown key \"JTW\" in bundle \"a\"",
             "did you mean JWT?"},
        Case{"unknown_optional_key", k_two, "a", "JTW", true, "", k_missing, "unknown key \"JTW\""},
        Case{"only_bundle", "a: {existingSecret: s}", "", "ANY", false, "s/ANY"},
        Case{"mapped", "a: {existingSecret: {name: s, keys: {A: b}}}", "a", "A", false, "s/b"},
        Case{"of_values", "a: {target: t, secrets: {API_KEY: x}}", "", "API_KEY", false, "t/API_KEY"},
        Case{"not_of_values", "a: {target: t, secrets: {API_KEY: x}}", "", "API_KY", false, "", k_missing,
             "unknown key \"API_KY\"", "did you mean API_KEY?"},
        Case{"optional_of_values", "a: {target: t, secrets: {API_KEY: x}}", "", "API_KY", true, "t/API_KY"},
        Case{"known", "a: {existingSecret: e}", "", "API_KEY", false, "e/API_KEY"},
        Case{"known_to_lack", "a: {existingSecret: e}", "", "API_KY", false, "", k_missing,
             "existing Secret \"e\" of bundle \"a\" has no key \"API_KY\"", "did you mean API_KEY?"},
        Case{"default_that_is_in_the_secret", "a: {required: {API_KEY: {default: x}}, existingSecret: e}", "",
             "API_KEY", false, "e/API_KEY"},
        Case{"default_that_is_not", "a: {required: {PORT: {default: 80}}, existingSecret: e}", "", "PORT", false, "",
             k_missing, "existing Secret \"e\" of bundle \"a\" has no key \"PORT\"", "known are API_KEY"},
        Case{"default_of_values", "a: {required: {PORT: {default: 80}}, target: t, secrets: {X: y1}}", "", "PORT",
             false, "t/PORT"},
        Case{"no_bundle", "", "", "A", false, "", k_missing, "the policy has no bundle", "bundles:"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace helmme::policy
