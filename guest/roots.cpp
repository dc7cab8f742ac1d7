// Values kept under a name, for whoever wakes the VM.
#include <stdio.h>

#include "texts.hpp"
#include "wires.hpp"

namespace {

u32 find(JSAtom key) {
  u32 index = 0;
  while (index < machine.kept.count && machine.kept[index].key != key) ++index;
  return index;
}

}  // namespace

wire q_keep(u32 address, u32 count, u32 encoding, wire value) {
  enter();
  JSContext* ctx = machine.ctx;
  Held name(new_text(address, count, encoding));
  if (name.failed()) return take_exception();
  HeldAtom key(JS_ValueToAtom(ctx, name.get()));
  if (key.failed()) return take_exception();
  Held held = Held::copy(from_wire(value));
  const u32 index = find(key.get());
  if (index < machine.kept.count) {
    JSValue old = machine.kept[index].value;
    machine.kept[index].value = held.release();
    JS_FreeValue(ctx, old);
    return undefined_wire();
  }
  if (!machine.kept.reserve(ctx, machine.kept.count + 1)) return take_exception();
  machine.kept.push(ctx, {JS_DupAtom(ctx, key.get()), name.release(), held.release()});
  return undefined_wire();
}

wire q_kept(u32 address, u32 count, u32 encoding) {
  enter();
  HeldAtom key(new_text_atom(address, count, encoding));
  if (key.failed()) return take_exception();
  const u32 index = find(key.get());
  if (index == machine.kept.count) return absent_wire();
  return to_wire(JS_DupValue(machine.ctx, machine.kept[index].value));
}

u32 q_forget(u32 address, u32 count, u32 encoding) {
  enter();
  JSContext* ctx = machine.ctx;
  HeldAtom key(new_text_atom(address, count, encoding));
  if (key.failed()) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    return 0;
  }
  const u32 index = find(key.get());
  if (index == machine.kept.count) return 0;
  const KeptValue gone = machine.kept[index];
  machine.kept.remove(index);
  JS_FreeAtom(ctx, gone.key);
  JS_FreeValue(ctx, gone.name);
  JS_FreeValue(ctx, gone.value);
  return 1;
}

wire q_keep_new(wire value) {
  enter();
  JSContext* ctx = machine.ctx;
  Held held = Held::copy(from_wire(value));
  // A program may have kept something under such a name by itself.
  while (true) {
    char text[32];
    const int count = snprintf(text, sizeof(text), "token-%llu",
                               static_cast<unsigned long long>(++machine.last_token));
    Held name(JS_NewStringLen(ctx, text, (size_t)count));
    if (name.failed()) return take_exception();
    HeldAtom key(JS_ValueToAtom(ctx, name.get()));
    if (key.failed()) return take_exception();
    if (find(key.get()) < machine.kept.count) continue;
    if (!machine.kept.reserve(ctx, machine.kept.count + 1)) return take_exception();
    machine.kept.push(ctx,
                      {JS_DupAtom(ctx, key.get()), JS_DupValue(ctx, name.get()), held.release()});
    return to_wire(name);
  }
}

u32 q_kept_name(u32 index) {
  if (index >= machine.kept.count) return 0;
  machine.shared.view = view_of(machine.kept[index].name);
  return 1;
}
