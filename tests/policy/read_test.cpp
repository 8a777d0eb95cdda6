#include "policy/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy_for_tests.h"

namespace helmme::policy {
namespace {

using ::testing::HasSubstr;

struct Wrong {
  const char* name;
  std::string body;
  std::string message;  // a part of it
  std::string help = {};
  std::size_t line = 0;  // 0: not looked at
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }

std::string bundle(const std::string& keys) { return "bundles: {b: {" + keys + "}}\n"; }

class WrongPolicy : public ::testing::TestWithParam<Wrong> {};
class WrongStreamPolicy : public ::testing::TestWithParam<Wrong> {};

void expect_wrong(const PolicyText& text, const Wrong& wrong) {
  base::Diagnostics diagnostics;
  EXPECT_FALSE(read_policies({text}, {.release = "r", .namespace_name = std::nullopt}, diagnostics).has_value());
  ASSERT_FALSE(diagnostics.errors.empty());
  const base::Error& error = diagnostics.errors.front();
  EXPECT_EQ(error.kind, base::ErrorKind::bad_input);
  EXPECT_THAT(error.message, HasSubstr(wrong.message));
  EXPECT_THAT(error.help, HasSubstr(wrong.help));
  ASSERT_TRUE(error.location.has_value());
  if (wrong.line != 0) {
    EXPECT_EQ(error.location->line, wrong.line);
  }
}

TEST_P(WrongPolicy, IsBadInput) { expect_wrong(operator_text(GetParam().body), GetParam()); }
TEST_P(WrongStreamPolicy, IsBadInput) { expect_wrong(stream_text(GetParam().body), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, WrongPolicy,
    ::testing::Values(
        Wrong{"syntax", "bundles: {b: [}\n", "not valid YAML", "", 3},
        Wrong{"doubled_key", "arguments: warn\narguments: error\n", "key \"arguments\" stands twice", "", 4},
        Wrong{"doubled_deep", "bundles:\n  b:\n    target: a\n    target: b\n", "key \"target\" stands twice", "", 6},
        Wrong{"unknown_top", "bundels: {}\n", "unknown key \"bundels\" in the policy", "did you mean bundles?", 3},
        Wrong{"unknown_top_far", "zzzzzzzz: 1\n", "unknown key \"zzzzzzzz\"", "known are apiVersion"},
        Wrong{"unknown_in_bundle", bundle("exstingSecret: a"), "unknown key \"exstingSecret\" in bundle \"b\"",
              "did you mean existingSecret?"},
        Wrong{"unknown_in_contract", bundle("required: {K: {minLenght: 3}}"), "unknown key \"minLenght\"",
              "did you mean minLength?"},
        Wrong{"unknown_in_metadata", "metadata: {nam: a}\n", "unknown key \"nam\" in metadata", "name"},
        Wrong{"unknown_in_defaults", "defaults: {targte: a}\n", "unknown key \"targte\" in defaults", "target"},
        Wrong{"unknown_in_existing", bundle("existingSecret: {nmae: a}"), "unknown key \"nmae\""},
        Wrong{"bundles_list", "bundles: [a]\n", "bundles must be a mapping, not a list"},
        Wrong{"bundle_text", "bundles: {b: text}\n", "bundle \"b\" must be a mapping, not text"},
        Wrong{"bundle_name", "bundles: {'a b': {}}\n", "a bundle's name may hold letters"},
        Wrong{"key_name", bundle("required: {'A B': {}}"), "a key of required may hold letters"},
        Wrong{"secret_name", bundle("existingSecret: Shop_Secrets"), "is no name of a Secret: \"Shop_Secrets\""},
        Wrong{"target_name", bundle("target: -a"), "target of bundle \"b\" is no name of a Secret"},
        Wrong{"existing_list", bundle("existingSecret: [a]"), "must be text, not a list"},
        Wrong{"existing_no_name", bundle("existingSecret: {keys: {A: b}}"), "has no name"},
        Wrong{"existing_boolean", bundle("existingSecret: true"), "is a number or a boolean to YAML",
              "put it in quotes"},
        Wrong{"target_number", bundle("target: 8080"), "is a number or a boolean to YAML"},
        Wrong{"existing_typed", bundle("existingSecret: 0123"), "is no text to YAML", "put it in quotes"},
        Wrong{"variable", bundle("existingSecret: '${relaese}-a'"), "unknown variable \"${relaese}\"", "${release}"},
        Wrong{"variable_open", bundle("target: 'a-${release'"), "unknown variable"},
        Wrong{"variable_unset", bundle("target: '${namespace}-a'"), "is not known in this run", "--namespace"},
        Wrong{"variable_in_replaces", bundle("replaces: {'${secret:A}': {a: A}}"), "unknown variable"},
        Wrong{"secrets_list", bundle("secrets: [a]"), "secrets of bundle \"b\" must be a mapping, not a list"},
        Wrong{"secrets_nested", bundle("secrets: {A: [a]}"), "must be text, not a list"},
        Wrong{"secrets_octal", bundle("secrets: {A: 0123}"), "is no text to YAML", "put it in quotes"},
        Wrong{"secrets_float", bundle("secrets: {A: 1e3}"), "is no text to YAML"},
        Wrong{"secrets_yes", bundle("secrets: {A: yes}"), "is no text to YAML"},
        Wrong{"secrets_both", bundle("secrets: {A: {env: A, file: a}}"), "{env: VARIABLE} or {file: PATH}"},
        Wrong{"secrets_unknown", bundle("secrets: {A: {evn: A}}"), "unknown key \"evn\"", "did you mean env?"},
        Wrong{"secrets_env_name", bundle("secrets: {A: {env: A-B}}"), "is no name of a variable"},
        Wrong{"secrets_raw", bundle("secrets: {A: {file: a, raw: yes}}"), "must be true or false"},
        Wrong{"secrets_ref", bundle("secrets: {A: ref+vault}"), "no reference to a provider"},
        Wrong{"secrets_secretref", bundle("secrets: {A: secretref+vault://}"), "no reference to a provider"},
        Wrong{"secrets_ref_in_ref", bundle("secrets: {A: 'ref+vault://ref+env://A+/b'}"),
              "a reference inside a reference"},
        Wrong{"files_text", bundle("secretsFiles: a.yaml"), "must be a list, not text"},
        Wrong{"files_ref", bundle("secretsFiles: [ref+file://a]"), "is not in this version"},
        Wrong{"delivery", bundle("delivery: apply"), "delivery \"apply\" is not in this version",
              "delivery: reference"},
        Wrong{"delivery_unknown", bundle("delivery: refrence"), "must be one of", "did you mean reference?"},
        Wrong{"default_delivery", "defaults: {delivery: sealedSecret}\n",
              "delivery \"sealedSecret\" is not in this version",
              "delivery: reference, externalSecret, secret or inline"},
        Wrong{"promote", bundle("promote: true"), "promote of bundle \"b\" is not in this version"},
        Wrong{"allow_values", "allowValues: [a]\n", "an item of allowValues must be a kind", "\"Kind/name:spec.path\""},
        Wrong{"store_ref", bundle("secretStoreRef: {kind: SecretStore}"), "secretStoreRef of bundle \"b\" has no name"},
        Wrong{"refresh", bundle("refreshInterval: hourly"), "refreshInterval of bundle \"b\" is no duration"},
        Wrong{"certificate", "defaults: {certificate: a}\n", "certificate of defaults is not in this version"},
        Wrong{"bridge", "bridge: vault\n", "bridge must be one of vals"},
        Wrong{"precedence", bundle("precedence: strcit"), "must be one of warn and strict", "did you mean strict?"},
        Wrong{"arguments", "arguments: forbid\n", "arguments must be one of warn and error"},
        Wrong{"dialects", "dialects: [natve]\n", "an item of dialects must be one of", "did you mean native?"},
        Wrong{"name_fields", "secretNameFields: [spec.a]\n", "must be a kind, a name and a path"},
        Wrong{"length", bundle("required: {K: {length: many}}"), "must be a whole number"},
        Wrong{"length_octal", bundle("required: {K: {length: 010}}"), "must be a whole number"},
        Wrong{"length_quoted", bundle("required: {K: {length: '8'}}"), "must be a whole number"},
        Wrong{"contradiction", bundle("required: {K: {minLength: 9, maxLength: 8}}"), "contradict each other"},
        Wrong{"charset", bundle("required: {K: {charset: hexa}}"), "must be one of any", "did you mean hex?"},
        Wrong{"pattern", bundle("required: {K: {pattern: '('}}"), "is no regular expression", "RE2"},
        Wrong{"default", bundle("required: {K: {length: 3, default: abcd}}"), "the default of the contract of \"K\""},
        Wrong{"generate", bundle("required: {K: {generate: {hex: 3, base64: 3}}}"), "must be one of hex"},
        Wrong{"generate_zero", bundle("required: {K: {generate: {hex: 0}}}"), "must be more than 0"},
        Wrong{"generate_charset", bundle("required: {K: {charset: hex, generate: {base64: 4}}}"),
              "makes characters that its charset forbids"},
        Wrong{"generate_prefix",
              bundle("required: {K: {charset: digits, generate: {prefix: x, alphabet: '01', length: 4}}}"),
              "makes characters that its charset forbids"},
        Wrong{"generate_uuid", bundle("required: {K: {charset: alphanumeric, generate: {uuid: true}}}"),
              "makes characters that its charset forbids"},
        Wrong{"generate_length", bundle("required: {K: {length: 9, generate: {hex: 4}}}"), "makes 8 characters"},
        Wrong{"keys_unknown", bundle("required: {AB: {}}, existingSecret: {name: a, keys: {AC: b}}"),
              "a key of keys is not in required of bundle \"b\": \"AC\"", "did you mean AB?"},
        Wrong{"replaces_unknown", bundle("required: {ABC: {}}, replaces: {s: {k: ABD}}"), "is not in required",
              "did you mean ABC?"},
        Wrong{"replaces_twice", bundle("replaces: {'${release}': {a: A}, r: {b: B}}"), "stands twice"},
        Wrong{"allow_scheme", "allow: {vualt: [a]}\n", "unknown key \"vualt\" in allow", "did you mean vault?"},
        Wrong{"allow_nothing", "allow: {}\n" + bundle("secrets: {A: {env: A}}"), "env \"A\" is outside of allow"},
        Wrong{"allow_empty_list", "allow: {env: []}\n" + bundle("secrets: {A: {env: A}}"), "is outside of allow"},
        Wrong{"allow_null_list", "allow: {env: }\n" + bundle("secrets: {A: {env: A}}"), "is outside of allow"},
        Wrong{"allow_empty_pattern", "allow: {env: ['']}\n" + bundle("secrets: {A: {env: A}}"), "is outside of allow"},
        Wrong{"allow_local", "allow: {local: [shop]}\n" + bundle("secrets: {A: 'ref+local://other#/A'}"),
              "local \"other\" is outside of allow", "allow: {local: [other]}"},
        Wrong{"allow_up", "allow: {file: [env/*]}\n" + bundle("secrets: {A: {file: env/../a}}"),
              "file \"env/../a\" is outside of allow"},
        Wrong{"allow_up_and_back", "allow: {file: [env/*]}\n" + bundle("secrets: {A: {file: env/link/../a}}"),
              "is outside of allow"},
        Wrong{"allow_text", "allow: ''\n", "allow must be a mapping, not text"},
        Wrong{"allow_list", "allow: []\n", "allow must be a mapping, not a list"},
        Wrong{"allow_shape", "allow: {vault: a}\n", "vault of allow must be a list, not text"},
        Wrong{"allow_env", "allow: {env: [JWT_*]}\n" + bundle("secrets: {A: {env: API_KEY}}"),
              "env \"API_KEY\" is outside of allow", "allow: {env: [API_KEY]}"},
        Wrong{"allow_file", "allow: {file: [env/*]}\n" + bundle("secrets: {A: {file: other/a}}"),
              "file \"other/a\" is outside of allow"},
        Wrong{"allow_files", "allow: {file: [env/*]}\n" + bundle("secretsFiles: [a.env]"), "is outside of allow"},
        Wrong{"allow_other_scheme", "allow: {file: [env/*]}\n" + bundle("secrets: {A: {env: A}}"),
              "is outside of allow"},
        Wrong{"tag", bundle("target: !name a"), "tags are not read here"},
        Wrong{"alias_in_itself", "bundles: &a {b: *a}\n", "an alias inside the node that it repeats"},
        Wrong{"key_is_list", "[a]: b\n", "a key must be text"},
        Wrong{"control", "bundles: {}\n\x04\n", "control characters are not allowed", "", 4},
        Wrong{"not_utf_8", "bundles: {}\n# \xFF\n", "not valid YAML", "", 4},
        Wrong{"open_quote", "bundles: {}\n\"bundles\n", "not valid YAML"},
        Wrong{"second_document", "bundles: {}\n---\nbundles: {}\n", "a second document", "one document a file", 4},
        Wrong{"after_the_end", "bundles: {}\n...\nbundles: {}\n", "a second document", "", 5},
        Wrong{"read_in_two_ways", "bundles: {}\narguments: \"\\N\"\n", "readers of YAML do not agree", "double quotes",
              4},
        Wrong{"line_end_to_one_reader", "bundles: {}\narguments: warn\xC2\x85metadata: {}\n", "not valid YAML", "", 4},
        Wrong{"deep", "bundles: " + std::string(100, '[') + std::string(100, ']') + "\n", "nested too deeply"},
        Wrong{"very_deep", "bundles: " + std::string(5000, '[') + "\n", "nested more than 512 levels deep"},
        Wrong{"merge_key", "bundles: {b: {<<: {target: a}}}\n", "unknown key \"<<\""}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    All, WrongStreamPolicy,
    ::testing::Values(Wrong{"secrets", bundle("secrets: {A: b}"), "may not set secrets of bundle \"b\"", "--policy"},
                      Wrong{"env", bundle("secrets: {A: {env: HOME}}"), "may not set secrets"},
                      Wrong{"files", bundle("secretsFiles: [a]"), "may not set secretsFiles of bundle \"b\""},
                      Wrong{"delivery", bundle("delivery: reference"), "may not set delivery of bundle \"b\""},
                      Wrong{"allow", "allow: {env: ['*']}\n", "may not set allow", "--policy FILE", 3},
                      Wrong{"defaults", "defaults: {target: a}\n", "may not set defaults"},
                      Wrong{"dialects", "dialects: [native]\n", "may not set dialects"},
                      Wrong{"arguments", "arguments: warn\n", "may not set arguments"},
                      Wrong{"fields", "secretNameFields: ['A/b:c']\n", "may not set secretNameFields"},
                      Wrong{"values", "allowValues: ['A/b:c']\n", "may not set allowValues"},
                      Wrong{"promote", bundle("promote: true"), "is not in this version"},
                      Wrong{"unknown", bundle("foo: true"), "unknown key \"foo\""}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Header, MustBeOurs) {
  for (const auto& [text, message] : std::vector<std::pair<std::string, std::string>>{
           {"", "apiVersion is missing"},
           {"# nothing\n", "apiVersion is missing"},
           {"apiVersion: helm-me/v1\nkind: SecretPolicy\n", "apiVersion must be helm-me/v1alpha1"},
           {"apiVersion: helm-me/v1alpha1\n", "kind is missing"},
           {"apiVersion: helm-me/v1alpha1\nkind: [a]\n", "kind must be SecretPolicy"},
           {"[a]\n", "a policy must be a mapping, not a list"},
           {"\xFF\xFE", "UTF-16"},
           {std::string(1024 * 1024 + 1, '#'), "larger than 1 MiB"}}) {
    base::Diagnostics diagnostics;
    EXPECT_FALSE(read_policies({{.source = {"p", text}, .folder = {}, .object = {}}}, {}, diagnostics).has_value());
    ASSERT_FALSE(diagnostics.errors.empty()) << message;
    EXPECT_THAT(diagnostics.errors.front().message, HasSubstr(message));
  }
}

TEST(Read, EveryField) {
  base::Diagnostics diagnostics;
  const std::optional<Policy> policy = read_policies({operator_text(R"(metadata: {name: shop}
bundles:
  shop:
    required:
      A: {length: 8, charset: hex, pattern: '[0-9a-f]+', generate: {hex: 4}}
      B: {minLength: 2, maxLength: 50, generate: {prefix: x_, alphabet: abc, length: 5}}
      C: {default: 8080}
      D:
    existingSecret: {name: "${release}-secrets", keys: {A: a-key}}
    secrets: {A: {env: A_VALUE}, B: {file: b.txt, raw: true}, C: "0123"}
    secretsFiles: [a.yaml, b.env]
    delivery: reference
    target: "${namespace}.${release}"
    replaces: {"${release}-chart": {jwt: A}}
    precedence: strict
allow: {env: [A_*], file: ["*"], exec: [], vault: [secret/*]}
arguments: error
dialects: [native, vals]
secretNameFields: ["Certificate/*:spec.secretName"]
allowValues: ["App/*:spec.source.*", "B/c:d"]
)",
                                                                    "/folder")},
                                                     {.release = "rel", .namespace_name = "ns"}, diagnostics);
  ASSERT_TRUE(policy.has_value()) << printed(diagnostics);
  const Bundle& bundle = policy->bundles.at("shop");
  EXPECT_EQ(bundle.required.size(), 4U);
  EXPECT_EQ(bundle.required.at("A").length, 8U);
  EXPECT_EQ(bundle.required.at("A").charset, Charset::hex);
  EXPECT_EQ(bundle.required.at("A").pattern, "[0-9a-f]+");
  EXPECT_EQ(bundle.required.at("A").generate->count, 4U);
  EXPECT_EQ(bundle.required.at("B").min_length, 2U);
  EXPECT_EQ(bundle.required.at("B").max_length, 50U);
  EXPECT_EQ(bundle.required.at("B").generate->prefix, "x_");
  EXPECT_EQ(bundle.required.at("B").generate->kind, Generate::Kind::alphabet);
  EXPECT_EQ(bundle.required.at("C").default_value, "8080");
  EXPECT_EQ(bundle.existing_secret->name, "rel-secrets");
  EXPECT_EQ(bundle.existing_secret->keys.at("A"), "a-key");
  EXPECT_EQ(std::get<FromEnvironment>(bundle.secrets.at("A").value).variable, "A_VALUE");
  EXPECT_TRUE(std::get<FromFile>(bundle.secrets.at("B").value).raw);
  EXPECT_EQ(bundle.secrets.at("B").folder, "/folder");
  EXPECT_EQ(std::get<base::Secret>(bundle.secrets.at("C").value).reveal(), "0123");
  ASSERT_EQ(bundle.secrets_files.size(), 2U);
  EXPECT_EQ(bundle.secrets_files[1].path, "b.env");
  EXPECT_EQ(bundle.target, "ns.rel");
  EXPECT_EQ(bundle.replaces.at("rel-chart").at("jwt"), "A");
  EXPECT_TRUE(bundle.strict);
  EXPECT_EQ(policy->arguments, Arguments::error);
  EXPECT_EQ(policy->dialects, (std::vector<std::string>{"native", "vals"}));
  EXPECT_EQ(bundle.delivery, Delivery::reference);
  EXPECT_EQ(policy->secret_name_fields, (std::vector<std::string>{"Certificate/*:spec.secretName"}));
  EXPECT_EQ(policy->allow_values, (std::vector<std::string>{"App/*:spec.source.*", "B/c:d"}));
  ASSERT_EQ(diagnostics.warnings.size(), 1U);
  EXPECT_THAT(diagnostics.warnings[0].message, HasSubstr("secrets of bundle \"shop\" holds a value in plaintext"));
}

TEST(Read, EmptyMeansNotConfigured) {
  base::Diagnostics diagnostics;
  const auto policy = read_policies(
      {stream_text("allow: {}\ndefaults:\ndialects: []\nbundles:\n  b: {required: {}, existingSecret: '', secrets: {}, "
                   "secretsFiles: [], delivery: '', target: null, replaces: {}, promote: []}\n")},
      {}, diagnostics);
  ASSERT_TRUE(policy.has_value()) << printed(diagnostics);
  const Bundle& bundle = policy->bundles.at("b");
  EXPECT_FALSE(bundle.existing_secret || bundle.target);
  EXPECT_FALSE(policy->dialects);
}

TEST(Read, AllowOpensWhatItNames) {
  base::Diagnostics local;
  EXPECT_TRUE(read_policies({operator_text("allow: {local: [shop]}\n" + bundle("secrets: {A: 'ref+local://shop#/A'}"))},
                            {}, local))
      << printed(local);
  for (const char* allow :
       {"", "allow:\n", "allow: {env: [A_*], file: [env/*]}\n", "allow: {env: ['*'], file: [./env//*]}\n"}) {
    base::Diagnostics diagnostics;
    EXPECT_TRUE(read_policies({operator_text(allow + bundle("secrets: {A: {env: A_B}, B: {file: ./env//b}}, "
                                                            "secretsFiles: [env/c.env]"))},
                              {}, diagnostics))
        << allow << printed(diagnostics);
  }
}

TEST(Read, GenerateMayMeetItsCharset) {
  base::Diagnostics diagnostics;
  EXPECT_TRUE(read_policies({operator_text(bundle("required: {A: {charset: hex, generate: {prefix: af, hex: 4}}, "
                                                  "B: {charset: base64, generate: {base64: 4}}, "
                                                  "C: {charset: digits, generate: {alphabet: '0123', length: 4}}, "
                                                  "D: {charset: printable, generate: {uuid: true}}}"))},
                            {}, diagnostics))
      << printed(diagnostics);
}

TEST(Read, EmptyKeysOfSecretsAreNotConfigured) {
  base::Diagnostics diagnostics;
  const auto policy = read_policies(
      {operator_text(
          bundle("existingSecret: {name: '', keys: {}}, secrets: {A: '', B: null}, secretsFiles: ['', null]"))},
      {}, diagnostics);
  ASSERT_TRUE(policy.has_value()) << printed(diagnostics);
  EXPECT_TRUE(policy->bundles.at("b").secrets.empty());
  EXPECT_TRUE(policy->bundles.at("b").secrets_files.empty());
  EXPECT_FALSE(policy->bundles.at("b").existing_secret.has_value());
}

TEST(Read, DefaultsServeBundlesThatSayNothing) {
  base::Diagnostics diagnostics;
  const auto policy = read_policies(
      {operator_text("defaults: {target: all, precedence: strict, arguments: error, delivery: secret}\n"
                     "bundles: {a: {delivery: }, b: {target: own, precedence: warn, delivery: inline}}\n")},
      {}, diagnostics);
  ASSERT_TRUE(policy.has_value()) << printed(diagnostics);
  EXPECT_EQ(policy->bundles.at("a").target, "all");
  EXPECT_TRUE(policy->bundles.at("a").strict);
  EXPECT_EQ(policy->bundles.at("a").delivery, Delivery::secret);
  EXPECT_EQ(policy->bundles.at("b").delivery, Delivery::inline_value);
  EXPECT_EQ(policy->bundles.at("b").target, "own");
  EXPECT_FALSE(policy->bundles.at("b").strict);
  EXPECT_EQ(policy->arguments, Arguments::error);
}

TEST(Read, JsonAnchorsAndByteOrderMark) {
  base::Diagnostics diagnostics;
  const auto policy = read_policies(
      {{.source = {"p",
                   "\xEF\xBB\xBF{\"apiVersion\": \"helm-me/v1alpha1\", \"kind\": \"SecretPolicy\", \"bundles\": "
                   "{\"a\": &a {\"existingSecret\": \"x\"}, \"b\": *a}}"},
        .folder = {},
        .object = {}}},
      {}, diagnostics);
  ASSERT_TRUE(policy.has_value()) << printed(diagnostics);
  EXPECT_EQ(policy->bundles.at("b").existing_secret->name, "x");
}

TEST(Read, OneDocumentMayBeMarkedAsOne) {
  for (const char* text : {"# c\n---\n$---\n# c\n", "---\n$...\n", "--- # c\n$", "\xEF\xBB\xBF---\n$"}) {
    std::string whole = text;
    whole.replace(whole.find('$'), 1, k_header + "bundles: {b: {target: B}}\n");
    base::Diagnostics diagnostics;
    EXPECT_FALSE(read_policies({{.source = {"p", whole}, .folder = {}, .object = {}}}, {}, diagnostics));
    ASSERT_EQ(diagnostics.errors.size(), 1U) << printed(diagnostics);
    EXPECT_THAT(diagnostics.errors[0].message, HasSubstr("is no name of a Secret"));
    EXPECT_EQ(diagnostics.errors[0].location->snippet, "bundles: {b: {target: B}}");
    EXPECT_EQ(diagnostics.errors[0].location->column, 23U);
  }
}

TEST(Read, AliasesThatMultiplyAreRefused) {
  std::string body = "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*x" + std::to_string(i - 1);
    body += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 9; ++j) {
      body += ", " + before;
    }
    body += "]\n";
  }
  base::Diagnostics diagnostics;
  EXPECT_FALSE(read_policies({operator_text(body)}, {}, diagnostics).has_value());
  EXPECT_THAT(printed(diagnostics), HasSubstr("aliases multiply without end"));
}

TEST(Read, EveryProblemIsReported) {
  base::Diagnostics diagnostics;
  EXPECT_FALSE(read_policies({operator_text("foo: 1\nbundles:\n  a: {bar: 1}\n  b: {target: A}\n")}, {}, diagnostics));
  EXPECT_EQ(diagnostics.errors.size(), 3U);
}

TEST(Read, PlacesPointAtTheText) {
  base::Diagnostics diagnostics;
  EXPECT_FALSE(read_policies({operator_text("bundles:\n  b:\n    tärget: a\n    target: Ab\n")}, {}, diagnostics));
  ASSERT_EQ(diagnostics.errors.size(), 2U);
  EXPECT_EQ(diagnostics.errors[1].location->file, "helm-me.yaml");
  EXPECT_EQ(diagnostics.errors[1].location->line, 6U);
  EXPECT_EQ(diagnostics.errors[1].location->column, 13U);
  EXPECT_EQ(diagnostics.errors[1].location->length, 2U);
  EXPECT_EQ(diagnostics.errors[1].location->snippet, "    target: Ab");
}

TEST(Stream, PlacesAreTheStreams) {
  PolicyText text = stream_text("foo: 1\n");
  text.first_line = 41;
  base::Diagnostics diagnostics;
  EXPECT_FALSE(read_policies({text}, {}, diagnostics));
  EXPECT_EQ(diagnostics.errors.at(0).location->line, 43U);
  EXPECT_EQ(diagnostics.errors.at(0).location->object, text.object);
}

TEST(Stream, MaySetWhatItMay) {
  base::Diagnostics diagnostics;
  const auto policy = read_policies(
      {stream_text("metadata: {name: a, labels: {x: y}}\nbundles: {b: {required: {A: {minLength: 2}}, existingSecret: "
                   "'${release}', replaces: {s: {a: A}}, target: t, precedence: strict}}\n")},
      {.release = "r", .namespace_name = {}}, diagnostics);
  ASSERT_TRUE(policy.has_value()) << printed(diagnostics);
  EXPECT_EQ(policy->bundles.at("b").existing_secret->name, "r");
}

TEST(Stream, DistinctBundlesMergeAndDoubledOnesAreErrors) {
  base::Diagnostics diagnostics;
  EXPECT_TRUE(read_policies({operator_text("bundles: {a: {}}\n"), stream_text("bundles: {b: {}}\n"),
                             stream_text("bundles: {c: {}}\n")},
                            {}, diagnostics)
                  .has_value());
  EXPECT_FALSE(
      read_policies({operator_text("bundles: {a: {}}\n"), stream_text("bundles: {a: {}}\n")}, {}, diagnostics));
  EXPECT_FALSE(read_policies({stream_text("bundles: {a: {}}\n"), stream_text("bundles: {a: {}}\n")}, {}, diagnostics));
  ASSERT_EQ(diagnostics.errors.size(), 2U);
  EXPECT_THAT(diagnostics.errors[0].message, HasSubstr("bundle \"a\" is there twice"));
  EXPECT_THAT(diagnostics.errors[0].notes.at(0), HasSubstr("helm-me.yaml:3"));
}

}  // namespace
}  // namespace helmme::policy
