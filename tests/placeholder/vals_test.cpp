#include "placeholder/vals.h"

#include <gtest/gtest.h>

#include "shown_for_tests.h"

namespace helmme::placeholder {
namespace {

struct GrammarCase {
  std::string name;
  std::string value;
  std::string matches;
};

class ValsGrammar : public testing::TestWithParam<GrammarCase> {};

TEST_P(ValsGrammar, IsRead) { EXPECT_EQ(shown(GetParam().value, find_vals(GetParam().value)), GetParam().matches); }

// pkg/expansion/expand_match_test.go of vals v0.46.1, TestExpandRegexpMatchInString
INSTANTIATE_TEST_SUITE_P(
    OfValsItself, ValsGrammar,
    testing::Values(
        GrammarCase{"nested", "ref+echo://ref+echo://inner/value", "[echo {echo:inner/value}]"},
        GrammarCase{"triple_nested", "ref+echo://ref+echo://ref+echo://deep/value", "[echo {echo {echo:deep/value}}]"},
        GrammarCase{"nested_with_text", "prefix ref+echo://ref+echo://inner/value suffix",
                    "prefix [echo {echo:inner/value}] suffix"},
        GrammarCase{"mixed_nested_and_independent", "ref+echo://simple ref+echo://ref+echo://inner/value",
                    "[echo:simple] [echo {echo:inner/value}]"},
        GrammarCase{"nested_secretref", "secretref+echo://secretref+echo://inner/value", "[echo {echo:inner/value}]"},
        GrammarCase{"mixed_nested", "ref+echo://secretref+echo://inner/value", "[echo {echo:inner/value}]"},
        GrammarCase{"ref", "ref+vault://srv/foo/bar", "[vault:srv/foo/bar]"},
        GrammarCase{"secretref", "secretref+vault://srv/foo/bar", "[vault:srv/foo/bar]"},
        GrammarCase{"several", "secretref+vault://srv/foo/bar+, secretref+vault://srv/foo/bar",
                    "[vault:srv/foo/bar], [vault:srv/foo/bar]"},
        GrammarCase{"several_ended", "secretref+vault://srv/foo/bar+, secretref+vault://srv/foo/bar+ ",
                    "[vault:srv/foo/bar], [vault:srv/foo/bar] "},
        GrammarCase{"plus_behind", "secretref+vault://srv/foo/bar+ + + ", "[vault:srv/foo/bar] + + "},
        GrammarCase{"none", "\"no-referrer\" always;\nreturn 301 $scheme://$host:$server_port/remote.php/dav;",
                    "\"no-referrer\" always;\nreturn 301 $scheme://$host:$server_port/remote.php/dav;"},
        GrammarCase{"line_end_behind_fragment", "ref+vault://srv/foo/bar#certificate\n",
                    "[vault:srv/foo/bar #/certificate]\n"},
        GrammarCase{"line_end_behind_path", "ref+vault://srv/foo/bar\n", "[vault:srv/foo/bar]\n"},
        GrammarCase{"quotes", "\"ref+awsssm://srv/foo/bar?mode=singleparam\"",
                    "\"[awsssm:srv/foo/bar ?mode=singleparam]\""},
        GrammarCase{"json", "\"ref+awsssm://srv/a?mode=singleparam\",\n\"ref+awsssm://srv2/b?mode=singleparam\"",
                    "\"[awsssm:srv/a ?mode=singleparam]\",\n\"[awsssm:srv2/b ?mode=singleparam]\""},
        GrammarCase{"up_to_a_blank", "ref+awsssm://srv/foo/bar?mode=singleparam some-string",
                    "[awsssm:srv/foo/bar ?mode=singleparam] some-string"},
        GrammarCase{"quotes_in_brackets", "ref+tfstategs://foo/bar.tfstate/state[\"value\"].value",
                    "[tfstategs:foo/bar.tfstate/state[\"value\"].value]"}),
    [](const auto& named) { return named.param.name; });

// README.md of vals v0.46.1
INSTANTIATE_TEST_SUITE_P(
    OfValsReadme, ValsGrammar,
    testing::Values(
        GrammarCase{"vault", "ref+vault://127.0.0.1:8200/mykv/foo?proto=http#/mykey",
                    "[vault:127.0.0.1:8200/mykv/foo ?proto=http #/mykey]"},
        GrammarCase{"vault_address", "ref+vault://mykv/foo?token_env=T&namespace=ns1&address=https://v:8200#/bar",
                    "[vault:mykv/foo ?address=https://v:8200 ?namespace=ns1 ?token_env=T #/bar]"},
        GrammarCase{"vault_home", "ref+vault://mykv/foo?token_file=~/.vault_token#/bar",
                    "[vault:mykv/foo ?token_file=~/.vault_token #/bar]"},
        GrammarCase{"interpolation", "foo ref+echo://SECRET1+ ref+echo://SECRET2+ bar",
                    "foo [echo:SECRET1] [echo:SECRET2] bar"},
        GrammarCase{"version", "ref+gcpsecrets://myproject/mysecret?version=3#/a/b",
                    "[gcpsecrets:myproject/mysecret version 3 #/a/b]"},
        GrammarCase{"arn",
                    "ref+awssecrets://arn:aws:secretsmanager:eu-west-1:1234:secret:/team/doc/?region=us-east-1#/a/b",
                    "[awssecrets:arn:aws:secretsmanager:eu-west-1:1234:secret:/team/doc/ ?region=us-east-1 #/a/b]"},
        GrammarCase{"empty_options", "ref+awsssm://foo/bar?#/a", "[awsssm:foo/bar #/a]"},
        GrammarCase{"file", "ref+file://foo/bar?encode=base64", "[file:foo/bar ?encode=base64]"},
        GrammarCase{"file_absolute", "ref+file:///home/foo/bar", "[file:/home/foo/bar]"},
        GrammarCase{"file_dot", "ref+file://./some.yaml#/foo/bar", "[file:./some.yaml #/foo/bar]"},
        GrammarCase{"sops_base64", "ref+sops://YWJj=?key_type=base64", "[sops:YWJj= ?key_type=base64]"},
        GrammarCase{"exec_arguments", "ref+exec://helper.sh?args=read,secret/db#/password",
                    "[exec:helper.sh ?args=read,secret/db #/password]"},
        GrammarCase{"exec_absolute", "ref+exec:///usr/local/bin/my-tool?args=fetch,key1",
                    "[exec:/usr/local/bin/my-tool ?args=fetch,key1]"},
        GrammarCase{"option_without_value", "ref+k8s://v1/Secret/ns/s/foo?inCluster",
                    "[k8s:v1/Secret/ns/s/foo ?inCluster=]"},
        GrammarCase{"encoded_option", "ref+awskms://AQ==?context=%7B%22foo%22%3A%22bar%22%7D",
                    "[awskms:AQ== ?context={\"foo\":\"bar\"}]"},
        GrammarCase{"encoded_path", "ref+pulumistateapi://b/outputs/tags.%23(key==SomeKey).value?project=p",
                    "[pulumistateapi:b/outputs/tags.#(key==SomeKey).value ?project=p]"},
        GrammarCase{"slashes_only", "ref+doppler:////FOO", "[doppler://FOO]"},
        GrammarCase{"no_path", "ref+doppler://#FOO", "[doppler: #/FOO]"},
        GrammarCase{"fragment_without_slash", "ref+yclockbox://e6q?version_id=e6n#oauth_secret",
                    "[yclockbox:e6q ?version_id=e6n #/oauth_secret]"},
        GrammarCase{"xpath", "ref+httpjson://api.github.com/repos#///*[1]/name",
                    "[httpjson:api.github.com/repos #///*[1]/name]"},
        GrammarCase{"braces", "ref+envsubst://${VAR1}", "[envsubst:${VAR1}]"},
        GrammarCase{"env", "ref+env://NAME", "[env:NAME]"},
        GrammarCase{"in_a_template", "xx${{ref \"ref+vault://mykv/foo?proto=http#/mykey\" }}",
                    "xx${{ref \"[vault:mykv/foo ?proto=http #/mykey]\" }}"}),
    [](const auto& named) { return named.param.name; });

// Where vals reads on into what cannot be meant
INSTANTIATE_TEST_SUITE_P(
    Ends, ValsGrammar,
    testing::Values(
        GrammarCase{"tab", "ref+echo://a\tb", "[echo:a]\tb"},
        GrammarCase{"carriage_return", "ref+echo://a\r\nb", "[echo:a]\r\nb"},
        GrammarCase{"single_quotes", "'ref+echo://a'", "'[echo:a]'"},
        GrammarCase{"backquotes", "`ref+echo://a`", "`[echo:a]`"},
        GrammarCase{"parenthesis", "f(ref+echo://a/b(c))", "f([echo:a/b(c)])"},
        GrammarCase{"brace", "${ref+echo://a}", "${[echo:a]}"},
        GrammarCase{"json_on_one_line", R"({"a":"ref+echo://a","b":["ref+echo://b"]})",
                    R"({"a":"[echo:a]","b":["[echo:b]"]})"},
        GrammarCase{"json_in_json", R"("{\"a\":\"ref+echo://a\"}")", R"("{\"a\":\"[echo:a]\"}")"},
        GrammarCase{"comma", "ref+echo://a,ref+echo://b,c", "[echo:a],[echo:b],c"},
        GrammarCase{"comma_in_a_key", "a=ref+vault://x#/pw,b=2", "a=[vault:x #/pw],b=2"},
        GrammarCase{"comma_between_options_and_reference", "ref+a://x?r=1,ref+b://y", "[a:x ?r=1],[b:y]"},
        GrammarCase{"last_comma_of_options", "ref+a://x?r=1,", "[a:x ?r=1],"},
        GrammarCase{"semicolon", "Password=ref+vault://x#/pw;Server=y", "Password=[vault:x #/pw];Server=y"},
        GrammarCase{"xml", "<p>ref+vault://x#/pw</p>", "<p>[vault:x #/pw]</p>"},
        GrammarCase{"text_behind_plus", "ref+echo://foo+bar", "[echo:foo]bar"},
        GrammarCase{"adjacent", "ref+echo://a+ref+echo://b", "[echo:a][echo:b]"},
        GrammarCase{"text_before", "user:ref+vault://x#/pw+@db", "user:[vault:x #/pw]@db"},
        GrammarCase{"one_letter", "ref+echo://a", "[echo:a]"},
        GrammarCase{"at_in_path", "ref+vault://user@host/x#/k", "[vault:user@host/x #/k]"},
        GrammarCase{"encoded_plus", "ref+file://a%2Bb/c#/d%2Be", "[file:a+b/c #/d+e]"},
        GrammarCase{"encoded_slash_in_key", "ref+file://a#/b%2Fc/d", "[file:a #/b/c/d]"},
        GrammarCase{"upper_case", "ref+VAULT://X", "[vault:X]"},
        GrammarCase{"first_of_two_options", "ref+a://x?p=1&p=2&version=3&version=4", "[a:x version 3 ?p=1]"},
        GrammarCase{"bad_percent", "x ref+file://50%/x+ y", "x [! a \"%\" without two hexadecimal digits behind it] y"},
        GrammarCase{"last_key_empty", "ref+a://x#/a/", "[a:x #/a/]"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    IsText, ValsGrammar,
    testing::Values(GrammarCase{"no_scheme", "ref+://x", "ref+://x"}, GrammarCase{"no_slashes", "ref+a:x", "ref+a:x"},
                    GrammarCase{"nothing_behind", "ref+echo:// ref+echo://", "ref+echo:// ref+echo://"},
                    GrammarCase{"plus_at_once", "ref+echo://+", "ref+echo://+"},
                    GrammarCase{"blank_in_scheme", "ref+ a://x", "ref+ a://x"},
                    GrammarCase{"scheme_of_digits", "ref+1a://x", "ref+1a://x"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Nested, ValsGrammar,
    testing::Values(GrammarCase{"in_the_middle", "ref+vault://ref+env://MOUNT+/data/x#/key y", "[vault {env:MOUNT}] y"},
                    GrammarCase{"two", "ref+vault://ref+env://A+/ref+env://B+#/key", "[vault {env:A} {env:B}]"},
                    GrammarCase{"outer_ended_too", "ref+vault://x/ref+env://A++y", "[vault {env:A}]y"},
                    GrammarCase{"quotes_end_both", "\"ref+a://ref+b://x\"", "\"[a {b:x}]\""},
                    GrammarCase{"bad_inner", "ref+a://ref+b://%zz/y z",
                                "[! a \"%\" without two hexadecimal digits behind it] z"}),
    [](const auto& named) { return named.param.name; });

TEST(ValsNesting, HasALimit) {
  std::string text = "x";
  for (std::size_t i = 0; i < k_vals_nesting_limit; ++i) {
    text = "ref+a://" + text;
  }
  ASSERT_EQ(find_vals(text).size(), 1U);
  EXPECT_EQ(find_vals(text)[0].kind, FetchedMatch::Kind::reference);
  const std::string deeper = "ref+a://" + text + " y";
  EXPECT_EQ(shown(deeper, find_vals(deeper)), "[! references stand inside each other more than 10 deep] y");
}

struct WholeCase {
  std::string name;
  std::string text;
  std::string reference;
};

class ValsWhole : public testing::TestWithParam<WholeCase> {};

TEST_P(ValsWhole, IsParsed) {
  const auto reference = parse_vals(GetParam().text);
  EXPECT_EQ(reference ? shown(*reference) : "error: " + reference.error().message, GetParam().reference);
}

INSTANTIATE_TEST_SUITE_P(
    Placeholder, ValsWhole,
    testing::Values(
        WholeCase{"ref", "ref+local://shop#/KEY", "local:shop #/KEY"},
        WholeCase{"secretref", "secretref+local://shop#/KEY+", "local:shop #/KEY"},
        WholeCase{"text_before", "x ref+local://shop", "error: no reference to a provider"},
        WholeCase{"text_behind", "ref+local://shop x", "error: something stands behind a reference to a provider"},
        WholeCase{"line_end", "ref+local://shop\n", "error: something stands behind a reference to a provider"},
        WholeCase{"two", "ref+local://a+ref+local://b", "error: something stands behind a reference to a provider"},
        WholeCase{"none", "shop", "error: no reference to a provider"},
        WholeCase{"bad_percent", "ref+file://%", "error: a \"%\" without two hexadecimal digits behind it"}),
    [](const auto& named) { return named.param.name; });

struct NestedCase {
  std::string name;
  std::string value;
  std::vector<std::string> nested;  // JSON
  std::string path;
  std::vector<std::string> keys = {};
};

class ValsWithNested : public testing::TestWithParam<NestedCase> {};

TEST_P(ValsWithNested, TakesTheValuesWhole) {
  const auto matches = find_vals(GetParam().value);
  ASSERT_EQ(matches.size(), 1U);
  std::vector<FetchedValue> values;
  for (const std::string& json : GetParam().nested) {
    values.push_back(std::move(*parse_json(json)));
  }
  const auto reference = with_nested(GetParam().value, matches[0].reference, values);
  if (!reference) {
    EXPECT_EQ("error: " + reference.error().message, GetParam().path);
    return;
  }
  EXPECT_EQ(reference->locator.path, GetParam().path);
  EXPECT_EQ(reference->path, GetParam().keys);
  EXPECT_EQ(reference->locator.text(), reference->locator.scheme + ":…");
  EXPECT_TRUE(reference->nested.empty());
  EXPECT_EQ(reference->begin, matches[0].reference.begin);
  EXPECT_EQ(reference->length, matches[0].reference.length);
}

INSTANTIATE_TEST_SUITE_P(
    Placeholder, ValsWithNested,
    testing::Values(NestedCase{"whole", "ref+echo://ref+env://X", {R"("a/b")"}, "a/b"},
                    NestedCase{"in_the_middle", "x ref+vault://ref+env://M+/shop#/k y", {R"("kv")"}, "kv/shop", {"k"}},
                    NestedCase{"two", "ref+vault://ref+env://A+/ref+env://B+#/k", {"1", "true"}, "1/true", {"k"}},
                    NestedCase{
                        "blanks_and_plus", "ref+file://ref+env://X+/y", {R"("a b+c\"%41\t,")"}, "a b+c\"%41\t,/y"},
                    NestedCase{"reference_in_the_value",
                               "ref+echo://ref+env://X",
                               {R"("ref+file:///etc/passwd")"},
                               "ref+file:///etc/passwd"},
                    NestedCase{"keys_in_the_value", "ref+vault://ref+env://X", {R"("kv/a#/b/c")"}, "kv/a", {"b", "c"}},
                    NestedCase{"map",
                               "ref+echo://ref+env://X",
                               {"{}"},
                               "error: a reference inside another gave no text, number or boolean"},
                    NestedCase{"null",
                               "ref+echo://ref+env://X",
                               {"null"},
                               "error: a reference inside another gave no text, number or boolean"},
                    NestedCase{"empty",
                               "ref+echo://ref+env://X",
                               {R"("")"},
                               "error: with the values of the references inside it, a reference is none any more"}),
    [](const auto& named) { return named.param.name; });

struct ValueCase {
  std::string name;
  std::string reference;
  std::string json;  // what the locator gave
  std::string value;
};

class ValsValue : public testing::TestWithParam<ValueCase> {};

TEST_P(ValsValue, IsTaken) {
  const auto reference = parse_vals(GetParam().reference);
  ASSERT_TRUE(reference);
  const auto read = parse_json(GetParam().json);
  ASSERT_TRUE(read);
  EXPECT_EQ(shown(evaluate(*reference, *read)), GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    Placeholder, ValsValue,
    testing::Values(
        ValueCase{"all", "ref+a://x", R"({"a":1})", "{a=n:1}"}, ValueCase{"text", "ref+a://x", R"("a: 1")", "t:a: 1"},
        ValueCase{"key", "ref+a://x#/a/b", R"({"a":{"b":"v"}})", "t:v"},
        ValueCase{"map", "ref+a://x#/a", R"({"a":{"b":[1]}})", "{b=[n:1]}"},
        ValueCase{"null", "ref+a://x#/a", R"({"a":null})", "z"},
        ValueCase{"item", "ref+a://x#/a/1", R"({"a":["v","w"]})", "t:w"},
        ValueCase{"yaml_text", "ref+a://x#/a/b", R"("a:\n  b: 0644\n")", "n:0644"},
        ValueCase{"json_text", "ref+a://x#/a", R"("{\"a\":12345678901234567890123}")", "n:12345678901234567890123"},
        ValueCase{"json_that_is_no_yaml", "ref+a://x#/b", R"(" {\"a\":\"\\ud83d\\ude00\",\"b\":\"v\"}\n")", "t:v"},
        ValueCase{"echo", "ref+echo://foo/bar/baz#/foo/bar", R"("foo/bar/baz")", "t:baz"},
        ValueCase{"missing", "ref+vault://kv/shop#/db-pass", R"({"db-password":"hunter2"})",
                  "error: secret not found: vault:kv/shop has no key \"db-pass\" (did you mean #/db-password?)"},
        ValueCase{"missing_below", "ref+vault://kv/shop#/db/pasword", R"({"db":{"password":"hunter2"}})",
                  "error: secret not found: vault:kv/shop has no key \"db/pasword\" (did you mean #/db/password?)"},
        ValueCase{"missing_far", "ref+vault://kv/shop#/x", R"({"db-password":"hunter2"})",
                  "error: secret not found: vault:kv/shop has no key \"x\""},
        ValueCase{"text_behind_the_key", "ref+vault://kv/shop#/pw@db:5432/shop", R"({"pw":"hunter2"})",
                  "error: secret not found: vault:kv/shop has no key \"pw@db:5432\" "
                  "(end the reference with \"+\" where text follows it: #/pw+)"},
        ValueCase{"missing_item", "ref+a://x#/a/2", R"({"a":["v","w"]})",
                  "error: secret not found: a:x has no key \"a/2\" (a list's items are counted from 0; it has 2)"},
        ValueCase{"below_a_scalar", "ref+a://x#/a/b", R"({"a":"hunter2"})",
                  "error: a scalar has no keys: a:x has one where a list or map is asked for"},
        ValueCase{"below_a_text", "ref+a://x#/a", R"("hunter2")",
                  "error: a scalar has no keys: a:x is one (leave out the part behind #)"},
        ValueCase{"no_yaml", "ref+a://x#/a", R"("'hunter2")",
                  "error: no keys can be read from a:x: not valid YAML: at byte 8 (leave out the part behind #)"}),
    [](const auto& named) { return named.param.name; });

TEST(ValsMarker, IsSeen) {
  EXPECT_TRUE(may_hold_vals("a: ref+vault://x"));
  EXPECT_TRUE(may_hold_vals("a: 1+2 secretref+vault://x"));
  EXPECT_FALSE(may_hold_vals("a: ref+x: + ref+ +"));
  EXPECT_FALSE(may_hold_vals("+://"));
}

}  // namespace
}  // namespace helmme::placeholder
