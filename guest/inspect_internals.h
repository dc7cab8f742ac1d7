// What printing a value needs to see inside of QuickJS. All of these look at slots and run no guest
// code: no getter, no trap, no conversion method. Values are borrowed from the object unless a
// comment says that the caller frees them. Callers pass objects of the class a function names;
// where it does not, any object that is not a proxy.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quickjs.h"

#ifdef __cplusplus
extern "C" {
#endif

enum qp_class {
  QP_NO_OBJECT,
  QP_OBJECT,  // any class that no other line names, functions among them
  QP_ARRAY,
  QP_ERROR,
  QP_NUMBER,
  QP_STRING,
  QP_BOOLEAN,
  QP_SYMBOL,
  QP_BIGINT,
  QP_ARGUMENTS,
  QP_DATE,
  QP_MODULE,
  QP_REGEXP,
  QP_ARRAY_BUFFER,
  QP_SHARED_ARRAY_BUFFER,
  QP_TYPED_ARRAY,
  QP_DATA_VIEW,
  QP_MAP,
  QP_SET,
  QP_WEAK_MAP,
  QP_WEAK_SET,
  QP_MAP_ITERATOR,
  QP_SET_ITERATOR,
  QP_PROMISE,
  QP_PROXY,
};

enum qp_name {
  QP_ATOM_CONSTRUCTOR,
  QP_ATOM_NAME,
  QP_ATOM_MESSAGE,
  QP_ATOM_STACK,
  QP_ATOM_CAUSE,
  QP_ATOM_ERRORS,
  QP_ATOM_PROTOTYPE,
  QP_ATOM_LENGTH,
  QP_ATOM_PROTO,
  QP_ATOM_TO_STRING,
  QP_ATOM_SYMBOL_ITERATOR,
  QP_ATOM_SYMBOL_TO_STRING_TAG,
  QP_ATOM_SYMBOL_TO_PRIMITIVE,
};

enum qp_function_kind { QP_GENERATOR = 1, QP_ASYNC = 2 };
enum qp_iterator_kind { QP_KEYS, QP_VALUES, QP_ENTRIES };

typedef struct {
  const void* data;  // bytes (Latin-1) or uint16_t units
  uint32_t count;
  int wide;
  JSValue owner;  // the caller frees it after the last use of data
} qp_units;

typedef struct {
  const uint8_t* data;
  uint32_t bytes;
  int detached;
} qp_bytes;

// ---- strings, symbols, keys ----
JSAtom qp_atom(enum qp_name which);                                         // not to be freed
int qp_string_units(JSContext* ctx, JSValueConst string, qp_units* units);  // -1: exception
JSValue qp_new_string(JSContext* ctx, const uint16_t* units, size_t count);
JSValue qp_symbol_description(JSContext* ctx, JSValueConst symbol);
bool qp_atom_is_symbol(JSContext* ctx, JSAtom atom);
bool qp_atom_is_index(JSContext* ctx, JSAtom atom, uint32_t* index);
bool qp_is_big_int(JSValueConst value);

// ---- any object ----
enum qp_class qp_class_of(JSValueConst value);
JSValueConst qp_prototype(JSValueConst object);  // JS_NULL if none; may be a proxy
JSValueConst qp_intrinsic_prototype(JSContext* ctx, enum qp_class which);  // of QP_OBJECT, QP_ERROR
JSValueConst qp_function_prototype(JSContext* ctx);
JSValue qp_class_name(JSContext* ctx, JSValueConst object);  // the caller frees it
// Own keys in the order of ECMA-262; those of a fast array or of a string object only on demand,
// for they may be many. Freed with JS_FreePropertyEnum. -1: exception.
int qp_own_keys(JSContext* ctx, JSValueConst object, bool with_indices, JSPropertyEnum** keys,
                uint32_t* count);
JSValueConst qp_object_data(JSValueConst object);  // boxed value, time of a Date, stack of an Error

// ---- functions ----
int qp_function_kind(JSValueConst function);
bool qp_is_native(JSValueConst value);  // a function that is not written in JavaScript
bool qp_prints_as_class(JSValueConst function);
JSValue qp_function_own_name(JSContext* ctx,
                             JSValueConst function);  // as in the source; the caller frees it
JSValueConst qp_bound_target(JSValueConst function);  // JS_UNDEFINED if it is not bound

// ---- one class each ----
JSValueConst qp_proxy_target(JSValueConst proxy);  // JS_NULL if revoked
JSValueConst qp_proxy_handler(JSValueConst proxy);
uint32_t qp_map_size(JSValueConst map);             // Map, Set, WeakMap, WeakSet
void* qp_map_next(JSValueConst map, void* record);  // NULL: the first; NULL returned: no more
void qp_map_entry(void* record, JSValueConst* key, JSValueConst* value);
// The map or set (JS_UNDEFINED when exhausted), the record it stands at (NULL: before the first).
enum qp_iterator_kind qp_map_iterator(JSValueConst iterator, JSValueConst* map, void** record);
#define QP_REGEXP_FLAGS_MAX 8
void qp_regexp_flags(JSValueConst regexp, char flags[QP_REGEXP_FLAGS_MAX + 1]);
JSValue qp_regexp_source(JSContext* ctx, JSValueConst regexp);  // the caller frees it
JSValue qp_regexp_text(JSContext* ctx, JSValueConst regexp);  // /source/flags; the caller frees it
JSValue qp_date_text(JSContext* ctx,
                     JSValueConst date);  // ISO form or "Invalid Date"; the caller frees it
void qp_array_buffer(JSValueConst buffer, qp_bytes* bytes);
uint32_t qp_typed_array_length(JSValueConst array);  // 0 if out of bounds
typedef struct {
  uint32_t offset, bytes, bytes_per_element;
  JSValueConst buffer;
} qp_view;
void qp_view_of(JSValueConst view, qp_view* out);  // typed array or DataView

// ---- the engine ----
bool qp_stack_is_low(JSContext* ctx);
// Counts as so many steps of the interpreter. -1: the host interrupts, exception pending.
int qp_spend(JSContext* ctx, uint32_t steps);
double qp_now_ms(void);  // the clock of Date.now

// ---- for console: these two do run the conversion methods of an object ----
JSValue qp_parse_int(JSContext* ctx, JSValueConst value);
JSValue qp_parse_float(JSContext* ctx, JSValueConst value);

#ifdef __cplusplus
}
#endif
