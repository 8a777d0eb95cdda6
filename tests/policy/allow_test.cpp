#include "policy/allow.h"

#include <gtest/gtest.h>

#include <string>

namespace helmme::policy {
namespace {

using placeholder::Locator;

Locator locator(const std::string& scheme, const std::string& path, const std::string& option = "",
                const std::string& value = "") {
  Locator out;
  out.scheme = scheme;
  out.path = path;
  if (!option.empty()) {
    out.options.emplace(option, value);
  }
  return out;
}

struct Case {
  const char* name;
  Locator asked;
  bool allowed;
};

class AllowLocator : public testing::TestWithParam<Case> {};

TEST_P(AllowLocator, IsJudged) {
  const std::optional<Allow> allow = Allow{{"vault", {"secret/data/shop/*", "team/data/*?namespace=a"}},
                                           {"openbao", {"kv/*"}},
                                           {"env", {"SHOP_*"}},
                                           {"file", {"env/*"}},
                                           {"exec", {"pass"}},
                                           {"tfstate", {"env/*"}},
                                           {"k8s", {"v1/*?*"}},
                                           {"echo", {"a?b"}}};
  EXPECT_EQ(is_allowed(allow, GetParam().asked), GetParam().allowed);
  EXPECT_TRUE(is_allowed(std::nullopt, GetParam().asked)) << "without allow";
}

INSTANTIATE_TEST_SUITE_P(
    Locators, AllowLocator,
    testing::Values(
        Case{"path_of_the_api", locator("vault", "secret/data/shop/a"), true},
        Case{"path_without_data", locator("vault", "secret/shop/a"), true},
        Case{"other_path", locator("vault", "secret/data/bank/a"), false},
        Case{"no_longer_prefix", locator("vault", "secret/data/shopping/a"), false},
        Case{"bao_is_openbao", locator("bao", "kv/a"), true}, Case{"openbao", locator("openbao", "kv/a"), true},
        Case{"closed_scheme", locator("sops", "a.yaml"), false}, Case{"variable", locator("env", "SHOP_TOKEN"), true},
        Case{"other_variable", locator("env", "HOME"), false}, Case{"file", locator("file", "env/a.yaml"), true},
        Case{"file_that_leaves", locator("file", "env/../a.yaml"), false},
        Case{"programs_are_judged_later", locator("exec", "pass/show/a"), true},
        Case{"token_env", locator("vault", "secret/shop/a", "token_env", "SHOP_TOKEN"), true},
        Case{"other_token_env", locator("vault", "secret/shop/a", "token_env", "AWS_SECRET"), false},
        Case{"token_file", locator("vault", "secret/shop/a", "token_file", "/etc/shadow"), false},
        Case{"version", locator("vault", "secret/shop/a", "version", "2"), true},
        Case{"server_is_judged_later", locator("vault", "secret/shop/a", "address", "https://x"), true},
        Case{"role", locator("vault", "secret/shop/a", "role_id", "x"), false},
        Case{"namespace_of_the_pattern", locator("vault", "team/data/x", "namespace", "a"), true},
        Case{"without_the_patterns_namespace", locator("vault", "team/data/x"), false},
        Case{"another_namespace", locator("vault", "team/data/x", "namespace", "ab"), false},
        Case{"path_that_leaves", locator("vault", "secret/data/shop/../bank"), false},
        Case{"files_of_another_scheme_leave", locator("tfstate", "env/../x"), false},
        Case{"address_of_another_scheme", locator("tfstate", "env/x", "address", "https://x"), false},
        Case{"any_option", locator("k8s", "v1/x", "kubeContext", "prod"), true},
        Case{"a_text_with_a_mark", locator("echo", "a?b"), true}),
    [](const testing::TestParamInfo<Case>& one) { return std::string(one.param.name); });

TEST(AllowPattern, NamesJustThis) {
  EXPECT_EQ(pattern_for(locator("vault", "secret/a")), "secret/a");
  EXPECT_EQ(pattern_for(locator("vault", "secret/a", "version", "2")), "secret/a");
  EXPECT_EQ(pattern_for(locator("k8s", "v1/x", "kubeConfigPath", "f")), "v1/x?kubeConfigPath=f");
  const Locator asked = locator("vault", "secret/a", "namespace", "team");
  EXPECT_TRUE(is_allowed(Allow{{"vault", {pattern_for(asked)}}}, asked));
}

}  // namespace
}  // namespace helmme::policy
