// Quiesce for C, and for every language that can call C.
//
// The same library as <quiesce/quiesce.hpp>: JavaScript machines that sleep in a file and wake
// elsewhere.
//
//   quiesce_host* host = NULL;
//   quiesce_vm* vm = NULL;
//   quiesce_value* sum = NULL;
//   double number = 0;
//   if (quiesce_host_new(&host) || quiesce_vm_new(host, NULL, &vm) ||
//       quiesce_vm_eval(vm, "6 * 7", QUIESCE_NTS, NULL, &sum) ||
//       quiesce_value_as_number(sum, &number)) {
//     fprintf(stderr, "%s\n", quiesce_last_error_text(NULL));
//   }
//   quiesce_value_free(sum);
//   quiesce_vm_free(vm);
//   quiesce_host_free(host);
//
// Results. Every function that can fail returns a quiesce_status, QUIESCE_OK being 0, and hands its
// result out through its last parameter. On failure that is set to NULL or 0, and what went wrong
// is told by quiesce_last_error_text and its siblings until the next failure on the same thread. No
// C++ exception ever leaves a function.
//
// Handles. A handle looks like a pointer and is none: a number in a pointer's clothes that is
// looked up at each use. One that is null, was freed, or is of another kind gives
// QUIESCE_INVALID_ARGUMENT, never a crash; a number is never used twice in the life of the
// process.
//
// Ownership. Whatever is handed out through a parameter of type quiesce_something** is yours; free
// it with quiesce_something_free, once. Freeing NULL does nothing and is fine. Handles that you
// pass in stay yours. Where a result parameter says "may be NULL", pass NULL if you do not want it.
// Freeing a VM ends its values: using them gives QUIESCE_DEAD_VM, and they want to be freed still.
//
// Text is UTF-8 with its length in bytes; QUIESCE_NTS as length means that it ends at its first
// NUL. What is passed in is copied before the function returns.
//
// Threads. A VM, with its values and pending calls, belongs to one thread at a time; freeing a
// value counts as using its VM. Hosts and snapshots may be shared, and so may different VMs be used
// on different threads. quiesce_stop_request may be called from any thread.
//
// Versions. A struct that is passed in begins with its size; its _init function fills it with
// defaults. Later versions add functions, and members at the ends of structs.
#ifndef QUIESCE_H
#define QUIESCE_H
#pragma once

#include "quiesce/types.h"

#if defined(__GNUC__)
#define QUIESCE_API __attribute__((visibility("default")))
#else
#define QUIESCE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- versions and errors --------------------------------------------------------------------- */

/** The version of the interface that the library has: QUIESCE_ABI_VERSION when it was built. */
QUIESCE_API uint32_t quiesce_abi_version(void);
/** The version of the library, "0.1.0". Static. */
QUIESCE_API const char* quiesce_version(void);
/** The version of QuickJS-NG inside the engine, "0.17.0". Static. */
QUIESCE_API const char* quiesce_quickjs_version(void);
/** SHA-256 of the engine, hexadecimal: a snapshot belongs to one engine. Static. */
QUIESCE_API const char* quiesce_engine(void);
/** The name of a status, "javascript". Static; never NULL. */
QUIESCE_API const char* quiesce_status_name(quiesce_status status);

/** What the last failure on this thread was; QUIESCE_OK before the first. A call that succeeds
 * leaves it. */
QUIESCE_API quiesce_status quiesce_last_error(void);
/** Its text, ending in NUL; `length` may be NULL. Valid until the next failure on this thread. */
QUIESCE_API const char* quiesce_last_error_text(size_t* length);
/** Its limit, or QUIESCE_LIMIT_NONE. */
QUIESCE_API quiesce_limit quiesce_last_error_limit(void);
/** How far it was overrun: bytes of memory or stack, nanoseconds, steps. Both 0 when that is not
 * known. Each may be NULL. */
QUIESCE_API void quiesce_last_error_figures(uint64_t* used, uint64_t* allowed);
/** "TypeError", if JavaScript threw an Error; else empty. Ends in NUL; `length` may be NULL. Valid
 * until the next failure on this thread. */
QUIESCE_API const char* quiesce_last_error_name(size_t* length);
/** Its JavaScript stack, "    at f (file.js:3:7)"; or empty. As above. */
QUIESCE_API const char* quiesce_last_error_stack(size_t* length);

/* ---- buffers and lists ----------------------------------------------------------------------- */

/** The bytes; a NUL follows them that is not counted. NULL for a handle that is none. They belong
 * to the buffer. */
QUIESCE_API const char* quiesce_buffer_data(const quiesce_buffer* buffer, size_t* length);
/** A buffer of your own with a copy of the bytes, for callbacks that answer with one. */
QUIESCE_API quiesce_status quiesce_buffer_new(const void* bytes, size_t count,
                                              quiesce_buffer** buffer);
/** Frees a buffer. */
QUIESCE_API quiesce_status quiesce_buffer_free(quiesce_buffer* buffer);

/** How many entries; 0 for a handle that is none. */
QUIESCE_API size_t quiesce_list_count(const quiesce_list* list);
/** A text of the list, ending in NUL; it belongs to the list. NULL beyond the end, or when these
 * are not texts. `length` may be NULL. */
QUIESCE_API const char* quiesce_list_text(const quiesce_list* list, size_t index, size_t* length);
/** A pending call of the list. `call->struct_size` must be set. */
QUIESCE_API quiesce_status quiesce_list_pending_call(const quiesce_list* list, size_t index,
                                                     quiesce_pending_call* call);
/** Frees a list. */
QUIESCE_API quiesce_status quiesce_list_free(quiesce_list* list);

/* ---- hosts ----------------------------------------------------------------------------------- */

/** A host with the system's clock and entropy, UTC, no log and no functions. */
QUIESCE_API quiesce_status quiesce_host_new(quiesce_host** host);
/** Frees a host. VMs made with it live on, and so does what they need of it. */
QUIESCE_API quiesce_status quiesce_host_free(quiesce_host* host);
/** Offers a function to JavaScript as a global of that name, with `arity` as its `length`. Reaches
 * VMs that are made later. `destroy` is called for `user` even when this call fails. */
QUIESCE_API quiesce_status quiesce_host_function(quiesce_host* host, const char* name,
                                                 size_t name_length, uint32_t arity,
                                                 quiesce_function function, void* user,
                                                 quiesce_destroy destroy);
/** Where the console prints; without one it prints nowhere. */
QUIESCE_API quiesce_status quiesce_host_log(quiesce_host* host, quiesce_log log, void* user,
                                            quiesce_destroy destroy);
/** Replaces the system clock. */
QUIESCE_API quiesce_status quiesce_host_clock(quiesce_host* host, quiesce_clock clock, void* user,
                                              quiesce_destroy destroy);
/** A clock that stands at this time, in nanoseconds since 1970. */
QUIESCE_API quiesce_status quiesce_host_fixed_clock(quiesce_host* host, int64_t time_ns);
/** Replaces the system's entropy. */
QUIESCE_API quiesce_status quiesce_host_entropy(quiesce_host* host, quiesce_entropy entropy,
                                                void* user, quiesce_destroy destroy);
/** Entropy that follows from a seed: equal programs see equal randomness. */
QUIESCE_API quiesce_status quiesce_host_seeded_entropy(quiesce_host* host, uint64_t seed);
/** The local time zone of Date. */
QUIESCE_API quiesce_status quiesce_host_timezone(quiesce_host* host, quiesce_timezone zone,
                                                 void* user, quiesce_destroy destroy);

/** Local time that is always so far ahead of UTC. */
QUIESCE_API quiesce_status quiesce_host_fixed_timezone(quiesce_host* host, int32_t minutes);
/** Local time as this process has it. */
QUIESCE_API quiesce_status quiesce_host_system_timezone(quiesce_host* host);

/** Where imports come from; without it every import is an error. */
QUIESCE_API quiesce_status quiesce_host_modules(quiesce_host* host, quiesce_resolve_module resolve,
                                                quiesce_load_module load, void* user,
                                                quiesce_destroy destroy);
/** What VMs are made without, QUIESCE_INTRINSIC_EVAL and its siblings, besides what was said
 * before. */
QUIESCE_API quiesce_status quiesce_host_without(quiesce_host* host, uint32_t intrinsics);

/* ---- calls of host functions ----------------------------------------------------------------- */

/** How many arguments JavaScript gave. */
QUIESCE_API quiesce_status quiesce_call_argument_count(const quiesce_call* call, size_t* count);
/** An argument, undefined beyond the last; yours to free, and to keep longer than the call. */
QUIESCE_API quiesce_status quiesce_call_argument(const quiesce_call* call, size_t index,
                                                 quiesce_value** value);
/** `this`; yours to free. */
QUIESCE_API quiesce_status quiesce_call_this(const quiesce_call* call, quiesce_value** value);
/** The VM that calls. Not yours: do not free it. It may be used: eval, call, defer. */
QUIESCE_API quiesce_status quiesce_call_vm(const quiesce_call* call, quiesce_vm** vm);
/** Answers with `value`, which stays yours; without an answer it is undefined. A promise makes the
 * function an asynchronous one: see quiesce_vm_defer. */
QUIESCE_API quiesce_status quiesce_call_return(quiesce_call* call, const quiesce_value* value);
/** Throws `value`, which stays yours, when the function has returned. */
QUIESCE_API quiesce_status quiesce_call_throw(quiesce_call* call, const quiesce_value* value);
/** Throws a new error: "TypeError" and its like, or any other name. */
QUIESCE_API quiesce_status quiesce_call_throw_error(quiesce_call* call, const char* name,
                                                    size_t name_length, const char* message,
                                                    size_t message_length);

/* ---- VMs ------------------------------------------------------------------------------------- */

/** Fills in the default limits. */
QUIESCE_API void quiesce_limits_init(quiesce_limits* limits);
/** Fills in the defaults. */
QUIESCE_API void quiesce_eval_options_init(quiesce_eval_options* options);
/** Fills in the defaults. */
QUIESCE_API void quiesce_restore_options_init(quiesce_restore_options* options);

/** A new VM. `host` NULL: nothing outside. `limits` NULL: the defaults. */
QUIESCE_API quiesce_status quiesce_vm_new(const quiesce_host* host, const quiesce_limits* limits,
                                          quiesce_vm** vm);
/** Wakes a sleeper, as often as you like from one snapshot. `options` may be NULL. */
QUIESCE_API quiesce_status quiesce_vm_restore(const quiesce_host* host,
                                              const quiesce_snapshot* snapshot,
                                              const quiesce_restore_options* options,
                                              quiesce_vm** vm);
/** Ends a VM. QUIESCE_BUSY from inside one of its host functions. */
QUIESCE_API quiesce_status quiesce_vm_free(quiesce_vm* vm);
/** Evaluates UTF-8 source. `options` and `result` may be NULL. */
QUIESCE_API quiesce_status quiesce_vm_eval(quiesce_vm* vm, const char* source, size_t length,
                                           const quiesce_eval_options* options,
                                           quiesce_value** result);
/** Compiles and runs nothing: bytecode for quiesce_vm_run_bytecode of any VM with this engine. */
QUIESCE_API quiesce_status quiesce_vm_compile(quiesce_vm* vm, const char* source, size_t length,
                                              const quiesce_eval_options* options,
                                              quiesce_strip strip, quiesce_buffer** bytecode);
/** Runs bytecode as quiesce_vm_eval runs source. Only such as you would run its author's programs:
 * forged bytecode can cost the VM. */
QUIESCE_API quiesce_status quiesce_vm_run_bytecode(quiesce_vm* vm, const void* bytes, size_t count,
                                                   quiesce_value** result);
/** Whether the source uses a form that only a module may have. */
QUIESCE_API quiesce_status quiesce_vm_is_module(quiesce_vm* vm, const char* source, size_t length,
                                                int* is_module);
/** What JavaScript threw at the last call on this VM that gave QUIESCE_JAVASCRIPT; NULL: nothing,
 * or taken already. Yours to free. */
QUIESCE_API quiesce_status quiesce_vm_take_thrown(quiesce_vm* vm, quiesce_value** value);

/** Runs jobs and due timers until `promise` settles, and hands out its value; NULL when idle before
 * that, waiting for the outside. QUIESCE_JAVASCRIPT when it was rejected. Never waits. `result` may
 * be NULL. */
QUIESCE_API quiesce_status quiesce_vm_run(quiesce_vm* vm, const quiesce_value* promise,
                                          quiesce_value** result);
/** Runs jobs and due timers until none is left. */
QUIESCE_API quiesce_status quiesce_vm_run_until_idle(quiesce_vm* vm);
/** As quiesce_vm_run, or as quiesce_vm_run_until_idle if `promise` is NULL, but begins no further
 * job after `fuel_slice` steps. `end` and `result` may be NULL. */
QUIESCE_API quiesce_status quiesce_vm_run_slice(quiesce_vm* vm, const quiesce_value* promise,
                                                uint64_t fuel_slice, quiesce_run_end* end,
                                                quiesce_value** result);
/** Calls `settled` once, from a run, when the promise has settled. Watching it handles its
 * rejection. `destroy` is called for `user` even when this call fails. */
QUIESCE_API quiesce_status quiesce_vm_on_settled(quiesce_vm* vm, const quiesce_value* promise,
                                                 quiesce_settled settled, void* user,
                                                 quiesce_destroy destroy);
/** Runs the oldest job; `ran` is 0 when none was ready. */
QUIESCE_API quiesce_status quiesce_vm_run_one_job(quiesce_vm* vm, int* ran);
/** Runs the timer that is due first; `ran` is 0 when none was due. */
QUIESCE_API quiesce_status quiesce_vm_run_one_timer(quiesce_vm* vm, int* ran);
/** When the earliest timer is due, in nanoseconds since 1970; INT64_MAX when there is none. */
QUIESCE_API quiesce_status quiesce_vm_next_deadline(quiesce_vm* vm, int64_t* time_ns);
/** Takes the oldest rejection that nobody handled: both are yours to free; both NULL when there is
 * none. */
QUIESCE_API quiesce_status quiesce_vm_take_rejection(quiesce_vm* vm, quiesce_value** promise,
                                                     quiesce_value** reason);

/** Makes a pending call: a row in the heap with an id, and a promise. */
QUIESCE_API quiesce_status quiesce_vm_defer(quiesce_vm* vm, const char* name, size_t name_length,
                                            const quiesce_value* const* arguments, size_t count,
                                            quiesce_deferred** deferred);
/** A pending promise that only the host settles: a pending call without name and arguments. */
QUIESCE_API quiesce_status quiesce_vm_new_promise(quiesce_vm* vm, quiesce_deferred** deferred);
/** Finds a pending call again; QUIESCE_UNKNOWN_CALL when it is settled or never was. */
QUIESCE_API quiesce_status quiesce_vm_deferred(quiesce_vm* vm, uint64_t id,
                                               quiesce_deferred** deferred);
/** All pending calls, the oldest first. */
QUIESCE_API quiesce_status quiesce_vm_pending_calls(quiesce_vm* vm, quiesce_list** calls);
/** Settles a pending call by its id with a JSON text. */
QUIESCE_API quiesce_status quiesce_vm_settle_json(quiesce_vm* vm, uint64_t id, const char* json,
                                                  size_t length, quiesce_settle how);

/** The id, never used twice by this VM or any woken from its snapshots. */
QUIESCE_API quiesce_status quiesce_deferred_id(const quiesce_deferred* deferred, uint64_t* id);
/** The promise that JavaScript awaits. */
QUIESCE_API quiesce_status quiesce_deferred_promise(const quiesce_deferred* deferred,
                                                    quiesce_value** promise);
/** Resolves or rejects it. What waits for it runs at the next quiesce_vm_run. */
QUIESCE_API quiesce_status quiesce_deferred_settle(const quiesce_deferred* deferred,
                                                   const quiesce_value* value, quiesce_settle how);
/** Frees the handle; the pending call stays. */
QUIESCE_API quiesce_status quiesce_deferred_free(quiesce_deferred* deferred);

/** A named root: the value is found again in every VM woken from a snapshot. */
QUIESCE_API quiesce_status quiesce_vm_keep(quiesce_vm* vm, const char* name, size_t name_length,
                                           const quiesce_value* value);
/** What was kept under the name; NULL: nothing. */
QUIESCE_API quiesce_status quiesce_vm_kept(quiesce_vm* vm, const char* name, size_t name_length,
                                           quiesce_value** value);
/** Lets go of a named root; `found` may be NULL. */
QUIESCE_API quiesce_status quiesce_vm_forget(quiesce_vm* vm, const char* name, size_t name_length,
                                             int* found);
/** The names of all roots. */
QUIESCE_API quiesce_status quiesce_vm_kept_names(quiesce_vm* vm, quiesce_list** names);
/** The names of the host functions that the guest knows; a restore needs each of them. */
QUIESCE_API quiesce_status quiesce_vm_function_names(quiesce_vm* vm, quiesce_list** names);

/** The limits in force. `limits->struct_size` must be set. */
QUIESCE_API quiesce_status quiesce_vm_limits(quiesce_vm* vm, quiesce_limits* limits);
/** Changes the limits, fuel included. */
QUIESCE_API quiesce_status quiesce_vm_set_limits(quiesce_vm* vm, const quiesce_limits* limits);
/** Steps that are left. */
QUIESCE_API quiesce_status quiesce_vm_fuel_left(quiesce_vm* vm, uint64_t* fuel);
/** What the engine has allocated. `usage->struct_size` must be set. */
QUIESCE_API quiesce_status quiesce_vm_memory_usage(quiesce_vm* vm, quiesce_memory_usage* usage);
/** Frees cycles that nothing refers to. */
QUIESCE_API quiesce_status quiesce_vm_collect_garbage(quiesce_vm* vm);

/** Steps made since the VM began, whether fuel is limited or not. */
QUIESCE_API quiesce_status quiesce_vm_fuel_used(quiesce_vm* vm, uint64_t* fuel);
/** Allocated bytes at which garbage is collected next; QUIESCE_UNLIMITED: not by itself. */
QUIESCE_API quiesce_status quiesce_vm_gc_threshold(quiesce_vm* vm, uint64_t* bytes);
/** Sets it. */
QUIESCE_API quiesce_status quiesce_vm_set_gc_threshold(quiesce_vm* vm, uint64_t bytes);
/** Gives Math.random another sequence, from the host's entropy. */
QUIESCE_API quiesce_status quiesce_vm_reseed(quiesce_vm* vm);
/** What the host's clock says, in nanoseconds since 1970. */
QUIESCE_API quiesce_status quiesce_vm_now(quiesce_vm* vm, int64_t* time_ns);

/* ---- stopping -------------------------------------------------------------------------------- */

/** Something to stop VMs with. */
QUIESCE_API quiesce_status quiesce_stop_new(quiesce_stop** stop);
/** From any thread, at any time: JavaScript in the VMs that have this stop ends within milliseconds
 * with QUIESCE_STOPPED, which it cannot catch. It stays so until they get another. */
QUIESCE_API quiesce_status quiesce_stop_request(quiesce_stop* stop);
/** Frees the handle; VMs that have it go on. */
QUIESCE_API quiesce_status quiesce_stop_free(quiesce_stop* stop);
/** What stops this VM from now on; NULL: nothing. */
QUIESCE_API quiesce_status quiesce_vm_set_stop(quiesce_vm* vm, const quiesce_stop* stop);

/* ---- making values --------------------------------------------------------------------------- */

/** undefined. */
QUIESCE_API quiesce_status quiesce_new_undefined(quiesce_vm* vm, quiesce_value** value);
/** null. */
QUIESCE_API quiesce_status quiesce_new_null(quiesce_vm* vm, quiesce_value** value);
/** true unless `boolean` is 0. */
QUIESCE_API quiesce_status quiesce_new_boolean(quiesce_vm* vm, int boolean, quiesce_value** value);
/** A number. */
QUIESCE_API quiesce_status quiesce_new_number(quiesce_vm* vm, double number, quiesce_value** value);
/** A string of UTF-8. */
QUIESCE_API quiesce_status quiesce_new_string(quiesce_vm* vm, const char* text, size_t length,
                                              quiesce_value** value);
/** A string of UTF-16 in the machine's byte order; lone surrogates are fine. */
QUIESCE_API quiesce_status quiesce_new_string_utf16(quiesce_vm* vm, const uint16_t* units,
                                                    size_t count, quiesce_value** value);
/** A bigint of decimal digits after an optional minus sign. */
QUIESCE_API quiesce_status quiesce_new_bigint(quiesce_vm* vm, const char* digits, size_t length,
                                              quiesce_value** value);
/** A new symbol. */
QUIESCE_API quiesce_status quiesce_new_symbol(quiesce_vm* vm, const char* description,
                                              size_t length, quiesce_value** value);
/** Symbol.for(key). */
QUIESCE_API quiesce_status quiesce_new_global_symbol(quiesce_vm* vm, const char* key, size_t length,
                                                     quiesce_value** value);
/** {}. */
QUIESCE_API quiesce_status quiesce_new_object(quiesce_vm* vm, quiesce_value** value);
/** An array of `count` elements, which stay yours; `elements` may be NULL when `count` is 0. */
QUIESCE_API quiesce_status quiesce_new_array(quiesce_vm* vm, const quiesce_value* const* elements,
                                             size_t count, quiesce_value** value);
/** An ArrayBuffer with a copy of the bytes. */
QUIESCE_API quiesce_status quiesce_new_array_buffer(quiesce_vm* vm, const void* bytes, size_t count,
                                                    quiesce_value** value);
/** A typed array over a copy of the bytes, whose count must be a multiple of the element's. */
QUIESCE_API quiesce_status quiesce_new_typed_array(quiesce_vm* vm, quiesce_class type,
                                                   const void* bytes, size_t count,
                                                   quiesce_value** value);
/** An error of the class of that name, "TypeError"; another name is put on a plain Error. */
QUIESCE_API quiesce_status quiesce_new_error(quiesce_vm* vm, const char* name, size_t name_length,
                                             const char* message, size_t message_length,
                                             quiesce_value** value);
/** A function object that calls the host's function of that name. */
QUIESCE_API quiesce_status quiesce_new_function(quiesce_vm* vm, const char* name, size_t length,
                                                quiesce_value** value);
/** JSON.parse. */
QUIESCE_API quiesce_status quiesce_new_from_json(quiesce_vm* vm, const char* json, size_t length,
                                                 quiesce_value** value);
/** globalThis. */
QUIESCE_API quiesce_status quiesce_vm_global(quiesce_vm* vm, quiesce_value** value);
/** Another handle to the same JavaScript value. */
QUIESCE_API quiesce_status quiesce_value_copy(const quiesce_value* value, quiesce_value** copy);
/** Frees a value. */
QUIESCE_API quiesce_status quiesce_value_free(quiesce_value* value);

/* ---- reading values: exact, runs no guest code ----------------------------------------------- */

/** What it is. */
QUIESCE_API quiesce_status quiesce_value_type(const quiesce_value* value, quiesce_type* type);
/** What kind of object it is. */
QUIESCE_API quiesce_status quiesce_value_class(const quiesce_value* value, quiesce_class* type);
/** The boolean as 0 or 1. */
QUIESCE_API quiesce_status quiesce_value_as_boolean(const quiesce_value* value, int* boolean);
/** The number. */
QUIESCE_API quiesce_status quiesce_value_as_number(const quiesce_value* value, double* number);
/** The number, if it is a whole one that fits. */
QUIESCE_API quiesce_status quiesce_value_as_int64(const quiesce_value* value, int64_t* number);
/** The string as UTF-8; a lone surrogate becomes its three-byte form. */
QUIESCE_API quiesce_status quiesce_value_as_text(const quiesce_value* value, quiesce_buffer** text);
/** The string as UTF-16 in the machine's byte order. */
QUIESCE_API quiesce_status quiesce_value_as_utf16(const quiesce_value* value,
                                                  quiesce_buffer** units);
/** The bigint as decimal digits after an optional minus sign. */
QUIESCE_API quiesce_status quiesce_value_as_bigint(const quiesce_value* value,
                                                   quiesce_buffer** digits);
/** A copy of the bytes of an ArrayBuffer, typed array or DataView. */
QUIESCE_API quiesce_status quiesce_value_as_bytes(const quiesce_value* value,
                                                  quiesce_buffer** bytes);
/** Of an array, or of a string in UTF-16 units. */
QUIESCE_API quiesce_status quiesce_value_length(const quiesce_value* value, uint64_t* length);
/** `===`. */
QUIESCE_API quiesce_status quiesce_value_strictly_equals(const quiesce_value* a,
                                                         const quiesce_value* b, int* equal);
/** As console.log prints it. */
QUIESCE_API quiesce_status quiesce_value_inspect(const quiesce_value* value, quiesce_buffer** text);

/* ---- what may run guest code: conversions, properties, calls ----------------------------------
 */

/** ToString of the standard. */
QUIESCE_API quiesce_status quiesce_value_to_text(const quiesce_value* value, quiesce_buffer** text);
/** ToNumber of the standard. */
QUIESCE_API quiesce_status quiesce_value_to_number(const quiesce_value* value, double* number);
/** JSON.stringify with `indent` blanks; NULL when no JSON stands for the value. */
QUIESCE_API quiesce_status quiesce_value_to_json(const quiesce_value* value, uint32_t indent,
                                                 quiesce_buffer** json);
/** The property of that name, undefined when there is none. */
QUIESCE_API quiesce_status quiesce_value_get(const quiesce_value* object, const char* name,
                                             size_t name_length, quiesce_value** value);
/** The element at an index. */
QUIESCE_API quiesce_status quiesce_value_get_at(const quiesce_value* object, uint32_t index,
                                                quiesce_value** value);
/** The property of a key that is a symbol, a string or a number. */
QUIESCE_API quiesce_status quiesce_value_get_key(const quiesce_value* object,
                                                 const quiesce_value* key, quiesce_value** value);
/** Assigns as in strict mode: fails when the object refuses. */
QUIESCE_API quiesce_status quiesce_value_set(const quiesce_value* object, const char* name,
                                             size_t name_length, const quiesce_value* value);
/** Assigns an element. */
QUIESCE_API quiesce_status quiesce_value_set_at(const quiesce_value* object, uint32_t index,
                                                const quiesce_value* value);
/** Assigns the property of a key. */
QUIESCE_API quiesce_status quiesce_value_set_key(const quiesce_value* object,
                                                 const quiesce_value* key,
                                                 const quiesce_value* value);
/** Defines a data property, past setters; `attributes` are QUIESCE_WRITABLE and its siblings. */
QUIESCE_API quiesce_status quiesce_value_define(const quiesce_value* object,
                                                const quiesce_value* key,
                                                const quiesce_value* value, uint32_t attributes);
/** Defines an accessor; `getter` or `setter` may be NULL. */
QUIESCE_API quiesce_status quiesce_value_define_accessor(const quiesce_value* object,
                                                         const quiesce_value* key,
                                                         const quiesce_value* getter,
                                                         const quiesce_value* setter,
                                                         uint32_t attributes);
/** As `in`. */
QUIESCE_API quiesce_status quiesce_value_has(const quiesce_value* object, const char* name,
                                             size_t name_length, int* has);
/** As `delete`; `removed` is 0 when the property is not configurable, and may be NULL. */
QUIESCE_API quiesce_status quiesce_value_remove(const quiesce_value* object, const char* name,
                                                size_t name_length, int* removed);
/** The own keys, as an array. */
QUIESCE_API quiesce_status quiesce_value_keys(const quiesce_value* object, quiesce_keys which,
                                              quiesce_value** array);
/** Calls a function. `self` NULL: undefined; `arguments` may be NULL when `count` is 0; `result`
 * may be NULL. */
QUIESCE_API quiesce_status quiesce_value_call(const quiesce_value* function,
                                              const quiesce_value* self,
                                              const quiesce_value* const* arguments, size_t count,
                                              quiesce_value** result);
/** Calls a method of the object. */
QUIESCE_API quiesce_status quiesce_value_invoke(const quiesce_value* object, const char* name,
                                                size_t name_length,
                                                const quiesce_value* const* arguments, size_t count,
                                                quiesce_value** result);
/** `new`. */
QUIESCE_API quiesce_status quiesce_value_construct(const quiesce_value* function,
                                                   const quiesce_value* const* arguments,
                                                   size_t count, quiesce_value** result);
/** Pending, fulfilled or rejected. */
QUIESCE_API quiesce_status quiesce_value_promise_state(const quiesce_value* promise,
                                                       quiesce_promise_state* state);
/** The value or the reason; undefined while pending. */
QUIESCE_API quiesce_status quiesce_value_promise_result(const quiesce_value* promise,
                                                        quiesce_value** result);
/** Its rejection will not be reported. */
QUIESCE_API quiesce_status quiesce_value_mark_handled(const quiesce_value* promise);

/* ---- engines --------------------------------------------------------------------------------- */

/** A registry that knows the built-in engine. A snapshot belongs to one engine; those of another
 *  version of the library are woken in libraries of the name quiesce-engine-<SHA-256>.so. May be
 *  used on many threads. */
QUIESCE_API quiesce_status quiesce_engines_new(quiesce_engines** engines);
/** Frees a registry. VMs and snapshots keep the engines that they need. */
QUIESCE_API quiesce_status quiesce_engines_free(quiesce_engines* engines);
/** Loads this library now; its code runs with all rights of the process. `sha256`, which may be
 *  NULL, gets its hash, hexadecimal. QUIESCE_ENGINE says why it cannot be used. */
QUIESCE_API quiesce_status quiesce_engines_add_file(quiesce_engines* engines, const char* path,
                                                    size_t path_length, quiesce_buffer** sha256);
/** Looks there for engines once they are needed. The folder need not exist; nobody else should be
 *  able to write to it. */
QUIESCE_API quiesce_status quiesce_engines_add_folder(quiesce_engines* engines, const char* path,
                                                      size_t path_length);
/** The hashes of those that there are, hexadecimal, the built-in one first. Loads nothing: what it
 *  lists of folders has the right name and form. */
QUIESCE_API quiesce_status quiesce_engines_list(const quiesce_engines* engines,
                                                quiesce_list** sha256s);
/** A machine in the engine of that hash: see quiesce_vm_new. QUIESCE_ENGINE if none has it. */
QUIESCE_API quiesce_status quiesce_vm_new_in(const quiesce_host* host,
                                             const quiesce_engines* engines, const char* sha256,
                                             size_t sha256_length, const quiesce_limits* limits,
                                             quiesce_vm** vm);
/** SHA-256 of the engine that a VM runs in, hexadecimal. */
QUIESCE_API quiesce_status quiesce_vm_engine(quiesce_vm* vm, quiesce_buffer** text);

/* ---- snapshots ------------------------------------------------------------------------------- */

/** The state of the VM. QUIESCE_BUSY from inside a host function. */
QUIESCE_API quiesce_status quiesce_vm_snapshot(quiesce_vm* vm, quiesce_snapshot** snapshot);
/** What the VM is now as a start image: VMs woken from it are new ones in which its programs were
 *  evaluated already. QUIESCE_BUSY while jobs are ready or calls are pending. */
QUIESCE_API quiesce_status quiesce_vm_start_image(quiesce_vm* vm, quiesce_snapshot** image);
/** Whether a snapshot is a start image. */
QUIESCE_API quiesce_status quiesce_snapshot_is_image(const quiesce_snapshot* snapshot,
                                                     int* is_image);
/** What its programs drew from clock and entropy, one line for people; empty: nothing. */
QUIESCE_API quiesce_status quiesce_vm_draws(quiesce_vm* vm, quiesce_buffer** text);
/** Reads and checks a file; refuses one that would need more than `memory_bytes_max`. Those that it
 *  is relative to are looked for in its folder. */
QUIESCE_API quiesce_status quiesce_snapshot_load(const char* path, size_t path_length,
                                                 uint64_t memory_bytes_max,
                                                 quiesce_snapshot** snapshot);
/** As quiesce_snapshot_load, from memory; one that is relative to another is refused. */
QUIESCE_API quiesce_status quiesce_snapshot_from_bytes(const void* bytes, size_t count,
                                                       uint64_t memory_bytes_max,
                                                       quiesce_snapshot** snapshot);
/** Not sealed, of the built-in engine, and as described at each member. */
QUIESCE_API void quiesce_load_options_init(quiesce_load_options* options);
/** Reads and checks a file. `options` may be NULL. */
QUIESCE_API quiesce_status quiesce_snapshot_load_with(const char* path, size_t path_length,
                                                      const quiesce_load_options* options,
                                                      quiesce_snapshot** snapshot);
/** As quiesce_snapshot_load_with, from memory. */
QUIESCE_API quiesce_status quiesce_snapshot_from_bytes_with(const void* bytes, size_t count,
                                                            const quiesce_load_options* options,
                                                            quiesce_snapshot** snapshot);
/** The bytes of a snapshot that is relative to `ancestor`, or stands alone. */
QUIESCE_API quiesce_status quiesce_snapshot_from_delta(const void* bytes, size_t count,
                                                       uint64_t memory_bytes_max,
                                                       const quiesce_snapshot* ancestor,
                                                       quiesce_snapshot** snapshot);
/** The same VM, stored as what has changed since `earlier`, whose bytes are then needed too. */
QUIESCE_API quiesce_status quiesce_snapshot_relative_to(const quiesce_snapshot* later,
                                                        const quiesce_snapshot* earlier,
                                                        quiesce_snapshot** snapshot);
/** The same VM, stored with all of its memory: for readers that have no engine. About 260 KB
 *  larger. */
QUIESCE_API quiesce_status quiesce_snapshot_whole(const quiesce_snapshot* snapshot,
                                                  quiesce_snapshot** whole);
/** Writes the file atomically: the old one or the new one. */
QUIESCE_API quiesce_status quiesce_snapshot_save(const quiesce_snapshot* snapshot, const char* path,
                                                 size_t path_length);
/** The bytes of the file. */
QUIESCE_API quiesce_status quiesce_snapshot_to_bytes(const quiesce_snapshot* snapshot,
                                                     quiesce_buffer** bytes);
/** The bytes of the file, sealed: signed with the first of the keys that signs, encrypted with the
 *  first that encrypts. A key is a line as `quiesce key new` writes it, and ends in NUL. One of the
 *  two has to be among them. */
QUIESCE_API quiesce_status quiesce_snapshot_seal(const quiesce_snapshot* snapshot,
                                                 const char* const* keys, size_t key_count,
                                                 quiesce_buffer** bytes);
/** Of sealed bytes. What there is a key for is demanded; otherwise QUIESCE_UNTRUSTED. `ancestor`
 *  may be NULL if they stand alone. */
QUIESCE_API quiesce_status quiesce_snapshot_from_sealed(const void* bytes, size_t count,
                                                        uint64_t memory_bytes_max,
                                                        const char* const* keys, size_t key_count,
                                                        const quiesce_snapshot* ancestor,
                                                        quiesce_snapshot** snapshot);
/** SHA-256 of the engine it belongs to, hexadecimal. */
QUIESCE_API quiesce_status quiesce_snapshot_engine(const quiesce_snapshot* snapshot,
                                                   quiesce_buffer** text);
/** SHA-256 of the file, hexadecimal. */
QUIESCE_API quiesce_status quiesce_snapshot_digest(const quiesce_snapshot* snapshot,
                                                   quiesce_buffer** text);
/** SHA-256 of what the file says, before compression: equal VMs have equal ones. */
QUIESCE_API quiesce_status quiesce_snapshot_content_digest(const quiesce_snapshot* snapshot,
                                                           quiesce_buffer** text);
/** Size of the linear memory when awake. */
QUIESCE_API quiesce_status quiesce_snapshot_memory_bytes(const quiesce_snapshot* snapshot,
                                                         uint64_t* bytes);
/** The limits of the VM that was put to sleep. `limits->struct_size` must be set. */
QUIESCE_API quiesce_status quiesce_snapshot_limits(const quiesce_snapshot* snapshot,
                                                   quiesce_limits* limits);
/** Frees a snapshot. VMs woken from it live on. */
QUIESCE_API quiesce_status quiesce_snapshot_free(quiesce_snapshot* snapshot);

#ifdef __cplusplus
}
#endif
#endif
