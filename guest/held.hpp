// Owners for QuickJS values and atoms, so that every way out of a function frees them.
//
// Whatever runs guest code holds its operands with these: the guest may call the host, the host may
// drop its handle, and only the Held copy keeps the value alive then.
#pragma once

#include "machine.hpp"

class Held {
 public:
  /// Takes over what the caller owned.
  explicit Held(JSValue owned) : value_(owned) {}
  static Held copy(JSValueConst borrowed) { return Held(JS_DupValue(machine.ctx, borrowed)); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() { JS_FreeValue(machine.ctx, value_); }

  JSValueConst get() const { return value_; }
  JSValue release() {
    JSValue value = value_;
    value_ = JS_UNDEFINED;
    return value;
  }
  bool failed() const { return JS_IsException(value_); }
  /// Takes over another value.
  void reset(JSValue owned) {
    JSValue before = value_;
    value_ = owned;
    JS_FreeValue(machine.ctx, before);
  }

 private:
  JSValue value_;
};

class HeldAtom {
 public:
  explicit HeldAtom(JSAtom owned) : atom_(owned) {}
  HeldAtom(const HeldAtom&) = delete;
  HeldAtom& operator=(const HeldAtom&) = delete;
  ~HeldAtom() { JS_FreeAtom(machine.ctx, atom_); }

  JSAtom get() const { return atom_; }
  bool failed() const { return atom_ == JS_ATOM_NULL; }

 private:
  JSAtom atom_;
};

/// Bytes from the engine's memory.
class HeldBytes {
 public:
  explicit HeldBytes(size_t bytes) : bytes_(static_cast<char*>(js_malloc(machine.ctx, bytes))) {}
  HeldBytes(const HeldBytes&) = delete;
  HeldBytes& operator=(const HeldBytes&) = delete;
  ~HeldBytes() { js_free(machine.ctx, bytes_); }

  char* get() const { return bytes_; }
  bool failed() const { return bytes_ == nullptr; }

 private:
  char* bytes_;
};

/// Defines a property; the value is taken. False: the error is pending, and be it that there is no
/// value for want of memory, which QuickJS would define.
inline bool define_value(JSValueConst object, const char* key, JSValue value,
                         int flags = JS_PROP_C_W_E) {
  return !JS_IsException(value) &&
         JS_DefinePropertyValueStr(machine.ctx, object, key, value, flags) >= 0;
}
