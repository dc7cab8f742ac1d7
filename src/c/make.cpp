// Making values.
#include <algorithm>

#include "c/parts.hpp"

using namespace quiesce;

namespace {

// `make(vm, entry)` gives the value.
template <class Make>
quiesce_status made(quiesce_vm* vm, quiesce_value** value, Make&& make) {
  return c::guarded([&](c::Entry& entry) {
    c::result(value, "value") = nullptr;
    VM& machine = entry.vm(vm);
    entry.hand_out(value, make(machine, entry));
  });
}

Class class_of(quiesce_class type) {
  if (type < QUIESCE_CLASS_NONE || type > QUIESCE_CLASS_FLOAT64_ARRAY)
    throw Error(Errc::invalid_argument, "there is no class " + std::to_string(type));
  return static_cast<Class>(type);
}

}  // namespace

extern "C" {

quiesce_status quiesce_new_undefined(quiesce_vm* vm, quiesce_value** value) {
  return made(vm, value, [](VM&, c::Entry&) { return Value(); });
}

quiesce_status quiesce_new_null(quiesce_vm* vm, quiesce_value** value) {
  return made(vm, value, [](VM&, c::Entry&) { return Value(nullptr); });
}

quiesce_status quiesce_new_boolean(quiesce_vm* vm, int boolean, quiesce_value** value) {
  return made(vm, value, [&](VM&, c::Entry&) { return Value(boolean != 0); });
}

quiesce_status quiesce_new_number(quiesce_vm* vm, double number, quiesce_value** value) {
  return made(vm, value, [&](VM&, c::Entry&) { return Value(number); });
}

quiesce_status quiesce_new_string(quiesce_vm* vm, const char* text, size_t length,
                                  quiesce_value** value) {
  return made(vm, value, [&](VM& machine, c::Entry&) {
    return machine.string(c::text_of(text, length, "text"));
  });
}

quiesce_status quiesce_new_string_utf16(quiesce_vm* vm, const uint16_t* units, size_t count,
                                        quiesce_value** value) {
  return made(vm, value, [&](VM& machine, c::Entry&) {
    if (units == nullptr && count > 0) c::throw_null("units");
    // Copied unit by unit: uint16_t and char16_t are different types.
    std::u16string text;
    for (const std::uint16_t unit : std::span(units, count))
      text.push_back(static_cast<char16_t>(unit));
    return machine.string(text);
  });
}

quiesce_status quiesce_new_bigint(quiesce_vm* vm, const char* digits, size_t length,
                                  quiesce_value** value) {
  return made(vm, value, [&](VM& machine, c::Entry&) {
    return machine.bigint(BigInt{std::string(c::text_of(digits, length, "digits"))});
  });
}

quiesce_status quiesce_new_symbol(quiesce_vm* vm, const char* description, size_t length,
                                  quiesce_value** value) {
  return made(vm, value, [&](VM& machine, c::Entry&) {
    return machine.symbol(c::text_of(description, length, "description"));
  });
}

quiesce_status quiesce_new_global_symbol(quiesce_vm* vm, const char* key, size_t length,
                                         quiesce_value** value) {
  return made(vm, value, [&](VM& machine, c::Entry&) {
    return machine.global_symbol(c::text_of(key, length, "key"));
  });
}

quiesce_status quiesce_new_object(quiesce_vm* vm, quiesce_value** value) {
  return made(vm, value, [](VM& machine, c::Entry&) { return machine.object(); });
}

quiesce_status quiesce_new_array(quiesce_vm* vm, const quiesce_value* const* elements, size_t count,
                                 quiesce_value** value) {
  return made(vm, value, [&](VM& machine, c::Entry& entry) {
    return machine.array(entry.values(elements, count));
  });
}

quiesce_status quiesce_new_array_buffer(quiesce_vm* vm, const void* bytes, size_t count,
                                        quiesce_value** value) {
  return made(vm, value, [&](VM& machine, c::Entry&) {
    return machine.array_buffer(c::bytes_of(bytes, count, "bytes"));
  });
}

quiesce_status quiesce_new_typed_array(quiesce_vm* vm, quiesce_class type, const void* bytes,
                                       size_t count, quiesce_value** value) {
  return made(vm, value, [&](VM& machine, c::Entry&) {
    return machine.typed_array(class_of(type), c::bytes_of(bytes, count, "bytes"));
  });
}

quiesce_status quiesce_new_error(quiesce_vm* vm, const char* name, size_t name_length,
                                 const char* message, size_t message_length,
                                 quiesce_value** value) {
  return made(vm, value, [&](VM& machine, c::Entry&) {
    return machine.error(c::text_of(name, name_length, "name"),
                         c::text_of(message, message_length, "message"));
  });
}

quiesce_status quiesce_new_function(quiesce_vm* vm, const char* name, size_t length,
                                    quiesce_value** value) {
  return made(vm, value, [&](VM& machine, c::Entry&) {
    return machine.function(c::text_of(name, length, "name"));
  });
}

quiesce_status quiesce_new_from_json(quiesce_vm* vm, const char* json, size_t length,
                                     quiesce_value** value) {
  return made(vm, value, [&](VM& machine, c::Entry&) {
    return machine.parse_json(c::text_of(json, length, "json"));
  });
}

}  // extern "C"
