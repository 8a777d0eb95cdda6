#include <gtest/gtest.h>

#include "crypto/base64.h"
#include "crypto/hmac.h"

namespace helmme::crypto {
namespace {

TEST(Base64, DecodesTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"Zg==", "f"},
                                                         {"Zm8=", "fo"},
                                                         {"Zm9v", "foo"},
                                                         {"Zm9vYg==", "foob"},
                                                         {"Zm9vYmE=", "fooba"},
                                                         {"Zm9v\nYmFy\n", "foobar"}};
  for (const auto& [encoded, text] : vectors) {
    const auto decoded = decode_base64(encoded);
    ASSERT_TRUE(decoded) << encoded;
    EXPECT_EQ(decoded->reveal(), text);
  }
  for (const char* bad : {"Zg", "Z===", "Zm9 v", "Zm9-", "====", "Zg==Zg=="}) {
    EXPECT_FALSE(decode_base64(bad)) << bad;
  }
}

TEST(Hmac, AgreesWithRfc4231) {
  EXPECT_EQ(hmac_sha256_hex(base::Secret("Jefe"), base::Secret("what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace helmme::crypto
