// Included at the end of quickjs_internals.c, after quickjs.c: see inspect_internals.h.
#include "inspect_internals.h"

#define QP_OBJECT_OF(value) JS_VALUE_GET_OBJ(value)

// ---- strings, symbols, keys ----

JSAtom qp_atom(enum qp_name which) {
  switch (which) {
    case QP_ATOM_CONSTRUCTOR: return JS_ATOM_constructor;
    case QP_ATOM_NAME: return JS_ATOM_name;
    case QP_ATOM_MESSAGE: return JS_ATOM_message;
    case QP_ATOM_STACK: return JS_ATOM_stack;
    case QP_ATOM_CAUSE: return JS_ATOM_cause;
    case QP_ATOM_ERRORS: return JS_ATOM_errors;
    case QP_ATOM_PROTOTYPE: return JS_ATOM_prototype;
    case QP_ATOM_LENGTH: return JS_ATOM_length;
    case QP_ATOM_PROTO: return JS_ATOM___proto__;
    case QP_ATOM_TO_STRING: return JS_ATOM_toString;
    case QP_ATOM_SYMBOL_ITERATOR: return JS_ATOM_Symbol_iterator;
    case QP_ATOM_SYMBOL_TO_STRING_TAG: return JS_ATOM_Symbol_toStringTag;
    case QP_ATOM_SYMBOL_TO_PRIMITIVE: return JS_ATOM_Symbol_toPrimitive;
  }
  return JS_ATOM_NULL;
}

int qp_string_units(JSContext* ctx, JSValueConst string, qp_units* units) {
  units->data = NULL;
  units->count = 0;
  units->wide = 0;
  units->owner = JS_UNDEFINED;
  JSValue flat;
  if (JS_VALUE_GET_TAG(string) == JS_TAG_STRING_ROPE) {
    flat = js_linearize_string_rope(ctx, string);
    if (JS_IsException(flat)) return -1;
  } else {
    flat = js_dup(string);
  }
  JSString* p = JS_VALUE_GET_STRING(flat);
  units->data = strv(p);
  units->count = p->len;
  units->wide = p->is_wide_char;
  units->owner = flat;
  return 0;
}

JSValue qp_new_string(JSContext* ctx, const uint16_t* units, size_t count) {
  if (count == 0) return js_empty_string(ctx->rt);
  return js_new_string16_len(ctx, units, (int)count);
}

JSValue qp_symbol_description(JSContext* ctx, JSValueConst symbol) {
  JSAtom atom = js_symbol_to_atom(ctx, symbol);
  JSValue description = JS_AtomToString(ctx, atom);
  return description;
}

bool qp_atom_is_symbol(JSContext* ctx, JSAtom atom) {
  return JS_AtomGetKind(ctx, atom) != JS_ATOM_KIND_STRING;
}

bool qp_atom_is_index(JSContext* ctx, JSAtom atom, uint32_t* index) {
  return JS_AtomIsArrayIndex(ctx, index, atom);
}

bool qp_is_big_int(JSValueConst value) {
  int tag = JS_VALUE_GET_TAG(value);
  return tag == JS_TAG_BIG_INT || tag == JS_TAG_SHORT_BIG_INT;
}

// ---- any object ----

enum qp_class qp_class_of(JSValueConst value) {
  if (JS_VALUE_GET_TAG(value) != JS_TAG_OBJECT) return QP_NO_OBJECT;
  JSClassID id = QP_OBJECT_OF(value)->class_id;
  if (is_typed_array(id)) return QP_TYPED_ARRAY;
  switch (id) {
    case JS_CLASS_ARRAY: return QP_ARRAY;
    case JS_CLASS_ERROR: return QP_ERROR;
    case JS_CLASS_NUMBER: return QP_NUMBER;
    case JS_CLASS_STRING: return QP_STRING;
    case JS_CLASS_BOOLEAN: return QP_BOOLEAN;
    case JS_CLASS_SYMBOL: return QP_SYMBOL;
    case JS_CLASS_BIG_INT: return QP_BIGINT;
    case JS_CLASS_ARGUMENTS:
    case JS_CLASS_MAPPED_ARGUMENTS: return QP_ARGUMENTS;
    case JS_CLASS_DATE: return QP_DATE;
    case JS_CLASS_MODULE_NS: return QP_MODULE;
    case JS_CLASS_REGEXP: return QP_REGEXP;
    case JS_CLASS_ARRAY_BUFFER: return QP_ARRAY_BUFFER;
    case JS_CLASS_SHARED_ARRAY_BUFFER: return QP_SHARED_ARRAY_BUFFER;
    case JS_CLASS_DATAVIEW: return QP_DATA_VIEW;
    case JS_CLASS_MAP: return QP_MAP;
    case JS_CLASS_SET: return QP_SET;
    case JS_CLASS_WEAKMAP: return QP_WEAK_MAP;
    case JS_CLASS_WEAKSET: return QP_WEAK_SET;
    case JS_CLASS_MAP_ITERATOR: return QP_MAP_ITERATOR;
    case JS_CLASS_SET_ITERATOR: return QP_SET_ITERATOR;
    case JS_CLASS_PROMISE: return QP_PROMISE;
    case JS_CLASS_PROXY: return QP_PROXY;
    default: return QP_OBJECT;
  }
}

JSValueConst qp_prototype(JSValueConst object) {
  JSObject* prototype = QP_OBJECT_OF(object)->shape->proto;
  return prototype ? JS_MKPTR(JS_TAG_OBJECT, prototype) : JS_NULL;
}

JSValueConst qp_intrinsic_prototype(JSContext* ctx, enum qp_class which) {
  return ctx->class_proto[which == QP_ERROR ? JS_CLASS_ERROR : JS_CLASS_OBJECT];
}

JSValueConst qp_function_prototype(JSContext* ctx) { return ctx->function_proto; }

JSValue qp_class_name(JSContext* ctx, JSValueConst object) {
  JSClassID id = QP_OBJECT_OF(object)->class_id;
  if (JS_IsFunction(ctx, object)) {
    static const char* const names[] = {"Function", "GeneratorFunction", "AsyncFunction",
                                        "AsyncGeneratorFunction"};
    return JS_NewString(ctx, names[qp_function_kind(object)]);
  }
  if (id == JS_CLASS_ARGUMENTS || id == JS_CLASS_MAPPED_ARGUMENTS)
    return JS_NewString(ctx, "Object");
  return JS_AtomToString(ctx, ctx->rt->class_array[id].class_name);
}

// The keys of the shape alone: what remains of a fast array or a string object without its indices.
static int qp_shape_keys(JSContext* ctx, JSObject* p, JSPropertyEnum** keys, uint32_t* count) {
  JSShape* shape = p->shape;
  JSPropertyEnum* found = js_malloc(ctx, sizeof(*found) * max_int(shape->prop_count, 1));
  if (!found) return -1;
  uint32_t n = 0;
  for (int symbols = 0; symbols < 2; symbols++) {
    JSShapeProperty* property = get_shape_prop(shape);
    for (int i = 0; i < shape->prop_count; i++, property++) {
      uint32_t index;
      if (property->atom == JS_ATOM_NULL) continue;
      JSAtomKindEnum kind = JS_AtomGetKind(ctx, property->atom);
      if (kind == JS_ATOM_KIND_PRIVATE || (kind == JS_ATOM_KIND_SYMBOL) != symbols) continue;
      // Indices of a string object that stand in its shape lie beyond the text: they are
      // properties.
      if (p->class_id != JS_CLASS_STRING && JS_AtomIsArrayIndex(ctx, &index, property->atom))
        continue;
      found[n].atom = JS_DupAtom(ctx, property->atom);
      found[n].is_enumerable = (property->flags & JS_PROP_ENUMERABLE) != 0;
      n++;
    }
  }
  *keys = found;
  *count = n;
  return 0;
}

int qp_own_keys(JSContext* ctx, JSValueConst object, bool with_indices, JSPropertyEnum** keys,
                uint32_t* count) {
  JSObject* p = QP_OBJECT_OF(object);
  if (!with_indices) return qp_shape_keys(ctx, p, keys, count);
  return JS_GetOwnPropertyNamesInternal(ctx, keys, count, p,
                                        JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK);
}

JSValueConst qp_object_data(JSValueConst object) { return QP_OBJECT_OF(object)->u.object_data; }

// ---- functions ----

int qp_function_kind(JSValueConst function) {
  switch (QP_OBJECT_OF(function)->class_id) {
    case JS_CLASS_GENERATOR_FUNCTION: return QP_GENERATOR;
    case JS_CLASS_ASYNC_FUNCTION: return QP_ASYNC;
    case JS_CLASS_ASYNC_GENERATOR_FUNCTION: return QP_GENERATOR | QP_ASYNC;
    default: return 0;
  }
}

bool qp_is_native(JSValueConst value) {
  return JS_VALUE_GET_TAG(value) == JS_TAG_OBJECT &&
         QP_OBJECT_OF(value)->class_id == JS_CLASS_C_FUNCTION;
}

// Where the comment at `at` ends, or `at` if none begins there.
static size_t qp_skip_comment(const char* text, size_t size, size_t at) {
  if (at + 1 >= size || text[at] != '/') return at;
  const char* end = NULL;
  if (text[at + 1] == '/') {
    end = memchr(text + at, '\n', size - at);
    return end ? (size_t)(end - text) + 1 : at;
  }
  if (text[at + 1] != '*') return at;
  for (size_t i = at + 2; i + 1 < size; i++) {
    if (text[i] == '*' && text[i + 1] == '/') return i + 2;
  }
  return at;
}

// Node recognises a class by its source, and takes `class A extends mixin(B) {}` for a function: a
// parenthesis before the body makes it look twice, and then there must be none outside of comments.
static bool qp_is_class_source(const char* source, size_t size) {
  if (size < 7 || memcmp(source, "class", 5) != 0 || source[size - 1] != '}') return false;
  const char* text = source + 5;
  size -= 5;
  const char* brace = memchr(text, '{', size);
  if (!brace) return false;
  if (!memchr(text, '(', (size_t)(brace - text))) return true;
  bool first = true;
  for (size_t i = 0; i < size; i++, first = false) {
    for (size_t end = qp_skip_comment(text, size, i); end != i;
         end = qp_skip_comment(text, size, i))
      i = end;
    if (i >= size || text[i] == '(') return false;
    if (first && !strchr(" \t\n\r\v\f", text[i])) return false;
    if (text[i] == '{') return !first;
  }
  return false;
}

bool qp_prints_as_class(JSValueConst function) {
  JSObject* p = QP_OBJECT_OF(function);
  if (!js_class_has_bytecode(p->class_id)) return false;
  JSFunctionBytecode* code = p->u.func.function_bytecode;
  return code->source && qp_is_class_source(code->source, (size_t)code->source_len);
}

// The name of a class, of which QuickJS keeps none but the property, from its source.
static JSValue qp_class_source_name(JSContext* ctx, const char* source, size_t size) {
  if (!qp_is_class_source(source, size)) return js_empty_string(ctx->rt);
  size_t begin = 5 + strspn(source + 5, " \t\n\r"), end = begin;
  while (end < size && !strchr(" \t\n\r{(/", source[end])) end++;
  const bool anonymous = end - begin == 7 && memcmp(source + begin, "extends", 7) == 0;
  return anonymous ? js_empty_string(ctx->rt) : JS_NewStringLen(ctx, source + begin, end - begin);
}

JSValue qp_function_own_name(JSContext* ctx, JSValueConst function) {
  JSObject* p = QP_OBJECT_OF(function);
  if (!js_class_has_bytecode(p->class_id)) return js_empty_string(ctx->rt);
  JSFunctionBytecode* code = p->u.func.function_bytecode;
  if (code->source &&
      (code->func_name == JS_ATOM_NULL || code->func_name == JS_ATOM_empty_string)) {
    return qp_class_source_name(ctx, code->source, (size_t)code->source_len);
  }
  return JS_AtomToString(ctx, code->func_name);
}

JSValueConst qp_bound_target(JSValueConst function) {
  JSObject* p = QP_OBJECT_OF(function);
  return p->class_id == JS_CLASS_BOUND_FUNCTION ? p->u.bound_function->func_obj : JS_UNDEFINED;
}

// ---- one class each ----

JSValueConst qp_proxy_target(JSValueConst proxy) {
  JSProxyData* data = QP_OBJECT_OF(proxy)->u.proxy_data;
  return data && !data->is_revoked ? data->target : JS_NULL;
}

JSValueConst qp_proxy_handler(JSValueConst proxy) {
  JSProxyData* data = QP_OBJECT_OF(proxy)->u.proxy_data;
  return data && !data->is_revoked ? data->handler : JS_NULL;
}

uint32_t qp_map_size(JSValueConst map) {
  JSMapState* state = QP_OBJECT_OF(map)->u.map_state;
  return state ? state->record_count : 0;
}

void* qp_map_next(JSValueConst map, void* record) {
  JSMapState* state = QP_OBJECT_OF(map)->u.map_state;
  if (!state) return NULL;
  struct list_head* link = record ? ((JSMapRecord*)record)->link.next : state->records.next;
  for (; link != &state->records; link = link->next) {
    JSMapRecord* next = list_entry(link, JSMapRecord, link);
    if (!next->empty) return next;
  }
  return NULL;
}

void qp_map_entry(void* record, JSValueConst* key, JSValueConst* value) {
  *key = ((JSMapRecord*)record)->key;
  *value = ((JSMapRecord*)record)->value;
}

enum qp_iterator_kind qp_map_iterator(JSValueConst iterator, JSValueConst* map, void** record) {
  JSMapIteratorData* data = QP_OBJECT_OF(iterator)->u.map_iterator_data;
  *map = data ? data->obj : JS_UNDEFINED;
  *record = data ? data->cur_record : NULL;
  if (!data) return QP_VALUES;
  switch (data->kind) {
    case JS_ITERATOR_KIND_KEY: return QP_KEYS;
    case JS_ITERATOR_KIND_KEY_AND_VALUE: return QP_ENTRIES;
    default: return QP_VALUES;
  }
}

void qp_regexp_flags(JSValueConst regexp, char flags[QP_REGEXP_FLAGS_MAX + 1]) {
  static const struct {
    uint16_t flag;
    char letter;
  } letters[QP_REGEXP_FLAGS_MAX] = {{LRE_FLAG_INDICES, 'd'},      {LRE_FLAG_GLOBAL, 'g'},
                                    {LRE_FLAG_IGNORECASE, 'i'},   {LRE_FLAG_MULTILINE, 'm'},
                                    {LRE_FLAG_DOTALL, 's'},       {LRE_FLAG_UNICODE, 'u'},
                                    {LRE_FLAG_UNICODE_SETS, 'v'}, {LRE_FLAG_STICKY, 'y'}};
  JSRegExp* data = &QP_OBJECT_OF(regexp)->u.regexp;
  int set = data->bytecode ? lre_get_flags(str8(data->bytecode)) : 0;
  int n = 0;
  for (size_t i = 0; i < countof(letters); i++) {
    if (set & letters[i].flag) flags[n++] = letters[i].letter;
  }
  flags[n] = '\0';
}

JSValue qp_regexp_source(JSContext* ctx, JSValueConst regexp) {
  return js_regexp_get_source(ctx, regexp);
}

JSValue qp_regexp_text(JSContext* ctx, JSValueConst regexp) {
  JSValue source = qp_regexp_source(ctx, regexp);
  if (JS_IsException(source)) return source;
  char suffix[QP_REGEXP_FLAGS_MAX + 2] = "/";
  qp_regexp_flags(regexp, suffix + 1);
  return JS_ConcatString3(ctx, "/", source, suffix);
}

JSValue qp_date_text(JSContext* ctx, JSValueConst date) {
  double time;
  JSValueConst data = QP_OBJECT_OF(date)->u.object_data;
  if (!JS_IsNumber(data) || JS_ToFloat64(ctx, &time, data) < 0 || isnan(time))
    return JS_NewString(ctx, "Invalid Date");
  return get_date_string(ctx, date, 0, NULL, 0x23);
}

void qp_array_buffer(JSValueConst buffer, qp_bytes* bytes) {
  JSArrayBuffer* data = QP_OBJECT_OF(buffer)->u.array_buffer;
  bytes->detached = !data || data->detached;
  bytes->data = bytes->detached ? NULL : data->data;
  bytes->bytes = bytes->detached ? 0 : (uint32_t)data->byte_length;
}

uint32_t qp_typed_array_length(JSValueConst array) {
  JSObject* p = QP_OBJECT_OF(array);
  return typed_array_is_oob(p) ? 0 : typed_array_length(p);
}

void qp_view_of(JSValueConst view, qp_view* out) {
  JSObject* p = QP_OBJECT_OF(view);
  JSTypedArray* data = p->u.typed_array;
  bool is_data_view = p->class_id == JS_CLASS_DATAVIEW;
  bool out_of_bounds = is_data_view ? dataview_is_oob(p) : typed_array_is_oob(p);
  out->buffer = JS_MKPTR(JS_TAG_OBJECT, data->buffer);
  out->bytes_per_element = is_data_view ? 1 : 1u << typed_array_size_log2(p->class_id);
  out->offset = out_of_bounds ? 0 : data->offset;
  if (out_of_bounds) {
    out->bytes = 0;
  } else if (!is_data_view) {
    out->bytes = typed_array_length(p) * out->bytes_per_element;
  } else {
    out->bytes = data->track_rab
                     ? (uint32_t)data->buffer->u.array_buffer->byte_length - data->offset
                     : data->length;
  }
}

// ---- the engine ----

// Kept free: what printing one object and its texts may need beyond the next check.
#define QP_STACK_RESERVE 16384

bool qp_stack_is_low(JSContext* ctx) { return js_check_stack_overflow(ctx->rt, QP_STACK_RESERVE); }

int qp_spend(JSContext* ctx, uint32_t steps) {
  ctx->interrupt_counter -= (int)min_uint32(steps, JS_INTERRUPT_COUNTER_INIT);
  return ctx->interrupt_counter <= 0 ? __js_poll_interrupts(ctx) : 0;
}

double qp_now_ms(void) { return (double)date_now(); }

// ---- for console ----

JSValue qp_parse_int(JSContext* ctx, JSValueConst value) {
  JSValueConst arguments[2] = {value, JS_UNDEFINED};
  return js_parseInt(ctx, JS_UNDEFINED, 2, arguments);
}

JSValue qp_parse_float(JSContext* ctx, JSValueConst value) {
  return js_parseFloat(ctx, JS_UNDEFINED, 1, &value);
}
