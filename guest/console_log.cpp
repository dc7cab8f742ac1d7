// The one place where the console leaves the guest.
#include "builtins.hpp"
#include "console.hpp"
#include "exports.hpp"
#include "machine.hpp"

namespace quiesce::guest {

void write_log(uint32_t level, const char* utf8, size_t bytes) {
  host_log(level, reinterpret_cast<u32>(utf8), static_cast<u32>(bytes));
}

JSValue printed_code(JSValueConst error) {
  JSValue mark = qi_own_data_property(error, machine.node_error_key);
  const bool is_marked = JS_IsBool(mark);
  JS_FreeValue(machine.ctx, mark);
  return is_marked ? qi_own_data_property(error, machine.code_key) : JS_UNDEFINED;
}

// Objects of built-ins, a Buffer for one, print themselves. So do those of the program then.
JSValueConst builtin_format() {
  auto& builtins = machine.builtins;
  if (!builtins.are_used || !JS_IsUndefined(builtins.format)) return builtins.format;
  builtins.format = JS_NULL;  // while it is being made the console prints by itself
  JSValue format = builtin_export(machine.ctx, "internal/inspect", "format");
  if (JS_IsException(format)) {
    JS_FreeValue(machine.ctx, JS_GetException(machine.ctx));
    format = JS_UNDEFINED;
  }
  builtins.format = format;
  return format;
}

}  // namespace quiesce::guest
