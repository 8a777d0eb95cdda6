#include "placeholder/bank_vaults.h"

#include <gtest/gtest.h>

#include <string>

#include "shown_for_tests.h"

namespace helmme::placeholder {
namespace {

struct GrammarCase {
  std::string name;
  std::string value;
  std::string matches;
};

class BankVaultsGrammar : public testing::TestWithParam<GrammarCase> {};

TEST_P(BankVaultsGrammar, IsRead) {
  EXPECT_EQ(shown(GetParam().value, find_bank_vaults(GetParam().value)), GetParam().matches);
}

constexpr const char* k_writes = "[! bank-vaults' >>vault: writes to the backend, and rendering writes nothing]";

// pkg/injector/vault/injector_test.go of bank-vaults/internal; pkg/provider/vault of bank-vaults/secrets-webhook
INSTANTIATE_TEST_SUITE_P(
    OfItself, BankVaultsGrammar,
    testing::Values(
        GrammarCase{"version", "vault:secret/data/account#password#1",
                    "[vault:secret/data/account version 1 #/password]"},
        GrammarCase{"key", "vault:secret/data/account#password", "[vault:secret/data/account #/password]"},
        GrammarCase{"write_with_data",
                    R"(>>vault:transit/decrypt/mykey#${.plaintext | b64dec}#{"ciphertext":"vault:v1:x"})", k_writes},
        GrammarCase{"write", ">>vault:pki/root/generate/internal#certificate", k_writes},
        GrammarCase{"inline",
                    "scheme://${vault:secret/data/account#username}:${vault:secret/data/account#password}@h:8080",
                    "scheme://[vault:secret/data/account #/username]:[vault:secret/data/account #/password]@h:8080"},
        GrammarCase{"inline_template", "s://${vault:secret/data/account#${.password | urlquery}}@h",
                    "s://[vault:secret/data/account <${.password | urlquery}>]@h"},
        GrammarCase{"inline_write", "${>>vault:pki/a#c}__${>>vault:pki/a#c}", std::string(k_writes) + "__" + k_writes},
        GrammarCase{"docker_auth", "vault:secret/data/docker#USER:vault:secret/data/docker#PASSWORD",
                    "[vault:secret/data/docker #/USER]:[vault:secret/data/docker #/PASSWORD]"},
        GrammarCase{"docker_auth_of_one", "vault:secret/data/docker#AUTH", "[vault:secret/data/docker #/AUTH]"},
        GrammarCase{"template", "vault:secret/data/account#${.user}:${.pw | urlquery}#2",
                    "[vault:secret/data/account version 2 <${.user}:${.pw | urlquery}>]"},
        GrammarCase{"login", "vault:login", "vault:login"},
        GrammarCase{"transit", "vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9vyf7w==",
                    "vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9vyf7w=="}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Own, BankVaultsGrammar,
    testing::Values(
        GrammarCase{"bao", "bao:secret/data/a#k", "[openbao:secret/data/a #/k]"},
        GrammarCase{"bao_inline", "x${bao:a#k}", "x[openbao:a #/k]"}, GrammarCase{"image", "vault:1.20", "vault:1.20"},
        GrammarCase{"line_end", "vault:a#k\n", "[vault:a #/k]\n"},
        GrammarCase{"crlf", "vault:a#k\r\n", "[vault:a #/k]\r\n"},
        GrammarCase{"yaml_text", "vault:\n  address: x # a comment\n", "vault:\n  address: x # a comment\n"},
        GrammarCase{"blank_in_path", "vault: a#b", "vault: a#b"},
        GrammarCase{"more_lines", "vault:a#b\nmore", "vault:a#b\nmore"},
        GrammarCase{"not_at_the_beginning", " vault:a#b", " vault:a#b"},
        GrammarCase{"inline_beside_whole", "vault:a#${vault:b#c}", "vault:a#[vault:b #/c]"},
        GrammarCase{"brace_behind", "{${vault:a#b}}", "{[vault:a #/b]}"},
        GrammarCase{"several_templates", "${vault:a#${.x}-${.y}}z", "[vault:a <${.x}-${.y}>]z"},
        GrammarCase{"brace_in_a_template", "${vault:a#${replace \"}\" \"#\" .x}#3}z",
                    "[vault:a version 3 <${replace \"}\" \"#\" .x}>]z"},
        GrammarCase{"inline_without_key", "${vault:a} ${vault:b#c}", "${vault:a} [vault:b #/c]"},
        GrammarCase{"open", "${vault:a#b", "${vault:a#b"},
        GrammarCase{"over_lines", "${vault:a#b\n}", "${vault:a#b\n}"},
        GrammarCase{"variable_in_path", "${vault:a/${X}#b}", "${vault:a/${X}#b}"},
        GrammarCase{"empty_key", "vault:a#", "[! a reference of bank-vaults without a key or a version]"},
        GrammarCase{"empty_version", "vault:a#b#", "[! a reference of bank-vaults without a key or a version]"},
        GrammarCase{"bad_version", "vault:a#b#c", "[! the version in a reference of bank-vaults is no number]"},
        GrammarCase{"bad_template", "vault:a#${.x | nope}", "[! template: unknown function \"nope\"]"},
        GrammarCase{"open_template", "vault:a#${.x", "[! template: an open \"${\"]"},
        GrammarCase{"other_variables", "${HOME} ${secret:X}", "${HOME} ${secret:X}"}),
    [](const auto& named) { return named.param.name; });

struct ValueCase {
  std::string name;
  std::string value;
  std::string json;
  std::string result;
};

class BankVaultsValue : public testing::TestWithParam<ValueCase> {};

TEST_P(BankVaultsValue, IsMade) {
  const auto matches = find_bank_vaults(GetParam().value);
  ASSERT_EQ(matches.size(), 1U);
  ASSERT_EQ(matches[0].kind, FetchedMatch::Kind::reference) << matches[0].problem;
  const auto read = parse_json(GetParam().json);
  ASSERT_TRUE(read);
  EXPECT_EQ(shown(evaluate(matches[0].reference, *read)), GetParam().result);
}

INSTANTIATE_TEST_SUITE_P(
    Placeholder, BankVaultsValue,
    testing::Values(ValueCase{"text", "vault:a#k", R"({"k":"v"})", "t:v"},
                    ValueCase{"number", "vault:a#k", R"({"k":0.50})", "t:0.50"},
                    ValueCase{"boolean", "vault:a#k", R"({"k":true})", "t:true"},
                    ValueCase{"null", "vault:a#k", R"({"k":null})", "t:"},
                    ValueCase{"template", "vault:a#${.plaintext | b64dec}", R"({"plaintext":"c2VjcmV0"})", "t:secret"},
                    ValueCase{"missing", "vault:a#pasword", R"({"password":"hunter2"})",
                              "error: secret not found: vault:a has no key \"pasword\" (did you mean #password?)"},
                    ValueCase{"missing_in_a_template", "vault:a#${.pasword}", R"({"password":"hunter2"})",
                              "error: secret not found: no key \"pasword\" for the template (did you mean .password?)"},
                    ValueCase{"map", "vault:a#k", R"({"k":{"x":"hunter2"}})",
                              "error: bank-vaults' dialect takes text, and \"k\" of vault:a is a list or a map "
                              "(name what is in it: #${.k.KEY}, or write it as JSON: #${.k | toJson})"},
                    ValueCase{"map_as_json", "vault:a#${.k | toJson}", R"({"k":{"x":1}})", R"(t:{"x":1})"}),
    [](const auto& named) { return named.param.name; });

TEST(BankVaultsMarker, IsSeen) {
  EXPECT_TRUE(may_hold_bank_vaults("a: vault:x#y"));
  EXPECT_TRUE(may_hold_bank_vaults("# c\na: x${bao:x#y}"));
  EXPECT_TRUE(may_hold_bank_vaults("a: \">>vault:x#y\""));
  EXPECT_FALSE(may_hold_bank_vaults("image: vault:1.20 # a comment"));
  EXPECT_FALSE(may_hold_bank_vaults("vault: x#y"));
  EXPECT_FALSE(may_hold_bank_vaults("#vault:x"));
}

}  // namespace
}  // namespace helmme::placeholder
