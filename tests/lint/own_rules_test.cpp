// Rules that a team defines in .helm-me-lint.yaml.
#include "lint/own_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lint/config.h"
#include "lint_for_tests.h"

namespace helmme::lint {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

Config config_of(const std::string& rules) {
  auto config = read_config({std::string(k_config_name), "rules:\n" + rules});
  EXPECT_TRUE(config) << config.error().message;
  return config ? *std::move(config) : Config{};
}

struct OwnCase {
  std::string name;
  std::string rules;
  std::string file;
  std::string text;
  std::vector<std::string> wanted;
};

class OwnRulesFind : public testing::TestWithParam<OwnCase> {};

TEST_P(OwnRulesFind, WhatTheySay) {
  const Config config = config_of(GetParam().rules);  // findings point to its rules
  const CheckedText checked = check(GetParam().file, GetParam().text, config);
  EXPECT_THAT(shown(checked.findings), ElementsAreArray(GetParam().wanted));
}

const std::string k_token = "  ACME001: {pattern: 'acme_([a-z0-9]{8})', keywords: [ACME_], severity: info}\n";
const std::string k_pin = "  acme-pin: {keys: ['*acmePin', ACME_PIN_*], title: a pin}\n";
const std::string k_both = "  x.y: {keys: '*code', pattern: '[0-9]{4}'}\n";

INSTANTIATE_TEST_SUITE_P(
    Rules, OwnRulesFind,
    testing::Values(
        OwnCase{
            "pattern", k_token, "a.txt", "x acme_01234567\nacme_89abcdef", {"ACME001 1:8-1:16", "ACME001 2:6-2:14"}},
        OwnCase{"without_its_keyword", "  A: {pattern: 'x', keywords: [y]}\n", "a.txt", "xxx", {}},
        OwnCase{"key_of_a_value", k_pin, "v.yaml", "a:\n  MyAcmePin: k3jf8\n", {"acme-pin 2:14-2:19 a.MyAcmePin"}},
        OwnCase{
            "key_of_a_list", k_pin, "v.yaml", "acmePin: [k3jf8, '${secret:x}']\n", {"acme-pin 1:11-1:16 acmePin[0]"}},
        OwnCase{"env_variable",
                k_pin,
                "v.yaml",
                "env: [{name: ACME_PIN_1, value: k3jf8}]\n",
                {"acme-pin 1:33-1:38 env[0].value"}},
        OwnCase{"reference_is_none", k_pin, "v.yaml", "acmePin: ${secret:pin}\nb: {acmePin: ''}\n", {}},
        OwnCase{"other_key", k_pin, "v.yaml", "acmePinFile: k3jf8\n", {}},
        OwnCase{"shell", k_pin, "run.sh", "#!/bin/sh\nexport ACME_PIN_X=\"k3jf8\"\n", {"acme-pin 2:20-2:25"}},
        OwnCase{"template",
                k_pin,
                "c/templates/a.yaml",
                "- name: ACME_PIN_2\n  value: k3jf8\n  x: {{ .y }}\n",
                {"acme-pin 2:10-2:15"}},
        OwnCase{"both", k_both, "v.yaml", "zipcode: 12345\ncode: abcd\nother: 4711\n", {"x.y 1:10-1:14 zipcode"}},
        OwnCase{"wins_over_others",
                "  T: {pattern: 'ghp_[A-Za-z0-9]+'}\n",
                "v.yaml",
                "a: ghp_Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z0123\n",
                {"T 1:4-1:44"}},
        OwnCase{"suppressed", k_token, "v.yaml", "a: acme_01234567 # helm-me:allow ACME001 a test\n", {}},
        OwnCase{
            "suppression_without_use", k_token, "v.yaml", "a: b # helm-me:allow ACME001 a test\n", {"HM404 1:8-1:36"}},
        OwnCase{"not_in_its_own_configuration", k_token, ".helm-me-lint.yaml", "a: acme_01234567\n", {}},
        OwnCase{"not_yaml", k_pin, "v.yaml", "acmePin: k3jf8\n  : [\n", {"acme-pin 1:10-1:15"}}),
    [](const auto& named) { return named.param.name; });

struct WrongCase {
  std::string name;
  std::string rules;
  std::size_t line;
  std::string why;
};

class OwnRulesRefuse : public testing::TestWithParam<WrongCase> {};

TEST_P(OwnRulesRefuse, WithTheirPlace) {
  const auto config = read_config({"c.yaml", "rules:\n" + GetParam().rules});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().kind, base::ErrorKind::bad_input);
  EXPECT_THAT(config.error().message, HasSubstr(GetParam().why));
  EXPECT_EQ(config.error().location->line, GetParam().line);
  EXPECT_FALSE(config.error().help.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Rules, OwnRulesRefuse,
    testing::Values(WrongCase{"nothing_to_find", "  A: {title: x}\n", 2, "neither pattern nor keys"},
                    WrongCase{"a_name_of_ours", "  HM999: {pattern: x}\n", 2, "does not begin with HM"},
                    WrongCase{"a_name_with_a_space", "  a b: {pattern: x}\n", 2, "named by letters"},
                    WrongCase{"unknown_key", "  A:\n    patern: x\n", 3, "unknown key patern"},
                    WrongCase{"severity", "  A:\n    pattern: x\n    severity: bad\n", 4, "info, warning or error"},
                    WrongCase{"pattern", "  A:\n    pattern: a(?=b)\n", 3, "RE2 does not take"},
                    WrongCase{"a_list_of_lists", "  A:\n    keys: [[x]]\n", 3, "keys is a text"},
                    WrongCase{"a_mapping_for_a_list", "  A:\n    keys: {x: y}\n", 3, "keys is a list"},
                    WrongCase{"found_that_is_not", "  A:\n    pattern: x\n    found: [x, y]\n", 4, "calls found"},
                    WrongCase{"clean_that_is_not", "  A:\n    pattern: x\n    clean: [y, x]\n", 4, "calls clean"}),
    [](const auto& named) { return named.param.name; });

}  // namespace
}  // namespace helmme::lint
