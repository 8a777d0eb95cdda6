#include "render/docker_auth.h"

#include <gtest/gtest.h>

#include <string>

#include "crypto/base64.h"

namespace helmme::render {
namespace {

std::string config(const std::string& name, std::string_view decoded) {
  return "{\"auths\": {\"r\": {" + name + "\"" + std::string(crypto::encode_base64(decoded).reveal()) + "\"}}}";
}

TEST(DockerAuth, IsWrittenOutWhereItMayHoldAPlaceholder) {
  constexpr std::string_view k_reference = "vault:secret/data/r#user:vault:secret/data/r#password";
  for (const std::string name : {"\"auth\": ", "\"auth\":", "\"auth\" :\n"}) {
    const std::string text = config(name, k_reference);
    const std::optional<WrittenOut> out = write_out_auths(text);
    ASSERT_TRUE(out) << text;
    ASSERT_EQ(out->auths.size(), 1U);
    EXPECT_EQ(out->text.reveal().substr(out->auths[0].begin, out->auths[0].size()), k_reference);
    EXPECT_TRUE(out->text.reveal().ends_with("\"}}}"));
  }
}

TEST(DockerAuth, StaysWhereItHoldsNone) {
  EXPECT_FALSE(write_out_auths(config("\"auth\": ", "robot:password")));
  EXPECT_FALSE(write_out_auths(config("\"token\": ", "vault:secret/data/r#user")));
  for (const char* text : {"", "\"auth\"", "\"auth\":", "\"auth\": \"", "\"auth\": 1", "\"auth\": \"dmF1bHQ6"}) {
    EXPECT_FALSE(write_out_auths(text)) << text;
  }
}

}  // namespace
}  // namespace helmme::render
