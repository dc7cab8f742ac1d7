// Makes the values that a message in the byte form of data_form.h describes. No guest code runs.
//
// The host is trusted to mean well, not to be right: every count is checked against what is there,
// and what does not fit is a TypeError. Objects are made when they are first named, empty, and
// filled in the order of their numbers; so nothing here recurses either.
#pragma once

#include "data_form.h"
#include "data_internals.h"
#include "data_table.hpp"
#include "machine.hpp"

namespace quiesce::guest {

class DataDecoder {
 public:
  DataDecoder(JSContext* ctx, const u8* bytes, u32 count);
  DataDecoder(const DataDecoder&) = delete;
  DataDecoder& operator=(const DataDecoder&) = delete;
  ~DataDecoder();

  JSValue run();  // the root value, or JS_EXCEPTION

 private:
  struct Object {
    JSValue value;  // owned
    u8 kind;
  };
  struct Layout {
    u32 begin, count;
    u32 model;  // an object with this layout, whose shape others may share; kNone: none
  };
  static constexpr u32 kNone = UINT32_MAX;

  u32 left() const { return (u32)(end_ - at_); }
  u8 take();
  u32 take_count();
  u32 take_count_of_items();  // each of which takes a byte at least
  const u8* take_bytes(u32 count);
  template <class T>
  T take_raw() {
    T value{};
    if (const u8* bytes = take_bytes(sizeof value)) __builtin_memcpy(&value, bytes, sizeof value);
    return value;
  }
  void malformed();
  JSValue fail() {
    memory_.fail();
    return JS_UNDEFINED;
  }
  JSValue made(JSValue value) { return JS_IsException(value) ? fail() : value; }

  // Owned by the caller; undefined once something has failed. JS_UNINITIALIZED: a hole.
  JSValue read();
  JSValue read_text();
  JSValue read_string(u8 tag);
  JSValue read_new();
  JSValue read_regexp();
  JSValue read_buffer();
  JSValue read_view();
  JSValue add(JSValue object, u8 kind);
  JSAtom read_name();  // borrowed
  u32 read_layout();
  void define(JSValueConst object, JSAtom key, JSValue value, int flags);

  void read_record(u32 number);
  void read_object_record(JSValueConst object, u32 number);
  void read_array_record(JSValueConst array);
  u32 read_dense(JSValueConst array, u32 count);
  void read_collection_record(JSValueConst collection, bool is_set);
  void read_error_record(JSValueConst error);
  void read_properties(JSValueConst object);

  JSContext* const ctx_;
  const u8* at_;
  const u8* const end_;
  Memory memory_;
  List<Object> objects_;
  List<JSValue> strings_;  // the long ones
  List<JSAtom> names_;
  List<Layout> layouts_;
  List<JSAtom> layout_names_;
  List<JSValue> values_;  // of the object being read
};

}  // namespace quiesce::guest
