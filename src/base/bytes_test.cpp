#include "base/bytes.hpp"

#include <gtest/gtest.h>

namespace quiesce::base {
namespace {

TEST(Bytes, NumbersAreLittleEndian) {
  ByteWriter out;
  out.put<std::uint8_t>(0x01);
  out.put<std::uint16_t>(0x0302);
  out.put<std::uint32_t>(0x07060504);
  out.put<std::uint64_t>(0x0F0E0D0C0B0A0908);
  ASSERT_EQ(out.bytes().size(), 15u);
  for (std::size_t i = 0; i < 15; ++i)
    EXPECT_EQ(out.bytes()[i], static_cast<std::byte>(i + 1)) << i;

  ByteReader in(out.bytes());
  EXPECT_EQ(in.take<std::uint8_t>(), 0x01);
  EXPECT_EQ(in.take<std::uint16_t>(), 0x0302);
  EXPECT_EQ(in.take<std::uint32_t>(), 0x07060504u);
  EXPECT_EQ(in.take<std::uint64_t>(), 0x0F0E0D0C0B0A0908u);
  EXPECT_EQ(in.left(), 0u);
}

TEST(Bytes, ReadingBeyondTheEndThrowsAndTakesNothing) {
  const std::byte bytes[3] = {std::byte{1}, std::byte{2}, std::byte{3}};
  ByteReader in(bytes);
  EXPECT_THROW(in.take<std::uint32_t>(), std::out_of_range);
  EXPECT_THROW(in.take_bytes(4), std::out_of_range);
  EXPECT_THROW(in.take_bytes(SIZE_MAX), std::out_of_range);
  EXPECT_EQ(in.left(), 3u);
  EXPECT_EQ(in.take<std::uint16_t>(), 0x0201);
  EXPECT_EQ(in.take_bytes(1)[0], std::byte{3});
  EXPECT_EQ(in.take_bytes(0).size(), 0u);
  EXPECT_THROW(in.take<std::uint8_t>(), std::out_of_range);
}

TEST(Bytes, AnyAlignmentWillDo) {
  std::byte bytes[16] = {};
  for (std::size_t at = 0; at <= 8; ++at) {
    store_little_endian<std::uint64_t>(std::span(bytes).subspan(at).first<8>(), 0x8877665544332211);
    EXPECT_EQ(
        load_little_endian<std::uint64_t>(std::span<const std::byte>(bytes).subspan(at).first<8>()),
        0x8877665544332211u);
    EXPECT_EQ(bytes[at], std::byte{0x11});
  }
}

}  // namespace
}  // namespace quiesce::base
