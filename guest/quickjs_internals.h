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
// A property of the object itself, undefined if it has none of that name or a getter.
JSValue qi_own_data_property(JSValueConst object, JSAtom key);
// An own or inherited data property, without getters and without entering proxies; the caller owns
// it. Undefined if there is none.
JSValue qi_data_property(JSContext* ctx, JSValueConst object, JSAtom key);
// The stack that QuickJS keeps inside an error; undefined if there is none.
JSValue qi_error_stack(JSContext* ctx, JSValueConst error);
bool qi_bytes_view(JSValueConst value, uint8_t** data, uint32_t* bytes);

// ---- the machine --------------------------------------------------------------------------------
void qi_set_random_state(JSContext* ctx, uint64_t state);
void qi_set_time_origin(JSContext* ctx);  // performance.timeOrigin := now
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
// Closes what QuickJS leaves open at the limits of stack and memory; once, for a new context.
bool qi_harden(JSContext* ctx);
// What was thrown, which is pending no more.
JSValue qi_take_exception(JSContext* ctx);
// What a program that an interrupt ends is thrown: it cannot catch it.
JSValue qi_throw_interrupted(JSContext* ctx);
// Parses without running, importing or keeping anything: undefined, or the syntax error as an
// exception.
JSValue qi_parse(JSContext* ctx, const char* source, size_t bytes, bool as_module);
JSModuleDef* qi_module(JSValueConst module);
// Called when a frame did not fit on the stack; defined by the guest layer.
void qi_stack_refused(size_t used, size_t limit);

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
