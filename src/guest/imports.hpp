// What a guest may ask of its host. One object per instance; guest/abi.def has the meaning of each.
//
// Every member runs on the host's native stack with the guest suspended, and may enter the same
// instance again. An exception that leaves one of them traps the guest (TrapKind::host_failure):
// turning exceptions into JavaScript errors is the business of the layer above.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "guest/abi.h"

namespace quiesce::guest {

class Imports {
 public:
  virtual ~Imports() = default;
  virtual std::uint64_t host_call(std::uint32_t function, std::uint64_t self, std::uint32_t count,
                                  std::uint32_t arguments) = 0;
  virtual std::uint64_t host_resolve(std::uint64_t /*specifier*/, std::uint64_t /*referrer*/,
                                     std::uint64_t /*attributes*/, std::uint32_t /*is_dynamic*/) {
    return q_wire_make(Q_ABSENT, 0);
  }
  virtual std::uint64_t host_load(std::uint64_t /*name*/, std::uint64_t /*attributes*/,
                                  std::uint32_t /*kind*/) {
    return q_wire_make(Q_UNDEFINED, 0);
  }
  virtual std::uint32_t host_file(std::uint32_t /*mount*/, std::uint32_t /*what*/,
                                  std::uint32_t /*path*/, std::uint32_t /*bytes*/) {
    return Q_FILE_ENOENT;
  }
  virtual std::uint64_t host_file_exception() { return q_wire_make(Q_UNDEFINED, 0); }
  virtual void host_log(std::uint32_t level, std::uint32_t text, std::uint32_t bytes) = 0;
  virtual std::uint32_t host_interrupt() = 0;
  virtual std::int32_t host_timezone_offset(double epoch_ms) = 0;
  virtual void host_settled(std::uint64_t watch, std::uint32_t rejected, std::uint64_t value) = 0;
  virtual std::uint32_t host_seen(std::uint32_t /*rows*/) { return 1; }
  // WASI, in C++ terms
  virtual std::uint64_t
  clock_ns() = 0;  // since the epoch; the guest's monotonic clock is this one too
  virtual void random(std::span<std::byte> bytes) = 0;
  virtual void write(bool to_stderr, std::span<const std::byte> text) = 0;  // C library output
};

}  // namespace quiesce::guest
