#include "provider/vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "scripted_client.h"
#include "store_for_tests.h"

namespace helmme::provider {
namespace {

using placeholder::Locator;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string k_api = "https://vault:8200/v1/";

class Vault : public testing::Test {
 protected:
  Vault() { environment.variables = {{"VAULT_ADDR", "https://vault:8200"}, {"VAULT_TOKEN", "canary-token"}}; }

  void has_mount(const std::string& path, const std::string& asked, const char* version = "2") {
    client.replies["GET " + k_api + "sys/internal/ui/mounts/" + asked] = {
        .body = R"({"data":{"path":")" + path + R"(","type":"kv","options":{"version":")" + version + R"("}}})"};
  }
  void has(const std::string& url, const std::string& value, int version = 1) {
    client.replies["GET " + k_api + url] = {.body = R"({"data":{"data":{"KEY":")" + value +
                                                    R"("},"metadata":{"version":)" + std::to_string(version) +
                                                    R"(,"created_time":"t","deletion_time":"","destroyed":false}}})"};
  }
  void gives(const std::string& url, int status, const std::string& body = "{}") {
    client.replies["GET " + k_api + url] = {.status = status, .body = body};
  }

  std::vector<base::Result<Answer>> read(const std::vector<Locator>& locators) { return provider.read_all(locators); }
  static Locator at(const std::string& path, const std::string& version = "") {
    return {.scheme = "vault", .path = path, .version = version};
  }
  static std::string key_of(const base::Result<Answer>& result) {
    return result ? std::string(result->value.find("KEY")->scalar.reveal()) : "error: " + result.error().message;
  }

  MapEnvironment environment;
  ScriptedClient client;
  VaultProvider provider{environment, client, {}, net::Deadline::max()};
};

TEST_F(Vault, OneSecretIsOneReadHoweverItIsWritten) {
  has_mount("secret/", "secret/a");
  has("secret/data/a", "value", 4);
  has("secret/data/a?version=2", "older", 2);
  const Locator bao{.scheme = "bao", .path = "secret/a"};
  const auto results = read({at("secret/a"), at("/secret/data/a/"), bao, at("secret/a", "2")});
  EXPECT_EQ(key_of(results[0]), "value");
  EXPECT_EQ(key_of(results[1]), "value");
  EXPECT_EQ(key_of(results[2]), "value");
  EXPECT_EQ(key_of(results[3]), "older");
  EXPECT_EQ(results[0]->version, "4");
  EXPECT_THAT(client.batches,
              ElementsAre(ElementsAre("GET " + k_api + "sys/internal/ui/mounts/secret/a"),
                          ElementsAre("GET " + k_api + "secret/data/a", "GET " + k_api + "secret/data/a?version=2")));
  EXPECT_THAT(client.headers, Contains("X-Vault-Token: canary-token"));
}

TEST_F(Vault, AMountIsLookedUpOnceARun) {
  has_mount("secret/", "secret/a");
  has("secret/data/a", "one");
  has("secret/data/b", "two");
  (void)read({at("secret/a")});
  EXPECT_EQ(key_of(read({at("secret/b")})[0]), "two");
  EXPECT_EQ(client.asked.size(), 3U);
}

TEST_F(Vault, MountsMayHaveSlashesInTheirNames) {
  has_mount("team/a/", "team/a/x");
  has_mount("team/b/", "team/b/x", "1");
  has("team/a/data/x", "two layers");
  gives("team/b/x", 200, R"({"data":{"KEY":"one layer"}})");
  const auto results = read({at("team/a/x"), at("team/b/x")});
  EXPECT_EQ(key_of(results[0]), "two layers");
  EXPECT_EQ(key_of(results[1]), "one layer");
  EXPECT_EQ(client.batches.size(), 3U);
}

TEST_F(Vault, WhereMountsAreNotToldBothFormsAreTried) {
  gives("sys/internal/ui/mounts/secret/a", 403);
  gives("sys/internal/ui/mounts/old/a", 403);
  gives("sys/internal/ui/mounts/secret/data/b", 404, "no page");
  has("secret/data/a", "two layers");
  gives("old/a", 200, R"({"data":{"KEY":"one layer"}})");
  has("secret/data/b", "as it is");
  const auto results = read({at("secret/a"), at("old/a"), at("secret/data/b")});
  EXPECT_EQ(key_of(results[0]), "two layers");
  EXPECT_EQ(key_of(results[1]), "one layer");
  EXPECT_EQ(key_of(results[2]), "as it is");
}

TEST_F(Vault, TheVersionThatIsToldIsTriedFirst) {
  environment.variables.insert({"AVP_KV_VERSION", "1"});
  gives("sys/internal/ui/mounts/old/a", 403);
  gives("old/a", 200, R"({"data":{"KEY":"one layer"}})");
  EXPECT_EQ(key_of(read({at("old/a")})[0]), "one layer");
  EXPECT_EQ(client.asked.size(), 2U);
}

TEST_F(Vault, OneLoginForAll) {
  environment.variables.erase("VAULT_TOKEN");
  environment.variables.insert({{"VAULT_ROLE_ID", "role"}, {"VAULT_SECRET_ID", "se\"cret"}});
  client.replies["POST " + k_api + "auth/approle/login"] = {.body = R"({"auth":{"client_token":"from-login"}})"};
  has_mount("secret/", "secret/a");
  has("secret/data/a", "one");
  has("secret/data/b", "two");
  EXPECT_EQ(key_of(read({at("secret/a"), at("secret/b")})[1]), "two");
  EXPECT_EQ(key_of(read({at("secret/a")})[0]), "one");
  EXPECT_THAT(client.bodies, ElementsAre(R"({"role_id":"role","secret_id":"se\"cret"})"));
  EXPECT_THAT(client.headers, Contains("X-Vault-Token: from-login"));
}

TEST_F(Vault, ALoginThatIsRefusedIsSaidOnceAsked) {
  environment.variables.erase("VAULT_TOKEN");
  environment.variables.insert({{"VAULT_ROLE_ID", "role"}, {"VAULT_SECRET_ID", "canary"}});
  client.replies["POST " + k_api + "auth/approle/login"] = {
      .status = 400, .body = R"({"errors":["canary: invalid role or secret ID"]})"};
  const auto results = read({at("secret/a"), at("secret/b")});
  EXPECT_EQ(results[1].error().kind, base::ErrorKind::denied);
  EXPECT_THAT(results[1].error().message, HasSubstr("the login approle at auth/approle was refused"));
  EXPECT_THAT(results[1].error().message, testing::Not(HasSubstr("canary")));
  EXPECT_EQ(client.asked.size(), 1U);
}

struct Failure {
  const char* name;
  ScriptedClient::Reply reply;
  base::ErrorKind kind;
  const char* message;
  const char* help = "";
};
class VaultFails : public Vault, public testing::WithParamInterface<Failure> {};

TEST_P(VaultFails, WithWhatToDo) {
  has_mount("secret/", "secret/shp");
  client.replies["GET " + k_api + "secret/data/shp"] = GetParam().reply;
  client.replies["GET " + k_api + "secret/metadata/?list=true"] = {.body = R"({"data":{"keys":["other/","shop"]}})"};
  client.replies["GET " + k_api + "auth/token/lookup-self"] = {
      .body = R"({"data":{"display_name":"ci","policies":["default","shop"]}})"};
  const auto results = read({at("secret/shp")});
  ASSERT_FALSE(results[0]);
  EXPECT_EQ(results[0].error().kind, GetParam().kind);
  EXPECT_THAT(results[0].error().message, HasSubstr(GetParam().message));
  EXPECT_THAT(results[0].error().help, HasSubstr(GetParam().help));
  EXPECT_THAT(results[0].error().message + results[0].error().help, testing::Not(HasSubstr("canary")));
}

INSTANTIATE_TEST_SUITE_P(
    All, VaultFails,
    testing::Values(
        Failure{"missing",
                {404, R"({"errors":[]})"},
                base::ErrorKind::not_found,
                "secret not found: vault:secret/shp at https://vault:8200",
                "did you mean secret/shop?"},
        Failure{"denied",
                {403, R"({"errors":["canary"]})"},
                base::ErrorKind::denied,
                "https://vault:8200 denies to read it",
                "path \"secret/data/shp\" { capabilities = [\"read\"] }"},
        Failure{"refused", {400, R"({"errors":["canary"]})"}, base::ErrorKind::bad_input, "refuses this request"},
        Failure{"sealed", {503, R"({"errors":["Vault is sealed"]})"}, base::ErrorKind::unavailable, "Vault is sealed"},
        Failure{"throttled", {429, "canary"}, base::ErrorKind::unavailable, "fewer requests"},
        Failure{"malformed", {200, "canary"}, base::ErrorKind::unavailable, "is not one of Vault's"},
        Failure{"broken", {500, "canary"}, base::ErrorKind::unavailable, "answers 500"},
        Failure{"no_connection",
                {0, "", "https://vault:8200: connection refused"},
                base::ErrorKind::unavailable,
                "vault:secret/shp: https://vault:8200: connection refused"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(Vault, WhoWasDeniedIsSaid) {
  has_mount("secret/", "secret/a");
  gives("secret/data/a", 403);
  gives("secret/data/b", 403);
  gives("auth/token/lookup-self", 200, R"({"data":{"display_name":"ci","policies":["default","shop"]}})");
  const auto results = read({at("secret/a"), at("secret/b")});
  EXPECT_THAT(results[0].error().notes, ElementsAre("asked as ci with policies default and shop"));
  EXPECT_THAT(results[1].error().notes, ElementsAre("asked as ci with policies default and shop"));
  EXPECT_EQ(client.asked.size(), 4U);
  gives("auth/token/lookup-self", 403);
}

TEST_F(Vault, ATokenThatIsUnknownIsSaid) {
  gives("sys/internal/ui/mounts/secret/a", 403);
  gives("secret/data/a", 403);
  gives("secret/a", 403);
  gives("auth/token/lookup-self", 403);
  EXPECT_THAT(read({at("secret/a")})[0].error().message, HasSubstr("does not know this token"));
}

TEST_F(Vault, WhatCannotBeAskedIsNot) {
  const std::vector<Locator> odd = {at("secret/../a"),
                                    at("secret//a"),
                                    at("secret/a", "-1"),
                                    {.scheme = "vault", .path = "secret/a", .options = {{"adress", "x"}}},
                                    {.scheme = "vault", .path = "secret/a", .options = {{"address", "https://evil"}}}};
  for (const auto& result : read(odd)) {
    EXPECT_EQ(result.error().kind, base::ErrorKind::bad_input) << result.error().message;
  }
  EXPECT_THAT(client.asked, ElementsAre());
}

TEST_F(Vault, AHiddenLocatorIsNowhereShown) {
  has_mount("secret/", "secret/canary");
  gives("secret/data/canary", 403);
  Locator hidden = at("secret/canary");
  hidden.hidden = true;
  const auto results = read({hidden});
  EXPECT_THAT(results[0].error().message + results[0].error().help, testing::Not(HasSubstr("canary")));
}

TEST_F(Vault, AVersionOfWhatKeepsNoneIsRefused) {
  has_mount("old/", "old/a", "1");
  EXPECT_THAT(read({at("old/a", "2")})[0].error().message, HasSubstr("keeps no versions"));
}

TEST_F(Vault, TokensBehindANamespaceAreNoValuesEither) {
  gives("sys/internal/ui/mounts/team/auth/token/lookup-self", 403);
  gives("team/auth/token/lookup-self", 200, R"({"data":{"KEY":"canary-token"}})");
  has_mount("secret/", "secret/auth/token/x");
  has("secret/data/auth/token/x", "a secret's own name");
  const auto results = read({at("team/auth/token/lookup-self"), at("secret/auth/token/x")});
  ASSERT_FALSE(results[0]);
  EXPECT_EQ(results[0].error().kind, base::ErrorKind::bad_input);
  EXPECT_EQ(key_of(results[1]), "a secret's own name");
}

class VaultFiles : public Vault {
 protected:
  VaultFiles() {
    std::filesystem::create_directory(folder.path() + "/policy");
    write("policy/inside");
    write("outside");
    environment.variables.erase("VAULT_TOKEN");
    has_mount("secret/", "secret/a");
    has("secret/data/a", "value");
  }
  void write(const std::string& name) { std::ofstream(folder.path() + "/" + name) << "token-in-a-file\n"; }
  std::string read_by(std::map<std::string, std::string> options, bool has_allow = false, bool hidden = false) {
    VaultProvider asked{
        environment, client, {.folder = folder.path() + "/policy", .has_allow = has_allow}, net::Deadline::max()};
    const Locator locator{.scheme = "vault", .path = "secret/a", .options = std::move(options), .hidden = hidden};
    const auto results = asked.read_all({&locator, 1});
    return results[0] ? key_of(results[0]) : "error: " + results[0].error().message + " " + results[0].error().help;
  }

  Folder folder;
};

TEST_F(VaultFiles, OfAReferenceAreBelowThePolicysFolder) {
  EXPECT_EQ(read_by({{"token_file", "inside"}}), "value");
  EXPECT_THAT(client.headers, Contains("X-Vault-Token: token-in-a-file"));
  for (const std::string& path : {std::string("../outside"), folder.path() + "/outside"}) {
    client.headers.clear();
    const std::string there = read_by({{"token_file", path}});
    std::string missing = read_by({{"token_file", path + "-not"}});
    missing.erase(missing.find("-not"), 4);
    EXPECT_THAT(there, HasSubstr("is outside the policy's folder"));
    EXPECT_EQ(there, missing);
    EXPECT_EQ(client.headers.size(), 0U);
    EXPECT_EQ(read_by({{"token_file", path}}, true), "value");
  }
}

TEST_F(VaultFiles, OfTheOperatorAreRelativeToTheWorkingDirectory) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  environment.variables["VAULT_TOKEN_FILE"] = "outside";
  const std::string found = read_by({});
  std::filesystem::current_path(before);
  EXPECT_EQ(found, "value");
}

TEST_F(VaultFiles, NoMessageShowsWhatAValueNamed) {
  for (const auto& [options, error] : std::vector<std::pair<std::map<std::string, std::string>, const char*>>{
           {{{"token_env", "VAULT_canary"}}, "variable …, for the login, is not set"},
           {{{"token_env", "canary"}}, "may not name variable …"},
           {{{"token_file", "canary"}}, "the file …, for the login, is not there"},
           {{{"token_file", "../canary"}}, "is outside the policy's folder"},
           {{{"auth_method", "approle"}, {"role_id", "r"}, {"secret_id", "s"}, {"mountpoint", "canary"}},
            "the login approle at auth/… was refused"}}) {
    const std::string shown = read_by(options, false, true);
    EXPECT_THAT(shown, HasSubstr(error));
    EXPECT_THAT(shown, testing::Not(HasSubstr("canary")));
  }
}

}  // namespace
}  // namespace helmme::provider
