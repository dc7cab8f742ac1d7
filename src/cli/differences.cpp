#include "cli/differences.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "cli/units.hpp"

namespace quiesce::cli {

namespace {

// Of lists that may be in any order.
template <class T>
std::pair<std::vector<T>, std::vector<T>> compare(std::vector<T> before, std::vector<T> after) {
  std::ranges::sort(before);
  std::ranges::sort(after);
  std::pair<std::vector<T>, std::vector<T>> added_and_removed;
  std::ranges::set_difference(after, before, std::back_inserter(added_and_removed.first));
  std::ranges::set_difference(before, after, std::back_inserter(added_and_removed.second));
  return added_and_removed;
}

NameChanges name_changes(const std::vector<std::string>& before,
                         const std::vector<std::string>& after) {
  auto [added, removed] = compare(before, after);
  return {std::move(added), std::move(removed)};
}

bool is_same(const PendingCall& one, const PendingCall& other) {
  return std::tie(one.id, one.name, one.arguments_json, one.since) ==
         std::tie(other.id, other.name, other.arguments_json, other.since);
}

// Ids come from a counter that travels; in snapshots of two programs one id is two calls.
std::vector<PendingCall> calls_without(const std::vector<PendingCall>& calls,
                                       const std::vector<PendingCall>& others) {
  std::map<std::uint64_t, const PendingCall*> known;
  for (const PendingCall& call : others) known.emplace(call.id, &call);
  std::vector<PendingCall> rest;
  for (const PendingCall& call : calls) {
    const auto found = known.find(call.id);
    if (found == known.end() || !is_same(*found->second, call)) rest.push_back(call);
  }
  return rest;
}

std::vector<RowChange> row_changes(const Census& before, const Census& after) {
  using Key = std::pair<Census::Kind, std::string>;
  std::map<Key, std::pair<Census::Row, Census::Row>> both;
  const auto empty = [](const Census::Row& row) { return Census::Row{row.kind, row.name, 0, 0}; };
  for (const Census::Row& row : before.rows)
    both.emplace(Key(row.kind, row.name), std::pair(row, empty(row)));
  for (const Census::Row& row : after.rows)
    both.emplace(Key(row.kind, row.name), std::pair(empty(row), row)).first->second.second = row;
  std::vector<RowChange> changes;
  for (const auto& [key, rows] : both) {
    const auto& [was, is] = rows;
    const RowChange change{was, minus(is.count, was.count), minus(is.bytes, was.bytes)};
    if (change.count != 0 || change.bytes != 0) changes.push_back(change);
  }
  std::ranges::stable_sort(changes, std::greater<>(),
                           [](const RowChange& change) { return std::abs(change.bytes); });
  return changes;
}

void compare_files(const Contents& before, const Contents& after, Differences& differences) {
  std::map<std::string, const KnownFile*> known;
  for (const KnownFile& file : before.files) known.emplace(file.path, &file);
  for (const KnownFile& file : after.files) {
    const auto found = known.find(file.path);
    if (found == known.end()) {
      differences.files_added.push_back(file.path);
      continue;
    }
    if (!(*found->second == file)) differences.files_changed.push_back(file.path);
    known.erase(found);
  }
  for (const auto& [path, file] : known) differences.files_removed.push_back(path);
}

}  // namespace

Differences differences_between(const Contents& before, const Contents& after) {
  Differences differences;
  differences.pages = after.snapshot.changes_since(before.snapshot);
  differences.rows = row_changes(before.census, after.census);
  differences.appeared = calls_without(after.calls, before.calls);
  differences.settled = calls_without(before.calls, after.calls);
  std::tie(differences.timers_added, differences.timers_removed) =
      compare(before.timers, after.timers);
  differences.modules = name_changes(before.modules, after.modules);
  differences.functions = name_changes(before.functions, after.functions);
  differences.roots = name_changes(before.roots, after.roots);
  differences.globals = name_changes(before.globals, after.globals);
  compare_files(before, after, differences);
  return differences;
}

std::int64_t minus(std::uint64_t one, std::uint64_t other) {
  return static_cast<std::int64_t>(one) - static_cast<std::int64_t>(other);
}

std::string signed_bytes(std::int64_t bytes) {
  const auto size = static_cast<std::uint64_t>(bytes < 0 ? -bytes : bytes);
  return (bytes < 0 ? "-" : bytes > 0 ? "+" : "") + describe_bytes(size);
}

std::string signed_count(std::int64_t count) {
  return (count < 0 ? "" : "+") + std::to_string(count);
}

std::vector<std::string> describe_times(const std::vector<Time>& times) {
  std::vector<std::string> texts;
  for (const Time time : times) texts.push_back(describe_time(time));
  return texts;
}

}  // namespace quiesce::cli
