// Runs a fuzz target without libFuzzer, so that it is also a smoke test with any compiler:
//
//   fuzz_snapshot_decode SECONDS [FILE|FOLDER]...
//
// replays the files, then feeds mutations of them for that long, always the same ones in the same
// order; another number in QUIESCE_FUZZ_SEED gives others, and QUIESCE_FUZZ_SECONDS another
// duration. A finding (a signal, or no end within ten seconds) ends the process with status 1;
// before that, the input is written to a file in the current folder. With libFuzzer, leave this
// file out and link with -fsanitize=fuzzer.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
using Input = std::vector<std::uint8_t>;

constexpr std::size_t kInputBytesMax = 1u << 16;
constexpr unsigned kHangAfterSeconds = 10;

const Input* g_current = nullptr;  // for the handler alone

char g_finding_file[256];

void report_finding(int signal) {
  // Nothing here allocates: the heap may be in any state.
  const int file = ::open(g_finding_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const bool written = file >= 0 && ::write(file, g_current->data(), g_current->size()) ==
                                        static_cast<ssize_t>(g_current->size());
  char text[400];
  const int length =
      std::snprintf(text, sizeof(text), "finding: signal %d; the input %s %s\n", signal,
                    written ? "is in" : "could not be written to", g_finding_file);
  const ssize_t ignored = ::write(STDERR_FILENO, text, static_cast<std::size_t>(length));
  ::_exit(ignored < 0 ? 3 : 1);
}

void run(const Input& input) {
  g_current = &input;
  ::alarm(kHangAfterSeconds);
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

class Mutator {
 public:
  Mutator(std::vector<Input> corpus, std::uint64_t seed)
      : corpus_(std::move(corpus)), random_(seed) {}

  Input next() {
    Input input = any();
    for (std::size_t steps = 1 + below(6); steps > 0; --steps) change(input);
    if (input.size() > kInputBytesMax) input.resize(kInputBytesMax);
    return input;
  }

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  const Input& any() { return corpus_[below(corpus_.size())]; }

  void change(Input& input) {
    const std::size_t at = below(input.size() + 1);
    const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(6)) {
      case 0:  // a bit
        if (at < input.size()) input[at] = static_cast<std::uint8_t>(input[at] ^ 1u << below(8));
        break;
      case 1:  // a byte
        if (at < input.size()) input[at] = static_cast<std::uint8_t>(random_());
        break;
      case 2: {  // a number at a border, of 4 or 8 bytes
        const std::uint64_t borders[] = {0,          1,           4095,       4096,
                                         65535,      65536,       0x7fffffff, 0x80000000,
                                         0xffffffff, 0x100000000, UINT64_MAX, INT64_MAX};
        const std::uint64_t number = borders[below(std::size(borders))];
        const std::size_t width = below(2) == 0 ? 4 : 8;
        if (at + width <= input.size()) std::memcpy(input.data() + at, &number, width);
        break;
      }
      case 3: {  // new bytes
        Input bytes(1 + below(32));
        for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_());
        input.insert(place, bytes.begin(), bytes.end());
        break;
      }
      case 4: {  // some bytes less
        const std::size_t count = std::min(input.size() - at, 1 + below(64));
        input.erase(place, place + static_cast<std::ptrdiff_t>(count));
        break;
      }
      default: {  // the rest from another input
        const Input& other = any();
        const std::size_t from = below(other.size() + 1);
        input.erase(place, input.end());
        input.insert(input.end(), other.begin() + static_cast<std::ptrdiff_t>(from), other.end());
      }
    }
  }

  std::vector<Input> corpus_;
  std::mt19937_64 random_;
};

std::vector<Input> read_corpus(const std::vector<fs::path>& names) {
  std::vector<Input> corpus{{}};
  const auto add = [&corpus](const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw std::runtime_error("cannot read " + file.string());
    corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  };
  for (const fs::path& name : names) {
    if (!fs::is_directory(name)) {
      add(name);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(name)) {
      if (entry.is_regular_file()) add(entry.path());
    }
  }
  return corpus;
}

/// The environment's number of that name, or the other one.
double setting(const char* name, double otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtod(text, nullptr);
}

int fuzz(double seconds, const std::vector<fs::path>& names) {
  const std::vector<Input> corpus = read_corpus(names);
  for (const Input& input : corpus) run(input);
  Mutator mutator(corpus, static_cast<std::uint64_t>(setting("QUIESCE_FUZZ_SEED", 1)));
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  std::uint64_t count = 0;
  while (std::chrono::steady_clock::now() < end) {
    const Input input = mutator.next();
    run(input);
    ++count;
  }
  std::printf("%zu inputs replayed, %llu mutations, no finding\n", corpus.size(),
              static_cast<unsigned long long>(count));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  char* end = nullptr;
  const double seconds = argc > 1 ? std::strtod(argv[1], &end) : -1;
  if (argc < 2 || *end != '\0' || seconds < 0) {
    std::fprintf(stderr, "usage: %s SECONDS [FILE|FOLDER]...\n", argv[0]);
    return 2;
  }
  std::snprintf(g_finding_file, sizeof(g_finding_file), "%s.finding",
                fs::path(argv[0]).filename().c_str());
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) {
    std::signal(signal, report_finding);
  }
  try {
    return fuzz(setting("QUIESCE_FUZZ_SECONDS", seconds), {argv + 2, argv + argc});
  } catch (const std::runtime_error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
