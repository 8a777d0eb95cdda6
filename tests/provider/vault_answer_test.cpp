#include "provider/vault_answer.h"

#include <gtest/gtest.h>

namespace helmme::provider {
namespace {

using Kind = VaultAnswer::Kind;

const std::string k_two =
    R"({"lease_id":"","data":{"data":{"KEY":"v","N":7},"metadata":{"version":3,"created_time":"t","deletion_time":"",)"
    R"("destroyed":false}}})";
const std::string k_deleted =
    R"({"data":{"data":null,"metadata":{"version":2,"created_time":"t","deletion_time":"2026-01-02T03:04:05Z",)"
    R"("destroyed":false}}})";
const std::string k_destroyed =
    R"({"data":{"data":null,"metadata":{"version":2,"created_time":"t","deletion_time":"","destroyed":true}}})";

struct Case {
  const char* name;
  int status;
  std::string body;
  VaultLayers layers;
  Kind kind;
  const char* keys = "";  // of the data, each with a blank behind it
  const char* version = "";
};
class Answers : public testing::TestWithParam<Case> {};

TEST_P(Answers, AreToldApart) {
  const VaultAnswer answer = read_vault_answer(GetParam().status, GetParam().body, GetParam().layers);
  EXPECT_EQ(answer.kind, GetParam().kind);
  std::string keys;
  for (const std::string& key : answer.data.keys()) {
    keys += key + " ";
  }
  EXPECT_EQ(keys, GetParam().keys);
  EXPECT_EQ(answer.version, GetParam().version);
}

INSTANTIATE_TEST_SUITE_P(
    All, Answers,
    testing::Values(Case{"kv2", 200, k_two, VaultLayers::two, Kind::data, "KEY N ", "3"},
                    Case{"kv2_by_look", 200, k_two, VaultLayers::by_look, Kind::data, "KEY N ", "3"},
                    Case{"kv1_that_looks_like_kv2", 200, k_two, VaultLayers::one, Kind::data, "data metadata "},
                    Case{"kv1", 200, R"({"lease_id":"","data":{"A":"1"}})", VaultLayers::one, Kind::data, "A "},
                    Case{"kv1_by_look", 200, R"({"data":{"data":{"x":1}}})", VaultLayers::by_look, Kind::data, "data "},
                    Case{"kv2_without_layers", 200, R"({"data":{"A":"1"}})", VaultLayers::two, Kind::malformed},
                    Case{"deleted", 404, k_deleted, VaultLayers::two, Kind::deleted, "", "2"},
                    Case{"destroyed", 404, k_destroyed, VaultLayers::two, Kind::destroyed, "", "2"},
                    Case{"deleted_with_200", 200, k_deleted, VaultLayers::two, Kind::deleted, "", "2"},
                    Case{"data_with_404", 404, k_two, VaultLayers::two, Kind::malformed, "KEY N ", "3"},
                    Case{"missing", 404, R"({"errors":[]})", VaultLayers::two, Kind::missing},
                    Case{"another_404", 404, "<html>not here</html>", VaultLayers::two, Kind::malformed},
                    Case{"no_content", 204, "", VaultLayers::one, Kind::missing},
                    Case{"no_data", 200, R"({"lease_id":""})", VaultLayers::one, Kind::missing},
                    Case{"null_data", 200, R"({"data":null})", VaultLayers::one, Kind::missing},
                    Case{"list_data", 200, R"({"data":[1]})", VaultLayers::one, Kind::malformed},
                    Case{"no_json", 200, "hello", VaultLayers::one, Kind::malformed},
                    Case{"a_list", 200, "[]", VaultLayers::one, Kind::malformed},
                    Case{"denied", 403, R"({"errors":["permission denied"]})", VaultLayers::two, Kind::denied},
                    Case{"denied_without_body", 403, "", VaultLayers::two, Kind::denied},
                    Case{"refused", 400, R"({"errors":["missing client token"]})", VaultLayers::two, Kind::refused},
                    Case{"needs_tls", 400, "Client sent an HTTP request to an HTTPS server.\n", VaultLayers::two,
                         Kind::needs_tls},
                    Case{"throttled", 429, "", VaultLayers::two, Kind::throttled},
                    Case{"sealed", 503, R"({"errors":["Vault is sealed"]})", VaultLayers::two, Kind::sealed},
                    Case{"down", 503, "busy", VaultLayers::two, Kind::failed},
                    Case{"uninitialized", 501, "{}", VaultLayers::two, Kind::uninitialized},
                    Case{"standby", 473, "{}", VaultLayers::two, Kind::failed},
                    Case{"broken", 500, R"({"errors":["internal error"]})", VaultLayers::two, Kind::failed}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(VaultAnswer, KeepsTheLeaseOfADynamicSecret) {
  const VaultAnswer answer = read_vault_answer(
      200, R"({"lease_id":"database/creds/shop/abc","lease_duration":60,"data":{"username":"u","password":"p"}})",
      VaultLayers::one);
  EXPECT_EQ(answer.lease_id, "database/creds/shop/abc");
  EXPECT_EQ(answer.data.find("password")->scalar.reveal(), "p");
}

TEST(VaultAnswer, SaysWhenAVersionWasDeleted) {
  EXPECT_EQ(read_vault_answer(404, k_deleted, VaultLayers::two).deleted_at, "2026-01-02T03:04:05Z");
}

std::optional<VaultMount> mount(const char* data) {
  return read_vault_mount(read_vault_answer(200, std::string(R"({"data":)") + data + "}", VaultLayers::one));
}

TEST(VaultMount, IsRead) {
  EXPECT_EQ(mount(R"({"path":"secret/","type":"kv","options":{"version":"2"}})"),
            (VaultMount{.path = "secret/", .keeps_keys = true, .has_versions = true}));
  EXPECT_EQ(mount(R"({"path":"a/b","type":"kv","options":null})"), (VaultMount{.path = "a/b/", .keeps_keys = true}));
  EXPECT_EQ(mount(R"({"path":"old/","type":"generic"})"), (VaultMount{.path = "old/", .keeps_keys = true}));
  EXPECT_EQ(mount(R"({"path":"pki/","type":"pki","options":{"version":"2"}})"), (VaultMount{.path = "pki/"}));
  EXPECT_EQ(mount(R"({"type":"kv"})"), std::nullopt);
}

struct Path {
  const char* name;
  const char* path;
  bool versions;
  const char* api;
  const char* inside;
};
class Paths : public testing::TestWithParam<Path> {};

TEST_P(Paths, AreTheApis) {
  const VaultMount mount{.path = "team/kv/", .keeps_keys = true, .has_versions = GetParam().versions};
  EXPECT_EQ(vault_api_path(mount, GetParam().path), GetParam().api);
  EXPECT_EQ(vault_secret_path(mount, GetParam().path), GetParam().inside);
}

INSTANTIATE_TEST_SUITE_P(
    All, Paths,
    testing::Values(Path{"as_people_write", "team/kv/shop/db", true, "team/kv/data/shop/db", "shop/db"},
                    Path{"as_the_api_has_it", "team/kv/data/shop/db", true, "team/kv/data/shop/db", "shop/db"},
                    Path{"a_secret_named_data", "team/kv/data", true, "team/kv/data/data", "data"},
                    Path{"a_name_that_begins_so", "team/kv/database", true, "team/kv/data/database", "database"},
                    Path{"version_1", "team/kv/data/shop", false, "team/kv/data/shop", "data/shop"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace helmme::provider
