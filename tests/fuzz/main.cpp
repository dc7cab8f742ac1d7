// The program: one process fuzzes, another watches it. The input being tried lies in memory that
// both share, so that it is still there when the first one has crashed.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "fuzz/fuzz.hpp"
#include "fuzz/mutator.hpp"

namespace quiesce::fuzz {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::seconds kHangAfter{10};

struct Shared {
  std::atomic<std::uint64_t> runs;
  std::atomic<std::uint64_t> input_bytes;
  char input[128 << 10];
};

struct Options {
  const Target* target = nullptr;
  std::chrono::seconds duration{3};
  std::uint64_t seed = 1;
  std::string replay;
};

void run_one(const Target& target, std::string_view input) {
  try {
    target.run(std::as_bytes(std::span(input)));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "an exception escaped: %s\n", error.what());
    std::abort();
  }
}

[[noreturn]] void run_child(const Options& options, Shared& shared) {
  Mutator mutator(options.target->seeds(), options.seed);
  const auto end = Steady::now() + options.duration;
  for (bool first = true; first || Steady::now() < end; first = false) {
    const std::string input = mutator.next();
    input.copy(shared.input, sizeof shared.input);
    shared.input_bytes = std::min(input.size(), sizeof shared.input);
    run_one(*options.target, input);
    ++shared.runs;
  }
  // Leaves through exit, so that a sanitizer can report leaks.
  std::exit(0);
}

/// How the child ended; kills it when it makes no progress.
int watch(pid_t child, const Shared& shared) {
  std::uint64_t runs = 0;
  auto progress = Steady::now();
  for (;;) {
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) return status;
    if (shared.runs != runs) {
      runs = shared.runs;
      progress = Steady::now();
    } else if (Steady::now() - progress > kHangAfter) {
      std::cerr << "no end after " << kHangAfter.count() << " s\n";
      kill(child, SIGKILL);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

int fuzz(const Options& options) {
  void* memory =
      mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    std::perror("mmap");
    return 2;
  }
  auto* shared = new (memory) Shared;
  const pid_t child = fork();
  if (child < 0) {
    std::perror("fork");
    return 2;
  }
  if (child == 0) run_child(options, *shared);
  const int status = watch(child, *shared);
  std::cout << options.target->name << ": " << shared->runs << " inputs, seed " << options.seed;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    std::cout << ", nothing found\n";
    return 0;
  }
  const std::string file = std::string("fuzz-") + options.target->name + "-" +
                           std::to_string(options.seed) + "-" + std::to_string(shared->runs);
  std::ofstream(file, std::ios::binary)
      .write(shared->input, static_cast<std::streamsize>(shared->input_bytes));
  std::cout << ", FOUND: ";
  if (WIFSIGNALED(status)) {
    std::cout << "signal " << WTERMSIG(status);
  } else {
    std::cout << "exit status " << WEXITSTATUS(status);
  }
  std::cout << "; again with: quiesce_fuzz " << options.target->name << " --replay " << file
            << '\n';
  return 1;
}

int replay(const Options& options) {
  std::ifstream file(options.replay, std::ios::binary);
  if (!file) {
    std::cerr << "quiesce_fuzz: cannot read " << options.replay << '\n';
    return 2;
  }
  run_one(*options.target, std::string(std::istreambuf_iterator<char>(file), {}));
  return 0;
}

std::optional<Options> parse(std::span<char*> arguments) {
  Options options;
  for (const Target& target : targets()) {
    if (std::string_view(arguments[0]) == target.name) options.target = &target;
  }
  if (options.target == nullptr || arguments.size() % 2 == 0) return std::nullopt;
  for (std::size_t i = 1; i < arguments.size(); i += 2) {
    const std::string_view name = arguments[i];
    if (name == "--seconds") {
      options.duration = std::chrono::seconds(std::strtoul(arguments[i + 1], nullptr, 10));
    } else if (name == "--seed") {
      options.seed = std::strtoull(arguments[i + 1], nullptr, 10);
    } else if (name == "--replay") {
      options.replay = arguments[i + 1];
    } else {
      return std::nullopt;
    }
  }
  return options;
}

int list() {
  for (const Target& target : targets()) {
    std::cout << target.name << ": " << target.what << '\n';
  }
  return 0;
}

}  // namespace

void require(bool condition, const char* sentence) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s\n", sentence);
  std::abort();
}

}  // namespace quiesce::fuzz

int main(int argc, char** argv) {
  using namespace quiesce::fuzz;
  if (argc == 1) return list();
  const auto options = parse(std::span(argv + 1, static_cast<std::size_t>(argc - 1)));
  if (!options) {
    std::cerr << "usage: quiesce_fuzz TARGET [--seconds N] [--seed N] | TARGET --replay FILE\n";
    return 2;
  }
  return options->replay.empty() ? fuzz(*options) : replay(*options);
}
