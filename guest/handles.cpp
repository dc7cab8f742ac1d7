#include "handles.hpp"

namespace {

bool is_live(u32 handle) {
  const auto& table = machine.handles;
  return handle != 0 && handle < table.slots.count &&
         !JS_IsUninitialized(table.slots.items[handle]);
}

JSValue& slot(u32 handle) {
  if (!is_live(handle)) __builtin_trap();
  return machine.handles.slots[handle];
}

JSValue free_slot(u32 next) { return JS_MKVAL(JS_TAG_UNINITIALIZED, next); }

}  // namespace

bool handle_reserve() {
  auto& table = machine.handles;
  if (table.first_free != 0) return true;
  const u32 used = table.slots.count == 0 ? 1 : table.slots.count;  // slot 0 stays empty
  if (!table.slots.reserve(machine.ctx, used + 1)) return false;
  if (table.slots.count == 0) table.slots[table.slots.count++] = free_slot(0);
  return true;
}

u32 handle_new(JSValue owned) {
  auto& table = machine.handles;
  u32 handle = table.first_free;
  if (handle != 0) {
    table.first_free = (u32)JS_VALUE_GET_INT(table.slots[handle]);
    table.slots[handle] = owned;
  } else {
    if (!handle_reserve()) {
      JS_FreeValue(machine.ctx, owned);
      return 0;
    }
    handle = table.slots.count++;
    table.slots[handle] = owned;
  }
  ++table.live;
  return handle;
}

JSValueConst handle_get(u32 handle) { return slot(handle); }

JSValue handle_take(u32 handle) {
  auto& table = machine.handles;
  JSValue value = slot(handle);
  table.slots[handle] = free_slot(table.first_free);
  table.first_free = handle;
  --table.live;
  return value;
}

void handle_free(u32 handle) { JS_FreeValue(machine.ctx, handle_take(handle)); }

void handle_replace(u32 handle, JSValue owned) {
  JSValue& place = slot(handle);
  JSValue old = place;
  place = owned;
  JS_FreeValue(machine.ctx, old);
}

void handles_clear() {
  auto& table = machine.handles;
  for (u32 handle = 1; handle < table.slots.count; ++handle) {
    if (is_live(handle)) handle_free(handle);
  }
  if (table.slots.count > 1) table.slots.count = 1;
  table.first_free = 0;
}
