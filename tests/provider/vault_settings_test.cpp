#include "provider/vault_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store_for_tests.h"

namespace helmme::provider {
namespace {

using Kind = VaultCredential::Kind;
using Variables = std::map<std::string, std::string>;

const std::string k_address = "https://vault.example.com:8200";

base::Result<VaultSettings> settings_of(Variables variables, std::map<std::string, std::string> options = {},
                                        const std::string& scheme = "vault",
                                        const std::vector<std::string>& addresses = {}) {
  MapEnvironment environment;
  environment.variables = std::move(variables);
  return vault_settings(environment, {.scheme = scheme, .path = "secret/x", .options = std::move(options)},
                        {.addresses = addresses});
}

struct Login {
  const char* name;
  Variables variables;
  std::map<std::string, std::string> options;
  VaultMethod method;
  const char* mount;
  const char* role;
  VaultCredential credential;
};
class Logins : public testing::TestWithParam<Login> {};

TEST_P(Logins, AreChosen) {
  Variables variables = GetParam().variables;
  variables.emplace("VAULT_ADDR", k_address);
  const auto settings = settings_of(variables, GetParam().options);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(name_of(settings->method), name_of(GetParam().method));
  EXPECT_EQ(settings->mount, GetParam().mount);
  EXPECT_EQ(settings->role, GetParam().role);
  EXPECT_EQ(settings->credential, GetParam().credential)
      << static_cast<int>(settings->credential.kind) << " " << settings->credential.name;
}

const Variables k_github = {{"ACTIONS_ID_TOKEN_REQUEST_URL", "https://github/x"},
                            {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t"},
                            {"VAULT_ROLE", "ci"}};

INSTANTIATE_TEST_SUITE_P(
    All, Logins,
    testing::Values(
        Login{"token", {{"VAULT_TOKEN", "t"}}, {}, VaultMethod::token, "token", "", {Kind::variable, "VAULT_TOKEN"}},
        Login{"bao_token", {{"BAO_TOKEN", "t"}}, {}, VaultMethod::token, "token", "", {Kind::variable, "BAO_TOKEN"}},
        Login{"token_env",
              {{"VAULT_TOKEN", "t"}},
              {{"token_env", "VAULT_MINE"}},
              VaultMethod::token,
              "token",
              "",
              {Kind::variable, "VAULT_MINE"}},
        Login{"token_file", {}, {{"token_file", "t"}}, VaultMethod::token, "token", "", {Kind::option_file, "t"}},
        Login{"approle",
              {{"VAULT_ROLE_ID", "r"}, {"VAULT_SECRET_ID", "s"}},
              {},
              VaultMethod::approle,
              "approle",
              "r",
              {Kind::variable, "VAULT_SECRET_ID"}},
        Login{"approle_of_avp",
              {{"AVP_ROLE_ID", "r"}, {"AVP_SECRET_ID", "s"}},
              {},
              VaultMethod::approle,
              "approle",
              "r",
              {Kind::variable, "AVP_SECRET_ID"}},
        Login{"approle_of_argo_cd",
              {{"ARGOCD_ENV_AVP_ROLE_ID", "r"},
               {"ARGOCD_ENV_AVP_SECRET_ID", "s"},
               {"ARGOCD_ENV_AVP_AUTH_TYPE", "approle"},
               {"ARGOCD_ENV_AVP_MOUNT_PATH", "auth/a/"}},
              {},
              VaultMethod::approle,
              "a",
              "r",
              {Kind::variable, "ARGOCD_ENV_AVP_SECRET_ID"}},
        Login{"a_token_before_approle",
              {{"VAULT_TOKEN", "t"}, {"VAULT_ROLE_ID", "r"}, {"VAULT_SECRET_ID", "s"}},
              {},
              VaultMethod::token,
              "token",
              "",
              {Kind::variable, "VAULT_TOKEN"}},
        Login{"approle_named",
              {{"VAULT_TOKEN", "t"}, {"VAULT_ROLE_ID", "r"}, {"VAULT_SECRET_ID", "s"}},
              {{"auth_method", "approle"}, {"mountpoint", "/team/roles/"}},
              VaultMethod::approle,
              "team/roles",
              "r",
              {Kind::variable, "VAULT_SECRET_ID"}},
        Login{"secret_id_env",
              {},
              {{"role_id", "r"}, {"secret_id_env", "ARGOCD_ENV_AVP_MINE"}},
              VaultMethod::approle,
              "approle",
              "r",
              {Kind::variable, "ARGOCD_ENV_AVP_MINE"}},
        Login{"kubernetes",
              {{"VAULT_AUTH_METHOD", "kubernetes"}, {"VAULT_K8S_ROLE", "shop"}},
              {},
              VaultMethod::kubernetes,
              "kubernetes",
              "shop",
              {Kind::file, "/var/run/secrets/kubernetes.io/serviceaccount/token"}},
        Login{"kubernetes_of_avp",
              {{"AVP_AUTH_TYPE", "k8s"},
               {"AVP_K8S_ROLE", "shop"},
               {"AVP_K8S_TOKEN_PATH", "/t"},
               {"AVP_K8S_MOUNT_PATH", "auth/cluster"}},
              {},
              VaultMethod::kubernetes,
              "cluster",
              "shop",
              {Kind::file, "/t"}},
        Login{"jwt_of_gitlab",
              {{"VAULT_ID_TOKEN", "j"}, {"VAULT_AUTH_ROLE", "ci"}, {"VAULT_AUTH_PATH", "gitlab"}},
              {},
              VaultMethod::jwt,
              "gitlab",
              "ci",
              {Kind::variable, "VAULT_ID_TOKEN"}},
        Login{"jwt_of_github", k_github, {}, VaultMethod::jwt, "jwt", "ci", {Kind::github_token, ""}},
        Login{"userpass",
              {{"VAULT_AUTH_METHOD", "userpass"}, {"VAULT_USERNAME", "u"}, {"VAULT_PASSWORD", "p"}},
              {},
              VaultMethod::userpass,
              "userpass",
              "u",
              {Kind::variable, "VAULT_PASSWORD"}},
        Login{"cert",
              {{"VAULT_AUTH_METHOD", "cert"}, {"VAULT_CLIENT_CERT", "/c"}, {"VAULT_CLIENT_KEY", "/k"}},
              {},
              VaultMethod::cert,
              "cert",
              "",
              {}},
        Login{"github",
              {{"AVP_AUTH_TYPE", "github"}, {"AVP_GITHUB_TOKEN", "t"}},
              {},
              VaultMethod::github,
              "github",
              "github",
              {Kind::variable, "AVP_GITHUB_TOKEN"}}),
    [](const auto& test) { return std::string(test.param.name); });

struct Refused {
  const char* name;
  Variables variables;
  std::map<std::string, std::string> options;
  base::ErrorKind kind;
  const char* message;
};
class RefusedSettings : public testing::TestWithParam<Refused> {};

TEST_P(RefusedSettings, SayWhy) {
  const auto settings = settings_of(GetParam().variables, GetParam().options);
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().kind, GetParam().kind);
  EXPECT_THAT(settings.error().message, testing::HasSubstr(GetParam().message));
  EXPECT_THAT(settings.error().message + settings.error().help, testing::Not(testing::HasSubstr("canary")));
}

Variables with_address(Variables more) {
  more.emplace("VAULT_ADDR", k_address);
  return more;
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedSettings,
    testing::Values(
        Refused{"no_address", {{"VAULT_TOKEN", "t"}}, {}, base::ErrorKind::bad_input, "VAULT_ADDR is not set"},
        Refused{"odd_address",
                {{"VAULT_ADDR", "https://u:canary@h"}},
                {},
                base::ErrorKind::bad_input,
                "VAULT_ADDR is no address"},
        Refused{
            "query_in_address", {{"VAULT_ADDR", "https://h/?canary"}}, {}, base::ErrorKind::bad_input, "is no address"},
        Refused{"skip_verify",
                with_address({{"VAULT_TOKEN", "t"}, {"VAULT_SKIP_VERIFY", "1"}}),
                {},
                base::ErrorKind::bad_input,
                "VAULT_SKIP_VERIFY is set"},
        Refused{"bao_skip_verify",
                with_address({{"VAULT_TOKEN", "t"}, {"BAO_SKIP_VERIFY", "true"}}),
                {},
                base::ErrorKind::bad_input,
                "BAO_SKIP_VERIFY is set"},
        Refused{"skip_verify_that_is_no_boolean",
                with_address({{"VAULT_SKIP_VERIFY", "yes"}}),
                {},
                base::ErrorKind::bad_input,
                "is set"},
        Refused{"variable_of_this_program",
                with_address({{"HELM_ME_STORE_KEY", "canary"}}),
                {{"token_env", "HELM_ME_STORE_KEY"}},
                base::ErrorKind::bad_input,
                "option \"token_env\" may not name variable HELM_ME_STORE_KEY"},
        Refused{"any_variable",
                with_address({{"GITLAB_TOKEN", "canary"}}),
                {{"auth_method", "userpass"}, {"username", "u"}, {"password_env", "GITLAB_TOKEN"}},
                base::ErrorKind::bad_input,
                "option \"password_env\" may not name variable GITLAB_TOKEN"},
        Refused{"mountpoint_elsewhere",
                with_address({}),
                {{"auth_method", "approle"}, {"role_id", "a"}, {"secret_id", "b"}, {"mountpoint", "x/../../sys"}},
                base::ErrorKind::bad_input,
                "option \"mountpoint\" has a part"},
        Refused{"namespace_elsewhere",
                with_address({{"VAULT_TOKEN", "t"}}),
                {{"namespace", "a/./b"}},
                base::ErrorKind::bad_input,
                "option \"namespace\" has a part"},
        Refused{"another_server",
                with_address({{"VAULT_TOKEN", "t"}}),
                {{"address", "https://vault.example.com"}},
                base::ErrorKind::bad_input,
                "neither VAULT_ADDR nor allowed"},
        Refused{"another_scheme",
                with_address({{"VAULT_TOKEN", "t"}}),
                {{"address", "http://vault.example.com:8200"}},
                base::ErrorKind::bad_input,
                "neither VAULT_ADDR nor allowed"},
        Refused{"another_host",
                with_address({{"VAULT_TOKEN", "t"}}),
                {{"host", "evil"}},
                base::ErrorKind::bad_input,
                "neither VAULT_ADDR nor allowed"},
        Refused{"userinfo",
                with_address({{"VAULT_TOKEN", "t"}}),
                {{"address", "https://canary@vault.example.com:8200"}},
                base::ErrorKind::bad_input,
                "neither VAULT_ADDR nor allowed"},
        Refused{"unknown_login",
                with_address({{"VAULT_AUTH_METHOD", "magic"}}),
                {},
                base::ErrorKind::bad_input,
                "there is no login \"magic\""},
        Refused{"nothing", with_address({}), {}, base::ErrorKind::denied, "there are no credentials for Vault"},
        Refused{"half_an_approle",
                with_address({{"VAULT_AUTH_METHOD", "approle"}, {"VAULT_ROLE_ID", "r"}}),
                {},
                base::ErrorKind::denied,
                "lacks credentials or a role"},
        Refused{"cert_without_one",
                with_address({{"VAULT_AUTH_METHOD", "cert"}}),
                {},
                base::ErrorKind::denied,
                "needs one"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(VaultSettings, HaveTheServersOwnVariables) {
  const auto settings = settings_of({{"VAULT_ADDR", "HTTPS://Vault.Example.COM:8200/vault/"},
                                     {"VAULT_TOKEN", "t"},
                                     {"VAULT_NAMESPACE", "/team/a/"},
                                     {"VAULT_CACERT", "/ca"},
                                     {"SSL_CERT_FILE", "/other"},
                                     {"VAULT_CAPATH", "/cas"},
                                     {"VAULT_TLS_SERVER_NAME", "name"},
                                     {"VAULT_SKIP_VERIFY", "false"}});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->address, "https://vault.example.com:8200/vault");
  EXPECT_EQ(settings->name_space, "team/a");
  EXPECT_EQ(settings->tls, (net::Tls{.ca_file = "/ca", .ca_folder = "/cas", .server_name = "name"}));
}

TEST(VaultSettings, OpenBaosOwnVariablesComeFirstForIt) {
  const Variables both = {{"VAULT_ADDR", "https://v"}, {"BAO_ADDR", "https://b"}, {"VAULT_TOKEN", "t"}};
  EXPECT_EQ(settings_of(both)->address, "https://v");
  EXPECT_EQ(settings_of(both, {}, "openbao")->address, "https://b");
  EXPECT_EQ(settings_of(both, {}, "bao")->address, "https://b");
}

TEST(VaultSettings, AnAllowedServerMayBeNamed) {
  const Variables variables = with_address({{"VAULT_TOKEN", "t"}});
  const std::map<std::string, std::string> other = {{"proto", "https"}, {"host", "other:8200"}};
  EXPECT_EQ(settings_of(variables, other, "vault", {"https://OTHER:8200/"})->address, "https://other:8200");
  EXPECT_EQ(settings_of(variables, {{"address", k_address + "/"}})->address, k_address);
}

TEST(Settings, WithAllowAnyVariableButOurs) {
  MapEnvironment environment;
  environment.variables = {{"VAULT_ADDR", k_address}, {"MINE", "t"}};
  const auto asked = [&](const char* name) {
    return vault_settings(environment, {.scheme = "vault", .path = "secret/x", .options = {{"token_env", name}}},
                          {.has_allow = true});
  };
  EXPECT_TRUE(asked("MINE"));
  EXPECT_FALSE(asked("HELM_ME_STORE_KEY"));
}

TEST(Settings, WhatTokensAreToldAboutIsNoValue) {
  for (const char* path : {"auth/token/lookup-self", "/auth/token/lookup-self/", "auth/token"}) {
    const auto refused = vault_path({.scheme = "vault", .path = path});
    ASSERT_FALSE(refused) << path;
    EXPECT_EQ(refused.error().kind, base::ErrorKind::bad_input);
  }
  EXPECT_TRUE(vault_path({.scheme = "vault", .path = "auth/tokens/x"}));
}

}  // namespace
}  // namespace helmme::provider
