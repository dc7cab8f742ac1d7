#include "sleep/resident.hpp"

#include <fstream>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

/// The figure of a line `key:   123 kB`, in bytes.
double bytes_of(const char* path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key + ":")) return std::stod(line.substr(key.size() + 1)) * 1024;
  }
  throw std::runtime_error(std::string(path) + " does not say " + key);
}

}  // namespace

double resident_bytes() {
  return bytes_of("/proc/self/smaps_rollup", "Pss") + bytes_of("/proc/self/status", "VmPTE");
}

}  // namespace bench
