// Included at the end of quickjs_internals.c, after quickjs.c: see data_internals.h.
#include "data_internals.h"
#include "data_form.h"

#define QD_OBJECT_OF(value) JS_VALUE_GET_OBJ(value)

// ---- looking ----

enum qd_form qd_form_of(JSContext* ctx, JSValueConst object) {
  JSClassID id = QD_OBJECT_OF(object)->class_id;
  if (is_typed_array(id)) return QD_VIEW;
  switch (id) {
    case JS_CLASS_OBJECT: return QD_OBJECT_OF(object)->is_exotic ? QD_UNUSUAL : QD_PLAIN;
    case JS_CLASS_ARGUMENTS:
    case JS_CLASS_MAPPED_ARGUMENTS:
    case JS_CLASS_MODULE_NS: return QD_UNUSUAL;
    case JS_CLASS_ARRAY: return QD_ARRAY;
    case JS_CLASS_ERROR:
    case JS_CLASS_DOM_EXCEPTION: return QD_ERROR;
    case JS_CLASS_PROXY: return QD_PROXY;
    case JS_CLASS_DATE: return QD_DATE;
    case JS_CLASS_REGEXP: return QD_REGEXP;
    case JS_CLASS_MAP: return QD_MAP;
    case JS_CLASS_SET: return QD_SET;
    case JS_CLASS_ARRAY_BUFFER: return QD_BUFFER;
    case JS_CLASS_DATAVIEW: return QD_VIEW;
    case JS_CLASS_NUMBER:
    case JS_CLASS_STRING:
    case JS_CLASS_BOOLEAN:
    case JS_CLASS_SYMBOL:
    case JS_CLASS_BIG_INT: return QD_BOXED;
    case JS_CLASS_PROMISE: return QD_PROMISE;
    default: return JS_IsFunction(ctx, object) ? QD_FUNCTION : QD_NONE;
  }
}

bool qd_is_shared(JSValueConst value) { return JS_REF_COUNT(JS_VALUE_GET_PTR(value)) > 1; }

uint32_t qd_address(JSValueConst value) { return (uint32_t)(uintptr_t)JS_VALUE_GET_PTR(value); }

bool qd_is_registered(JSValueConst symbol) {
  return ((JSAtomStruct*)JS_VALUE_GET_PTR(symbol))->atom_type == JS_ATOM_TYPE_GLOBAL_SYMBOL;
}

const void* qd_shape(JSValueConst object) { return QD_OBJECT_OF(object)->shape; }

uint32_t qd_shape_count(const void* shape) { return (uint32_t)((const JSShape*)shape)->prop_count; }

JSAtom qd_shape_entry(const void* shape, uint32_t n, int* flags) {
  const JSShapeProperty* entry = get_shape_prop((JSShape*)shape) + n;
  *flags = (int)entry->flags;
  return entry->atom;
}

_Static_assert(sizeof(JSProperty) == sizeof(JSValue), "the slots of an object are its values");

const JSValue* qd_slots(JSValueConst object) { return &QD_OBJECT_OF(object)->prop->u.value; }

void qd_accessor(JSValueConst object, uint32_t n, bool* has_getter, bool* has_setter) {
  const JSProperty* property = QD_OBJECT_OF(object)->prop + n;
  *has_getter = property->u.getset.getter != NULL;
  *has_setter = property->u.getset.setter != NULL;
}

const JSValue* qd_elements(JSValueConst array, uint32_t* count) {
  static const JSValue none = JS_UNDEFINED;
  JSObject* p = QD_OBJECT_OF(array);
  *count = 0;
  if (!p->fast_array) return NULL;
  *count = p->u.array.count;
  return *count == 0 ? &none : p->u.array.u.values;
}

uint32_t qd_array_length(JSContext* ctx, JSValueConst array) {
  double length = 0;
  JS_ToFloat64(ctx, &length, QD_OBJECT_OF(array)->prop[0].u.value);  // a number: runs nothing
  return (uint32_t)length;
}

void qd_bigint_words(JSValueConst value, qd_bigint* out) {
  if (JS_VALUE_GET_TAG(value) == JS_TAG_SHORT_BIG_INT) {
    out->word = (uint32_t)JS_VALUE_GET_SHORT_BIG_INT(value);
    out->words = &out->word;
    out->count = 1;
    return;
  }
  const JSBigInt* number = JS_VALUE_GET_PTR(value);
  out->words = number->tab;
  out->count = number->len;
}

void qd_buffer_of(JSValueConst buffer, qd_buffer* out) {
  const JSArrayBuffer* data = QD_OBJECT_OF(buffer)->u.array_buffer;
  memset(out, 0, sizeof(*out));
  out->is_detached = !data || data->detached;
  if (out->is_detached) return;
  out->bytes = (uint32_t)data->byte_length;
  out->data = data->data;
  out->is_resizable = data->max_byte_length >= 0;
  out->bytes_max = out->is_resizable ? (uint32_t)data->max_byte_length : out->bytes;
}

void qd_view_of(JSValueConst view, qd_view* out) {
  qp_view bytes;
  qp_view_of(view, &bytes);
  JSObject* p = QD_OBJECT_OF(view);
  out->buffer = bytes.buffer;
  out->offset = bytes.offset;
  out->elements = bytes.bytes / bytes.bytes_per_element;
  out->tracks = p->u.typed_array->track_rab;
  out->is_out_of_bounds =
      p->class_id == JS_CLASS_DATAVIEW ? dataview_is_oob(p) : typed_array_is_oob(p);
}

bool qd_is_weak_ref(JSValueConst value) {
  return JS_VALUE_GET_TAG(value) == JS_TAG_OBJECT &&
         QD_OBJECT_OF(value)->class_id == JS_CLASS_WEAK_REF;
}

JSValueConst qd_weak_target(JSValueConst weak_ref) {
  const JSWeakRefData* data = QD_OBJECT_OF(weak_ref)->u.opaque;
  return data && data != &js_weakref_sentinel ? data->target : JS_UNDEFINED;
}

bool qd_dom_exception(JSValueConst error, JSValueConst* name, JSValueConst* message) {
  if (QD_OBJECT_OF(error)->class_id != JS_CLASS_DOM_EXCEPTION) return false;
  const JSDOMExceptionData* data = QD_OBJECT_OF(error)->u.opaque;
  *name = data ? data->name : JS_UNDEFINED;
  *message = data ? data->message : JS_UNDEFINED;
  return true;
}

// ---- making ----

JSValue qd_new_bigint(JSContext* ctx, const uint8_t* words, uint32_t count) {
  if (count > JS_BIGINT_MAX_SIZE) return JS_ThrowRangeError(ctx, "BigInt is too large to allocate");
  if (count == 0) return JS_NewBigInt64(ctx, 0);
  JSBigInt* number = js_bigint_new(ctx, (int)count);
  if (!number) return JS_EXCEPTION;
  memcpy(number->tab, words, count * sizeof(uint32_t));
  return JS_CompactBigInt(ctx, js_bigint_normalize(ctx, number));
}

JSValue qd_new_collection(JSContext* ctx, bool is_set) {
  return js_map_constructor(ctx, JS_UNDEFINED, 0, NULL, is_set ? MAGIC_SET : 0);
}

bool qd_collection_put(JSContext* ctx, JSValueConst collection, JSValueConst key,
                       JSValueConst value, bool is_set) {
  JSValueConst arguments[2] = {key, value};
  JSValue put = js_map_set(ctx, collection, is_set ? 1 : 2, arguments, is_set ? MAGIC_SET : 0);
  JS_FreeValue(ctx, put);
  return !JS_IsException(put);
}

JSValue qd_new_regexp(JSContext* ctx, JSValueConst source, JSValueConst flags) {
  JSValue pattern = qi_flat(ctx, source);
  if (JS_IsException(pattern)) return pattern;
  JSValue code = js_compile_regexp(ctx, pattern, flags);
  if (JS_IsException(code)) {
    JS_FreeValue(ctx, pattern);
    return code;
  }
  return js_regexp_constructor_internal(ctx, JS_UNDEFINED, pattern, code);
}

JSValue qd_new_buffer(JSContext* ctx, const uint8_t* bytes, uint32_t count,
                      const uint32_t* bytes_max) {
  uint64_t max = bytes_max ? *bytes_max : 0;
  return js_array_buffer_constructor3(ctx, JS_UNDEFINED, count, bytes_max ? &max : NULL,
                                      JS_CLASS_ARRAY_BUFFER, (uint8_t*)bytes,
                                      js_array_buffer_realloc, NULL, true);
}

JSValue qd_new_error(JSContext* ctx, uint32_t which) {
  static const int8_t kinds[] = {JS_PLAIN_ERROR,     JS_EVAL_ERROR,     JS_RANGE_ERROR,
                                 JS_REFERENCE_ERROR, JS_SYNTAX_ERROR,   JS_TYPE_ERROR,
                                 JS_URI_ERROR,       JS_INTERNAL_ERROR, JS_AGGREGATE_ERROR};
  _Static_assert(countof(kinds) == Q_DATA_ERROR_COUNT, "one for each q_data_error");
  const int kind = which < countof(kinds) ? kinds[which] : JS_PLAIN_ERROR;
  if (kind == JS_PLAIN_ERROR) return JS_NewObjectClass(ctx, JS_CLASS_ERROR);
  return JS_NewObjectProtoClass(ctx, ctx->native_error_proto[kind], JS_CLASS_ERROR);
}

JSValue qd_new_promise(JSContext* ctx) {
  JSValue promise = JS_NewObjectClass(ctx, JS_CLASS_PROMISE);
  if (JS_IsException(promise)) return promise;
  JSPromiseData* data = js_mallocz(ctx, sizeof(*data));
  if (!data) {
    JS_FreeValue(ctx, promise);
    return JS_EXCEPTION;
  }
  data->promise_state = JS_PROMISE_PENDING;
  init_list_head(&data->promise_reactions[0]);
  init_list_head(&data->promise_reactions[1]);
  data->promise_result = JS_UNDEFINED;
  JS_SetOpaqueInternal(promise, data);
  return promise;
}

void qd_settle(JSContext* ctx, JSValueConst promise, bool is_rejected, JSValue value) {
  JSPromiseData* data = QD_OBJECT_OF(promise)->u.promise_data;
  set_value(ctx, &data->promise_result, value);
  data->promise_state = is_rejected ? JS_PROMISE_REJECTED : JS_PROMISE_FULFILLED;
  data->is_handled = true;
}

JSValue qd_new_boxed(JSContext* ctx, JSValueConst primitive) { return JS_ToObject(ctx, primitive); }

JSValue* qd_elements_begin(JSContext* ctx, JSValueConst array, uint32_t count) {
  JSObject* p = QD_OBJECT_OF(array);
  if (expand_fast_array(ctx, p, count)) return NULL;
  return p->u.array.u.values;
}

void qd_elements_end(JSValueConst array, uint32_t count) {
  JSObject* p = QD_OBJECT_OF(array);
  p->u.array.count = count;
  p->prop[0].u.value = js_int32((int32_t)count);
}

bool qd_is_model(JSValueConst object, const JSAtom* keys, uint32_t count) {
  const JSShape* shape = QD_OBJECT_OF(object)->shape;
  if (!shape->is_hashed || (uint32_t)shape->prop_count != count) return false;
  for (uint32_t i = 0; i < count; i++) {
    int flags;
    if (qd_shape_entry(shape, i, &flags) != keys[i]) return false;
    if ((flags & (JS_PROP_TMASK | JS_PROP_C_W_E)) != JS_PROP_C_W_E) return false;
  }
  return true;
}

bool qd_fill_as(JSContext* ctx, JSValueConst object, JSValueConst model, const JSValue* values) {
  JSObject* p = QD_OBJECT_OF(object);
  JSShape* shape = QD_OBJECT_OF(model)->shape;
  JSProperty* slots =
      js_realloc(ctx, p->prop, sizeof(*slots) * (size_t)max_int(shape->prop_size, 1));
  if (!slots) return false;
  for (int i = 0; i < shape->prop_count; i++) slots[i].u.value = values[i];
  p->prop = slots;
  JSShape* before = p->shape;
  p->shape = js_dup_shape(shape);
  js_free_shape(ctx->rt, before);
  return true;
}
