#include "placeholder/locator.h"

#include <gtest/gtest.h>

#include "placeholder/fetched_reference.h"

namespace helmme::placeholder {
namespace {

TEST(Locator, IsShownWithoutOptions) {
  EXPECT_EQ((Locator{.scheme = "vault", .path = "secret/shop", .options = {{"token", "x"}}}.text()),
            "vault:secret/shop");
  EXPECT_EQ((Locator{.scheme = "vault", .path = "secret/shop", .version = "3"}.text()), "vault:secret/shop version 3");
  EXPECT_EQ((Locator{.scheme = "vault", .path = "hunter2", .version = "3", .hidden = true}.text()), "vault:…");
}

TEST(Dialects, HaveTheNamesTheyAreCalledBy) {
  for (const Dialect dialect : {Dialect::native, Dialect::vals, Dialect::argocd_vault_plugin, Dialect::bank_vaults}) {
    EXPECT_EQ(dialect_named(name_of(dialect)), dialect);
  }
  EXPECT_EQ(name_of(Dialect::argocd_vault_plugin), "argocd-vault-plugin");
  EXPECT_EQ(dialect_named("avp"), std::nullopt);
}

}  // namespace
}  // namespace helmme::placeholder
