// Writes a graph of JavaScript values in the byte form of data_form.h.
//
// Breadth first, so that no depth of nesting costs stack. Unless the flags ask for it no guest code
// runs: accessors and proxies are written as such. Then nothing can change or go away meanwhile, so
// references are only counted when guest code may run, and what is large stays where it is.
#pragma once

#include "data_form.h"
#include "data_internals.h"
#include "data_table.hpp"
#include "machine.hpp"

namespace quiesce::guest {

class DataEncoder {
 public:
  enum Result { kDone, kThrown, kRefused, kTooLarge };

  DataEncoder(JSContext* ctx, u32 flags, u32 bytes_max);
  DataEncoder(const DataEncoder&) = delete;
  DataEncoder& operator=(const DataEncoder&) = delete;
  ~DataEncoder();

  /// kThrown: an exception is pending.
  Result run(JSValueConst root);
  /// After kDone: the bytes, which the caller frees with js_free.
  u8* release(u32* bytes);
  /// After kRefused: a sentence that begins with the path.
  JSValue refusal() { return refusal_.to_string(); }

 private:
  // How one gets from an object to what it holds.
  enum Step : u8 { kRoot, kName, kIndex, kMapKey, kMapValue, kSetValue, kCause, kErrors, kOutcome };

  // An object that has a record.
  struct Entry {
    JSValue value;
    u32 parent, key;  // the entry that leads here; an atom or a number
    Step step;
    u8 form;
  };
  // Which properties an object with this shape shows.
  struct Plan {
    u32 layout, begin, count;
    bool is_slow;  // the object must be asked
    bool has_accessors;
  };
  struct Column {
    u32 slot;
    JSAtom key;
    bool is_accessor;
  };
  struct Property {
    JSAtom key;     // owned
    JSValue value;  // owned
    u8 accessor;    // q_data_accessor: it was not read
    bool is_index;
    u32 index;
  };

  bool ok() const { return !memory_.failed() && refusal_.empty() && !is_too_large_; }
  bool runs_code() const { return (flags_ & (Q_DATA_RUN_GETTERS | Q_DATA_RUN_PROXIES)) != 0; }

  u8* room(u32 bytes);
  void put(u8 byte) {
    if (u8* at = room(1)) *at = byte;
  }
  void put_count(u32 count);
  void put_bytes(const void* bytes, u32 count);
  template <class T>
  void put_raw(T value) {
    put_bytes(&value, sizeof value);
  }

  void write(JSValueConst value);
  void write_number(f64 number);
  void write_string(JSValueConst string);
  void write_bigint(JSValueConst number);
  void write_symbol(JSValueConst symbol);
  void write_object(JSValueConst object);
  void write_buffer(JSValueConst buffer);
  void write_view(JSValueConst view);
  void write_regexp(JSValueConst regexp);
  void write_units(const qi_units& units, bool stays);
  void write_text(JSValueConst string);
  void write_name(JSAtom key);
  void write_property(const Property& property);
  bool write_again(JSValueConst object);
  void number_object(JSValueConst object);
  void open(JSValueConst object, q_data_kind kind, u8 form);

  void write_record(u32 entry);
  void write_plain_record(JSValueConst object);
  void write_unusual_record(JSValueConst object);
  void write_array_record(JSValueConst array);
  void write_slow_elements(u32 length);
  void write_map_record(JSValueConst map, bool is_set);
  void write_error_record(JSValueConst error);
  void write_promise_record(JSValueConst promise);
  u32 make_plan(const void* shape);
  void write_layout(const Plan& plan);

  void gather(JSValueConst object, bool with_indices);
  bool add_property(JSValueConst object, JSAtom key);
  void forget_properties();
  void at(Step step, u32 key) { step_ = step, key_ = key; }

  void refuse(const char* why, const char* what = nullptr);
  void add_path(Step step, u32 key, u32 parent);
  void add_step(Step step, u32 key);
  void hold(JSValueConst value);

  JSContext* const ctx_;
  const u32 flags_, bytes_max_;
  Memory memory_;
  u8* bytes_ = nullptr;
  u32 size_ = 0, capacity_ = 0;
  u64 left_bytes_ = 0;  // of strings and buffers that stay where they are

  NumberTable objects_, strings_, names_, shapes_;
  u32 object_count_ = 0, string_count_ = 0, name_count_ = 0, layout_count_ = 0;
  List<Entry> entries_;
  List<Plan> plans_;
  List<Column> columns_;
  List<Property> properties_;
  List<JSValue> held_;
  List<JSAtom> held_keys_;

  u32 parent_ = 0;  // the entry whose record is being written, and where in it
  u32 key_ = 0;
  Step step_ = kRoot;
  Text refusal_;
  bool is_too_large_ = false;
};

}  // namespace quiesce::guest
