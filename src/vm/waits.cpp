// What a program waits for: the guest names every reaction of every pending promise
// (guest/census.cpp), and here they are put together into stacks.
#include "quiesce/waits.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "vm/guest_time.hpp"
#include "vm/heap_walk.hpp"

namespace quiesce {

namespace {

using guest::Instance;
using guest::u32;
using guest::u64;

constexpr std::size_t kFramesMax = 100;
constexpr std::size_t kStacksMax = 16;
constexpr u32 kNameUnitsMax = 1024;
constexpr std::string_view kTopLevel = "<eval>";  // how the engine calls code outside of functions
constexpr std::size_t kTextBytesMax = 16u << 20;  // of all names together

using Kind = AsyncFrame::Kind;

std::optional<Kind> kind_of(u32 kind) {
  switch (kind) {
    case Q_WAIT_ASYNC_FUNCTION: return Kind::async_function;
    case Q_WAIT_ASYNC_GENERATOR: return Kind::async_generator;
    case Q_WAIT_CALLBACK: return Kind::callback;
    case Q_WAIT_CATCH: return Kind::catch_callback;
    case Q_WAIT_FINALLY: return Kind::finally;
    case Q_WAIT_ALL: return Kind::all;
    case Q_WAIT_ALL_SETTLED: return Kind::all_settled;
    case Q_WAIT_ANY: return Kind::any;
    case Q_WAIT_RESOLVES: return Kind::resolution;
    case Q_WAIT_MODULE: return Kind::module;
    case Q_WAIT_IMPORT: return Kind::import;
    default: return std::nullopt;
  }
}

// What the guest has told, by kinds.
struct Told {
  std::vector<q_wait_row> reactions;  // of pending promises
  std::vector<q_wait_row> calls, timers, roots;
  std::vector<u32> globals;  // addresses of names
  u64 ready_jobs = 0;

  void add(const q_wait_row& row) {
    switch (row.kind) {
      case Q_WAIT_CALL: calls.push_back(row); break;
      case Q_WAIT_TIMER: timers.push_back(row); break;
      case Q_WAIT_KEPT: roots.push_back(row); break;
      case Q_WAIT_GLOBAL: globals.push_back(row.function); break;
      case Q_WAIT_JOB: ++ready_jobs; break;
      default: reactions.push_back(row); break;
    }
  }
};

// Names by their addresses, each read once.
class Names {
 public:
  Names(detail::HeapWalk& walk, Instance& guest) : walk_(walk), guest_(guest) {}

  const std::string& at(u32 address) {
    const auto known = names_.find(address);
    if (known != names_.end()) return known->second;
    std::string name = bytes_ < kTextBytesMax ? walk_.text(guest_, address, kNameUnitsMax) : "";
    bytes_ += name.size();
    return names_.emplace(address, std::move(name)).first->second;
  }

 private:
  detail::HeapWalk& walk_;
  Instance& guest_;
  std::size_t bytes_ = 0;
  std::unordered_map<u32, std::string> names_;
};

// Promises as nodes, reactions as the ways between them.
class Graph {
 public:
  Graph(const Told& told, Names& names) : told_(told), names_(names) {
    for (const q_wait_row& row : told.reactions) {
      reactions_[row.promise].push_back(&row);
      if (row.next != 0) targets_.insert(row.next);
    }
    for (const q_wait_row& row : told.roots) roots_.emplace(row.promise, row.function);
  }

  std::vector<AsyncStack> stacks_from(u32 promise);

  /// Promises with a reaction that no `stacks_from` has come by, those first to which no way leads.
  std::vector<u32> others();

 private:
  // A promise on the way, and which of its reactions comes next.
  struct Step {
    u32 promise;
    std::size_t next;
  };

  std::span<const q_wait_row* const> reactions_of(u32 promise) const {
    const auto found = reactions_.find(promise);
    if (found == reactions_.end()) return {};
    return found->second;
  }
  AsyncFrame frame(const q_wait_row& row) {
    return {kind_of(row.kind).value_or(Kind::callback), names_.at(row.function),
            names_.at(row.file), row.line, row.column};
  }
  void end_at(u32 promise, AsyncStack& stack);
  void cover(u32 promise);

  const Told& told_;
  Names& names_;
  std::unordered_map<u32, std::vector<const q_wait_row*>> reactions_;
  std::unordered_map<u32, u32> roots_;  // the names of kept promises
  std::unordered_set<u32> targets_;
  std::unordered_set<u32> covered_;
};

void Graph::end_at(u32 promise, AsyncStack& stack) {
  const auto root = roots_.find(promise);
  if (promise == 0 || root == roots_.end()) return;
  stack.end = AsyncStack::End::kept;
  stack.root = names_.at(root->second);
}

// Depth first, in the order in which the program has asked; a promise goes on in one stack only.
std::vector<AsyncStack> Graph::stacks_from(u32 promise) {
  cover(promise);
  std::vector<AsyncStack> stacks;
  std::vector<const q_wait_row*> way;
  std::unordered_set<u32> shown{promise};
  std::vector<Step> steps{{promise, 0}};
  const auto finish = [&](AsyncStack::End end, u32 last) {
    AsyncStack& stack = stacks.emplace_back();
    for (const q_wait_row* row : way) stack.frames.push_back(frame(*row));
    stack.end = end;
    if (end == AsyncStack::End::nobody) end_at(last, stack);
  };
  if (reactions_of(promise).empty()) finish(AsyncStack::End::nobody, promise);
  while (!steps.empty() && stacks.size() < kStacksMax) {
    Step& step = steps.back();
    const auto reactions = reactions_of(step.promise);
    if (step.next == reactions.size()) {
      steps.pop_back();
      if (!way.empty()) way.pop_back();
      continue;
    }
    const q_wait_row& row = *reactions[step.next++];
    if (row.kind == Q_WAIT_HOST) {
      finish(AsyncStack::End::host, 0);
      continue;
    }
    way.push_back(&row);
    const bool has_more = row.next != 0 && !reactions_of(row.next).empty();
    const bool is_shown = has_more && !shown.insert(row.next).second;
    if (has_more && !is_shown && way.size() < kFramesMax) {
      steps.push_back({row.next, 0});
      continue;
    }
    finish(is_shown   ? AsyncStack::End::shown
           : has_more ? AsyncStack::End::cut
                      : AsyncStack::End::nobody,
           row.next);
    way.pop_back();
  }
  return stacks;
}

void Graph::cover(u32 promise) {
  std::vector<u32> open{promise};
  while (!open.empty()) {
    const u32 at = open.back();
    open.pop_back();
    if (!covered_.insert(at).second) continue;
    for (const q_wait_row* row : reactions_of(at)) {
      if (row->next != 0) open.push_back(row->next);
    }
  }
}

std::vector<u32> Graph::others() {
  std::vector<u32> found;
  for (const bool is_circle : {false, true}) {
    for (const q_wait_row& row : told_.reactions) {
      if (covered_.contains(row.promise) || targets_.contains(row.promise) != is_circle) continue;
      if (row.kind == Q_WAIT_HOST) continue;
      cover(row.promise);
      found.push_back(row.promise);
    }
  }
  return found;
}

Wait wait_for(Wait::For what, const q_wait_row& row, Graph& graph, Names& names) {
  Wait wait{.what = what,
            .id = what == Wait::For::call ? row.id : 0,
            .time = detail::time_of_ms(row.ms),
            .callback = {Kind::callback, names.at(row.function), names.at(row.file), row.line,
                         row.column},
            .stacks = {}};
  if (row.promise != 0) wait.stacks = graph.stacks_from(row.promise);
  return wait;
}

// Those that end in a blank want the name of a function after it.
std::string_view verb_of(Kind kind) {
  switch (kind) {
    case Kind::async_function: return "await in ";
    case Kind::async_generator: return "await in generator ";
    case Kind::callback: return "then ";
    case Kind::catch_callback: return "catch ";
    case Kind::finally: return "finally ";
    case Kind::all: return "Promise.all";
    case Kind::all_settled: return "Promise.allSettled";
    case Kind::any: return "Promise.any";
    case Kind::resolution: return "settles another promise";
    case Kind::module: return "evaluation of ";
    case Kind::import: return "import()";
  }
  return "";
}

}  // namespace

std::string describe(const AsyncFrame& frame) {
  std::string text(verb_of(frame.kind));
  if (frame.kind == Kind::module) return text + frame.file;
  if (!text.ends_with(' ')) return text;
  if (frame.kind == Kind::async_function && frame.function == kTopLevel) {
    text = "await at the top level";
  } else {
    text += frame.function.empty() ? "(anonymous)" : frame.function;
  }
  if (frame.file.empty()) return text;
  text += " (" + frame.file;
  if (frame.line != 0)
    text += ":" + std::to_string(frame.line) + ":" + std::to_string(frame.column);
  return text + ")";
}

namespace detail {

namespace {

// In a heap of ours what a row tells takes at least 32 bytes.
u64 rows_max(u64 memory_bytes) { return memory_bytes / 32; }

// f(told, whole, names), while the names can still be read.
template <class F>
auto ask(Machine& machine, Instance& guest, F&& f) {
  Told told;
  u64 left = rows_max(guest.memory().size());
  HeapWalk walk(machine, sizeof(q_wait_row), [&](const std::byte* bytes) {
    q_wait_row row;
    std::memcpy(&row, bytes, sizeof(row));
    told.add(row);
    return --left > 0;
  });
  const bool whole =
      walk.run(guest, [](Instance& inside, u64 steps) { return inside.waits(steps); });
  Names names(walk, guest);
  return f(told, whole, names);
}

}  // namespace

Waits Machine::waits() {
  return peek([&](Instance& guest) {
    return ask(*this, guest, [](const Told& told, bool whole, Names& names) {
      Graph graph(told, names);
      Waits waits{.list = {}, .ready_jobs = told.ready_jobs, .is_whole = whole};
      for (const q_wait_row& row : told.calls)
        waits.list.push_back(wait_for(Wait::For::call, row, graph, names));
      for (const q_wait_row& row : told.timers)
        waits.list.push_back(wait_for(Wait::For::timer, row, graph, names));
      for (const u32 promise : graph.others()) {
        waits.list.push_back({Wait::For::promise, 0, Time(), {}, graph.stacks_from(promise)});
      }
      return waits;
    });
  });
}

std::vector<std::string> Machine::global_names() {
  return peek([&](Instance& guest) {
    return ask(*this, guest, [](const Told& told, bool, Names& names) {
      std::vector<std::string> globals;
      for (const u32 address : told.globals) globals.push_back(names.at(address));
      std::ranges::sort(globals);
      globals.erase(std::ranges::unique(globals).begin(), globals.end());
      return globals;
    });
  });
}

}  // namespace detail

}  // namespace quiesce
