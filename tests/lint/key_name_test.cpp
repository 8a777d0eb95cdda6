#include "lint/key_name.h"

#include <gtest/gtest.h>

#include <string>

namespace helmme::lint {
namespace {

struct NameCase {
  std::string name;
  KeyClass expected;
};

class Names : public testing::TestWithParam<NameCase> {};

TEST_P(Names, AreClassified) { EXPECT_EQ(classify_key(GetParam().name), GetParam().expected); }

std::vector<NameCase> all_of(KeyClass expected, std::initializer_list<const char*> names) {
  std::vector<NameCase> cases;
  for (const char* name : names) {
    cases.push_back({name, expected});
  }
  return cases;
}

std::string test_name(const testing::TestParamInfo<NameCase>& named) {
  std::string name = std::to_string(named.index) + "_";
  for (const char c : named.param.name) {
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Credentials, Names,
                         testing::ValuesIn(all_of(KeyClass::credential, {"password",
                                                                         "dbPassword",
                                                                         "DB_PASSWORD",
                                                                         "db-password",
                                                                         "DBPASSWORD",
                                                                         "rootPassword2",
                                                                         "PASSWORD_PROD",
                                                                         "passwd",
                                                                         "pwd",
                                                                         "passphrase",
                                                                         "token",
                                                                         "authToken",
                                                                         "GITHUB_TOKEN",
                                                                         "apiKey",
                                                                         "API_KEY",
                                                                         "apikey",
                                                                         "clientSecret",
                                                                         "CLIENT_SECRET",
                                                                         "JWT_SECRET",
                                                                         "secretToken",
                                                                         "encryptionKey",
                                                                         "privateKey",
                                                                         "AWS_SECRET_ACCESS_KEY_ID_PASSWORD",
                                                                         "cookieSecret",
                                                                         "passwordValue",
                                                                         "connectionString",
                                                                         "tokenBase64",
                                                                         "rootPassword_unencrypted",
                                                                         "HTTP_Passwd",
                                                                         "replicaSetKey",
                                                                         "tsigSecret",
                                                                         "bindpw",
                                                                         "dbKennwort",
                                                                         "contrasena",
                                                                         "ROOT_PW",
                                                                         "joinKey",
                                                                         "xsrfKey"})),
                         test_name);

INSTANTIATE_TEST_SUITE_P(Ambiguous, Names,
                         testing::ValuesIn(all_of(KeyClass::ambiguous, {"secret", "tlsSecret", "secretKey", "accessKey",
                                                                        "credentials", "salt", "authSecret"})),
                         test_name);

INSTANTIATE_TEST_SUITE_P(Others, Names,
                         testing::ValuesIn(all_of(KeyClass::other, {"",
                                                                    "name",
                                                                    "key",
                                                                    "passwordKey",
                                                                    "passwordFile",
                                                                    "PASSWORD_FILE",
                                                                    "secretName",
                                                                    "tokenTTL",
                                                                    "tokenExpiration",
                                                                    "existingSecret",
                                                                    "existingSecretPasswordKey",
                                                                    "usePassword",
                                                                    "automountServiceAccountToken",
                                                                    "serviceAccountToken",
                                                                    "passwordPolicy",
                                                                    "secretRef",
                                                                    "tokenPath",
                                                                    "publicKey",
                                                                    "sshPublicKey",
                                                                    "bypass",
                                                                    "compass_id",
                                                                    "from_secret",
                                                                    "Session Token",
                                                                    "keys",
                                                                    "monkey",
                                                                    "passwordLength",
                                                                    "checksum",
                                                                    "jwt",
                                                                    "tokenURL"})),
                         test_name);

TEST(ExistingSecret, IsSeenByName) {
  for (const char* name : {"existingSecret", "existingSecretName", "secretName", "secretRef", "secretKeyRef",
                           "externalSecretName", "credentialsSecret", "existing_secret"}) {
    EXPECT_TRUE(names_existing_secret(name)) << name;
  }
  for (const char* name : {"secret", "password", "name", "clientSecret", ""}) {
    EXPECT_FALSE(names_existing_secret(name)) << name;
  }
}

TEST(Words, AreCutAtEveryKindOfBorder) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(words_of("dbPassword"), (Words{"db", "password"}));
  EXPECT_EQ(words_of("DB_PASSWORD"), (Words{"db", "password"}));
  EXPECT_EQ(words_of("AWSSecretKey"), (Words{"aws", "secret", "key"}));
  EXPECT_EQ(words_of("a.b-c/d"), (Words{"a", "b", "c", "d"}));
  EXPECT_EQ(words_of("--"), Words{});
}

}  // namespace
}  // namespace helmme::lint
