// What the guest layer needs from inside QuickJS and its public header does not offer. The
// definitions stand in quickjs_internals.c, which compiles quickjs.c as a part of itself, so that
// nothing of QuickJS has to be edited. Nothing declared here runs guest code.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quickjs.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- strings ------------------------------------------------------------------------------------
typedef struct {
  const void* units;
  uint32_t count;
  uint32_t width;  // 1 Latin-1, 2 UTF-16
} qi_units;

// Makes a rope flat: the string itself, owned by the caller; exception if there is no memory.
JSValue qi_flat(JSContext* ctx, JSValueConst string);
// The units of a flat string or of a symbol's description.
qi_units qi_string_units(JSValueConst flat);
// False for Symbol(), true for Symbol('') and all others.
bool qi_symbol_has_description(JSValueConst symbol);
JSValue qi_new_latin1(JSContext* ctx, const uint8_t* units, size_t count);
// `description` may be undefined if the symbol is not for the registry.
JSValue qi_new_symbol(JSContext* ctx, JSValueConst description, bool in_registry);

// ---- objects ------------------------------------------------------------------------------------
uint32_t qi_class_of(JSContext* ctx, JSValueConst value);  // q_class
JSValue qi_new_bigint(JSContext* ctx,
                      JSValueConst text);  // StringToBigInt; SyntaxError if it is none
JSValue qi_new_data_view(JSContext* ctx, int argc, JSValueConst* argv);
JSValue qi_new_error(JSContext* ctx, uint32_t error_class);  // q_error_class; without a message
JSAtom qi_symbol_dispose(void);  // Symbol.dispose; not owned by the caller
// A property of the object itself, undefined if it has none of that name or a getter.
JSValue qi_own_data_property(JSValueConst object, JSAtom key);
// An own or inherited data property, without getters and without entering proxies; the caller owns
// it. Undefined if there is none.
JSValue qi_data_property(JSContext* ctx, JSValueConst object, JSAtom key);
// The stack that QuickJS keeps inside an error; undefined if there is none.
JSValue qi_error_stack(JSContext* ctx, JSValueConst error);
bool qi_bytes_view(JSValueConst value, uint8_t** data, uint32_t* bytes);

// Whether it is an ArrayBuffer whose bytes never change, or a view of one.
bool qi_is_immutable_buffer(JSValueConst value);

// ---- modules ------------------------------------------------------------------------------------
enum {
  QI_MODULE_MAIN = 1,      // import.meta.main
  QI_MODULE_UNLISTED = 2,  // imports do not find it: its name was taken
};

typedef struct {
  JSAtom specifier;
  JSValueConst attributes;
  JSModuleDef* answer;
} qi_request;

// Compiles without running or importing. `name` is what the code says it is in, to the last unit;
// `shown_name` what errors say.
JSValue qi_compile(JSContext* ctx, const char* source, size_t bytes, const char* shown_name,
                   JSAtom name, int flags);
bool qi_is_module(JSValueConst compiled);
JSModuleDef* qi_new_value_module(JSContext* ctx, JSAtom name, JSValue value);  // `value` is owned
JSModuleDef* qi_find_native_module(JSContext* ctx, JSAtom name);
void qi_set_module_attributes(JSContext* ctx, JSModuleDef* module, JSValueConst attributes);
int qi_same_attributes(JSContext* ctx, JSValueConst one, JSValueConst other);  // -1: pending error
void qi_mark_module(JSModuleDef* module, int bits);
bool qi_is_main_module(JSModuleDef* module);
JSAtom qi_module_name(JSModuleDef* module);  // borrowed
bool qi_atom_begins_with(JSContext* ctx, JSAtom atom, const char* start, int count);
uint32_t qi_request_count(JSModuleDef* module);
qi_request qi_request_at(JSModuleDef* module, uint32_t index);
void qi_set_request_attributes(JSContext* ctx, JSModuleDef* module, uint32_t index,
                               JSValueConst attributes);
void qi_answer_request(JSModuleDef* module, uint32_t index, JSModuleDef* answer);
bool qi_is_resolved(JSModuleDef* module);  // all that it imports is loaded
void qi_set_resolved(JSModuleDef* module);
bool qi_link_module(JSContext* ctx, JSModuleDef* module);
JSModuleDef* qi_take_failed_module(void);  // the one in which linking failed, or NULL
JSValue qi_evaluate_module(JSContext* ctx, JSModuleDef* module);  // runs guest code; a promise
bool qi_settle_with_namespace(JSContext* ctx, JSModuleDef* module, JSValueConst resolve,
                              JSValueConst reject);  // runs guest code
typedef enum {
  QI_CAN_RUN,
  QI_AWAITS,   // there is a top-level await
  QI_RUNS,     // it is running, around the code that asks
  QI_UNKNOWN,  // the error is pending
} qi_obstacle;
qi_obstacle qi_why_not_now(JSContext* ctx, JSModuleDef** module);
void qi_free_module(JSContext* ctx, JSModuleDef* module);
int qi_is_code_of(JSContext* ctx, JSModuleDef* module, const void* code);
bool qi_has_code(JSModuleDef* module);
// Puts lines behind the stack of an error; nothing if the program has set it.
bool qi_extend_stack(JSContext* ctx, JSValueConst error, JSValueConst lines);

JSValue qi_compile_function(JSContext* ctx, const char* source, size_t bytes,
                            const char* shown_name, JSAtom name, const JSAtom* parameters,
                            int count);
JSModuleDef* qi_new_commonjs_module(JSContext* ctx, JSAtom name, JSValue code);  // `code` is owned
bool qi_is_commonjs(JSModuleDef* module);
JSValue qi_take_commonjs_code(JSModuleDef* module);
bool qi_declare_export(JSContext* ctx, JSModuleDef* module, JSAtom name);
int qi_export_count(JSModuleDef* module);
JSAtom qi_export_name(JSModuleDef* module, int index);  // borrowed
void qi_set_export(JSContext* ctx, JSModuleDef* module, int index, JSValue value);
bool qi_has_export(JSContext* ctx, JSModuleDef* module, JSAtom name);
JSValue qi_exported_value(JSContext* ctx, JSModuleDef* module, JSAtom name);

// Of the guest layer. NULL, false: the error is pending.
JSModuleDef* guest_import_module(JSContext* ctx, JSAtom referrer, JSAtom specifier,
                                 JSValueConst attributes, bool is_dynamic);
bool guest_prepare_module(JSContext* ctx, JSModuleDef* module);
JSModuleDef* guest_module_of(JSContext* ctx, JSAtom name, const void* code, bool* failed);
JSValue guest_new_meta(JSContext* ctx, JSModuleDef* module);
JSValue guest_import(JSContext* ctx, JSValueConst resolve, JSValueConst reject,
                     JSValueConst referrer, JSValueConst specifier, JSValueConst attributes);
bool guest_run_commonjs(JSContext* ctx, JSModuleDef* module);

// ---- built-in modules ---------------------------------------------------------------------------
// Lets go of the source texts of compiled code. False: the error is pending.
bool qi_strip_source(JSContext* ctx, JSValueConst compiled);
// A module whose default is `exports` and whose other exports are its enumerable properties.
JSModuleDef* qi_new_exports_module(JSContext* ctx, JSAtom name, JSValueConst exports);

// ---- the asynchronous context ------------------------------------------------------------------
extern JSValue qi_async_context;  // undefined: no program uses one. guest/tasks.hpp

// ---- bytecode -----------------------------------------------------------------------------------
uint8_t* qi_write_bytecode(JSContext* ctx, JSValueConst compiled, size_t* bytes, bool strip_source,
                           bool strip_debug);
bool qi_rename_code(JSContext* ctx, JSValueConst compiled, JSAtom name);

// ---- what a VM may be without -------------------------------------------------------------------
void qi_forbid_eval(void);
void qi_forbid_bigint_literals(void);
void qi_forbid_regexp(JSContext* ctx);

// ---- the machine --------------------------------------------------------------------------------
void qi_set_random_state(JSContext* ctx, uint64_t state);
void qi_set_time_origin(JSContext* ctx);  // performance.timeOrigin := now
void qi_clear_time_origin(JSContext* ctx);
int32_t qi_interrupt_interval(
    void);  // what the counter stands at when the handler runs because of it
int32_t qi_interrupt_counter(JSContext* ctx);
void qi_set_interrupt_counter(JSContext* ctx, int32_t steps);
void qi_set_stack_top(JSRuntime* rt, uintptr_t address);
// What is being made now must be made: the error that says that there is no memory, for one.
bool qi_may_exceed_limit(JSRuntime* rt);
// Whether the compiler may have memory above the limit; it gives up soon after.
bool qi_lend(void);
size_t qi_malloc_size(JSRuntime* rt);
// Small blocks: QuickJS carves them out of pieces that are a little smaller than a page of the
// system's. Within one, a piece costs one page when it is written, and not two: in a VM that shares
// its pages with others, or is seldom awake, that is what it costs at all.
enum { QI_PAGE_BYTES = 4096 };
// Whether so large a block is such a piece, and must begin a page.
static inline bool qi_is_page(size_t bytes) {
  return bytes <= QI_PAGE_BYTES - 8 && bytes > QI_PAGE_BYTES - QI_PAGE_BYTES / 8;
}
bool qi_pages_are_as_known(void);
// A bit for each page of the memory. In machine.cpp, behind what is written more often.
extern uint32_t qi_also_soiled[(UINT32_MAX / QI_PAGE_BYTES + 1) / 32];
void qi_clean_small_blocks(void);  // those that became free since the last time
// For tests: after so many allocations the next so many fail; UINT32_MAX: all that follow. How many
// did since the last call.
uint32_t qi_fail_allocations(uint32_t after, uint32_t times);
bool qi_allocation_fails(JSRuntime* rt);
// In memory.cpp: a request was refused.
void qi_note_shortage(void);
// Buffers and their bytes, which JS_ComputeMemoryUsage leaves out.
void qi_count_buffers(JSRuntime* rt, uint64_t* count, uint64_t* bytes);
// Closes what QuickJS leaves open at the limits of stack and memory; once, for a new context.
bool qi_harden(JSContext* ctx);
// What was thrown, which is pending no more.
JSValue qi_take_exception(JSContext* ctx);
// What a program that an interrupt ends is thrown: it cannot catch it.
JSValue qi_throw_interrupted(JSContext* ctx);
// Parses without running, importing or keeping anything: undefined, or the syntax error as an
// exception.
JSValue qi_parse(JSContext* ctx, const char* source, size_t bytes, bool as_module, size_t* reached);
JSModuleDef* qi_module(JSValueConst module);
// Called when a frame did not fit on the stack; defined by the guest layer.
void qi_stack_refused(size_t used, size_t limit);

// ---- draws from clock and chance ----------------------------------------------------------------
// Called at each of a program (q_draw), with the drawing function on the stack; defined by the
// guest layer.
void qi_note_draw(uint32_t kind);
// Where the program that runs is. Its file is owned; undefined: nobody knows.
JSValue qi_program_place(JSContext* ctx, uint32_t* line, uint32_t* column);
// Whether a program is on the stack.
bool qi_is_running(JSContext* ctx);
// `performance`, in the place of QuickJS's own; once, for a new context. False: out of memory.
bool qi_add_performance(JSContext* ctx);

// ---- promises -----------------------------------------------------------------------------------
bool qi_promise_is_handled(JSValueConst promise);
// As promise.then(fulfilled, rejected) without a promise for what they return, and without asking
// the program's own `then` or species. False: the error is pending.
bool qi_promise_react(JSContext* ctx, JSValueConst promise, JSValueConst fulfilled,
                      JSValueConst rejected);
// Sets a property under a private symbol, frozen object or not. False: the error is pending.
bool qi_mark(JSContext* ctx, JSValueConst object, JSAtom key, bool value);

#ifdef __cplusplus
}
#endif
