#include "provider/providers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "placeholder/vals.h"
#include "provider/https.h"
#include "provider/local_store.h"
#include "provider/process.h"
#include "provider/sops.h"
#include "provider/vals_bridge.h"
#include "scripted_client.h"
#include "store_for_tests.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using placeholder::Locator;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const net::Deadline k_never = net::Deadline::max();

class AllProviders : public testing::Test {
 protected:
  AllProviders() {
    settings.environment = &environment;
    settings.folder = folder.path() + "/policy";
    std::filesystem::create_directory(settings.folder);
    environment.variables = {{"PATH", "/usr/bin:/bin"}, {"HOME", folder.path()}};
  }

  Providers& providers() {
    if (!providers_) {
      providers_ = std::make_unique<Providers>(settings, client);
    }
    return *providers_;
  }
  base::Result<const Answer*> read(const Locator& locator) { return providers().read_all({&locator, 1}).front(); }
  std::string text_of(const Locator& locator) {
    const auto answer = read(locator);
    return answer ? std::string(to_text((*answer)->value).reveal()) : "error: " + answer.error().message;
  }

  Folder folder;
  MapEnvironment environment;
  ScriptedClient client;
  Settings settings;

 private:
  std::unique_ptr<Providers> providers_;
};

TEST_F(AllProviders, EachLocatorIsReadOnce) {
  environment.variables.insert({{"VAULT_ADDR", "https://v"}, {"VAULT_TOKEN", "t"}, {"A", "text"}});
  client.replies["GET https://v/v1/sys/internal/ui/mounts/kv/a"] = {
      .body = R"({"data":{"path":"kv/","type":"kv","options":{"version":"1"}}})"};
  client.replies["GET https://v/v1/kv/a"] = {.body = R"({"data":{"K":"one"}})"};
  const std::vector<Locator> locators = {{.scheme = "vault", .path = "kv/a"},
                                         {.scheme = "env", .path = "A"},
                                         {.scheme = "vault", .path = "kv/a"},
                                         {.scheme = "vault", .path = "kv/b"}};
  const auto first = providers().read_all(locators);
  const auto second = providers().read_all(locators);
  EXPECT_EQ(to_text((*first[0])->value).reveal(), R"({"K":"one"})");
  EXPECT_EQ(to_text((*first[1])->value).reveal(), "text");
  EXPECT_EQ(*first[0], *first[2]);
  EXPECT_EQ(*first[0], *second[0]);
  EXPECT_EQ(second[3].error().kind, ErrorKind::not_found);
  // The look-up, both reads, and the list of what is beside kv/b.
  EXPECT_EQ(client.asked.size(), 4U);
}

TEST_F(AllProviders, OfflineAsksNobody) {
  settings.offline = true;
  settings.exec = {"echo"};
  settings.https = {"host"};
  settings.bridge_to_vals = true;
  environment.variables.insert({{"VAULT_ADDR", "https://v"}, {"VAULT_TOKEN", "t"}, {"A", "text"}});
  for (const char* scheme : {"vault", "openbao", "bao", "https", "exec", "awssecrets"}) {
    const Locator locator{.scheme = scheme, .path = "host/x"};
    EXPECT_TRUE(Providers::needs_network(locator)) << scheme;
    EXPECT_THAT(text_of(locator), HasSubstr("offline")) << scheme;
    EXPECT_EQ(read(locator).error().kind, ErrorKind::bad_input) << scheme;
  }
  for (const char* scheme : {"local", "file", "env", "envsubst", "echo", "sops"}) {
    EXPECT_FALSE(Providers::needs_network({.scheme = scheme, .path = "x"})) << scheme;
  }
  EXPECT_EQ(text_of({.scheme = "env", .path = "A"}), "text");
  EXPECT_THAT(client.asked, ElementsAre());
}

TEST_F(AllProviders, AnUnknownSchemeNamesTheBridge) {
  const auto answer = read({.scheme = "awssecrets", .path = "x"});
  EXPECT_EQ(answer.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(answer.error().message, "awssecrets:x: nothing here reads scheme \"awssecrets\"");
  EXPECT_THAT(answer.error().help, HasSubstr("bridge: vals"));
  EXPECT_THAT(read({.scheme = "vualt", .path = "x"}).error().help, HasSubstr("did you mean vault?"));
}

TEST_F(AllProviders, TheLocalStoreGivesItsKeys) {
  CountingRandom random;
  LocalStore store(*store_settings(environment), random);
  ASSERT_TRUE(store.update([](Entries& entries) {
    put(entries, "shop", "A", "one");
    put(entries, "shop", "B", "two");
    return true;
  }));
  EXPECT_EQ(providers().digest_key(), nullptr);
  EXPECT_EQ(text_of({.scheme = "local", .path = "shop"}), R"({"A":"one","B":"two"})");
  EXPECT_NE(providers().digest_key(), nullptr);
  EXPECT_EQ(read({.scheme = "local", .path = "shpo"}).error().help, "did you mean shop?");
  EXPECT_EQ(read({.scheme = "local", .path = "shop", .version = "1"}).error().kind, ErrorKind::bad_input);
  EXPECT_EQ(read({.scheme = "local", .path = "shop", .options = {{"a", "b"}}}).error().kind, ErrorKind::bad_input);
}

TEST_F(AllProviders, FilesStayInTheFolder) {
  write_bytes(settings.folder + "/inside", std::string("by\0tes", 6));
  write_bytes(folder.path() + "/outside", "canary");
  std::filesystem::create_symlink("../outside", settings.folder + "/link");
  std::filesystem::create_symlink("inside", settings.folder + "/good");
  write_bytes(settings.folder + "/large", std::string((4U << 20U) + 1, 'x'));
  EXPECT_EQ(text_of({.scheme = "file", .path = "inside"}), std::string("by\0tes", 6));
  EXPECT_EQ(text_of({.scheme = "file", .path = settings.folder + "/good"}), std::string("by\0tes", 6));
  EXPECT_EQ(text_of({.scheme = "file", .path = "inside", .options = {{"encode", "base64"}}}), "YnkAdGVz");
  for (const std::string& path :
       {std::string("../outside"), std::string("link"), folder.path() + "/outside", std::string("/etc/passwd"),
        std::string("."), std::string("large"), std::string("../none"), std::string("/none")}) {
    const auto answer = read({.scheme = "file", .path = path});
    ASSERT_FALSE(answer) << path;
    EXPECT_EQ(answer.error().kind, ErrorKind::bad_input) << path;
  }
  EXPECT_EQ(read({.scheme = "file", .path = "none"}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(text_of({.scheme = "file", .path = "."}), "error: file:.: is no regular file");
}

TEST_F(AllProviders, VariablesAndTexts) {
  environment.variables.insert({{"A", "one"}, {"EMPTY", ""}, {"VAULT_TOKEN", "canary"}, {"HELM_ME_X", "canary"}});
  const std::vector<std::pair<const char*, const char*>> good = {
      {"$A", "one"},         {"${A}/x", "one/x"},        {"a$A.b", "aone.b"},
      {"$$A", "$A"},         {"${NONE-else}", "else"},   {"${NONE:-el-se}", "el-se"},
      {"${EMPTY-else}", ""}, {"${EMPTY:-else}", "else"}, {"plain", "plain"}};
  for (const auto& [text, result] : good) {
    EXPECT_EQ(text_of({.scheme = "envsubst", .path = text}), result) << text;
  }
  for (const char* text : {"$", "${A", "${}", "${A:x}", "$VAULT_TOKEN", "${HELM_ME_X:-x}", "${1}"}) {
    EXPECT_EQ(read({.scheme = "envsubst", .path = text}).error().kind, ErrorKind::bad_input) << text;
  }
  EXPECT_EQ(read({.scheme = "envsubst", .path = "$NONE"}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(read({.scheme = "env", .path = "NONE"}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(read({.scheme = "env", .path = "VAULT_TOKEN"}).error().kind, ErrorKind::bad_input);
  EXPECT_EQ(read({.scheme = "env", .path = "A B"}).error().kind, ErrorKind::bad_input);
  EXPECT_EQ(text_of({.scheme = "env", .path = "A"}), "one");
  EXPECT_EQ(text_of({.scheme = "echo", .path = "a/b"}), "a/b");
}

TEST_F(AllProviders, OnlyAllowedProgramsRun) {
  settings.exec = {"echo", "/bin/sh", "env", "printf", "no-such-program"};
  settings.timeout = std::chrono::seconds(20);
  EXPECT_EQ(text_of({.scheme = "exec", .path = "echo/a b/$HOME", .options = {{"args", "c,d"}}}), "a b $HOME c d");
  EXPECT_EQ(text_of({.scheme = "exec", .path = "printf/x\\n", .options = {{"trim", "false"}}}), "x\n");
  const std::string variables = text_of({.scheme = "exec", .path = "env"});
  EXPECT_THAT(variables, HasSubstr("HOME="));
  EXPECT_THAT(variables, HasSubstr("PATH="));
  EXPECT_EQ(std::count(variables.begin(), variables.end(), '\n'), 1) << "only PATH and HOME";
  for (const Locator& locator :
       {Locator{.scheme = "exec", .path = "touch/x"}, Locator{.scheme = "exec", .path = "/bin/echo"},
        Locator{.scheme = "exec", .path = "sh/-c"},
        Locator{.scheme = "exec", .path = "echo", .options = {{"env_LD_PRELOAD", "/x"}}}}) {
    EXPECT_EQ(read(locator).error().kind, ErrorKind::bad_input) << locator.path;
  }
  EXPECT_EQ(read({.scheme = "exec", .path = "no-such-program"}).error().kind, ErrorKind::not_found);
  EXPECT_THAT(text_of({.scheme = "exec", .path = "./bin/x"}), HasSubstr("by itself or by an absolute path"));
  const auto failed = read({.scheme = "exec", .path = "/bin/sh", .options = {{"args", "-c,echo canary >&2; exit 3"}}});
  EXPECT_EQ(failed.error().kind, ErrorKind::unavailable);
  EXPECT_THAT(failed.error().message, HasSubstr("exit code 3"));
  EXPECT_THAT(failed.error().message + failed.error().help, Not(HasSubstr("canary")));
}

TEST_F(AllProviders, CredentialsOfBackendsAreNoValues) {
  environment.variables["VAULT_PASSWORD_ENV"] = "MY_PASSWORD";
  for (const char* name : {"VAULT_TOKEN",
                           "BAO_TOKEN",
                           "VAULT_PASSWORD",
                           "BAO_PASSWORD",
                           "BAO_JWT",
                           "BAO_ID_TOKEN",
                           "VAULT_SECRET_ID",
                           "MY_PASSWORD",
                           "AVP_GITHUB_TOKEN",
                           "ARGOCD_ENV_AVP_SECRET_ID",
                           "ARGOCD_ENV_AVP_PASSWORD",
                           "ARGOCD_ENV_AVP_GITHUB_TOKEN",
                           "ARGOCD_ENV_AWS_SECRET_ACCESS_KEY",
                           "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                           "HELM_ME_STORE_KEY",
                           "HELM_KUBETOKEN",
                           "SOPS_AGE_KEY",
                           "SOPS_AGE_KEY_CMD",
                           "SOPS_AGE_SSH_PRIVATE_KEY_FILE",
                           "AWS_SECRET_ACCESS_KEY",
                           "AWS_SESSION_TOKEN",
                           "AZURE_CLIENT_SECRET",
                           "AZURE_CLIENT_CERTIFICATE_PASSWORD",
                           "GITLAB_TOKEN",
                           "DOPPLER_TOKEN",
                           "OP_SERVICE_ACCOUNT_TOKEN",
                           "OP_CONNECT_TOKEN",
                           "PULUMI_ACCESS_TOKEN",
                           "BWS_ACCESS_TOKEN",
                           "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET",
                           "CONJUR_AUTHN_API_KEY",
                           "TFE_TOKEN",
                           "HCP_CLIENT_SECRET",
                           "SCW_SECRET_KEY",
                           "TSS_TOKEN",
                           "YC_TOKEN",
                           "SERVERCORE_PASSWORD"}) {
    environment.variables[name] = "canary";
    EXPECT_THAT(text_of({.scheme = "env", .path = name}), HasSubstr("holds credentials of this program or a backend"));
    EXPECT_THAT(text_of({.scheme = "envsubst", .path = std::string("a${") + name + "}"}),
                HasSubstr("holds credentials of this program or a backend"));
  }
  for (const char* name : {"SHOP_TOKEN", "PASSWORD", "VAULTED_TOKEN", "VAULT_ADDR", "AWS_REGION"}) {
    environment.variables[name] = "text";
    EXPECT_EQ(text_of({.scheme = "env", .path = name}), "text");
  }
}

TEST_F(AllProviders, NoMessageShowsAValueThatWentIntoAReference) {
  settings.exec = {"echo", "canary"};
  settings.https = {"*"};
  environment.variables.insert({{"VAULT_ADDR", "https://v"}, {"VAULT_TOKEN", "t"}});
  client.replies["GET https://canary/x"] = {.error = "https://canary: host not found"};
  client.replies["GET https://v/v1/sys/internal/ui/mounts/canary/x"] = {
      .body = R"({"data":{"path":"canary/","type":"kv","options":{"version":"2"}}})"};
  client.replies["GET https://v/v1/canary/data/x?version=7777"] = {
      .status = 404,
      .body =
          R"({"data":{"data":null,"metadata":{"version":7777,"created_time":"t","deletion_time":"","destroyed":true}}})"};
  for (const Locator& locator :
       {Locator{.scheme = "local", .path = "canary"}, Locator{.scheme = "https", .path = "canary/x"},
        Locator{.scheme = "https", .path = "canary"}, Locator{.scheme = "exec", .path = "canary"},
        Locator{.scheme = "exec", .path = "echo/canary"}, Locator{.scheme = "env", .path = "canary"},
        Locator{.scheme = "envsubst", .path = "$canary"}, Locator{.scheme = "file", .path = "canary"},
        Locator{.scheme = "sops", .path = "canary"}, Locator{.scheme = "sops", .path = "x", .version = "canary"},
        Locator{.scheme = "echo", .path = "x", .options = {{"canary", "canary"}}},
        Locator{.scheme = "vault", .path = "canary/x"},
        Locator{.scheme = "vault", .path = "canary/x", .version = "7777"},
        Locator{.scheme = "vault", .path = "x", .options = {{"auth_method", "canary"}}},
        Locator{.scheme = "vault", .path = "x", .options = {{"address", "https://canary"}}}}) {
    Locator hidden = locator;
    hidden.hidden = true;
    const auto answer = read(hidden);
    ASSERT_FALSE(answer) << locator.text();
    std::string shown = answer.error().message + " " + answer.error().help;
    for (const std::string& note : answer.error().notes) {
      shown += " " + note;
    }
    EXPECT_THAT(shown, Not(HasSubstr("canary"))) << locator.text();
    EXPECT_THAT(shown, Not(HasSubstr("7777"))) << locator.text();
  }
}

TEST_F(AllProviders, NoProgramTakesAValueAsItsArgument) {
  settings.exec = {"echo"};
  const auto answer = read({.scheme = "exec", .path = "echo/value", .hidden = true});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::bad_input);
  EXPECT_THAT(answer.error().message, HasSubstr("all see the arguments of a program"));
}

TEST(Process, IsKilledAtTheDeadlineWithAllItStarted) {
  const auto begin = std::chrono::steady_clock::now();
  const Program program{.words = {"/bin/sh", "-c", "sleep 60 & sleep 60"}};
  const auto end = run_program(program, begin + std::chrono::milliseconds(300));
  EXPECT_EQ(end.error().kind, ErrorKind::unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(Process, MayNotCloseItsOutputAndStay) {
  const auto begin = std::chrono::steady_clock::now();
  const Program program{.words = {"/bin/sh", "-c", "exec >&- 2>&-; sleep 60"}};
  EXPECT_FALSE(run_program(program, begin + std::chrono::milliseconds(300)));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(Process, HasALimitAndAnInput) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  EXPECT_EQ(run_program({.words = {"cat", "/dev/zero"}}, deadline).error().message, "cat writes more than 4 MiB");
  const std::string large(300000, 'x');
  const auto echoed = run_program({.words = {"cat"}, .input = base::Secret(std::string_view(large))}, deadline);
  EXPECT_EQ(echoed->output.reveal(), large);
  std::signal(SIGPIPE, SIG_IGN);
  const auto not_read = run_program({.words = {"true"}, .input = base::Secret(std::string_view(large))}, deadline);
  EXPECT_EQ(not_read->code, 0);
}

TEST_F(AllProviders, HttpsAsksAllowedHostsOnly) {
  HttpsProvider https(client, {"config.example.com/shop/*", "other:8443"}, {}, k_never);
  client.replies["GET https://config.example.com/shop/a%20b?env=p%26q"] = {.body = R"({"K":"v"})"};
  client.replies["GET https://other:8443/"] = {.body = "[1]"};
  client.replies["GET https://other:8443/text"] = {.body = "canary"};
  client.replies["GET https://other:8443/denied"] = {.status = 403, .body = "canary"};
  client.replies["GET https://other:8443/broken"] = {.status = 500, .body = "canary"};
  const auto at = [](const char* path, std::map<std::string, std::string> options = {}) {
    return Locator{.scheme = "https", .path = path, .options = std::move(options)};
  };
  const std::vector<Locator> locators = {at("config.example.com/shop/a b", {{"env", "p&q"}}),
                                         at("other:8443"),
                                         at("other:8443/text"),
                                         at("other:8443/denied"),
                                         at("other:8443/broken"),
                                         at("other:8443/none"),
                                         at("other/x"),
                                         at("config.example.com.evil/x"),
                                         at("user@config.example.com/x"),
                                         at("config.example.com/../x")};
  const auto results = https.read_all(locators);
  EXPECT_EQ(to_text(results[0]->value).reveal(), R"({"K":"v"})");
  EXPECT_EQ(to_text(results[1]->value).reveal(), "[1]");
  EXPECT_EQ(results[2].error().kind, ErrorKind::unavailable);
  EXPECT_EQ(results[3].error().kind, ErrorKind::denied);
  EXPECT_EQ(results[4].error().kind, ErrorKind::unavailable);
  EXPECT_EQ(results[5].error().kind, ErrorKind::not_found);
  for (std::size_t i = 6; i < locators.size(); ++i) {
    EXPECT_EQ(results[i].error().kind, ErrorKind::bad_input) << locators[i].path;
  }
  EXPECT_EQ(client.asked.size(), 6U);
  for (const auto& result : results) {
    EXPECT_THAT(result ? "" : result.error().message, Not(HasSubstr("canary")));
  }
}

std::string sops_problem(const std::string& text, const std::string& format, bool offline = false) {
  MapEnvironment environment;
  environment.variables = {{"VAULT_ADDR", "https://vault.example.com"}, {"BAO_ADDR", "https://bao.example.com/"}};
  const SopsRules rules{.environment = &environment, .addresses = {"https://allowed.example.com"}, .offline = offline};
  const auto error = check_sops_text(text, "f", format, rules);
  return error ? error->message : "none";
}

TEST(Sops, WhatStandsInTheClearIsFound) {
  const std::string end = "sops:\n  age: [{recipient: a}]\n";
  const auto problem = [](const std::string& text) { return sops_problem(text, "yaml"); };
  EXPECT_EQ(problem("a: ENC[AES256_GCM,x]\nb: {c: ['ENC[x]', '', null]}\nd_unencrypted: x\n" + end), "none");
  EXPECT_EQ(problem("a: ENC[x]\nb: {c: [{d: canary}]}\n" + end),
            "f: is encrypted in part only: the value of b.c[].d stands in the clear");
  EXPECT_EQ(problem("a: 1\n" + end), "f: is encrypted in part only: the value of a stands in the clear");
  EXPECT_EQ(problem("kind: Secret\ndata: {a: 'ENC[x]'}\n" + end + "  encrypted_regex: ^data$\n"), "none");
  EXPECT_EQ(problem("a: x\n" + end + "  unencrypted_suffix: _unencrypted\n"),
            "f: is encrypted in part only: the value of a stands in the clear");
  EXPECT_EQ(problem("a: x\n"), "f: is not encrypted by sops");
  EXPECT_EQ(problem("a: [\n"), "f: is no YAML");
  EXPECT_EQ(sops_problem("a: ENC[x]\n", "json"), "f: is no JSON");
  EXPECT_EQ(problem("a: ENC[x]\nSOPS: {age: []}\n" + end), "f: is not encrypted by sops");
  for (const char* format : {"dotenv", "ini"}) {
    EXPECT_EQ(sops_problem("A=ENC[x]\n", format), "f: is not encrypted by sops");
  }
}

// One key, as each format writes it.
std::vector<std::pair<std::string, std::string>> sops_files(const std::string& kind, const std::string& field,
                                                            const std::string& value, bool in_group) {
  const std::string keys = kind + R"(":[{")" + field + R"(":")" + value + R"("}])";
  const std::string json =
      R"({"data":"ENC[x]","sops":{")" + (in_group ? R"(key_groups":[{")" + keys + "}]" : keys) + "}}";
  const std::string flat =
      (in_group ? "key_groups__list_0__map_" : "") + kind + "__list_0__map_" + field + "=" + value + "\n";
  const std::string yaml = "data: ENC[x]\nsops:\n" + std::string(in_group ? "  key_groups:\n  - " : "  ") + kind +
                           ":\n    - " + field + ": '" + value + "'\n";
  return {{"yaml", yaml},
          {"json", json},
          {"binary", json},
          {"dotenv", "A=ENC[x]\nsops_mac=ENC[y]\nsops_" + flat},
          {"ini", "[a]\nb = ENC[x]\n[sops]\nmac = ENC[y]\n" + flat}};
}

TEST(Sops, OnlyTheOperatorsOwnServersAreAskedForKeys) {
  constexpr const char* k_foreign =
      "f: sops would ask https://evil.example.com, which is neither VAULT_ADDR nor allowed by the policy";
  struct Case {
    const char* kind;
    const char* field;
    const char* value;
    std::string problem;
  };
  const std::vector<Case> cases = {
      {"hc_vault", "vault_address", "https://evil.example.com", k_foreign},
      {"HC_Vault", "Vault_Address", "https://evil.example.com/", k_foreign},
      {"hc_vault", "vault_address", "https://VAULT.example.com:443/", "none"},
      {"hc_vault", "vault_address", "https://bao.example.com", "none"},
      {"hc_vault", "vault_address", "https://allowed.example.com", "none"},
      {"hc_vault", "vault_address", "http://vault.example.com",
       "f: sops would ask http://vault.example.com, which is neither VAULT_ADDR nor allowed by the policy"},
      {"hc_vault", "vault_address", "https://user@evil",
       "f: sops would ask an odd address, which is neither VAULT_ADDR nor allowed by the policy"},
      {"hc_vault", "vault_addre\xC5\xBFs", "https://evil.example.com",
       "f: its metadata have hc_vault.vault_addre\xC5\xBFs, which is not known here"},
      {"hc_vault", "engine_path", "transit/team", "none"},
      {"hc_vault", "key_name", "../../sys/seal", "f: its key_name is another path to Vault than it says"},
      {"hc_vault", "engine_path", "a/../sys", "f: its engine_path is another path to Vault than it says"},
      {"azure_kv", "vault_url", "https://shop.vault.azure.net", "none"},
      {"azure_kv", "vault_url", "https://shop.vault.usgovcloudapi.net/", "none"},
      {"azure_kv", "vault_url", "https://allowed.example.com", "none"},
      {"azure_kv", "vault_url", "http://shop.vault.azure.net",
       "f: sops would ask http://shop.vault.azure.net, which is neither a Key Vault of Azure's nor allowed by the "
       "policy"},
      {"azure_kv", "vault_url", "https://shop.vault.azure.net.evil.example.com",
       "f: sops would ask https://shop.vault.azure.net.evil.example.com, which is neither a Key Vault of Azure's nor "
       "allowed by the policy"},
      {"kms", "arn", "arn:aws:kms:eu-central-1:1:key/1", "none"},
      {"new_kms", "address", "https://evil.example.com",
       "f: its metadata have new_kms.address, which is not known here"},
      {"age", "recipient", "age1", "none"}};
  for (const Case& one : cases) {
    for (const bool in_group : {false, true}) {
      std::string expected = one.problem;
      if (in_group && expected.find("metadata have ") != std::string::npos) {
        expected.insert(expected.find("have ") + 5, "key_groups.");
      }
      for (const auto& [format, text] : sops_files(one.kind, one.field, one.value, in_group)) {
        EXPECT_EQ(sops_problem(text, format), expected) << format << ": " << text;
      }
    }
  }
}

TEST(Sops, OfflineNoKeyMayNeedAService) {
  for (const char* kind : {"kms", "gcp_kms", "hckms", "azure_kv", "hc_vault"}) {
    for (const auto& [format, text] : sops_files(kind, "enc", "x", false)) {
      EXPECT_THAT(sops_problem(text, format, true), HasSubstr("this run is offline")) << text;
    }
  }
  for (const auto& [format, text] : sops_files("age", "enc", "x", true)) {
    EXPECT_EQ(sops_problem(text, format, true), "none") << text;
  }
  EXPECT_THAT(sops_problem("a: ENC[x]\nsops: {age: [{enc: x}], hc_vault: [{enc: x}]}\n", "yaml", true),
              HasSubstr("this run is offline"));
  EXPECT_EQ(sops_problem("a: ENC[x]\nsops: {age: [{enc: x}], hc_vault: [], kms: null}\n", "yaml", true), "none");
}

TEST(Sops, SectionsOfAnIniFileAreNotBelieved) {
  EXPECT_THAT(
      sops_problem("[sops]\na = \"\"\"\n[b]\n\"\"\"\nhc_vault__list_0__map_vault_address = https://evil.example.com\n",
                   "ini"),
      HasSubstr("sops would ask https://evil.example.com"));
}

TEST(Vals, ReferencesAreWrittenAsItReadsThem) {
  EXPECT_EQ(vals_reference({.scheme = "awssecrets", .path = "arn:aws:x/a b+c"}),
            "ref+awssecrets://arn:aws:x/a%20b%2Bc");
  EXPECT_EQ(vals_reference({.scheme = "s3", .path = "b/k", .version = "3", .options = {{"region", "eu#1"}}}),
            "ref+s3://b/k?version=3&region=eu%231");
  EXPECT_EQ(
      vals_reference({.scheme = "httpjson", .path = "h/p", .options = {{"a", "b"}}, .keys = {"", "", "x[1]", "a b"}}),
      "ref+httpjson://h/p?a=b#///x[1]/a%20b");
}

TEST(Vals, WalksItself) {
  const auto asked = [](const char* text) { return as_asked(*placeholder::parse_vals(text)); };
  EXPECT_THAT(asked("ref+s3://b/k#/x/y").locator.keys, ElementsAre("x", "y"));
  EXPECT_THAT(asked("ref+s3://b/k#/x/y").path, ElementsAre());
  EXPECT_THAT(asked("ref+vault://b/k#/x/y").locator.keys, ElementsAre());
  EXPECT_THAT(asked("ref+vault://b/k#/x/y").path, ElementsAre("x", "y"));
}

TEST(Vals, AReferenceMayChooseWhereItIsRead) {
  const auto chooses = [](const char* text) { return chooses_how_it_is_read(placeholder::parse_vals(text)->locator); };
  for (const char* text :
       {"ref+awssecrets://shop/db?region=eu-west-1&version_id=1#/a", "ref+k8s://v1/Secret/shop/x/key",
        "ref+gkms://AAAA?project=p&location=l&keyring=k&crypto_key=c", "ref+s3://b/k#/x",
        "ref+vault://a/b?address=https://elsewhere#/c", "ref+file:///etc/passwd"}) {
    EXPECT_FALSE(chooses(text)) << text;
  }
  for (const char* text :
       {"ref+k8s://v1/Secret/shop/x/key?kubeConfigPath=chart/config", "ref+doppler://a/b/c?address=http://elsewhere#/c",
        "ref+gitlab://elsewhere/1/TOKEN", "ref+tfstate:///etc/passwd", "ref+httpjson://elsewhere/x#/a",
        "ref+awssecrets://a?endpoint=http://elsewhere", "ref+azurekeyvault://elsewhere.example.com/a", "ref+new://x"}) {
    EXPECT_TRUE(chooses(text)) << text;
  }
}

// A vals that gives what it is asked for, and fails where "bad" is among it.
constexpr const char* k_fake_vals = R"(#!/bin/sh
[ "$*" = "eval -f - -o json" ] || exit 9
asked=$(cat)
echo canary >&2
case $asked in *bad*) exit 1 ;; esac
printf '%s' "$asked" | sed 's/ref+/canary of /g'
)";

TEST_F(AllProviders, TheBridgeAsksForAllAtOnceAndThenForEach) {
  settings.bridge_to_vals = true;
  settings.timeout = std::chrono::seconds(30);
  const std::string fake = folder.path() + "/vals";
  write_bytes(fake, k_fake_vals);
  std::filesystem::permissions(fake, std::filesystem::perms::owner_all);
  const std::string before = std::getenv("PATH");
  ::setenv("PATH", (folder.path() + ":" + before).c_str(), 1);
  const std::vector<Locator> good = {{.scheme = "awssecrets", .path = "x", .version = "2"},
                                     {.scheme = "gcpsecrets", .path = "p/s"}};
  const auto read_well = providers().read_all(good);
  const std::vector<Locator> mixed = {{.scheme = "s3", .path = "bad"}, {.scheme = "s3", .path = "well"}};
  const auto read_in_part = providers().read_all(mixed);
  ::setenv("PATH", before.c_str(), 1);
  EXPECT_EQ(to_text((*read_well[0])->value).reveal(), "canary of awssecrets://x?version=2");
  EXPECT_EQ(to_text((*read_well[1])->value).reveal(), "canary of gcpsecrets://p/s");
  EXPECT_EQ(read_in_part[0].error().message, "s3:bad: vals has failed with exit code 1");
  EXPECT_THAT(read_in_part[0].error().help, Not(HasSubstr("canary")));
  EXPECT_EQ(to_text((*read_in_part[1])->value).reveal(), "canary of s3://well");
}

TEST_F(AllProviders, TheBridgeSaysWhatItLacks) {
  settings.bridge_to_vals = true;
  const std::string before = std::getenv("PATH");
  ::setenv("PATH", folder.path().c_str(), 1);
  const auto none = read({.scheme = "awssecrets", .path = "x"});
  ::setenv("PATH", before.c_str(), 1);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
  EXPECT_THAT(none.error().message, HasSubstr("vals"));
}

}  // namespace
}  // namespace helmme::provider
