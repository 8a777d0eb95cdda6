#include "policy/resolve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy_for_tests.h"

namespace helmme::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A provider that knows what it is told, and remembers what it was asked.
class KnownReferences final : public References {
 public:
  std::map<std::string, std::string> known;
  std::vector<std::string> asked;
  std::vector<base::Result<base::Secret>> read_all(const std::vector<std::string>& references) override {
    std::vector<base::Result<base::Secret>> out;
    for (const std::string& reference : references) {
      asked.push_back(reference);
      const auto found = known.find(reference);
      if (found == known.end()) {
        out.emplace_back(base::fail({.kind = base::ErrorKind::denied, .message = "no"}));
      } else {
        out.emplace_back(base::Secret(found->second));
      }
    }
    return out;
  }
  base::Result<std::map<std::string, base::Secret>> decrypt(const std::string& path, const std::string&) override {
    std::map<std::string, base::Secret> values;
    values.emplace("PATH", base::Secret(path));
    return values;
  }
};

class Resolve : public ::testing::Test {
 protected:
  // Reads `body` beside the files of folder_ and resolves it; warnings of reading are dropped.
  std::map<std::string, ResolvedBundle> resolve(const std::string& body, const SecretKeys* keys = nullptr,
                                                std::optional<std::string> namespace_name = std::nullopt) {
    diagnostics_ = {};
    policy_ = read_policies({operator_text(body, folder_.path())}, {}, diagnostics_);
    if (!policy_) {
      ADD_FAILURE() << printed(diagnostics_);
      return {};
    }
    diagnostics_ = {};
    return resolve_bundles(*policy_,
                           {.environment = &environment_,
                            .references = &references_,
                            .secret_keys = keys,
                            .namespace_name = std::move(namespace_name),
                            .deliver = deliver_},
                           diagnostics_);
  }

  const base::Error& only_error() {
    static const base::Error none;
    EXPECT_EQ(diagnostics_.errors.size(), 1U) << printed(diagnostics_);
    return diagnostics_.errors.empty() ? none : diagnostics_.errors.front();
  }

  Folder folder_;
  MapEnvironment environment_;
  KnownReferences references_;
  std::optional<Delivery> deliver_;
  std::optional<Policy> policy_;
  base::Diagnostics diagnostics_;
};

TEST_F(Resolve, PrecedenceInAllCombinations) {
  folder_.write("f.env", "K=from-file\n");
  for (unsigned bits = 0; bits < 8; ++bits) {
    const bool existing = (bits & 1U) != 0;
    const bool secrets = (bits & 2U) != 0;
    const bool files = (bits & 4U) != 0;
    const std::size_t count =
        static_cast<std::size_t>(existing) + static_cast<std::size_t>(secrets) + static_cast<std::size_t>(files);
    for (const bool strict : {false, true}) {
      SCOPED_TRACE(std::to_string(bits) + (strict ? " strict" : ""));
      const auto bundles = resolve("bundles: {b: {target: t, precedence: " + std::string(strict ? "strict" : "warn") +
                                   ", existingSecret: " + (existing ? "e" : "''") +
                                   ", secrets: {K: " + (secrets ? "from-policy" : "''") + "}, secretsFiles: [" +
                                   (files ? "f.env" : "") + "]}}\n");
      if (count == 0) {
        EXPECT_EQ(only_error().kind, base::ErrorKind::not_found);
        EXPECT_THAT(only_error().message, HasSubstr("no source is configured for bundle \"b\""));
        continue;
      }
      const ResolvedBundle& bundle = bundles.at("b");
      EXPECT_EQ(bundle.winner, existing  ? SourceKind::existing_secret
                               : secrets ? SourceKind::secrets
                                         : SourceKind::secrets_files);
      EXPECT_EQ(bundle.shadowed.size(), count - 1);
      EXPECT_EQ(bundle.secret_name, existing ? "e" : "t");
      EXPECT_EQ(bundle.values.contains("K"), !existing);
      if (!existing) {
        EXPECT_EQ(bundle.values.at("K").reveal(), secrets ? "from-policy" : "from-file");
      }
      const std::size_t shadow_reports = count > 1 ? 1 : 0;
      EXPECT_EQ(diagnostics_.errors.size(), strict ? shadow_reports : 0);
      EXPECT_EQ(diagnostics_.warnings.size(), (strict ? 0 : shadow_reports) + (existing ? 0 : 1));
      if (strict && count > 1) {
        EXPECT_EQ(only_error().kind, base::ErrorKind::bad_input);
        EXPECT_THAT(only_error().message, HasSubstr("precedence: strict forbids"));
      }
      if (!strict && count > 1) {
        EXPECT_THAT(diagnostics_.warnings[0].message, HasSubstr("shadowed and not consulted"));
      }
    }
  }
}

TEST_F(Resolve, TargetIsNeededWhereThereIsNoExistingSecret) {
  (void)resolve("bundles: {b: {secrets: {A: x}}}\n");
  EXPECT_EQ(only_error().kind, base::ErrorKind::bad_input);
  EXPECT_THAT(only_error().message, HasSubstr("bundle \"b\" is won by secrets and has no target"));
  (void)resolve("bundles: {b: {target: t, secrets: {A: x}}}\n");
  ASSERT_EQ(diagnostics_.warnings.size(), 1U);
  EXPECT_THAT(diagnostics_.warnings[0].help, HasSubstr("helm me secret apply"));
}

TEST_F(Resolve, DeliveryIsTheCommandLinesThenThePolicys) {
  const std::string body =
      "bundles: {b: {secrets: {A: x}, delivery: inline}, c: {secrets: {A: x}, target: t, delivery: secret},"
      " d: {existingSecret: e, delivery: secret}}\n";
  auto bundles = resolve(body);
  EXPECT_FALSE(diagnostics_.failed()) << printed(diagnostics_);
  EXPECT_EQ(bundles.at("b").delivery, Delivery::inline_value);
  EXPECT_EQ(bundles.at("b").secret_name, "");
  EXPECT_EQ(bundles.at("c").delivery, Delivery::secret);
  EXPECT_EQ(bundles.at("c").secret_name, "t");
  EXPECT_EQ(bundles.at("d").delivery, Delivery::reference);
  deliver_ = Delivery::reference;
  bundles = resolve(body);
  EXPECT_EQ(bundles.at("c").delivery, Delivery::reference);
  EXPECT_THAT(only_error().message, HasSubstr("bundle \"b\" is won by secrets and has no target"));
  EXPECT_THAT(only_error().help, HasSubstr("--deliver secret"));
}

TEST_F(Resolve, WhatTheWinnerLacksIsOneErrorAndNoFallThrough) {
  folder_.write("f.yaml", "B: value-of-b\nC: value-of-c\n");
  const auto bundles = resolve(
      "bundles: {b: {target: t, required: {A: {}, B: {}, C: {}}, secrets: {A: x, CC: z}, secretsFiles: [f.yaml]}}\n");
  EXPECT_EQ(only_error().kind, base::ErrorKind::not_found);
  EXPECT_THAT(only_error().message, HasSubstr("secrets of bundle \"b\" lacks \"B\" and \"C\""));
  EXPECT_THAT(printed(diagnostics_), HasSubstr("secretsFiles has \"B\" and \"C\", but is shadowed and not consulted"));
  EXPECT_THAT(printed(diagnostics_), HasSubstr("secrets has \"CC\", near \"C\""));
  EXPECT_FALSE(bundles.at("b").values.contains("B"));
  EXPECT_THAT(printed(diagnostics_), Not(HasSubstr("value-of")));
}

TEST_F(Resolve, ReferencesAreAskedForTogether) {
  references_.known = {{"ref+local://shop#/A", "value-a"}};
  const auto bundles =
      resolve("bundles: {b: {target: t, secrets: {A: 'ref+local://shop#/A', B: x, C: 'ref+local://shop#/C'}}}\n");
  EXPECT_EQ(references_.asked, (std::vector<std::string>{"ref+local://shop#/A", "ref+local://shop#/C"}));
  EXPECT_EQ(bundles.at("b").values.at("A").reveal(), "value-a");
  EXPECT_EQ(bundles.at("b").values.at("B").reveal(), "x");
  EXPECT_EQ(only_error().kind, base::ErrorKind::denied);
  EXPECT_EQ(only_error().message, "no (\"C\" of bundle \"b\")");
}

TEST_F(Resolve, NothingIsAskedForByAShadowedSource) {
  const SecretKeys keys = {{"e", {"X"}}};
  (void)resolve("bundles: {b: {required: {A: {}}, existingSecret: e, secrets: {A: 'ref+local://shop#/A'}}}\n", &keys);
  EXPECT_TRUE(references_.asked.empty());
  EXPECT_THAT(printed(diagnostics_), HasSubstr("secrets has \"A\", but is shadowed and not consulted"));
}

TEST_F(Resolve, DefaultsFillWhatIsAbsent) {
  const auto bundles = resolve("bundles: {b: {target: t, required: {A: {}, P: {default: 8080}}, secrets: {A: x}}}\n");
  EXPECT_FALSE(diagnostics_.failed()) << printed(diagnostics_);
  EXPECT_EQ(bundles.at("b").values.at("P").reveal(), "8080");
}

TEST_F(Resolve, ExistingSecretsKeysAreCheckedWhereTheyAreKnown) {
  const SecretKeys keys = {{"prod/e", {"jwtSecret", "API_KEY"}}, {"other", {"x"}}};
  const std::string body =
      "bundles: {b: {required: {JWT: {}, API_KEYS: {}, P: {default: a}}, existingSecret: {name: e, keys: {JWT: "
      "jwtSecret}},"
      " secrets: {API_KEYS: x}}}\n";
  const auto bundles = resolve(body, &keys, "prod");
  EXPECT_EQ(only_error().kind, base::ErrorKind::not_found);
  EXPECT_THAT(only_error().message, HasSubstr("existing Secret \"e\" of bundle \"b\" lacks \"API_KEYS\""));
  EXPECT_THAT(only_error().help, HasSubstr("keys: {API_KEYS: API_KEY, JWT: jwtSecret}}"));
  EXPECT_THAT(printed(diagnostics_), HasSubstr("secrets has \"API_KEYS\", but is shadowed"));
  EXPECT_EQ(bundles.at("b").key_names.at("JWT"), "jwtSecret");
  (void)resolve(body, nullptr, "prod");
  EXPECT_FALSE(diagnostics_.failed());
  (void)resolve("bundles: {b: {required: {JWT: {}}, existingSecret: {name: e, keys: {JWT: jwtSecret}}}}\n", &keys);
  EXPECT_FALSE(diagnostics_.failed()) << printed(diagnostics_);
}

TEST_F(Resolve, AMappedKeyThatIsMissingIsNotMappedAgain) {
  const SecretKeys keys = {{"e", {"jwt-secret"}}};
  (void)resolve("bundles: {b: {required: {JWT: {}}, existingSecret: {name: e, keys: {JWT: jwtsecret}}}}\n", &keys);
  EXPECT_THAT(only_error().message, HasSubstr("lacks \"jwtsecret\""));
  EXPECT_THAT(only_error().help, HasSubstr("keys: {JWT: jwt-secret}"));
}

TEST_F(Resolve, AnExistingSecretThatDoesNotExist) {
  const SecretKeys keys = {{"shop-secrets", {"A"}}};
  (void)resolve("bundles: {b: {existingSecret: shop-secret}}\n", &keys, "prod");
  EXPECT_EQ(only_error().kind, base::ErrorKind::not_found);
  EXPECT_THAT(only_error().message, HasSubstr("existing Secret \"shop-secret\" of bundle \"b\" does not exist"));
  EXPECT_THAT(only_error().help, HasSubstr("did you mean shop-secrets?"));
}

struct Breach {
  const char* contract;
  const char* value;
  const char* message;  // empty: the value is right
};

TEST_F(Resolve, TheContractHoldsAndTheValueIsNotShown) {
  for (const Breach& breach :
       std::vector<Breach>{{"length: 8", "hunter2x", ""},
                           {"length: 8", "hunter2", "length must be 8"},
                           {"minLength: 8", "hunter2", "length must be at least 8"},
                           {"maxLength: 6", "hunter2", "length must be at most 6"},
                           {"charset: hex", "hunter2", "charset must be hex"},
                           {"charset: hex", "00ffAB", ""},
                           {"charset: digits", "hunter2", "charset must be digits"},
                           {"charset: base64", "hunter2!", "charset must be base64"},
                           {"charset: base64", "aGk+/w==", ""},
                           {"charset: alphanumeric", "hunter2", ""},
                           {"charset: alphanumeric", "hunter2-", "charset must be alphanumeric"},
                           {"charset: printable", "hunter2 ~", ""},
                           {"charset: printable", "hunter2é", "charset must be printable"},
                           {"pattern: 'hunter'", "hunter2", "pattern must match"},
                           {"pattern: 'hunter.'", "hunter2", ""},
                           {"length: 2, charset: hex", "hunter2", "length must be 2 and charset"}}) {
    SCOPED_TRACE(std::string(breach.contract) + " " + breach.value);
    environment_.variables["V"] = breach.value;
    (void)resolve("bundles: {b: {target: t, required: {K: {" + std::string(breach.contract) +
                  "}}, secrets: {K: {env: V}}}}\n");
    if (*breach.message == '\0') {
      EXPECT_FALSE(diagnostics_.failed()) << printed(diagnostics_);
      continue;
    }
    EXPECT_EQ(only_error().kind, base::ErrorKind::bad_input);
    EXPECT_THAT(only_error().message, HasSubstr("the value of \"K\" breaks its contract in bundle \"b\""));
    EXPECT_THAT(only_error().message, HasSubstr(breach.message));
    EXPECT_THAT(printed(diagnostics_), Not(HasSubstr("hunter2")));
  }
}

TEST_F(Resolve, WrongLiteralIsNotShown) {
  (void)resolve("bundles: {b: {target: t, required: {K: {length: 3}}, secrets: {K: hunter2}}}\n");
  EXPECT_TRUE(diagnostics_.failed());
  EXPECT_THAT(printed(diagnostics_), Not(HasSubstr("hunter2")));
}

TEST_F(Resolve, VariablesThatAreNotThere) {
  environment_.variables["EMPTY"] = "";
  (void)resolve("bundles: {b: {target: t, required: {A: {}, B: {}}, secrets: {A: {env: NOT_SET}, B: {env: EMPTY}}}}\n");
  ASSERT_EQ(diagnostics_.errors.size(), 2U);
  EXPECT_EQ(diagnostics_.errors[0].kind, base::ErrorKind::not_found);
  EXPECT_THAT(diagnostics_.errors[0].message,
              HasSubstr("environment variable NOT_SET is not set (\"A\" of bundle \"b\")"));
  EXPECT_THAT(diagnostics_.errors[1].message, HasSubstr("environment variable EMPTY is empty"));
}

TEST_F(Resolve, FilesDropOneLineEndUnlessRaw) {
  folder_.write("a", "value\n\n");
  folder_.write("b", "value\r\n");
  const auto bundles =
      resolve("bundles: {b: {target: t, secrets: {A: {file: a}, B: {file: b}, C: {file: a, raw: true}}}}\n");
  ASSERT_FALSE(diagnostics_.failed()) << printed(diagnostics_);
  EXPECT_EQ(bundles.at("b").values.at("A").reveal(), "value\n");
  EXPECT_EQ(bundles.at("b").values.at("B").reveal(), "value");
  EXPECT_EQ(bundles.at("b").values.at("C").reveal(), "value\n\n");
}

TEST_F(Resolve, FilesThatHoldNothingAreNotThere) {
  folder_.write("a", "");
  folder_.write("b", "\n");
  (void)resolve("bundles: {b: {target: t, secrets: {A: {file: a}, B: {file: b}, C: {file: b, raw: true}}}}\n");
  ASSERT_EQ(diagnostics_.errors.size(), 2U) << printed(diagnostics_);
  EXPECT_EQ(diagnostics_.errors[0].kind, base::ErrorKind::not_found);
  EXPECT_THAT(diagnostics_.errors[0].message, HasSubstr("file \"a\" is empty (\"A\" of bundle \"b\")"));
  EXPECT_THAT(diagnostics_.errors[1].message, HasSubstr("file \"b\" is empty"));
}

TEST_F(Resolve, AKeyOfASecretsFileThatIsEmptyIsNotThere) {
  folder_.write("a.yaml", "A:\n");
  const auto bundles = resolve("bundles: {b: {target: t, secretsFiles: [a.yaml]}}\n");
  ASSERT_FALSE(diagnostics_.failed()) << printed(diagnostics_);
  const auto use = find_key(bundles, {.bundle = {}, .key = "A"});
  ASSERT_FALSE(use.has_value());
  EXPECT_EQ(use.error().kind, base::ErrorKind::not_found);
}

TEST_F(Resolve, FilesThatCannotBeRead) {
  folder_.write("bad.yaml", "A: {B: hunter2}\n");
  (void)resolve(
      "bundles: {b: {target: t, required: {X: {}}, secretsFiles: [none.yaml, ../a.yaml, bad.yaml]}, "
      "c: {target: t, secrets: {A: {file: none}}}}\n");
  ASSERT_EQ(diagnostics_.errors.size(), 4U) << printed(diagnostics_);
  EXPECT_EQ(diagnostics_.errors[0].kind, base::ErrorKind::not_found);
  EXPECT_EQ(diagnostics_.errors[1].kind, base::ErrorKind::bad_input);
  EXPECT_THAT(diagnostics_.errors[2].message, HasSubstr("the value of \"A.B\" is nested"));
  EXPECT_EQ(diagnostics_.errors[3].kind, base::ErrorKind::not_found);
  EXPECT_THAT(printed(diagnostics_), Not(HasSubstr("hunter2")));
}

TEST_F(Resolve, TheLastOfSeveralFilesCounts) {
  folder_.write("a.yaml", "A: one\nB: two\n");
  folder_.write("b.json", R"({"B": "three"})");
  const auto bundles = resolve("bundles: {b: {target: t, secretsFiles: [a.yaml, b.json]}}\n");
  ASSERT_FALSE(diagnostics_.failed()) << printed(diagnostics_);
  EXPECT_EQ(bundles.at("b").values.at("A").reveal(), "one");
  EXPECT_EQ(bundles.at("b").values.at("B").reveal(), "three");
}

TEST(SecretKeysFile, IsRead) {
  const auto keys = read_secret_keys({"keys.yaml", "shop: [A, B]\nprod/api: [x.y]\nempty: []\n"});
  ASSERT_TRUE(keys.has_value());
  EXPECT_EQ(keys->at("shop"), (std::set<std::string>{"A", "B"}));
  EXPECT_TRUE(keys->contains("prod/api"));
  EXPECT_TRUE(keys->at("empty").empty());
}

TEST(SecretKeysFile, Problems) {
  for (const auto& [text, message] :
       std::vector<std::pair<std::string, std::string>>{{"[a]", "must be a mapping"},
                                                        {"A_B: [a]", "no name of a Secret: \"A_B\""},
                                                        {"a/b/c: [a]", "no name of a Secret"},
                                                        {"a: b", "the keys of Secret \"a\" must be a list"},
                                                        {"a: [{b: c}]", "no key of a Secret stands in the list"},
                                                        {"a: [b", "not valid YAML"}}) {
    const auto keys = read_secret_keys({"keys.yaml", text});
    ASSERT_FALSE(keys.has_value()) << text;
    EXPECT_EQ(keys.error().kind, base::ErrorKind::bad_input);
    EXPECT_THAT(keys.error().message, HasSubstr(message));
  }
}

}  // namespace
}  // namespace helmme::policy
