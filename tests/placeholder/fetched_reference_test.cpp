#include "placeholder/fetched_reference.h"

#include <gtest/gtest.h>

#include <string>

#include "crypto/base64.h"
#include "placeholder/vals.h"
#include "shown_for_tests.h"

namespace helmme::placeholder {
namespace {

const std::set<Dialect> k_all = {Dialect::vals, Dialect::argocd_vault_plugin, Dialect::bank_vaults};

struct FindCase {
  std::string name;
  std::string value;
  std::string matches;
  std::set<Dialect> dialects = k_all;
  ObjectAnnotations annotations = {};
};

class FindFetched : public testing::TestWithParam<FindCase> {};

TEST_P(FindFetched, IsInOrder) {
  EXPECT_EQ(shown(GetParam().value, find_fetched(GetParam().value, GetParam().dialects, GetParam().annotations)),
            GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(
    Placeholder, FindFetched,
    testing::Values(FindCase{"several_dialects", "<path:a#b> ref+vault://c#/d ${vault:e#f}",
                             "[vault:a #/b] [vault:c #/d] [vault:e #/f]"},
                    FindCase{"one_dialect",
                             "<path:a#b> ref+vault://c#/d ${vault:e#f}",
                             "<path:a#b> [vault:c #/d] ${vault:e#f}",
                             {Dialect::vals}},
                    FindCase{"none", "<path:a#b> ref+vault://c#/d", "<path:a#b> ref+vault://c#/d", {}},
                    FindCase{
                        "native_alone", "${secret:A} ref+vault://c", "${secret:A} ref+vault://c", {Dialect::native}},
                    FindCase{"vals_in_avp", "<path:ref+env://X#b>", "[vault:ref+env://X #/b]"},
                    FindCase{"bank_vaults_in_vals", "ref+echo://${vault:a#b}", "[echo:${vault:a #/b}]"},
                    FindCase{"annotation", "<k> <path:a#b>", "[vault:kv #/k] [vault:a #/b]", k_all, {.path = "kv"}}),
    [](const auto& named) { return named.param.name; });

TEST(FindFetched, IgnoresWhatTheAnnotationIgnores) {
  EXPECT_EQ(find_fetched("<path:a#b> ref+vault://c", k_all, {.ignore = true}).size(), 1U);
}

TEST(KeepsType, IsOfValsAndAvp) {
  const auto keeps = [](Dialect dialect) {
    FetchedReference reference;
    reference.dialect = dialect;
    return keeps_type(reference);
  };
  EXPECT_TRUE(keeps(Dialect::vals));
  EXPECT_TRUE(keeps(Dialect::argocd_vault_plugin));
  EXPECT_FALSE(keeps(Dialect::bank_vaults));
}

TEST(MayHoldFetched, SeesWhatIsFound) {
  for (const std::string text : {"ref+vault://a", "<path:a#b>", "vault:a#b", "${bao:a#b}", ">>vault:a#b"}) {
    EXPECT_TRUE(may_hold_fetched("a: '" + text + "'\n")) << text;
    for (const std::string before : {"", "a", "ab", "abc", "user:", "x=1;"}) {
      const base::Secret encoded = crypto::encode_base64(before + text);
      EXPECT_TRUE(may_hold_base64_fetched(encoded.reveal())) << before << text;
      std::string broken;
      for (const char c : encoded.reveal()) {
        broken += c;
        broken += "\n    ";
      }
      EXPECT_TRUE(may_hold_base64_fetched(broken)) << before << text;
    }
  }
  EXPECT_TRUE(may_hold_base64_fetched("avp.kubernetes.io/path: x"));
  EXPECT_TRUE(may_hold_base64_fetched(".dockerconfigjson: x"));
  EXPECT_FALSE(may_hold_fetched("image: vault:1.20\na: <b> c+d # e\n"));
  EXPECT_FALSE(may_hold_base64_fetched("kind: Secret\ndata: {password: aHVudGVyMg==}\n"));
}

struct RemoteCase {
  std::string name;
  std::string value;
  std::optional<std::string> property;
  std::optional<std::string> selection;
  std::optional<std::string> made;
};

class Remote : public testing::TestWithParam<RemoteCase> {};

TEST_P(Remote, IsSaid) {
  const auto matches = find_fetched(GetParam().value, k_all, {});
  ASSERT_EQ(matches.size(), 1U);
  ASSERT_EQ(matches[0].kind, FetchedMatch::Kind::reference) << matches[0].problem;
  EXPECT_EQ(remote_property(matches[0].reference), GetParam().property);
  EXPECT_EQ(remote_selection(matches[0].reference), GetParam().selection);
  EXPECT_EQ(remote_template(matches[0].reference, "v"), GetParam().made);
}

INSTANTIATE_TEST_SUITE_P(
    Placeholder, Remote,
    testing::Values(
        RemoteCase{"key", "<path:a#b>", "b", "b", "{{.v}}"}, RemoteCase{"all", "ref+vault://a", "", "", "{{.v}}"},
        RemoteCase{"below", "ref+vault://a#/b/c", "b.c", "b.c", "{{.v}}"},
        RemoteCase{"dot_in_a_key", "vault:a#tls.crt", "tls.crt", "tls.crt", "{{.v}}"},
        RemoteCase{"dot_in_one_of_several", "ref+vault://a#/b/c.d", std::nullopt, std::nullopt, std::nullopt},
        RemoteCase{"star", "vault:a#b*", std::nullopt, std::nullopt, std::nullopt},
        RemoteCase{"base64", "<path:a#b|base64encode>", std::nullopt, "b", "{{(.v | b64enc)}}"},
        RemoteCase{"chain", "<path:a#b|base64decode|sha256sum>", std::nullopt, "b", "{{((.v | b64dec) | sha256sum)}}"},
        RemoteCase{"indent", "<path:a#b|indent 4>", std::nullopt, "b",
                   R"x({{(regexReplaceAll "\n([^\n])" .v (print "\n" (repeat 4 " ") "${1}"))}})x"},
        RemoteCase{"json_path", "<path:a#b|jsonPath {.c}>", std::nullopt, "b", std::nullopt},
        RemoteCase{"template", "vault:a#${.b | b64dec}", std::nullopt, "",
                   "{{with .v | fromJson}}{{.b | b64dec}}{{end}}"},
        RemoteCase{"nested", "ref+vault://ref+env://X", std::nullopt, std::nullopt, std::nullopt}),
    [](const auto& named) { return named.param.name; });

TEST(RemoteTemplate, TakesVariablesOfAnyName) {
  const auto reference = parse_vals("ref+vault://a#/b");
  ASSERT_TRUE(reference);
  EXPECT_EQ(remote_template(*reference, "a-b"), "{{(index . \"a-b\")}}");
  EXPECT_EQ(remote_template(*reference, "a\"b"), std::nullopt);
}

}  // namespace
}  // namespace helmme::placeholder
