// The admission policy's patterns against what lint itself knows; tests/integration/test_admission.py has the policy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <string>

#include "lint/admission_policy.h"
#include "lint/key_name.h"
#include "lint/token_format.h"

namespace helmme::lint {
namespace {

bool matches(std::string_view pattern, const std::string& text) {
  return RE2::PartialMatch(text, re2::StringPiece(pattern.data(), pattern.size()));
}

bool is_refused(const std::string& name) {
  return matches(admission_name_pattern(), name) && !matches(admission_other_name_pattern(), name);
}

struct NameCase {
  std::string name;
  bool refused;
};

class AdmissionNames : public testing::TestWithParam<NameCase> {};

TEST_P(AdmissionNames, AreRefusedWhereLintKnowsThemToo) {
  const auto& [name, refused] = GetParam();
  EXPECT_EQ(is_refused(name), refused) << name;
  EXPECT_EQ(classify_key(name) != KeyClass::other, refused) << name;
}

std::vector<NameCase> names() {
  std::vector<NameCase> all;
  for (const char* name : {"password",
                           "DB_PASSWORD",
                           "dbPassword",
                           "db-password",
                           "POSTGRES_PASSWORD",
                           "PASSWORD2",
                           "REDIS_PASS",
                           "smtpPass",
                           "pwd",
                           "passphrase",
                           "API_KEY",
                           "apiKey",
                           "SECRET_KEY",
                           "AWS_SECRET_ACCESS_KEY",
                           "privateKey",
                           "ENCRYPTION_KEY",
                           "CLIENT_SECRET",
                           "jwtSecret",
                           "TOKEN",
                           "GITHUB_TOKEN",
                           "accessToken",
                           "apitoken",
                           "requirepass"}) {
    all.push_back({name, true});
  }
  for (const char* name : {"PASSWORD_FILE",
                           "passwordSecretName",
                           "BYPASS",
                           "bypass",
                           "TOKEN_TTL",
                           "tokenExpiry",
                           "publicKey",
                           "KEY",
                           "existingPassword",
                           "existing-api-key",
                           "usePassword",
                           "USE_TOKEN",
                           "PAGE_TOKEN",
                           "nextToken",
                           "compass",
                           "monkey",
                           "HOST",
                           "secretName",
                           "keyboard",
                           "tokens_per_minute",
                           "COMPASS"}) {
    all.push_back({name, false});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Names, AdmissionNames, testing::ValuesIn(names()));

TEST(AdmissionPolicy, IsWhole) {
  const std::string policy = admission_policy();
  for (const char* mark :
       {"@NAME@", "@OTHER_NAME@", "@FINE@", "@TOKEN@", "@URL@", "@ARGUMENT@", "@PLACEHOLDER@", "@ENCODED@"}) {
    EXPECT_EQ(policy.find(mark), std::string::npos) << mark;
  }
  for (const char* part : {"kind: ValidatingAdmissionPolicy\n", "kind: ValidatingAdmissionPolicyBinding\n"}) {
    EXPECT_NE(policy.find(part), std::string::npos) << part;
  }
  // A raw string of CEL ends at its quote.
  for (const std::string_view pattern :
       {admission_name_pattern(), admission_other_name_pattern(), admission_token_pattern()}) {
    EXPECT_EQ(pattern.find('\''), std::string_view::npos);
    EXPECT_TRUE(RE2(re2::StringPiece(pattern.data(), pattern.size())).ok());
  }
}

}  // namespace
}  // namespace helmme::lint
