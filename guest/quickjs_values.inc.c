// Strings, symbols and objects as QuickJS has them. Part of quickjs_internals.c.

// ---- strings ------------------------------------------------------------------------------------

JSValue qi_flat(JSContext* ctx, JSValueConst string) {
  if (JS_VALUE_GET_TAG(string) == JS_TAG_STRING_ROPE) return js_linearize_string_rope(ctx, string);
  return js_dup(string);
}

qi_units qi_string_units(JSValueConst flat) {
  JSString* string = JS_VALUE_GET_STRING(flat);
  return (qi_units){strv(string), string->len, string->is_wide_char ? 2 : 1};
}

bool qi_symbol_has_description(JSValueConst symbol) {
  const JSString* string = JS_VALUE_GET_STRING(symbol);
  return !(string->len == 0 && string->is_wide_char);
}

JSValue qi_new_latin1(JSContext* ctx, const uint8_t* units, size_t count) {
  if (count == 0) return js_empty_string(ctx->rt);
  if (count > JS_STRING_LEN_MAX) return JS_ThrowRangeError(ctx, "invalid string length");
  return js_new_string8_len(ctx, (const char*)units, (int)count);
}

JSValue qi_new_symbol(JSContext* ctx, JSValueConst description, bool in_registry) {
  JSString* text = NULL;
  if (JS_IsString(description)) {
    JSValue flat = qi_flat(ctx, description);
    if (JS_IsException(flat)) return flat;
    text = JS_VALUE_GET_STRING(flat);  // JS_NewSymbolInternal frees it
  }
  return JS_NewSymbolInternal(ctx, text,
                              in_registry ? JS_ATOM_TYPE_GLOBAL_SYMBOL : JS_ATOM_TYPE_SYMBOL);
}

// ---- objects ------------------------------------------------------------------------------------

uint32_t qi_class_of(JSContext* ctx, JSValueConst value) {
  switch (JS_GetClassID(value)) {
    case JS_INVALID_CLASS_ID: return Q_CLASS_NONE;
    case JS_CLASS_ARRAY: return Q_CLASS_ARRAY;
    case JS_CLASS_ERROR:
    case JS_CLASS_DOM_EXCEPTION: return Q_CLASS_ERROR;
    case JS_CLASS_PROMISE: return Q_CLASS_PROMISE;
    case JS_CLASS_DATE: return Q_CLASS_DATE;
    case JS_CLASS_REGEXP: return Q_CLASS_REGEXP;
    case JS_CLASS_MAP: return Q_CLASS_MAP;
    case JS_CLASS_SET: return Q_CLASS_SET;
    case JS_CLASS_PROXY: return Q_CLASS_PROXY;
    case JS_CLASS_ARRAY_BUFFER: return Q_CLASS_ARRAY_BUFFER;
    case JS_CLASS_SHARED_ARRAY_BUFFER: return Q_CLASS_SHARED_ARRAY_BUFFER;
    case JS_CLASS_DATAVIEW: return Q_CLASS_DATA_VIEW;
    case JS_CLASS_UINT8C_ARRAY: return Q_CLASS_UINT8_CLAMPED_ARRAY;
    case JS_CLASS_INT8_ARRAY: return Q_CLASS_INT8_ARRAY;
    case JS_CLASS_UINT8_ARRAY: return Q_CLASS_UINT8_ARRAY;
    case JS_CLASS_INT16_ARRAY: return Q_CLASS_INT16_ARRAY;
    case JS_CLASS_UINT16_ARRAY: return Q_CLASS_UINT16_ARRAY;
    case JS_CLASS_INT32_ARRAY: return Q_CLASS_INT32_ARRAY;
    case JS_CLASS_UINT32_ARRAY: return Q_CLASS_UINT32_ARRAY;
    case JS_CLASS_BIG_INT64_ARRAY: return Q_CLASS_BIGINT64_ARRAY;
    case JS_CLASS_BIG_UINT64_ARRAY: return Q_CLASS_BIGUINT64_ARRAY;
    case JS_CLASS_FLOAT16_ARRAY: return Q_CLASS_FLOAT16_ARRAY;
    case JS_CLASS_FLOAT32_ARRAY: return Q_CLASS_FLOAT32_ARRAY;
    case JS_CLASS_FLOAT64_ARRAY: return Q_CLASS_FLOAT64_ARRAY;
    default: return JS_IsFunction(ctx, value) ? Q_CLASS_FUNCTION : Q_CLASS_OBJECT;
  }
}

JSValue qi_new_bigint(JSContext* ctx, JSValueConst text) {
  JSValue value = JS_StringToBigIntErr(ctx, js_dup(text));
  return value;
}

JSValue qi_new_data_view(JSContext* ctx, int argc, JSValueConst* argv) {
  return js_dataview_constructor(ctx, JS_UNDEFINED, argc, argv);
}

JSValue qi_new_error(JSContext* ctx, uint32_t error_class) {
  static const int8_t kinds[] = {JS_PLAIN_ERROR,    JS_RANGE_ERROR, JS_REFERENCE_ERROR,
                                 JS_SYNTAX_ERROR,   JS_TYPE_ERROR,  JS_URI_ERROR,
                                 JS_INTERNAL_ERROR, JS_EVAL_ERROR,  JS_AGGREGATE_ERROR};
  const int kind = error_class < countof(kinds) ? kinds[error_class] : JS_PLAIN_ERROR;
  JSValue error = kind == JS_PLAIN_ERROR
                      ? JS_NewObjectClass(ctx, JS_CLASS_ERROR)
                      : JS_NewObjectProtoClass(ctx, ctx->native_error_proto[kind], JS_CLASS_ERROR);
  if (!JS_IsException(error)) qi_build_backtrace(ctx, error, JS_UNDEFINED, NULL, 0, 0, 0);
  return error;
}

JSAtom qi_symbol_dispose(void) { return JS_ATOM_Symbol_dispose; }

JSValue qi_own_data_property(JSValueConst object, JSAtom key) {
  if (JS_VALUE_GET_TAG(object) != JS_TAG_OBJECT) return JS_UNDEFINED;
  JSProperty* property;
  JSShapeProperty* shape = find_own_property(&property, JS_VALUE_GET_OBJ(object), key);
  if (!shape || (shape->flags & JS_PROP_TMASK) != JS_PROP_NORMAL) return JS_UNDEFINED;
  return js_dup(property->u.value);
}

JSValue qi_data_property(JSContext* ctx, JSValueConst object, JSAtom key) {
  if (JS_VALUE_GET_TAG(object) != JS_TAG_OBJECT) return JS_UNDEFINED;
  for (JSObject* p = JS_VALUE_GET_OBJ(object); p && p->class_id != JS_CLASS_PROXY;
       p = p->shape->proto) {
    JSProperty* property;
    JSShapeProperty* shape = find_own_property(&property, p, key);
    if (!shape) continue;
    if ((shape->flags & JS_PROP_TMASK) == JS_PROP_AUTOINIT) {
      // A property of a built-in object that nobody has touched yet: QuickJS makes it now.
      if (qi_make_property(ctx, p, key, property, shape)) {
        JS_FreeValue(ctx, JS_GetException(ctx));
        return JS_UNDEFINED;
      }
      shape = find_own_property(&property, p, key);
      if (!shape) return JS_UNDEFINED;
    }
    if ((shape->flags & JS_PROP_TMASK) != JS_PROP_NORMAL) return JS_UNDEFINED;
    return js_dup(property->u.value);
  }
  return JS_UNDEFINED;
}

JSValue qi_error_stack(JSContext* ctx, JSValueConst error) {
  if (JS_GetClassID(error) == JS_CLASS_ERROR) {
    JSObject* p = JS_VALUE_GET_OBJ(error);
    if (!find_own_property1(p, JS_ATOM_stack)) return js_dup(p->u.object_data);
  }
  return qi_data_property(ctx, error, JS_ATOM_stack);
}

bool qi_bytes_view(JSValueConst value, uint8_t** data, uint32_t* bytes) {
  *data = NULL;
  *bytes = 0;
  if (JS_VALUE_GET_TAG(value) != JS_TAG_OBJECT) return false;
  JSObject* p = JS_VALUE_GET_OBJ(value);
  if (p->class_id == JS_CLASS_ARRAY_BUFFER || p->class_id == JS_CLASS_SHARED_ARRAY_BUFFER) {
    const JSArrayBuffer* buffer = p->u.array_buffer;
    if (buffer->detached) return false;
    *data = buffer->data;
    *bytes = (uint32_t)buffer->byte_length;
    return true;
  }
  const bool is_view = p->class_id == JS_CLASS_DATAVIEW;
  if (!is_view && !is_typed_array(p->class_id)) return false;
  const JSTypedArray* view = p->u.typed_array;
  const JSArrayBuffer* buffer = view->buffer->u.array_buffer;
  if (buffer->detached) return false;
  const uint32_t size = (uint32_t)buffer->byte_length;
  if (view->offset > size) return false;
  uint32_t length = size - view->offset;
  if (!view->track_rab) {
    if (view->length > length) return false;
    length = view->length;
  } else if (!is_view) {
    length = length >> typed_array_size_log2(p->class_id) << typed_array_size_log2(p->class_id);
  }
  *data = buffer->data + view->offset;
  *bytes = length;
  return true;
}
