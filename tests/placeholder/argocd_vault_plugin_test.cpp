#include "placeholder/argocd_vault_plugin.h"

#include <gtest/gtest.h>

#include <string>

#include "placeholder/modifier.h"
#include "shown_for_tests.h"

namespace helmme::placeholder {
namespace {

struct GrammarCase {
  std::string name;
  std::string value;
  std::string matches;
  ObjectAnnotations annotations = {};
};

class AvpGrammar : public testing::TestWithParam<GrammarCase> {};

TEST_P(AvpGrammar, IsRead) {
  EXPECT_EQ(shown(GetParam().value, find_argocd_vault_plugin(GetParam().value, GetParam().annotations)),
            GetParam().matches);
}

ObjectAnnotations at_path(std::string path) { return {.path = std::move(path)}; }

// pkg/kube/util_test.go
INSTANTIATE_TEST_SUITE_P(
    OfItself, AvpGrammar,
    testing::Values(
        GrammarCase{"simple", "<namespace>", "[vault:kv/x #/namespace]", at_path("kv/x")},
        GrammarCase{"path", "<path:blah/blah#namespace>", "[vault:blah/blah #/namespace]", at_path("kv/x")},
        GrammarCase{"path_versioned", "<path:blah/blah#version#1>", "[vault:blah/blah version 1 #/version]"},
        GrammarCase{"no_annotation", "for example, write <key>", "for example, write <key>"},
        GrammarCase{"several", "foo.io/<name>:<tag>", "foo.io/[vault:kv/x #/name]:[vault:kv/x #/tag]", at_path("kv/x")},
        GrammarCase{"base64", "<namespace | base64encode>", "[vault:kv/x #/namespace |base64encode]", at_path("kv/x")},
        GrammarCase{"json_path", "<data | jsonPath {.credentials.pass} | base64encode>",
                    "[vault:kv/x #/data |jsonPath ({.credentials.pass}) |base64encode]", at_path("kv/x")},
        GrammarCase{"json_path_without_braces", "<data | jsonPath .credentials.user>",
                    "[vault:kv/x #/data |jsonPath (.credentials.user)]", at_path("kv/x")},
        GrammarCase{"invalid_path", "<data | jsonPath !invalidPath}>", "[vault:kv/x #/data |jsonPath (!invalidPath})]",
                    at_path("kv/x")},
        GrammarCase{"bad_json_path", "<data | jsonPath {!invalidPath}>",
                    "[! jsonPath: a character that means nothing here at byte 1]", at_path("kv/x")}),
    [](const auto& named) { return named.param.name; });

// fixtures/input/nonempty
INSTANTIATE_TEST_SUITE_P(
    OfFixtures, AvpGrammar,
    testing::Values(
        GrammarCase{"blanks", "<  data |jsonPath  {.deployment.replicas}|  jsonParse >",
                    "[vault:kv/x #/data |jsonPath ({.deployment.replicas}) |jsonParse]", at_path("kv/x")},
        GrammarCase{"folded",
                    "<data | jsonPath {'['} {range .service.ports[0:-1:1]} {'{\"protocol\":\"TCP\",'} {'\"port\":'}{@} "
                    "{'},'} {end} {'}]'} | jsonParse >",
                    "[vault:kv/x #/data |jsonPath ({'['} {range .service.ports[0:-1:1]} {'{\"protocol\":\"TCP\",'} "
                    "{'\"port\":'}{@} {'},'} {end} {'}]'}) |jsonParse]",
                    at_path("kv/x")},
        GrammarCase{"chain",
                    "<path:secret/jsonstring#secret | jsonParse | jsonPath {.credentials.user} | base64encode>",
                    "[vault:secret/jsonstring #/secret |jsonParse |jsonPath ({.credentials.user}) |base64encode]"},
        GrammarCase{"two_lines", "password1: <path:secret/testing#a>\npassword2: <path:secret/testing#b>\n",
                    "password1: [vault:secret/testing #/a]\npassword2: [vault:secret/testing #/b]\n"},
        GrammarCase{"not_asked_for", "supported options: <beep>, <boop>", "supported options: <beep>, <boop>"},
        GrammarCase{"kv_version", "<path:a#b>", "[vault:a ?kv_version=1 #/b]", {.kv_version = "1"}},
        GrammarCase{"secret_version",
                    "<b> <path:a#b>",
                    "[vault:kv/x version 7 #/b] [vault:a #/b]",
                    {.path = "kv/x", .secret_version = "7"}},
        GrammarCase{"ignored", "<path:a#b>", "<path:a#b>", {.ignore = true}}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Own, AvpGrammar,
    testing::Values(
        GrammarCase{"prefix", "port-<p>", "port-[vault:kv/x #/p]", at_path("kv/x")},
        GrammarCase{"greater_in_a_filter", "<path:a#b | jsonPath {.x[?(@.n>1)].y}> z>",
                    "[vault:a #/b |jsonPath ({.x[?(@.n>1)].y})] z>"},
        GrammarCase{"bar_in_quotes", "<path:a#b | jsonPath {.x}{\"|\"}{.y}>",
                    "[vault:a #/b |jsonPath ({.x}{\"|\"}{.y})]"},
        GrammarCase{"less_in_a_filter", "<path:a#b | jsonPath {[?(@.n<1)]}>", "[vault:a #/b |jsonPath ({[?(@.n<1)]})]"},
        GrammarCase{"open_brace", "<path:a#b | jsonPath {.x> y", "[! jsonPath: an open \"{\" at byte 3] y"},
        GrammarCase{"comparison", "a < b and c > d", "a < b and c > d", at_path("kv/x")},
        GrammarCase{"open", "<path:a#b", "<path:a#b"}, GrammarCase{"over_lines", "<path:a\n#b>", "<path:a\n#b>"},
        GrammarCase{"next_one_first", "<path:a<path:b#c>", "<path:a[vault:b #/c]"},
        GrammarCase{"no_key", "<path:a>", "<path:a>"}, GrammarCase{"empty_key", "<path:a#>", "<path:a#>"},
        GrammarCase{"no_key_under_annotation", "<path:a>",
                    "[! a placeholder of argocd-vault-plugin without a path, a key or a version]", at_path("kv/x")},
        GrammarCase{"nothing", "<>", "<>", at_path("kv/x")},
        GrammarCase{"unknown_modifier", "<path:a#b | base64decod>", "[! unknown modifier \"base64decod\"]"},
        GrammarCase{"empty_modifier", "<path:a#b | >", "[! unknown modifier \"\"]"},
        GrammarCase{"argument_too_many", "<path:a#b | base64encode x>", "[! modifier base64encode: takes no argument]"},
        GrammarCase{"argument_missing", "<path:a#b | indent>", "[! modifier indent: takes one argument]"},
        GrammarCase{"no_number", "<path:a#b | indent ten>",
                    "[! modifier indent: its argument is no number of blanks from 0 to 1000]"},
        GrammarCase{"too_many_blanks", "<path:a#b | indent 99999>",
                    "[! modifier indent: its argument is no number of blanks from 0 to 1000]"},
        GrammarCase{"key_with_a_dot", "<path:a#tls.crt>", "[vault:a #/tls.crt]"},
        GrammarCase{"blanks_around_the_key", "<path:a# b | sha256sum >", "[vault:a #/b |sha256sum]"}),
    [](const auto& named) { return named.param.name; });

struct ValueCase {
  std::string name;
  std::string placeholder;
  std::string json;
  std::string value;
};

class AvpValue : public testing::TestWithParam<ValueCase> {};

TEST_P(AvpValue, IsMade) {
  const auto matches = find_argocd_vault_plugin(GetParam().placeholder, {});
  ASSERT_EQ(matches.size(), 1U);
  ASSERT_EQ(matches[0].kind, FetchedMatch::Kind::reference) << matches[0].problem;
  const auto read = parse_json(GetParam().json);
  ASSERT_TRUE(read);
  EXPECT_EQ(shown(evaluate(matches[0].reference, *read)), GetParam().value);
}

// pkg/kube/modifiers_test.go, pkg/kube/util_test.go
INSTANTIATE_TEST_SUITE_P(
    OfItself, AvpValue,
    testing::Values(ValueCase{"text", "<path:a#k>", R"({"k":"v"})", "t:v"},
                    ValueCase{"number", "<path:a#k>", R"({"k":1})", "n:1"},
                    ValueCase{"base64encode", "<path:a#k|base64encode>", R"({"k":"mysecret"})", "t:bXlzZWNyZXQ="},
                    ValueCase{"base64encode_of_a_map", "<path:a#k|base64encode>", R"({"k":{"a":"hunter2"}})",
                              "error: modifier base64encode: takes text only"},
                    ValueCase{"base64decode", "<path:a#k|base64decode>", R"({"k":"bXlzZWNyZXQ="})", "t:mysecret"},
                    ValueCase{"json_path_of_text", "<path:a#k|jsonPath {.data.subkey}>",
                              R"({"k":"{\"data\":{\"subkey\":\"s\"}}"})", "t:s"},
                    ValueCase{"json_path_of_a_map", "<path:a#k|jsonPath {.data.subkey}>",
                              R"({"k":{"data":{"subkey":"s"}}})", "t:s"},
                    ValueCase{"json_path_of_no_json", "<path:a#k|jsonPath {.data}>", R"({"k":"hi, how are you"})",
                              "error: modifier jsonPath: the value is not valid JSON: at byte 1"},
                    ValueCase{"json_path_missing", "<path:a#k|jsonPath {.missing}>", R"({"k":{"data":1}})",
                              "error: jsonPath: no key \"missing\" is there"},
                    ValueCase{"json_path_then_parse", "<path:a#k|jsonPath {.image} | jsonParse>",
                              R"({"k":{"image":{"repository":"docker.io/dummy","tag":"latest"}}})",
                              "{repository=t:docker.io/dummy tag=t:latest}"},
                    ValueCase{"json_parse", "<path:a#k|jsonParse>", R"({"k":"{\"data\":{\"subkey\":\"s\"}}"})",
                              "{data={subkey=t:s}}"},
                    ValueCase{"json_parse_of_no_json", "<path:a#k|jsonParse>", R"({"k":"hello"})",
                              "error: modifier jsonParse: the value is not valid JSON: at byte 1"},
                    ValueCase{"yaml_parse", "<path:a#k|yamlParse|jsonPath {.key2}>",
                              R"({"k":"---\nkey1: secret1\nkey2: secret2\nkey3: secret3"})", "t:secret2"},
                    ValueCase{"indent", "<path:a#k|indent 3>", R"({"k":"a\nmulti-line\nstring"})",
                              "t:a\n   multi-line\n   string"},
                    ValueCase{"indent_of_one_line", "<path:a#k|indent 10>", R"({"k":"a-string"})", "t:a-string"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Own, AvpValue,
    testing::Values(
        ValueCase{"numbers_as_written", "<path:a#k>", R"({"k":81111e1})", "n:81111e1"},
        ValueCase{"big_number", "<path:a#k>", R"({"k":12345678901234567890123})", "n:12345678901234567890123"},
        ValueCase{"text_of_digits", "<path:a#k>", R"({"k":"0644"})", "t:0644"},
        ValueCase{"octal_in_yaml", "<path:a#k|yamlParse>", R"({"k":"0644"})", "n:0644"},
        ValueCase{"lists_in_lists", "<path:a#k>", R"({"k":[[1],["a"]]})", "[[n:1] [t:a]]"},
        ValueCase{"bad_base64", "<path:a#k|base64decode>", R"({"k":"hunter2!"})",
                  "error: modifier base64decode: the value is no base64"},
        ValueCase{"base64_of_a_number", "<path:a#k|base64encode>", R"({"k":1})", "t:MQ=="},
        ValueCase{"indent_keeps_the_lines", "<path:a#k|indent 2>", R"({"k":"a:\n  b: 1\n\nc: 2\n"})",
                  "t:a:\n    b: 1\n\n  c: 2\n"},
        ValueCase{"sha256sum", "<path:a#k|sha256sum>", R"({"k":"abc"})",
                  "t:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        ValueCase{"missing", "<path:a#pasword>", R"({"password":"hunter2"})",
                  "error: secret not found: vault:a has no key \"pasword\" (did you mean #password?)"},
        ValueCase{"null", "<path:a#k>", R"({"k":null})",
                  "error: secret not found: vault:a has no key \"k\" (the key is there, its value is null)"},
        ValueCase{"no_map", "<path:a#k>", R"("hunter2")",
                  "error: secret not found: vault:a has no key \"k\" (what was read is no map)"}),
    [](const auto& named) { return named.param.name; });

TEST(AvpMarker, IsSeen) {
  EXPECT_TRUE(may_hold_argocd_vault_plugin("a: <x> <path:a#b>"));
  EXPECT_TRUE(may_hold_argocd_vault_plugin("avp.kubernetes.io/path: x\na: <b>"));
  EXPECT_FALSE(may_hold_argocd_vault_plugin("a: <b>"));
  EXPECT_FALSE(may_hold_argocd_vault_plugin("avp.kubernetes.io/path: x"));
  EXPECT_TRUE(may_hold_argocd_vault_plugin("\"a\\u003cpath:x#k\\u003e\""));
  EXPECT_TRUE(may_hold_argocd_vault_plugin("{\"avp.kubernetes.io/path\":\"x\",\"a\":\"\\u003ckey\\u003e\"}"));
  EXPECT_FALSE(may_hold_argocd_vault_plugin("\"a \\u003c b\""));
}

}  // namespace
}  // namespace helmme::placeholder
