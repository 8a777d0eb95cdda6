#include "render/external_secret.h"

#include <gtest/gtest.h>

#include <string>

namespace helmme::render {
namespace {

using placeholder::FetchedReference;

FetchedReference reference(const std::string& path, const std::string& key) {
  FetchedReference out;
  out.locator.scheme = "vault";
  out.locator.path = path;
  out.path = {key};
  return out;
}

ExternalSecret empty() {
  ExternalSecret secret;
  secret.name = "s";
  secret.store.name = "vault";
  return secret;
}

TEST(ExternalSecret, NamesWhatIsRead) {
  ExternalSecret secret = empty();
  secret.references.emplace("K", reference("secret/shop", "a"));
  const base::Result<std::string> text = external_secret_document(secret);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: s\nspec:\n"
            "  secretStoreRef: {name: vault, kind: SecretStore}\n  target:\n    name: s\n  data:\n"
            "    - {secretKey: K, remoteRef: {key: secret/shop, property: a}}\n");
}

// What Go's templates would take for their own stays text, and what two values need is read once.
TEST(ExternalSecret, ComposesTextAroundReferences) {
  ExternalSecret secret = empty();
  Composed composed;
  composed.pieces.push_back({"a {{", reference("secret/shop", "a")});
  composed.pieces.push_back({" ", reference("secret/shop", "a")});
  composed.rest = "{{{ b }}";
  secret.composed.emplace("K", composed);
  const base::Result<std::string> text = external_secret_document(secret);
  ASSERT_TRUE(text);
  EXPECT_NE(text->find(R"(K: "a {{ \"{{\" }}{{ .value0 }} {{ .value0 }}{{ \"{{\" }}{ b }}")"), std::string::npos)
      << *text;
  EXPECT_EQ(text->find("value1"), std::string::npos) << *text;
}

TEST(ExternalSecret, RefusesWhatItsControllerCannotRead) {
  ExternalSecret local = empty();
  local.references.emplace("K", reference("secret/shop", "a"));
  local.references.at("K").locator.scheme = "file";
  EXPECT_FALSE(external_secret_document(local));
  ExternalSecret with_option = empty();
  with_option.references.emplace("K", reference("secret/shop", "a"));
  with_option.references.at("K").locator.options.emplace("namespace", "other");
  EXPECT_FALSE(external_secret_document(with_option));
  ExternalSecret two_stores = empty();
  two_stores.references.emplace("K", reference("secret/shop", "a"));
  two_stores.references.emplace("L", reference("secret/shop", "b"));
  two_stores.references.at("L").locator.scheme = "awssecrets";
  EXPECT_FALSE(external_secret_document(two_stores));
}

}  // namespace
}  // namespace helmme::render
