// Between census.cpp, which tells the host what the heap holds and who waits, and the part that
// knows how QuickJS keeps it, quickjs_census.inc.c and quickjs_waits.inc.c. Nothing here writes
// anything but the shared block, runs guest code, or goes on for ever in a forged heap.
#pragma once

#include "quickjs_internals.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- of census.cpp ------------------------------------------------------------------------------
// Pays for so many turns of a loop. False: that was too much, or the host has had enough; and from
// then on always.
bool qc_step(uint32_t count);
// `address` is where a block of the C library or of a page begins; `kind` a q_census_kind and
// flags; `name` the address of a string, or null.
void qc_row(const void* address, uint32_t bytes, uint32_t kind, const void* name);
const void* qc_heap_start(void);
size_t qc_room_of(const void* block);
// Whether it is a reaction that tells the host that a promise has settled.
bool qc_is_watch(JSCFunctionData* function);

typedef struct {
  uint32_t kind;                // q_wait_kind
  const void *promise, *next;   // objects
  const void *function, *file;  // strings
  uint32_t line, column;
  uint64_t id;
  double ms;
} qc_wait;
void qc_tell_wait(const qc_wait* wait);

// ---- of quickjs_census.inc.c --------------------------------------------------------------------
void qc_engine(JSRuntime* rt);
// A block from js_malloc; null is none.
void qc_block(uint32_t kind, const void* name, const void* block);
void qc_value(JSValueConst value);
void qc_values(const JSValue* values, uint32_t count);
// What a rope, or another string that is not in one piece, is made of.
void qc_more(uint32_t address, bool is_rope);
// The units of a flat string; none: it is no such thing.
qi_units qc_text(uint32_t address);

// ---- of quickjs_waits.inc.c ---------------------------------------------------------------------
// Reactions of all pending promises, and the jobs that are ready.
void qc_waits(JSRuntime* rt);
// What somebody keeps: a promise, what settles one, or a function.
void qc_source(JSRuntime* rt, JSValueConst value, qc_wait* wait);
// Null: it is no promise.
const void* qc_promise_of(JSValueConst value);
// Names of the global object and of global declarations.
void qc_globals(JSContext* ctx);

#ifdef __cplusplus
}
#endif
