#include "guest/process_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>
#include <vector>

namespace quiesce::guest {
namespace {

int open_null() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }
int open_nothing() { return -1; }

TEST(ProcessFile, IsOpenedOnce) {
  ProcessFile file;
  EXPECT_EQ(file.get(open_nothing), -1);
  const int first = file.get(open_null);
  ASSERT_GE(first, 0);
  EXPECT_EQ(file.get(open_nothing), first);
  file.forget(first + 1);
  EXPECT_EQ(file.get(open_nothing), first) << "that was another";
  file.forget(first);
  EXPECT_EQ(file.get(open_nothing), -1);
  close(first);
}

TEST(ProcessFile, AChildOpensItsOwn) {
  ProcessFile file;
  const int ours = file.get(open_null);
  const pid_t child = fork();
  if (child == 0) {
    const bool is_unknown = file.get(open_nothing) == -1;
    const int own = file.get(open_null);
    _exit(is_unknown && own >= 0 && own != ours && file.get(open_nothing) == own ? 0 : 1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(file.get(open_nothing), ours);
  close(ours);
}

TEST(ProcessFile, ThreadsThatComeTogetherGetTheSame) {
  ProcessFile file;
  std::vector<int> seen(8, -1);
  {
    std::vector<std::jthread> threads;
    for (int& mine : seen) threads.emplace_back([&] { mine = file.get(open_null); });
  }
  for (const int one : seen) EXPECT_EQ(one, seen[0]);
  struct stat status{};
  EXPECT_EQ(fstat(seen[0], &status), 0) << "it is open";
  close(seen[0]);
}

}  // namespace
}  // namespace quiesce::guest
