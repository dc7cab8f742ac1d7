#include "base/buffer.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <new>

namespace quiesce::base {
namespace {

TEST(Buffer, EverySizeCanBeFilled) {
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{4u << 20} - 1,
                                  std::size_t{4u << 20}, (std::size_t{9u << 20} + 1)}) {
    const Buffer buffer = make_buffer(bytes);
    ASSERT_NE(buffer.get(), nullptr);
    std::memset(buffer.get(), 0x5A, bytes);
    EXPECT_TRUE(bytes == 0 || buffer[bytes - 1] == std::byte{0x5A});
  }
}

TEST(Buffer, GoesBackToTheSystem) {
  for (int i = 0; i < 100'000; ++i) make_buffer(4u << 30);  // more than there is address space
}

TEST(Buffer, WhatThereIsNotIsBadAlloc) {
  EXPECT_THROW(make_buffer(std::size_t{1} << 62), std::bad_alloc);
}

}  // namespace
}  // namespace quiesce::base
