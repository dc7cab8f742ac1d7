// Reading values, and what may run guest code: conversions, properties, calls.
#include "c/parts.hpp"

using namespace quiesce;

namespace {

constexpr auto equal(Class inner, quiesce_class outer) {
  return static_cast<int>(inner) == static_cast<int>(outer);
}
static_assert(equal(Class::proxy, QUIESCE_CLASS_PROXY) &&
              equal(Class::data_view, QUIESCE_CLASS_DATA_VIEW) &&
              equal(Class::float64_array, QUIESCE_CLASS_FLOAT64_ARRAY));
static_assert(static_cast<int>(Type::function) == QUIESCE_TYPE_FUNCTION);
static_assert(static_cast<int>(PromiseState::rejected) == QUIESCE_REJECTED);
static_assert(static_cast<int>(Keys::all) == QUIESCE_KEYS_ALL);

// A plain result: `read(value)`.
template <class T, class Read>
quiesce_status read(const quiesce_value* value, T* out, const char* what, Read&& f) {
  return c::guarded([&](c::Entry& entry) {
    c::result(out, what) = T{};
    *out = f(entry.value(value, "value"));
  });
}

// A result in a buffer: `read(value)` gives a std::string.
template <class Read>
quiesce_status read_buffer(const quiesce_value* value, quiesce_buffer** out, Read&& f) {
  return c::guarded([&](c::Entry& entry) {
    c::result(out, "the buffer") = nullptr;
    c::hand_out_buffer(out, f(entry.value(value, "value")));
  });
}

Keys keys_of(quiesce_keys which) {
  if (which < QUIESCE_KEYS_ENUMERABLE_STRINGS || which > QUIESCE_KEYS_ALL)
    throw Error(Errc::invalid_argument, "there is no quiesce_keys " + std::to_string(which));
  return static_cast<Keys>(which);
}

Property property_of(std::uint32_t attributes) {
  if (attributes > (QUIESCE_WRITABLE | QUIESCE_ENUMERABLE | QUIESCE_CONFIGURABLE))
    throw Error(Errc::invalid_argument, "attributes has bits that mean nothing");
  return {.writable = (attributes & QUIESCE_WRITABLE) != 0,
          .enumerable = (attributes & QUIESCE_ENUMERABLE) != 0,
          .configurable = (attributes & QUIESCE_CONFIGURABLE) != 0};
}

}  // namespace

extern "C" {

quiesce_status quiesce_value_copy(const quiesce_value* value, quiesce_value** copy) {
  return c::guarded([&](c::Entry& entry) {
    c::result(copy, "copy") = nullptr;
    entry.hand_out(copy, entry.value(value, "value"));
  });
}

quiesce_status quiesce_value_free(quiesce_value* value) {
  return c::free_handle<c::ValueObject>(value, "value");
}

// ---- reading ------------------------------------------------------------------------------------

quiesce_status quiesce_value_type(const quiesce_value* value, quiesce_type* type) {
  return read(value, type, "type",
              [](const Value& v) { return static_cast<quiesce_type>(v.type()); });
}

quiesce_status quiesce_value_class(const quiesce_value* value, quiesce_class* type) {
  return read(value, type, "type",
              [](const Value& v) { return static_cast<quiesce_class>(v.object_class()); });
}

quiesce_status quiesce_value_as_boolean(const quiesce_value* value, int* boolean) {
  return read(value, boolean, "boolean", [](const Value& v) { return v.as<bool>() ? 1 : 0; });
}

quiesce_status quiesce_value_as_number(const quiesce_value* value, double* number) {
  return read(value, number, "number", [](const Value& v) { return v.as<double>(); });
}

quiesce_status quiesce_value_as_int64(const quiesce_value* value, int64_t* number) {
  return read(value, number, "number", [](const Value& v) { return v.as<std::int64_t>(); });
}

quiesce_status quiesce_value_as_text(const quiesce_value* value, quiesce_buffer** text) {
  return read_buffer(value, text, [](const Value& v) { return v.as<std::string>(); });
}

quiesce_status quiesce_value_as_utf16(const quiesce_value* value, quiesce_buffer** units) {
  return read_buffer(value, units, [](const Value& v) {
    const std::u16string text = v.as<std::u16string>();
    return std::string(reinterpret_cast<const char*>(text.data()), text.size() * sizeof(char16_t));
  });
}

quiesce_status quiesce_value_as_bigint(const quiesce_value* value, quiesce_buffer** digits) {
  return read_buffer(value, digits, [](const Value& v) { return v.as<BigInt>().digits; });
}

quiesce_status quiesce_value_as_bytes(const quiesce_value* value, quiesce_buffer** bytes) {
  return read_buffer(value, bytes, [](const Value& v) {
    const auto content = v.as<std::vector<std::byte>>();
    return std::string(reinterpret_cast<const char*>(content.data()), content.size());
  });
}

quiesce_status quiesce_value_length(const quiesce_value* value, uint64_t* length) {
  return read(value, length, "length", [](const Value& v) { return v.length(); });
}

quiesce_status quiesce_value_strictly_equals(const quiesce_value* a, const quiesce_value* b,
                                             int* equal) {
  return c::guarded([&](c::Entry& entry) {
    c::result(equal, "equal") = 0;
    const Value& left = entry.value(a, "a");
    *equal = left.strictly_equals(entry.value(b, "b")) ? 1 : 0;
  });
}

quiesce_status quiesce_value_inspect(const quiesce_value* value, quiesce_buffer** text) {
  return read_buffer(value, text, [](const Value& v) { return v.inspect(); });
}

// ---- conversions --------------------------------------------------------------------------------

quiesce_status quiesce_value_to_text(const quiesce_value* value, quiesce_buffer** text) {
  return read_buffer(value, text, [](const Value& v) { return v.to_string(); });
}

quiesce_status quiesce_value_to_number(const quiesce_value* value, double* number) {
  return read(value, number, "number", [](const Value& v) { return v.to_number(); });
}

quiesce_status quiesce_value_to_json(const quiesce_value* value, uint32_t indent,
                                     quiesce_buffer** json) {
  return c::guarded([&](c::Entry& entry) {
    c::result(json, "json") = nullptr;
    std::optional<std::string> text = entry.value(value, "value").to_json(indent);
    if (text) c::hand_out_buffer(json, *std::move(text));
  });
}

// ---- properties ---------------------------------------------------------------------------------

quiesce_status quiesce_value_get(const quiesce_value* object, const char* name, size_t name_length,
                                 quiesce_value** value) {
  return c::guarded([&](c::Entry& entry) {
    c::result(value, "value") = nullptr;
    const Value& inner = entry.value(object, "object");
    entry.hand_out(value, inner.get(c::text_of(name, name_length, "name")));
  });
}

quiesce_status quiesce_value_get_at(const quiesce_value* object, uint32_t index,
                                    quiesce_value** value) {
  return c::guarded([&](c::Entry& entry) {
    c::result(value, "value") = nullptr;
    entry.hand_out(value, entry.value(object, "object").get(index));
  });
}

quiesce_status quiesce_value_get_key(const quiesce_value* object, const quiesce_value* key,
                                     quiesce_value** value) {
  return c::guarded([&](c::Entry& entry) {
    c::result(value, "value") = nullptr;
    const Value& inner = entry.value(object, "object");
    entry.hand_out(value, inner.get(entry.value(key, "key")));
  });
}

quiesce_status quiesce_value_set(const quiesce_value* object, const char* name, size_t name_length,
                                 const quiesce_value* value) {
  return c::guarded([&](c::Entry& entry) {
    const Value& inner = entry.value(object, "object");
    inner.set(c::text_of(name, name_length, "name"), entry.value(value, "value"));
  });
}

quiesce_status quiesce_value_set_at(const quiesce_value* object, uint32_t index,
                                    const quiesce_value* value) {
  return c::guarded([&](c::Entry& entry) {
    const Value& inner = entry.value(object, "object");
    inner.set(index, entry.value(value, "value"));
  });
}

quiesce_status quiesce_value_set_key(const quiesce_value* object, const quiesce_value* key,
                                     const quiesce_value* value) {
  return c::guarded([&](c::Entry& entry) {
    const Value& inner = entry.value(object, "object");
    const Value& name = entry.value(key, "key");
    inner.set(name, entry.value(value, "value"));
  });
}

quiesce_status quiesce_value_define(const quiesce_value* object, const quiesce_value* key,
                                    const quiesce_value* value, uint32_t attributes) {
  return c::guarded([&](c::Entry& entry) {
    const Value& inner = entry.value(object, "object");
    const Value& name = entry.value(key, "key");
    inner.define(name, entry.value(value, "value"), property_of(attributes));
  });
}

quiesce_status quiesce_value_define_accessor(const quiesce_value* object, const quiesce_value* key,
                                             const quiesce_value* getter,
                                             const quiesce_value* setter, uint32_t attributes) {
  return c::guarded([&](c::Entry& entry) {
    const Value& inner = entry.value(object, "object");
    const Value& name = entry.value(key, "key");
    const Value get = getter != nullptr ? entry.value(getter, "getter") : Value();
    const Value set = setter != nullptr ? entry.value(setter, "setter") : Value();
    inner.define_accessor(name, get, set, property_of(attributes));
  });
}

quiesce_status quiesce_value_has(const quiesce_value* object, const char* name, size_t name_length,
                                 int* has) {
  return c::guarded([&](c::Entry& entry) {
    c::result(has, "has") = 0;
    const Value& inner = entry.value(object, "object");
    *has = inner.has(c::text_of(name, name_length, "name")) ? 1 : 0;
  });
}

quiesce_status quiesce_value_remove(const quiesce_value* object, const char* name,
                                    size_t name_length, int* removed) {
  return c::guarded([&](c::Entry& entry) {
    if (removed != nullptr) *removed = 0;
    const bool gone = entry.value(object, "object").remove(c::text_of(name, name_length, "name"));
    if (removed != nullptr) *removed = gone ? 1 : 0;
  });
}

quiesce_status quiesce_value_keys(const quiesce_value* object, quiesce_keys which,
                                  quiesce_value** array) {
  return c::guarded([&](c::Entry& entry) {
    c::result(array, "array") = nullptr;
    const std::vector<Value> keys = entry.value(object, "object").keys(keys_of(which));
    entry.hand_out(array, entry.vm_object()->vm->array(keys));
  });
}

// ---- calls --------------------------------------------------------------------------------------

quiesce_status quiesce_value_call(const quiesce_value* function, const quiesce_value* self,
                                  const quiesce_value* const* arguments, size_t count,
                                  quiesce_value** result) {
  return c::guarded([&](c::Entry& entry) {
    if (result != nullptr) *result = nullptr;
    const Value& inner = entry.value(function, "function");
    const Value that = self != nullptr ? entry.value(self, "self") : Value();
    entry.hand_out_if_wanted(result, inner.call(that, entry.values(arguments, count)));
  });
}

quiesce_status quiesce_value_invoke(const quiesce_value* object, const char* name,
                                    size_t name_length, const quiesce_value* const* arguments,
                                    size_t count, quiesce_value** result) {
  return c::guarded([&](c::Entry& entry) {
    if (result != nullptr) *result = nullptr;
    const Value& inner = entry.value(object, "object");
    const Value method = inner.get(c::text_of(name, name_length, "name"));
    entry.hand_out_if_wanted(result, method.call(inner, entry.values(arguments, count)));
  });
}

quiesce_status quiesce_value_construct(const quiesce_value* function,
                                       const quiesce_value* const* arguments, size_t count,
                                       quiesce_value** result) {
  return c::guarded([&](c::Entry& entry) {
    if (result != nullptr) *result = nullptr;
    const Value& inner = entry.value(function, "function");
    const std::vector<Value> values = entry.values(arguments, count);
    entry.hand_out_if_wanted(result, inner.construct(std::span<const Value>(values)));
  });
}

// ---- promises -----------------------------------------------------------------------------------

quiesce_status quiesce_value_promise_state(const quiesce_value* promise,
                                           quiesce_promise_state* state) {
  return read(promise, state, "state",
              [](const Value& v) { return static_cast<quiesce_promise_state>(v.promise_state()); });
}

quiesce_status quiesce_value_promise_result(const quiesce_value* promise, quiesce_value** result) {
  return c::guarded([&](c::Entry& entry) {
    c::result(result, "result") = nullptr;
    entry.hand_out(result, entry.value(promise, "promise").promise_result());
  });
}

quiesce_status quiesce_value_mark_handled(const quiesce_value* promise) {
  return c::guarded([&](c::Entry& entry) { entry.value(promise, "promise").mark_handled(); });
}

}  // extern "C"
