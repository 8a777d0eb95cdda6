#include "policy/helm_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/resolve.h"
#include "policy_for_tests.h"

namespace helmme::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string described(const ValueSource& source) {
  if (const auto* variable = std::get_if<FromEnvironment>(&source.value)) {
    return "env:" + variable->variable;
  }
  if (const auto* file = std::get_if<FromFile>(&source.value)) {
    return (file->raw ? "raw:" : "file:") + file->path;
  }
  return std::string(std::get<base::Secret>(source.value).reveal());
}

// "shop existingSecret=name{KEY=key} secrets=KEY=value secretsFiles=path", bundles by " | ".
std::string described(const Policy& policy) {
  std::string out;
  for (const auto& [name, bundle] : policy.bundles) {
    out += (out.empty() ? "" : " | ") + name;
    if (bundle.existing_secret) {
      out += " existingSecret=" + bundle.existing_secret->name;
      for (const auto& [key, in_secret] : bundle.existing_secret->keys) {
        out += "{" + key + "=" + in_secret + "}";
      }
    }
    for (const auto& [key, source] : bundle.secrets) {
      out += " secrets=" + key + "=" + described(source);
    }
    for (const SecretsFile& file : bundle.secrets_files) {
      out += " secretsFiles=" + file.path;
    }
  }
  return out;
}

struct Values {
  const char* name;
  std::string text;
  std::string bundles;
};

void PrintTo(const Values& values, std::ostream* out) { *out << values.name; }

class HelmValues : public ::testing::TestWithParam<Values> {};

TEST_P(HelmValues, HoldBundles) {
  base::Diagnostics diagnostics;
  const auto policy = read_policies({values_text(GetParam().text)}, {}, diagnostics);
  ASSERT_TRUE(policy.has_value()) << printed(diagnostics);
  EXPECT_EQ(described(*policy), GetParam().bundles);
  for (const auto& [name, bundle] : policy->bundles) {
    EXPECT_FALSE(bundle.declared);
    EXPECT_TRUE(bundle.problems.empty()) << bundle.problems.front().message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, HelmValues,
    ::testing::Values(
        Values{"nothing", "", ""}, Values{"comment", "# nothing\n", ""}, Values{"none", "image: {tag: 1.20}\n", ""},
        Values{"existing_secret", "shop: {existingSecret: s}\n", "shop existingSecret=s"},
        Values{"secrets", "shop:\n  secrets:\n    A: x\n    B: '1e3'\n    C: 8080\n",
               "shop secrets=A=x secrets=B=1e3 secrets=C=8080"},
        Values{"files", "shop: {secretsFiles: [env/a.yaml, b.env]}\n",
               "shop secretsFiles=env/a.yaml secretsFiles=b.env"},
        Values{"all", "shop: {existingSecret: s, secrets: {A: x}, secretsFiles: [f]}\n",
               "shop existingSecret=s secrets=A=x secretsFiles=f"},
        Values{"root", "existingSecret: s\nshop: {image: x}\n", "values existingSecret=s"},
        Values{"path", "global: {shop: {existingSecret: s}, existingSecret: t}\n",
               "global existingSecret=t | global.shop existingSecret=s"},
        Values{"list", "apps: [{name: a}, {existingSecret: s}]\n", "apps.1 existingSecret=s"},
        Values{"lists_in_lists", "a: [[{existingSecret: s}]]\n", "a.0.0 existingSecret=s"},
        Values{"dotted_key", "a.b: {existingSecret: s}\n", "a.b existingSecret=s"},
        Values{"no_name_of_a_bundle", "a/b: {existingSecret: s, c: {existingSecret: s}}\n'': {existingSecret: s}\n",
               ""},
        Values{"mapped", "shop: {existingSecret: {name: s, keys: {A: a-key, B: ''}}}\n",
               "shop existingSecret=s{A=a-key}"},
        Values{"mapping_of_a_name", "shop: {existingSecret: {name: s, keys: }}\n", "shop existingSecret=s"},
        Values{"origins", "shop: {secrets: {A: {env: VAR}, B: {file: b.txt}, C: {file: c, raw: true}}}\n",
               "shop secrets=A=env:VAR secrets=B=file:b.txt secrets=C=raw:c"},
        Values{"empties", "a: {existingSecret: '', secrets: {}, secretsFiles: []}\nb: {existingSecret: , secrets: }\n",
               ""},
        Values{"empty_keys", "a: {secrets: {A: '', B: , C: {}}, secretsFiles: ['', null]}\n", ""},
        Values{"some_empty_keys", "a: {existingSecret: '', secrets: {A: '', B: x}}\n", "a secrets=B=x"},
        Values{"other_existing_secrets",
               "a: {existingSecret: true}\nb: {existingSecret: 8080}\nc: {existingSecret: [s]}\n"
               "d: {existingSecret: {name: s, key: k}}\ne: {existingSecret: {keys: {A: b}}}\n"
               "f: {existingSecret: {name: '', keys: {}}}\ng: {existingSecret: {name: {a: b}}}\n"
               "h: {existingSecret: {name: s, keys: {A: {b: c}}}}\ni: {existingSecret: {name: s, keys: [a]}}\n",
               ""},
        Values{"other_secrets",
               "a: {secrets: true}\nb: {secrets: [x, y]}\nc: {secrets: text}\nd: {secrets: {A: {b: c}}}\n"
               "e: {secrets: {A: [b]}}\nf: {secrets: {enabled: true}}\ng: {secrets: {A: {env: V, file: f}}}\n"
               "h: {secrets: {A: {env: [V]}}}\ni: {secrets: {'a b': x}}\n",
               ""},
        Values{"other_files",
               "a: {secretsFiles: true}\nb: {secretsFiles: f.yaml}\nc: {secretsFiles: {a: b}}\n"
               "d: {secretsFiles: [{a: b}, [c], 5]}\n",
               ""},
        Values{"other_things_beside", "a: {secrets: {create: true, A: x, db: {user: y}}, secretsFiles: [{a: b}, f]}\n",
               "a secrets=A=x secretsFiles=f"},
        Values{"inside_secrets", "secrets: {db: {existingSecret: s}}\n", "secrets.db existingSecret=s"},
        Values{"tags", "a: !x {b: !!float 1.5, c: !!binary eA==, d: !y [1]}\nb: {existingSecret: !!str s}\n",
               "b existingSecret=s"},
        Values{"tagged_sources",
               "a: {existingSecret: !!binary eA==}\nb: {secrets: {A: !!binary eA==, B: !!int 5}}\n"
               "c: {secretsFiles: [!x f]}\n",
               ""},
        Values{"types", "a: {b: 1.5, c: 1e3, d: 0123, e: yes, f: 2001-12-14, g: ~, h: .inf}\n", ""},
        Values{"alias", "a: &a {existingSecret: s}\nb: *a\n", "a existingSecret=s | b existingSecret=s"},
        Values{"alias_of_text", "name: &n s\na: {existingSecret: *n}\n", "a existingSecret=s"},
        Values{"merge_key", "x: &x {existingSecret: s, secrets: {A: x}}\ny: {<<: *x, secrets: {B: w}}\n",
               "x existingSecret=s secrets=A=x | y existingSecret=s secrets=B=w"},
        Values{"merge_keys",
               "x: &x {existingSecret: s}\ny: &y {existingSecret: t, secretsFiles: [f]}\nz: {<<: [*x, *y]}\n",
               "x existingSecret=s | y existingSecret=t secretsFiles=f | z existingSecret=s secretsFiles=f"},
        Values{"merge_key_in_quotes", "a: {'<<': {existingSecret: s}}\n", ""},
        Values{"json", R"({"a": {"existingSecret": "s", "secrets": null}})", "a existingSecret=s"},
        Values{"marked", "# c\n---\na: {existingSecret: s}\n", "a existingSecret=s"}),
    [](const auto& test) { return std::string(test.param.name); });

struct WrongValues {
  const char* name;
  std::string text;
  std::string message;
  std::size_t line;
};

void PrintTo(const WrongValues& values, std::ostream* out) { *out << values.name; }

class BadHelmValues : public ::testing::TestWithParam<WrongValues> {};

TEST_P(BadHelmValues, AreRefusedAndNotShown) {
  base::Diagnostics diagnostics;
  EXPECT_FALSE(read_policies({values_text(GetParam().text)}, {}, diagnostics).has_value());
  ASSERT_EQ(diagnostics.errors.size(), 1U) << printed(diagnostics);
  EXPECT_EQ(diagnostics.errors[0].kind, base::ErrorKind::bad_input);
  EXPECT_THAT(diagnostics.errors[0].message, HasSubstr(GetParam().message));
  EXPECT_EQ(diagnostics.errors[0].location->file, "values.yaml");
  EXPECT_EQ(diagnostics.errors[0].location->line, GetParam().line);
  EXPECT_EQ(diagnostics.errors[0].location->snippet, "");
  EXPECT_THAT(printed(diagnostics), Not(HasSubstr("hunter2")));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadHelmValues,
    ::testing::Values(WrongValues{"list", "- hunter2\n", "Helm values must be a mapping, not a list", 1},
                      WrongValues{"text", "hunter2\n", "Helm values must be a mapping, not text", 1},
                      WrongValues{"broken", "a: x\npassword: \"hunter2\n", "not valid YAML", 3},
                      WrongValues{"doubled", "a: {secrets: {A: hunter2}}\na: {secrets: {A: hunter2}}\n",
                                  "key \"a\" stands twice", 2},
                      WrongValues{"like_a_policy", "kind: hunter2\nmetadata: {name: hunter2, name: hunter2}\n",
                                  "key \"name\" stands twice", 2},
                      WrongValues{"second_document", "a: x\n---\na: hunter2\n", "a second document", 2},
                      WrongValues{"one_name", "a: {b: {existingSecret: s}}\na.b: {existingSecret: s}\n",
                                  "bundle \"a.b\" is there twice", 2},
                      WrongValues{"template", "a: {{ hunter2 }}\n", "a key must be text", 1}),
    [](const auto& test) { return std::string(test.param.name); });

// Reads and resolves values, with policies where there are any.
class WithHelmValues : public ::testing::Test {
 protected:
  std::map<std::string, ResolvedBundle> resolve(const std::vector<PolicyText>& texts,
                                                std::optional<Delivery> deliver = std::nullopt) {
    diagnostics_ = {};
    policy_ = read_policies(texts, {.release = "rel", .namespace_name = {}}, diagnostics_);
    if (!policy_) {
      return {};
    }
    return resolve_bundles(*policy_, {.environment = &environment_, .deliver = deliver}, diagnostics_);
  }

  std::string warnings() const {
    std::string out;
    for (const base::Warning& warning : diagnostics_.warnings) {
      out += warning.message + "\n";
    }
    return out;
  }

  Folder folder_;
  MapEnvironment environment_;
  std::optional<Policy> policy_;
  base::Diagnostics diagnostics_;
};

const std::string k_contract =
    "bundles: {shop: {required: {KEY: {length: 4}}, target: t, replaces: {s: {k: KEY}}, precedence: warn}}\n";

TEST_F(WithHelmValues, EachApproachAllAndNone) {
  folder_.write("env/shop.yaml", "KEY: file\n");
  struct Approach {
    const char* sources;
    SourceKind winner;
    std::size_t shadowed;
    const char* secret_name;
    const char* value;
  };
  for (const Approach& approach :
       std::vector<Approach>{{"existingSecret: live", SourceKind::existing_secret, 0, "live", ""},
                             {"secrets: {KEY: text}", SourceKind::secrets, 0, "t", "text"},
                             {"secretsFiles: [env/shop.yaml]", SourceKind::secrets_files, 0, "t", "file"},
                             {"existingSecret: live, secrets: {KEY: text}, secretsFiles: [env/shop.yaml]",
                              SourceKind::existing_secret, 2, "live", ""},
                             {"existingSecret: '', secrets: {KEY: text}, secretsFiles: [env/shop.yaml]",
                              SourceKind::secrets, 1, "t", "text"}}) {
    SCOPED_TRACE(approach.sources);
    const PolicyText values = values_text("shop: {" + std::string(approach.sources) + "}\n", folder_.path());
    const auto bundles = resolve({operator_text(k_contract), values});
    ASSERT_FALSE(diagnostics_.failed()) << printed(diagnostics_);
    const ResolvedBundle& shop = bundles.at("shop");
    EXPECT_EQ(shop.winner, approach.winner);
    EXPECT_EQ(shop.shadowed.size(), approach.shadowed);
    EXPECT_EQ(shop.secret_name, approach.secret_name);
    EXPECT_EQ(shop.values.contains("KEY") ? shop.values.at("KEY").reveal() : "", approach.value);
    if (approach.shadowed > 0) {
      EXPECT_THAT(printed(diagnostics_), HasSubstr("secretsFiles is set in values.yaml:1"));
    }
    EXPECT_EQ(warnings().find("shadowed") != std::string::npos, approach.shadowed > 0);
    EXPECT_EQ(warnings().find("it keeps in the release") != std::string::npos,
              std::string(approach.sources).find("KEY") != std::string::npos);
  }
  (void)resolve(
      {operator_text(k_contract), values_text("shop: {existingSecret: '', secrets: {}, secretsFiles: []}\n")});
  ASSERT_EQ(diagnostics_.errors.size(), 1U);
  EXPECT_EQ(diagnostics_.errors[0].kind, base::ErrorKind::not_found);
  EXPECT_THAT(diagnostics_.errors[0].message, HasSubstr("no source is configured for bundle \"shop\""));
}

TEST_F(WithHelmValues, TheContractIsThePolicysAndIsCheckedAtOnce) {
  (void)resolve({operator_text(k_contract), values_text("shop: {secrets: {KEY: hunter2, OTHER: x}}\n")});
  ASSERT_EQ(diagnostics_.errors.size(), 1U) << printed(diagnostics_);
  EXPECT_THAT(diagnostics_.errors[0].message, HasSubstr("the value of \"KEY\" breaks its contract"));
  EXPECT_THAT(printed(diagnostics_), Not(HasSubstr("hunter2")));
  (void)resolve({operator_text(k_contract), values_text("shop: {secretsFiles: [none.yaml]}\n", folder_.path())});
  ASSERT_EQ(diagnostics_.errors.size(), 1U);
  EXPECT_EQ(diagnostics_.errors[0].kind, base::ErrorKind::not_found);
  (void)resolve({operator_text(k_contract), values_text("shop: {existingSecret: {name: s, keys: {KEYS: k}}}\n")});
  ASSERT_EQ(diagnostics_.errors.size(), 1U);
  EXPECT_THAT(diagnostics_.errors[0].message, HasSubstr("a key of keys is not in required of bundle \"shop\""));
}

TEST_F(WithHelmValues, SourcesAreTakenAsAWhole) {
  const std::string own =
      "bundles: {shop: {existingSecret: {name: own, keys: {KEY: k}}, secrets: {KEY: x}, target: t}}\n";
  (void)resolve({operator_text(own), values_text("shop: {secretsFiles: [f.yaml]}\n")});
  EXPECT_EQ(described(*policy_), "shop secretsFiles=f.yaml");
  EXPECT_EQ(policy_->bundles.at("shop").target, "t");
  EXPECT_TRUE(policy_->bundles.at("shop").declared);
  (void)resolve({operator_text(own), values_text("shop: {existingSecret: other}\n")});
  EXPECT_EQ(described(*policy_), "shop existingSecret=other");
  (void)resolve({operator_text(own), values_text("shop: {existingSecret: '', secrets: true}\n")});
  EXPECT_EQ(described(*policy_), "shop existingSecret=own{KEY=k} secrets=KEY=x");
  (void)resolve({operator_text("bundles: {shop: }\n"), values_text("shop: {existingSecret: s}\n")});
  EXPECT_EQ(described(*policy_), "shop existingSecret=s");
}

TEST_F(WithHelmValues, TheRestStaysThePolicys) {
  (void)resolve({operator_text("bundles: {global.shop: {required: {KEY: {}}, target: t, replaces: {s: {k: KEY}}, "
                               "precedence: strict, delivery: secret, secretsFiles: [own]}}\n"),
                 values_text("global: {shop: {secrets: {KEY: x}}}\n")});
  const Bundle& bundle = policy_->bundles.at("global.shop");
  EXPECT_TRUE(bundle.strict);
  EXPECT_EQ(bundle.target, "t");
  EXPECT_EQ(bundle.delivery, Delivery::secret);
  EXPECT_TRUE(bundle.replaces.contains("s"));
  EXPECT_TRUE(bundle.required.contains("KEY"));
  EXPECT_FALSE(diagnostics_.failed()) << printed(diagnostics_);
}

TEST_F(WithHelmValues, FillThePolicyOfAChartToo) {
  const auto bundles =
      resolve({stream_text("bundles: {shop: {required: {KEY: {}}, target: '${release}-t', existingSecret: own}}\n"),
               values_text("shop: {secrets: {KEY: {env: VAR}}}\nother: {existingSecret: '${release}-o'}\n")});
  EXPECT_EQ(described(*policy_), "other existingSecret=rel-o | shop secrets=KEY=env:VAR");
  ASSERT_EQ(diagnostics_.errors.size(), 1U);
  EXPECT_THAT(diagnostics_.errors[0].message, HasSubstr("environment variable VAR is not set"));
  (void)resolve({stream_text("bundles: {shop: {secrets: {KEY: x}}}\n"), values_text("shop: {existingSecret: s}\n")});
  ASSERT_EQ(diagnostics_.errors.size(), 1U);
  EXPECT_THAT(diagnostics_.errors[0].message, HasSubstr("a policy that a chart brings may not set secrets"));
}

TEST_F(WithHelmValues, DefaultsAndAllowAreTheOperators) {
  const auto bundles = resolve({operator_text("defaults: {target: all}\n"), stream_text("bundles: {c: {}}\n"),
                                values_text("a: {secrets: {KEY: x}}\nc: {secrets: {KEY: x}}\n")});
  ASSERT_FALSE(diagnostics_.failed()) << printed(diagnostics_);
  EXPECT_EQ(bundles.at("a").secret_name, "all");
  EXPECT_EQ(bundles.at("c").secret_name, "all");
  EXPECT_TRUE(bundles.at("a").problems.empty());
  (void)resolve({operator_text("allow: {env: [A_*]}\nbundles: {a: {target: t}}\n"),
                 values_text("a: {secrets: {KEY: {env: B}}}\n")});
  ASSERT_EQ(diagnostics_.errors.size(), 1U);
  EXPECT_THAT(diagnostics_.errors[0].message, HasSubstr("env \"B\" is outside of allow"));
}

TEST_F(WithHelmValues, FilesMergeAsHelmsDoAndKeepTheirFolders) {
  (void)resolve(
      {values_text("a: {existingSecret: one, secretsFiles: [x]}\nb: {existingSecret: b}\nc: {secretsFiles: [y]}\n",
                   "/one"),
       values_text("# nothing\n"), values_text("a: {existingSecret: two}\nb: \nc: {secretsFiles: [z]}\n", "/two")});
  EXPECT_EQ(described(*policy_), "a existingSecret=two secretsFiles=x | c secretsFiles=z");
  EXPECT_EQ(policy_->bundles.at("a").secrets_files.at(0).folder, "/one");
  EXPECT_EQ(policy_->bundles.at("c").secrets_files.at(0).folder, "/two");
}

TEST_F(WithHelmValues, WhatIsWrongWithABundleThatNoPolicyHasIsSaidWhereItIsUsed) {
  struct Problem {
    const char* sources;
    base::ErrorKind kind;
    const char* message;
  };
  for (const Problem& problem : std::vector<Problem>{
           {"existingSecret: '{{ .Release.Name }}'", base::ErrorKind::bad_input, "is no name of a Secret"},
           {"existingSecret: '${chart}'", base::ErrorKind::bad_input, "unknown variable"},
           {"secrets: {KEY: x}", base::ErrorKind::bad_input, "is won by secrets and has no target"},
           {"secrets: {KEY: ref+vault}", base::ErrorKind::bad_input, "no reference to a provider"},
           {"secretsFiles: [none.yaml]", base::ErrorKind::bad_input, "is won by secretsFiles and has no target"}}) {
    SCOPED_TRACE(problem.sources);
    const auto bundles = resolve({values_text("shop: {" + std::string(problem.sources) + "}\n", folder_.path())});
    EXPECT_FALSE(diagnostics_.failed()) << printed(diagnostics_);
    const auto use = find_key(bundles, {.bundle = "shop", .key = "KEY"});
    ASSERT_FALSE(use.has_value());
    EXPECT_EQ(use.error().kind, problem.kind);
    EXPECT_THAT(use.error().message, HasSubstr(problem.message));
    EXPECT_EQ(use.error().notes.at(0), "it is in values.yaml:1");
  }
}

TEST_F(WithHelmValues, AllThatIsWrongIsSaid) {
  const auto bundles = resolve({values_text("shop: {secretsFiles: [none.yaml, ../up.yaml]}\n", folder_.path())});
  const auto use = find_key(bundles, {.bundle = {}, .key = "KEY"});
  ASSERT_FALSE(use.has_value());
  EXPECT_THAT(use.error().message, HasSubstr("has no target"));
  EXPECT_THAT(use.error().help, HasSubstr("bundles: {shop: {target: NAME}}"));
  EXPECT_THAT(use.error().help, HasSubstr("--deliver secret"));
  ASSERT_EQ(use.error().notes.size(), 3U);
  EXPECT_THAT(use.error().notes[1], HasSubstr("file \"none.yaml\" does not exist"));
  EXPECT_THAT(use.error().notes[2], HasSubstr("is outside the policy's folder"));
}

TEST_F(WithHelmValues, DeliveredBundlesNeedNoTarget) {
  const auto bundles = resolve({values_text("shop: {secrets: {KEY: x}}\n")}, Delivery::secret);
  const auto use = find_key(bundles, {.bundle = {}, .key = "KEY"});
  ASSERT_TRUE(use.has_value()) << use.error().message;
  EXPECT_EQ(use->bundle->values.at("KEY").reveal(), "x");
}

TEST_F(WithHelmValues, ABundleWithoutSourcesIsNone) {
  const auto bundles =
      resolve({values_text("shop: {existingSecret: '', secrets: {KEY: ''}}\nothr: {existingSecret: s}\n")});
  const auto use = find_key(bundles, {.bundle = "shop", .key = "KEY"});
  ASSERT_FALSE(use.has_value());
  EXPECT_EQ(use.error().kind, base::ErrorKind::not_found);
  EXPECT_EQ(use.error().message, "unknown bundle \"shop\"");
  EXPECT_TRUE(find_key(bundles, {.bundle = {}, .key = "ANY"}).has_value());
  const auto none = resolve({values_text("a: b\n")});
  const auto unnamed = find_key(none, {.bundle = {}, .key = "KEY"});
  ASSERT_FALSE(unnamed.has_value());
  EXPECT_EQ(unnamed.error().kind, base::ErrorKind::not_found);
  EXPECT_THAT(unnamed.error().help, HasSubstr("in Helm values"));
}

TEST_F(WithHelmValues, NumbersThatYamlChangesAreLeftOutLoudly) {
  (void)resolve({values_text("shop: {secrets: {A: 0123, B: x}}\n")});
  EXPECT_EQ(described(*policy_), "shop secrets=B=x");
  EXPECT_THAT(warnings(), HasSubstr("\"A\" of secrets is no text to YAML and is not taken"));
}

TEST_F(WithHelmValues, LiteralsAreShownInNoMessage) {
  (void)resolve(
      {values_text("shop: {secrets: {A: hunter2, B: 0123}, existingSecret: s}\nb: {secrets: {C: hunter2}}\n")});
  EXPECT_EQ(diagnostics_.warnings.size(), 4U) << warnings();  // two literals, a number, what is shadowed
  EXPECT_THAT(printed(diagnostics_), Not(HasSubstr("hunter2")));
  EXPECT_THAT(printed(diagnostics_), Not(HasSubstr("0123")));
}

}  // namespace
}  // namespace helmme::policy
