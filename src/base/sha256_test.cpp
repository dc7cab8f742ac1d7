#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include <string>

namespace quiesce::base {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

// The examples of FIPS 180-4 and of NIST's CAVP.
TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(to_hex(sha256(bytes_of(""))),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256(bytes_of("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256(bytes_of(std::string(1000000, 'a')))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesGiveTheDigestOfTheWhole) {
  const std::string text(1000, 'x');
  const Digest whole = sha256(bytes_of(text));
  for (std::size_t cut = 0; cut <= text.size(); cut += 37) {
    Sha256 hash;
    hash.update(bytes_of(text).first(cut));
    hash.update(bytes_of(text).subspan(cut));
    EXPECT_EQ(hash.finish(), whole) << cut;
  }
}

TEST(Sha256, GoesOnAfterFinish) {
  Sha256 hash;
  EXPECT_EQ(hash.finish(), sha256(bytes_of("")));
  hash.update(bytes_of("ab"));
  EXPECT_EQ(hash.finish(), sha256(bytes_of("ab")));
  Sha256 moved = std::move(hash);
  moved.update(bytes_of("c"));
  EXPECT_EQ(moved.finish(), sha256(bytes_of("abc")));
}

TEST(Sha256, HexadecimalInBothDirections) {
  const Digest digest = sha256(bytes_of("abc"));
  EXPECT_EQ(digest_from_hex(to_hex(digest)), digest);
  EXPECT_EQ(digest_from_hex("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"),
            digest);
  EXPECT_FALSE(digest_from_hex(""));
  EXPECT_FALSE(digest_from_hex(to_hex(digest).substr(1)));
  EXPECT_FALSE(digest_from_hex(to_hex(digest) + "0"));
  EXPECT_FALSE(digest_from_hex(to_hex(digest).replace(63, 1, "g")));
  EXPECT_FALSE(digest_from_hex(to_hex(digest).replace(0, 1, std::string(1, '\0'))));
}

}  // namespace
}  // namespace quiesce::base
