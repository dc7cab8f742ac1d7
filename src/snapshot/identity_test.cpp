#include "snapshot/identity.hpp"

#include <gtest/gtest.h>

#include "guest/instance.hpp"

namespace quiesce::snapshot {
namespace {

TEST(Identity, IsThatOfTheEngineInThisProcess) {
  const Identity& who = process_identity();
  EXPECT_EQ(base::to_hex(who.engine), guest::engine_sha256());
  EXPECT_EQ(who.base.data(), guest::base_image().bytes);
  EXPECT_EQ(who.base.size(), guest::base_image().size);
  EXPECT_EQ(who.base_digest, digest_of_base(who.base, who.dead));
  EXPECT_EQ(&process_identity(), &who);
}

// What capture relies on: no page of the dead stack is ever stored.
TEST(Identity, TheBaseImageIsZeroWhereTheStackIsDead) {
  const Identity& who = process_identity();
  ASSERT_LT(who.dead.low, who.dead.high);
  for (std::size_t at = who.dead.low; at < who.dead.high; ++at) {
    ASSERT_EQ(who.base[at], std::byte{0}) << at;
  }
}

}  // namespace
}  // namespace quiesce::snapshot
