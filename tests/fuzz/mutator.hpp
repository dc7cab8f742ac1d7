// Makes new inputs from old ones. Equal seeds give equal inputs, so that a finding can be found
// again.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace quiesce::fuzz {

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, std::uint64_t seed);

  /// One of the seeds, changed in one to eight places.
  std::string next();

 private:
  std::size_t below(
      std::size_t count);  // from 0 to count - 1; 0 if there is nothing to choose from
  void mutate(std::string& input);
  void overwrite(std::string& input);
  void cut(std::string& input);
  void repeat(std::string& input);
  void splice(std::string& input);

  std::vector<std::string> seeds_;
  std::mt19937_64 random_;
};

}  // namespace quiesce::fuzz
