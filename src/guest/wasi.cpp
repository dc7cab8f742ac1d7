#include "guest/wasi.hpp"

#include <algorithm>

#include "guest/imports.hpp"

namespace quiesce::guest {
namespace {

// wasi_snapshot_preview1, errno
constexpr std::uint64_t kSuccess = 0, kBadFile = 8, kNotSupported = 52;
constexpr std::uint32_t kStdout = 1, kStderr = 2;

std::uint32_t u32_of(std::uint64_t slot) { return static_cast<std::uint32_t>(slot); }

// (clock, precision, address of the answer). Every clock is the host's, in nanoseconds since the
// epoch.
void clock_time_get(Sandbox& sandbox, void* host, std::uint64_t* slots) {
  sandbox.memory().store(u32_of(slots[2]), static_cast<Imports*>(host)->clock_ns());
  slots[0] = kSuccess;
}

// (address, bytes)
void random_get(Sandbox& sandbox, void* host, std::uint64_t* slots) {
  static_cast<Imports*>(host)->random(sandbox.memory().bytes(u32_of(slots[0]), u32_of(slots[1])));
  slots[0] = kSuccess;
}

// (file, address of {address, bytes}..., count, address of the answer: bytes written)
void fd_write(Sandbox& sandbox, void* host, std::uint64_t* slots) {
  struct Piece {
    std::uint32_t address, bytes;
  };
  const std::uint32_t file = u32_of(slots[0]), pieces = u32_of(slots[1]), count = u32_of(slots[2]);
  if (file != kStdout && file != kStderr) {
    slots[0] = kBadFile;
    return;
  }
  LinearMemory& memory = sandbox.memory();
  memory.bytes(pieces, std::uint64_t{count} * sizeof(Piece));  // throws unless all are inside
  std::uint32_t written = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto piece = memory.load<Piece>(pieces + i * static_cast<std::uint32_t>(sizeof(Piece)));
    if (piece.bytes == 0) continue;
    static_cast<Imports*>(host)->write(file == kStderr, memory.bytes(piece.address, piece.bytes));
    written += piece.bytes;
  }
  memory.store(u32_of(slots[3]), written);
  slots[0] = kSuccess;
}

// (file, address of the answer). Output goes to a terminal, as far as the C library is concerned:
// it then writes whole lines.
void fd_fdstat_get(Sandbox& sandbox, void*, std::uint64_t* slots) {
  struct Status {
    std::uint8_t type, padding;
    std::uint16_t flags;
    std::uint32_t more_padding;
    std::uint64_t rights, rights_inheriting;
  };
  constexpr std::uint8_t kCharacterDevice = 2;
  constexpr std::uint64_t kMayWrite = 1 << 6;
  const std::uint32_t file = u32_of(slots[0]);
  if (file != kStdout && file != kStderr) {
    slots[0] = kBadFile;
    return;
  }
  sandbox.memory().store(u32_of(slots[1]), Status{kCharacterDevice, 0, 0, 0, kMayWrite, 0});
  slots[0] = kSuccess;
}

// (address of the answer: how many, address of the answer: how many bytes). There are none.
void environ_sizes_get(Sandbox& sandbox, void*, std::uint64_t* slots) {
  sandbox.memory().store(u32_of(slots[0]), std::uint32_t{0});
  sandbox.memory().store(u32_of(slots[1]), std::uint32_t{0});
  slots[0] = kSuccess;
}

void nothing_to_do(Sandbox&, void*, std::uint64_t* slots) { slots[0] = kSuccess; }
void bad_file(Sandbox&, void*, std::uint64_t* slots) { slots[0] = kBadFile; }
void not_supported(Sandbox&, void*, std::uint64_t* slots) { slots[0] = kNotSupported; }
void proc_exit(Sandbox& sandbox, void*, std::uint64_t*) { sandbox.poison(TrapKind::exited); }

struct Known {
  std::string_view name, type;
  ImportHandler handler;
};
constexpr Known kKnown[] = {
    {"clock_time_get", "ili>i", clock_time_get},
    {"random_get", "ii>i", random_get},
    {"fd_write", "iiii>i", fd_write},
    {"fd_fdstat_get", "ii>i", fd_fdstat_get},
    {"environ_sizes_get", "ii>i", environ_sizes_get},
    {"environ_get", "ii>i", nothing_to_do},
    {"proc_exit", "i>v", proc_exit},
};

}  // namespace

ImportHandler find_wasi(std::string_view name, std::string_view type) {
  const auto known = std::find_if(std::begin(kKnown), std::end(kKnown),
                                  [&](const Known& row) { return row.name == name; });
  if (known != std::end(kKnown)) return known->type == type ? known->handler : nullptr;
  if (!type.ends_with(">i")) return nullptr;
  return name.starts_with("fd_") ? bad_file : not_supported;
}

}  // namespace quiesce::guest
