// What reading and making whole graphs of data needs to see inside of QuickJS, besides what
// inspect_internals.h has. Nothing here runs guest code. Values are borrowed from the object unless
// a comment says that the caller frees them; functions of one class are given objects of that
// class.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quickjs.h"

#ifdef __cplusplus
extern "C" {
#endif

enum qd_form {
  QD_NONE,     // has no data form
  QD_PLAIN,    // an object whose properties are those of its shape
  QD_UNUSUAL,  // an object that must be asked for its properties
  QD_ARRAY,
  QD_ERROR,
  QD_FUNCTION,
  QD_PROXY,
  QD_DATE,
  QD_REGEXP,
  QD_MAP,
  QD_SET,
  QD_BUFFER,
  QD_VIEW,
  QD_BOXED,
  QD_PROMISE,
};

// ---- looking ----
enum qd_form qd_form_of(JSContext* ctx, JSValueConst object);
bool qd_is_shared(JSValueConst value);    // something else may refer to this object or string too
uint32_t qd_address(JSValueConst value);  // of an object, string or symbol: no two have the same
bool qd_is_registered(JSValueConst symbol);  // Symbol.for
// The shape of an object: which properties it has, in which order they were made.
const void* qd_shape(JSValueConst object);
uint32_t qd_shape_count(const void* shape);
// The n-th: its key (JS_ATOM_NULL: deleted) and flags JS_PROP_*, where JS_PROP_TMASK has the kind.
JSAtom qd_shape_entry(const void* shape, uint32_t n, int* flags);
// The values of plain properties, by the same numbers; an accessor has its getter and setter there.
const JSValue* qd_slots(JSValueConst object);
void qd_accessor(JSValueConst object, uint32_t n, bool* has_getter, bool* has_setter);
// The elements of an array that has no holes, accessors or frozen elements. NULL: ask for them.
const JSValue* qd_elements(JSValueConst array, uint32_t* count);
uint32_t qd_array_length(JSContext* ctx, JSValueConst array);

typedef struct {
  const uint32_t* words;  // two's complement, lowest first
  uint32_t count;
  uint32_t word;  // what `words` points at if the number is a short one
} qd_bigint;
void qd_bigint_words(JSValueConst value, qd_bigint* out);

typedef struct {
  uint32_t bytes, bytes_max;
  const uint8_t* data;
  bool is_resizable, is_detached;
} qd_buffer;
void qd_buffer_of(JSValueConst buffer, qd_buffer* out);

typedef struct {
  JSValueConst buffer;
  uint32_t offset;    // bytes
  uint32_t elements;  // bytes of a DataView
  bool tracks, is_out_of_bounds;
} qd_view;
void qd_view_of(JSValueConst view, qd_view* out);
// JS_UNDEFINED: the target is gone.
JSValueConst qd_weak_target(JSValueConst weak_ref);
bool qd_is_weak_ref(JSValueConst value);
// Name and message that a DOMException keeps out of reach; false for other errors.
bool qd_dom_exception(JSValueConst error, JSValueConst* name, JSValueConst* message);

// ---- making: the caller frees what is returned ----
JSValue qd_new_bigint(JSContext* ctx, const uint8_t* words, uint32_t count);
JSValue qd_new_collection(JSContext* ctx, bool is_set);  // a Map or Set
bool qd_collection_put(JSContext* ctx, JSValueConst collection, JSValueConst key,
                       JSValueConst value, bool is_set);
JSValue qd_new_regexp(JSContext* ctx, JSValueConst source, JSValueConst flags);
JSValue qd_new_buffer(JSContext* ctx, const uint8_t* bytes, uint32_t count,
                      const uint32_t* bytes_max);      // NULL: not resizable
JSValue qd_new_error(JSContext* ctx, uint32_t which);  // q_data_error; it has no stack
JSValue qd_new_promise(JSContext* ctx);
// `value` is taken over. No reaction runs, and a rejection is not reported.
void qd_settle(JSContext* ctx, JSValueConst promise, bool is_rejected, JSValue value);
JSValue qd_new_boxed(JSContext* ctx, JSValueConst primitive);
// Room for so many elements in a new array, which are then written; qd_elements_end says how many.
JSValue* qd_elements_begin(JSContext* ctx, JSValueConst array, uint32_t count);
void qd_elements_end(JSValueConst array, uint32_t count);
// Are these, in this order, all properties of the object, each plain, and can other objects share
// its shape?
bool qd_is_model(JSValueConst object, const JSAtom* keys, uint32_t count);
// Gives a new empty object the properties of `model`. Takes the values over unless it fails.
bool qd_fill_as(JSContext* ctx, JSValueConst object, JSValueConst model, const JSValue* values);

#ifdef __cplusplus
}
#endif
