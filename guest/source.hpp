// The text of a program, copied out of the host's hands: QuickJS wants a NUL behind it.
#pragma once

#include "held.hpp"

class Source {
 public:
  Source(u32 address, u32 bytes) : bytes_((size_t)bytes + 1), size_(bytes) {
    if (bytes_.failed()) return;
    memcpy(bytes_.get(), reinterpret_cast<const char*>(address), bytes);
    bytes_.get()[bytes] = '\0';
  }
  bool failed() const { return bytes_.failed(); }
  const char* text() const { return bytes_.get(); }
  size_t size() const { return size_; }

 private:
  HeldBytes bytes_;
  size_t size_;
};

/// An atom as errors show it.
class ShownName {
 public:
  explicit ShownName(JSAtom name) : text_(JS_AtomToCString(machine.ctx, name)) {}
  ShownName(const ShownName&) = delete;
  ShownName& operator=(const ShownName&) = delete;
  ~ShownName() { JS_FreeCString(machine.ctx, text_); }
  bool failed() const { return text_ == nullptr; }
  const char* text() const { return text_; }

 private:
  const char* text_;
};

/// q_eval_flags as those of JS_Eval, without the type.
int eval_flags_of(u32 flags);

/// Compiles without running; the name is a text. Flags are those of JS_Eval with its type.
JSValue compile(u32 source_address, u32 source_bytes, u32 name_address, u32 name_count,
                u32 encoding, int flags);
