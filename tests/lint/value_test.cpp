#include "lint/value.h"

#include <gtest/gtest.h>

#include <string>

#include "lint/embedded.h"

namespace helmme::lint {
namespace {

struct ValueCase {
  ValueClass expected;
  std::vector<std::string> values;
};

class Values : public testing::TestWithParam<ValueCase> {};

TEST_P(Values, AreClassified) {
  for (const std::string& value : GetParam().values) {
    EXPECT_EQ(classify_value(value), GetParam().expected) << value;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Values,
    testing::Values(
        ValueCase{ValueClass::nothing, {"", "  ", "~"}},
        ValueCase{ValueClass::flag,
                  {"true", "False", "none", "null", "12", "24h", "auto", "2019-03-20T17:54:53Z", "x"}},
        ValueCase{ValueClass::reference,
                  {"${secret:A}",
                   "x${secret:a/B?}y",
                   "ref+vault://a#/b",
                   "secretref+awsssm://x",
                   "<path:a/b#c>",
                   "vault:secret/data/a#b",
                   "${vault:a#b}",
                   "{{ .Values.x }}",
                   "$(TOKEN)",
                   "$TOKEN",
                   "${TOKEN}",
                   "$1",
                   "%TOKEN%",
                   "@TOKEN@",
                   "__TOKEN__",
                   "#{TOKEN}#",
                   "op://vault/item/field",
                   "env:TOKEN",
                   "ENC[AES256_GCM,data:x,type:str]",
                   "arn:aws:secretsmanager:eu-west-1:1:secret:x",
                   "projects/p/secrets/s/versions/1",
                   "$__file{/etc/x}",
                   "${{ secrets.X }}",
                   "@Microsoft.KeyVault(SecretUri=https://x/y)",
                   "os.environ/X",
                   "<<X>>",
                   "((x))",
                   "%REQ(x-token)%",
                   "$ANSIBLE_VAULT;1.1;AES256",
                   "ENC(abcdef)",
                   "%env(X)%"}},
        ValueCase{ValueClass::example,
                  {"<your-token>", "<KEY>", "xxxx", "XXXXXXXX", "********", "REPLACE_ME", "replace-me", "your-password",
                   "YOUR_API_KEY", "placeholder", "AKIAIOSFODNN7EXAMPLE", "abc...", "LICENSE_HERE",
                   "this-is-an-example", "[redacted]", "**SOPS**"}},
        ValueCase{ValueClass::file,
                  {"/var/run/secrets/token", "./key.pem", "~/x", "docs/token.md", "private.key", "tls.crt"}},
        ValueCase{ValueClass::url, {"https://charts.shop.io/a", "postgres://db/x"}},
        ValueCase{ValueClass::certificate,
                  {"-----BEGIN CERTIFICATE-----\nMII", "ssh-rsa AAAAB3", "sha256:abc", "repo@sha256:9f86",
                   "$2a$10$RncPyHW/B5ll2Z3J8s.IBOnbZ9uoJ4JhHLKzj5lzG/kU1KN1Oj3/K", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0t",
                   "shop:$apr1$abcdefgh$YWJjZGVmZ2hpamts", "md56b8ce6c2ea6c5a0b7a4e2e9e1b0d5b3a",
                   "*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29", "{bcrypt}$2a$10$RncPyHW/B5ll2Z3J8s"}},
        ValueCase{ValueClass::prose, {"Enter your password", "the token to use"}},
        ValueCase{
            ValueClass::name,
            {"redis-password", "my-registry", "password-key", "app.secret", "2f1c6f0e-4d0f-4b57-9a3e-0d6f5f1f2a3b"}},
        ValueCase{ValueClass::common, {"changeme", "CHANGEME", "admin", "guest", "Password", "minio123", "12345678"}},
        ValueCase{ValueClass::literal,
                  {"kd93kfo2xd", "s3cr3t", "Tr0ub4dor&3", "hunter2!x",
                   "a2Q5M2tmbzJ4ZA==", "correct horse battery staple", "9f86d081884c7d659a2feaa0c55ad015"}}),
    [](const auto& named) { return "class" + std::to_string(static_cast<int>(named.param.expected)); });

TEST(Judge, TakesKeyAndValueTogether) {
  EXPECT_EQ(judge("password", "hunter2"), Verdict::secret);
  EXPECT_EQ(judge("password", "shop"), Verdict::secret);
  EXPECT_EQ(judge("password", "shop-db"), Verdict::secret);
  EXPECT_EQ(judge("password", "changeme"), Verdict::common);
  EXPECT_EQ(judge("apiKey", "api-key"), Verdict::common);
  EXPECT_EQ(judge("authToken", "auth-token"), Verdict::clean);
  EXPECT_EQ(judge("token", "my-operator-bot"), Verdict::clean);
  EXPECT_EQ(judge("token", "my-operator-bot2"), Verdict::secret);
  EXPECT_EQ(judge("token", "hunter"), Verdict::secret);
  EXPECT_EQ(judge("secret", "shop-tls"), Verdict::clean);
  EXPECT_EQ(judge("secret", "kd93kfo2xd41Zq"), Verdict::secret);
  EXPECT_EQ(judge("secretKey", "api-key"), Verdict::clean);
  EXPECT_EQ(judge("secretKey", "key1"), Verdict::clean);
  EXPECT_EQ(judge("username", "kd93kfo2xd"), Verdict::clean);
  EXPECT_EQ(judge("dbSecretKey", "password"), Verdict::clean);
  EXPECT_EQ(judge("dbSecretKey", "kd93kfo2xd41Zq"), Verdict::secret);
  EXPECT_EQ(judge("secretKey", KeyClass::credential, "p-wx"), Verdict::secret);
}

TEST(Entropy, IsShannons) {
  EXPECT_DOUBLE_EQ(entropy("aaaa"), 0);
  EXPECT_DOUBLE_EQ(entropy("abab"), 1);
  EXPECT_DOUBLE_EQ(entropy("abcd"), 2);
}

}  // namespace
}  // namespace helmme::lint
