// What fills the memory of a VM: objects by class, strings, code, and what is free.
//
//   const quiesce::Census census = vm.census();
//   for (const auto& row : census.rows)                    // the largest first
//     std::cout << row.bytes << "  " << row.count << "  " << row.name << "\n";
//
// An instance of `class Order` is an Order here: the name is what the constructor of its prototype
// is called. It is read without running anything, as is all of this; so it is a name that the
// program has chosen, and may be any text. Plain values, for any thread. Sizes are bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quiesce {

/// What fills the memory of a VM. `fixed_bytes`, the rows, `overhead_bytes`, `unknown_bytes` and
/// the three that are free make `linear_bytes`.
struct Census {
  /// What takes memory.
  enum class Kind : std::uint8_t {
    object,    // of the class `name`, with its properties, elements and entries
    string,    // values; names of properties are another kind
    bigint,    // too large for a slot
    name,      // of properties, and symbols
    shape,     // layouts, which objects of one make share
    code,      // functions of the file `name`, with their texts
    frame,     // of a suspended function, whose name is `name`
    variable,  // that closures have captured
    module,    // tables of imports and exports of the module `name`
    job,       // ready to be run
    file,      // of the VM's own tree
    table,     // pending calls, timers, kept values, handles
    engine,    // what any VM has
  };
  /// Everything of one kind and name.
  struct Row {
    Kind kind;            ///< what it is
    std::string name;     ///< empty: it has none
    std::uint64_t count;  ///< how many there are
    std::uint64_t bytes;  ///< what they take, without what they refer to
  };
  /// The largest first; equal ones by kind and name. At most 10,000: the smallest of a kind are
  /// together in a row without a name then.
  std::vector<Row> rows;

  std::uint64_t linear_bytes = 0;      ///< all memory of the VM
  std::uint64_t fixed_bytes = 0;       ///< the engine's stack and constants
  std::uint64_t overhead_bytes = 0;    ///< what the allocator needs for itself
  std::uint64_t unknown_bytes = 0;     ///< in use, and of no kind above
  std::uint64_t free_small_bytes = 0;  ///< free between small objects
  std::uint64_t free_large_bytes = 0;  ///< free between what is in use
  std::uint64_t free_end_bytes = 0;    ///< free behind all that is in use
  /// Everything that is in use beside `fixed_bytes`.
  std::uint64_t used_bytes = 0;

  /// What a page of the memory is.
  enum class Page : std::uint8_t {
    base,     // as in every VM: shared by all of them
    changed,  // this VM's own
    free,     // of those free parts, all of it
    zero,     // nothing was written there
  };
  /// Each page of `kPageBytes`, by address.
  std::vector<Page> pages;
  /// Bytes of a page.
  static constexpr std::size_t kPageBytes = 4096;

  /// False: the heap is damaged; somebody has made the snapshot up. What was found until then.
  bool is_whole = true;
};

/// "object", "string"...
std::string_view to_string(Census::Kind kind) noexcept;

}  // namespace quiesce
