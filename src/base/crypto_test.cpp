#include "base/crypto.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace quiesce::base {
namespace {

using Bytes = std::vector<std::byte>;

Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

template <std::size_t N>
std::span<const std::byte, N> fixed(const Bytes& bytes) {
  return std::span(bytes).template first<N>();
}

TEST(Crypto, HmacOfRfc4231) {
  const std::string_view text = "what do ya want for nothing?", key = "Jefe";
  EXPECT_EQ(to_hex(hmac_sha256(std::as_bytes(std::span(key)), std::as_bytes(std::span(text)))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(Bytes(131, std::byte{0xaa}),
                               std::as_bytes(std::span(std::string_view(
                                   "Test Using Larger Than Block-Size Key - Hash Key First"))))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Crypto, HkdfOfRfc5869) {
  const Secret derived =
      hkdf_sha256(Bytes(22, std::byte{0x0b}), from_hex("000102030405060708090a0b0c"),
                  from_hex("f0f1f2f3f4f5f6f7f8f9"), 42);
  EXPECT_EQ(to_hex(derived.bytes()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST(Crypto, Ed25519OfRfc8032) {
  const Bytes seed = from_hex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7");
  const Bytes point = from_hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
  Bytes message = from_hex("af82");
  EXPECT_TRUE(std::ranges::equal(ed25519_public_key(fixed<32>(seed)), point));
  auto signature = ed25519_sign(fixed<32>(seed), message);
  EXPECT_EQ(to_hex(signature),
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
  EXPECT_TRUE(ed25519_verify(fixed<32>(point), message, signature));
  signature[3] ^= std::byte{1};
  EXPECT_FALSE(ed25519_verify(fixed<32>(point), message, signature));
  signature[3] ^= std::byte{1};
  message[0] ^= std::byte{1};
  EXPECT_FALSE(ed25519_verify(fixed<32>(point), message, signature));
  EXPECT_FALSE(ed25519_verify(fixed<32>(Bytes(32, std::byte{0xff})), message, signature));
}

// Test case 16 of McGrew and Viega's description of GCM, in AES with 256 bits.
TEST(Crypto, AesGcmOfItsDescription) {
  const Bytes key = from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const Bytes nonce = from_hex("cafebabefacedbaddecaf888");
  const Bytes plain = from_hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  const Bytes associated = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const GcmKey with{fixed<32>(key), fixed<12>(nonce)};
  Bytes cipher(plain.size());
  std::array<std::byte, kGcmTagBytes> tag;
  aes_256_gcm_encrypt(with, associated, plain, cipher, tag);
  EXPECT_EQ(to_hex(cipher),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662");
  EXPECT_EQ(to_hex(tag), "76fc6ece0f4e1768cddf8853bb2d551b");
  Bytes again(plain.size());
  EXPECT_TRUE(aes_256_gcm_decrypt(with, associated, cipher, again, tag));
  EXPECT_EQ(again, plain);
  tag[15] ^= std::byte{1};
  EXPECT_FALSE(aes_256_gcm_decrypt(with, associated, cipher, again, tag));
  EXPECT_EQ(again, Bytes(plain.size())) << "what is not authentic is not handed out";
  tag[15] ^= std::byte{1};
  EXPECT_FALSE(aes_256_gcm_decrypt(with, {}, cipher, again, tag));
  aes_256_gcm_encrypt(with, {}, {}, {}, tag);
  EXPECT_TRUE(aes_256_gcm_decrypt(with, {}, {}, {}, tag)) << "nothing can be encrypted, too";
}

TEST(Crypto, SecretsMoveAndAreWiped) {
  Bytes bytes(40, std::byte{7});
  Secret one{std::span<const std::byte>(bytes)};
  wipe(bytes);
  EXPECT_EQ(bytes, Bytes(40));
  Secret two(std::move(one));
  EXPECT_EQ(two.bytes().size(), 40u);
  EXPECT_EQ(two.bytes()[39], std::byte{7});
  two = Secret(3);
  EXPECT_EQ(two.bytes().size(), 3u);
  EXPECT_TRUE(equal_in_constant_time(two.bytes(), Bytes(3)));
  EXPECT_FALSE(equal_in_constant_time(two.bytes(), Bytes(4)));
  EXPECT_FALSE(equal_in_constant_time(two.bytes(), Bytes(3, std::byte{1})));
}

}  // namespace
}  // namespace quiesce::base
