#include "c/handles.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace quiesce::c {
namespace {

TEST(Handles, AreFoundByNumberAndKind) {
  Handles handles;
  const auto object = std::make_shared<int>(7);
  const std::uint64_t number = handles.add(Kind::value, object);
  EXPECT_EQ(handles.find(Kind::value, number), object);
  EXPECT_EQ(handles.find(Kind::vm, number), nullptr);
  EXPECT_EQ(handles.find(Kind::value, number + 1), nullptr);
  EXPECT_EQ(handles.find(Kind::value, 0), nullptr);
  EXPECT_EQ(handles.find(Kind::none, 0), nullptr);
  EXPECT_EQ(handles.find(Kind::value, ~0ull), nullptr);
}

TEST(Handles, DieAtTheFirstRemoval) {
  Handles handles;
  const auto object = std::make_shared<int>(7);
  const std::uint64_t number = handles.add(Kind::value, object);
  EXPECT_EQ(handles.remove(Kind::vm, number), nullptr);
  EXPECT_EQ(handles.remove(Kind::value, number), object);
  EXPECT_EQ(handles.remove(Kind::value, number), nullptr);
  EXPECT_EQ(handles.find(Kind::value, number), nullptr);
  EXPECT_EQ(object.use_count(), 1);
}

TEST(Handles, NumbersAreNeverUsedTwice) {
  Handles handles;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t number = handles.add(Kind::value, std::make_shared<int>(i));
    EXPECT_TRUE(seen.insert(number).second);
    if (i % 3 != 0) handles.remove(Kind::value, number);
  }
  for (const std::uint64_t number : seen) handles.remove(Kind::value, number);
  for (int i = 0; i < 20000; ++i)
    EXPECT_TRUE(seen.insert(handles.add(Kind::value, nullptr)).second);
}

TEST(Handles, ManyThreads) {
  Handles handles;
  auto work = [&] {
    for (int i = 0; i < 20000; ++i) {
      const auto object = std::make_shared<int>(i);
      const std::uint64_t number = handles.add(Kind::buffer, object);
      ASSERT_EQ(handles.find(Kind::buffer, number), object);
      ASSERT_EQ(handles.remove(Kind::buffer, number), object);
    }
  };
  std::thread other(work);
  work();
  other.join();
}

}  // namespace
}  // namespace quiesce::c
