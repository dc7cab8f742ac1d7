// What the generated C code and our runtime agree on. Plain C, for both sides include it.
//
// wasm2c turns the engine into C functions; tools/wasm2c-adapt makes them fit this header. Each
// module is described by one `qw_module`, and each running copy of it has one `qw_context`, which
// lies right below its linear memory: the generated code finds both with one base address.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  QW_GLOBALS_MAX = 8,
  QW_SLOTS_MAX = 32,  // parameters of a function that crosses the wall
  QW_NO_GLOBAL = 0xffffffff,
};

// Static offsets of loads and stores are smaller than this: wasm2c-adapt refuses others. An access
// therefore reaches at most 4 GiB + this beyond the base, where the guard pages are.
#define QW_GUARD_BYTES 0x4000000ull

// A function of the table. `type` is the signature as a number (wasm2c-adapt has the encoding);
// 0 in an empty slot, which no signature has.
struct qw_slot {
  void (*code)(void);
  uint64_t type;
};

struct qw_segment {
  uint32_t address;
  uint32_t bytes;
  const uint8_t* data;
};

// Signatures as text: parameters, '>', result; i = i32, l = i64, f = f32, d = f64, v = none.
struct qw_import {
  const char* module;
  const char* name;
  const char* type;
};

struct qw_context;

// Parameters go in, and the result comes out, in 64-bit slots.
typedef void (*qw_entry)(struct qw_context* context, uint64_t* slots);

struct qw_export {
  const char* name;
  const char* type;
  qw_entry entry;
};

struct qw_module {
  uint32_t memory_pages, memory_pages_max;
  uint32_t table_size, table_size_max;
  uint32_t stack_pointer;  // index of the global, or QW_NO_GLOBAL
  uint32_t global_count, segment_count, import_count, export_count;
  const uint64_t* globals;  // initial values
  const struct qw_segment* segments;
  const struct qw_slot* table;
  const struct qw_import* imports;
  const struct qw_export* exports;
};

// Where an entry into the guest stands. src/guest/stack_switch.cpp knows the offsets.
struct qw_activation {
  void* host_sp;     // 0
  void* guest_sp;    // 8
  uint32_t running;  // 16: 1 while the guest has the processor; then a signal may take it away
  uint32_t stop;     // 20: the guest must not be resumed
  uint64_t event;    // 24: why the guest gave the processor back
  uint64_t* slots;   // 32: parameters of an import
  // 40: quiesce_leave_guest of the host that entered, for engines that are libraries of their own
  void (*leave)(struct qw_activation* activation, uint64_t event, uint64_t* slots);
};

enum qw_event {
  QW_EVENT_DONE = 0,
  QW_EVENT_STOPPED = 1,      // `stop` was set
  QW_EVENT_GROW = 2,         // memory.grow: slots[0] pages; the answer replaces it
  QW_EVENT_TRAP = 0x1000,    // plus a qw_trap
  QW_EVENT_IMPORT = 0x2000,  // plus the index of the import
};

enum qw_trap {
  QW_TRAP_OUT_OF_BOUNDS,
  QW_TRAP_INTEGER_OVERFLOW,
  QW_TRAP_DIVIDE_BY_ZERO,
  QW_TRAP_INVALID_CONVERSION,
  QW_TRAP_UNREACHABLE,
  QW_TRAP_INDIRECT_CALL,
  QW_TRAP_STACK_EXHAUSTED,
};

struct qw_context {
  struct qw_context* self;  // the linear memory begins at self + 1
  uint64_t memory_bytes;
  struct qw_activation* activation;  // the innermost one
  uintptr_t stack_limit;  // checked wall: below this address the native stack is exhausted
  const struct qw_slot* table;
  uint64_t table_size;
  uint64_t globals[QW_GLOBALS_MAX];
  uint64_t reserved[2];
};

// Gives the processor back to the host. Returns when the host resumes the guest.
void quiesce_leave_guest(struct qw_activation* activation, uint64_t event, uint64_t* slots);

// ---- what an engine says of itself --------------------------------------------------------------

// Everything that a host and an engine of another build must agree on: this header, guest/abi.h and
// guest/data_form.h. Rows of guest/abi.def may come and go: those are found by name and signature.
// docs/guest-abi.md tells when this is to be raised; guest/interface.lock notices.
#define QW_INTERFACE_VERSION 1

enum qw_wall { QW_WALL_CHECKED = 0, QW_WALL_GUARD = 1 };

struct qw_engine {
  uint32_t interface_version;  // always the first, whatever the version
  uint32_t wall;               // qw_wall: how the generated code reaches memory
  uint32_t wasm_bytes;         // of the file that this was made of
  char sha256[65];             // of that file, hexadecimal, with a NUL
  char quickjs_version[31];    // with a NUL
};

// A library of an engine exports this as `quiesce_engine_library`; `engine` stands in it once more
// as a note of the ELF file, which can be read without running anything of it.
struct qw_library {
  const struct qw_engine* engine;
  const struct qw_module* module;
};
#define QW_NOTE_NAME "Quiesce"  // section .note.quiesce, with a NUL: 8 bytes
#define QW_NOTE_TYPE 1

#ifdef __cplusplus
}  // extern "C"
#endif
