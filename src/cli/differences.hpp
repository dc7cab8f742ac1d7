// What changed from one snapshot to another, for `quiesce diff`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/contents.hpp"

namespace quiesce::cli {

/// What one has and the other has not.
struct NameChanges {
  std::vector<std::string> added, removed;
  bool any() const { return !added.empty() || !removed.empty(); }
};

/// A row of the census, before and after.
struct RowChange {
  Census::Row row;  // kind and name; the rest is how it was before
  std::int64_t count, bytes;
};

struct Differences {
  std::vector<PageChange> pages;
  std::vector<RowChange> rows;  // those that differ, the largest difference first
  std::vector<PendingCall> appeared, settled;
  std::vector<Time> timers_added, timers_removed;
  NameChanges modules, functions, roots, globals;
  std::vector<std::string> files_added, files_removed, files_changed;
};

Differences differences_between(const Contents& before, const Contents& after);

std::string differences_text(const Contents& before, const Contents& after,
                             const Differences& differences);
std::string differences_json(const Contents& before, const Contents& after,
                             const Differences& differences);
std::string differences_html(const Contents& before, const Contents& after,
                             const Differences& differences);

/// What one number is more than another.
std::int64_t minus(std::uint64_t one, std::uint64_t other);
/// "+1.5 KiB", "-3".
std::string signed_bytes(std::int64_t bytes);
std::string signed_count(std::int64_t count);
/// Each as describe_time has it.
std::vector<std::string> describe_times(const std::vector<Time>& times);

}  // namespace quiesce::cli
