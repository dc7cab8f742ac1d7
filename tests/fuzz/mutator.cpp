#include "fuzz/mutator.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace quiesce::fuzz {
namespace {

constexpr std::size_t kInputBytesMax = 64 << 10;

// Where off-by-one errors live.
constexpr std::array<std::uint64_t, 16> kNumbers = {
    0,      1,       2,          0x7f,       0x80,       0xff,       0x7fff,     0x8000,
    0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 1ull << 63, ~0ull};

}  // namespace

Mutator::Mutator(std::vector<std::string> seeds, std::uint64_t seed)
    : seeds_(std::move(seeds)), random_(seed) {
  if (seeds_.empty()) seeds_.emplace_back();
}

std::size_t Mutator::below(std::size_t count) {
  return count == 0 ? 0 : static_cast<std::size_t>(random_() % count);
}

std::string Mutator::next() {
  std::string input = seeds_[below(seeds_.size())];
  for (std::size_t changes = 1 + below(8); changes > 0; --changes) mutate(input);
  if (input.size() > kInputBytesMax) input.resize(kInputBytesMax);
  return input;
}

void Mutator::mutate(std::string& input) {
  switch (below(8)) {
    case 0:
      if (!input.empty()) input[below(input.size())] ^= static_cast<char>(1 << below(8));
      break;
    case 1:
      if (!input.empty()) input[below(input.size())] = static_cast<char>(random_());
      break;
    case 2:
    case 3: overwrite(input); break;
    case 4: cut(input); break;
    case 5: repeat(input); break;
    default: splice(input); break;
  }
}

void Mutator::overwrite(std::string& input) {
  const std::size_t width = std::size_t{1} << below(4);
  if (input.size() < width) return;
  const std::uint64_t number = kNumbers[below(kNumbers.size())] + below(3) - 1;
  std::memcpy(input.data() + below(input.size() - width + 1), &number, width);
}

void Mutator::cut(std::string& input) {
  const std::size_t start = below(input.size());
  input.erase(start, 1 + below(std::min<std::size_t>(input.size() - start, 64)));
}

void Mutator::repeat(std::string& input) {
  const std::size_t start = below(input.size());
  const std::string piece = input.substr(start, 1 + below(16));
  // Now and then very often: deep nesting is where recursion ends badly.
  const std::size_t times = below(20) == 0 ? 1 + below(4000) : 1 + below(4);
  std::string pieces;
  for (std::size_t i = 0; i < times; ++i) pieces += piece;
  input.insert(start, pieces);
}

void Mutator::splice(std::string& input) {
  const std::string& other = seeds_[below(seeds_.size())];
  const std::size_t start = below(other.size());
  input.insert(below(input.size() + 1), other.substr(start, 1 + below(64)));
}

}  // namespace quiesce::fuzz
