// JSValue to wire and back.
#pragma once

#include "handles.hpp"
#include "held.hpp"

/// Takes over `owned`; an exception becomes a wire of kind exception, and is pending no more.
wire to_wire(JSValue owned);
inline wire to_wire(Held& held) { return to_wire(held.release()); }

/// What was thrown, as an exception wire.
wire take_exception();

/// The answer of an export that ran guest code. Built-in functions may swallow the error that ends
/// an interrupted program (an async generator rejects a promise with it); the host is told all the
/// same.
wire outcome(JSValue owned);

inline bool is_exception(wire value) {
  return !q_wire_is_number(value) && q_wire_kind(value) == Q_EXCEPTION;
}

/// Lets go of the handles of wires that the host will not see.
void free_wires(const wire* wires, u32 count);

/// Borrowed: the host's handle keeps it. An exception wire or nonsense traps.
JSValueConst from_wire(wire value);

inline wire undefined_wire() { return q_wire_make(Q_UNDEFINED, 0); }
inline wire absent_wire() { return q_wire_make(Q_ABSENT, 0); }
inline wire boolean_wire(bool value) { return q_wire_make(Q_BOOLEAN, value); }
inline wire number_wire(f64 value) {
  if (value != value) return Q_WIRE_NAN;
  wire bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline f64 wire_number(wire value) {
  f64 number;
  __builtin_memcpy(&number, &value, sizeof number);
  return number;
}

/// Values made from an array of wires, held while guest code runs.
class Arguments {
 public:
  Arguments(u32 count, u32 address);
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;
  ~Arguments();

  bool failed() const { return values_ == nullptr; }  // the error is pending
  int count() const { return (int)count_; }
  JSValueConst* values() const { return values_; }

 private:
  static constexpr u32 kInPlace = 8;
  u32 count_;
  JSValue in_place_[kInPlace];
  JSValue* values_;
};
