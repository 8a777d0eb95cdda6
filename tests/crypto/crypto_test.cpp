#include <gtest/gtest.h>

#include <array>
#include <string>

#include "crypto/aes_gcm.h"
#include "crypto/base64.h"
#include "crypto/hmac.h"
#include "crypto/random.h"
#include "crypto/scrypt.h"
#include "crypto/sha256.h"

namespace helmme::crypto {
namespace {

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

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

TEST(Base64, EncodesTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [text, encoded] : vectors) {
    EXPECT_EQ(encode_base64(text).reveal(), encoded);
  }
  const std::string large(7U << 20U, '\xFF');
  EXPECT_EQ(decode_base64(encode_base64(large).reveal())->reveal(), large);
}

// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 and 16.
TEST(AesGcm, AgreesWithItsAuthorsVectors) {
  EXPECT_EQ(seal_aes_gcm(base::Secret(std::string(32, '\0')), std::string(12, '\0'), "", ""),
            from_hex("530f8afbc74536b9a963b4f1c4cb738b"));
  const base::Secret key(from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const std::string nonce = from_hex("cafebabefacedbaddecaf888");
  const std::string bound = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string text = from_hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
      "ba637b39");
  const std::string sealed = from_hex(
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
      "bcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
  EXPECT_EQ(seal_aes_gcm(key, nonce, bound, text), sealed);
  ASSERT_TRUE(open_aes_gcm(key, nonce, bound, sealed));
  EXPECT_EQ(open_aes_gcm(key, nonce, bound, sealed)->reveal(), text);
}

TEST(AesGcm, OpensNothingThatWasChanged) {
  const base::Secret key(std::string(32, 'k'));
  const std::string nonce(12, 'n');
  const std::string sealed = seal_aes_gcm(key, nonce, "name", "value");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string other = sealed;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(open_aes_gcm(key, nonce, "name", other)) << i;
    EXPECT_FALSE(open_aes_gcm(key, nonce, "name", sealed.substr(0, i))) << i;
  }
  EXPECT_FALSE(open_aes_gcm(key, nonce, "mane", sealed));
  EXPECT_FALSE(open_aes_gcm(key, std::string(12, 'm'), "name", sealed));
  EXPECT_FALSE(open_aes_gcm(base::Secret(std::string(32, 'l')), nonce, "name", sealed));
  EXPECT_TRUE(open_aes_gcm(key, nonce, "name", sealed));
}

TEST(Scrypt, AgreesWithRfc7914) {
  EXPECT_EQ(
      scrypt(base::Secret(), "", {.log2_n = 4, .r = 1, .p = 1}, 64).reveal(),
      from_hex("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3"
               "e0fb2e0d3628cf35e20c38d18906"));
  EXPECT_EQ(
      scrypt(base::Secret("password"), "NaCl", {.log2_n = 10, .r = 8, .p = 16}, 64).reveal(),
      from_hex("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727"
               "afb94a83ee6d8360cbdfa2cc0640"));
}

TEST(Sha256, AgreesWithFips180) {
  EXPECT_EQ(sha256("abc"), from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  EXPECT_EQ(sha256(""), from_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

TEST(Random, FillsAllOfItEachTimeAnew) {
  std::array<unsigned char, 64> first{};
  std::array<unsigned char, 64> second{};
  SystemRandom random;
  random.fill(first);
  random.fill(second);
  EXPECT_NE(first, second);
  EXPECT_TRUE(first.front() != 0 || first.back() != 0);
  random.fill({});
}

TEST(Hmac, AgreesWithRfc4231) {
  EXPECT_EQ(hmac_sha256_hex(base::Secret("Jefe"), base::Secret("what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace helmme::crypto
