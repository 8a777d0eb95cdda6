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
  const std::optional<Allow> allow = Allow{{"vault", {"secret/data/shop/*"}},
                                           {"openbao", {"kv/*"}},
                                           {"env", {"SHOP_*"}},
                                           {"file", {"env/*"}},
                                           {"exec", {"pass"}}};
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
        Case{"other_option", locator("vault", "secret/shop/a", "role_id", "x"), true}),
    [](const testing::TestParamInfo<Case>& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace helmme::policy
