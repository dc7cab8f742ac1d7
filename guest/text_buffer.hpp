// Growing texts and lists for code that must survive a full heap.
//
//   Memory memory(ctx);
//   Text text(memory);
//   text.add("[Function: ");
//   text.add_string(name);
//   if (memory.failed()) return JS_EXCEPTION;   // one check at the end is enough
//   return text.to_string();
//
// All allocations are charged to the JSContext, so the memory limit of the VM holds here too. When
// one fails, the engine's exception is pending, `Memory::failed` stays true and every later
// addition does nothing. Texts are UTF-16 because that is what JavaScript counts lengths in. Each
// owns its storage; none can be copied. Indices are in UTF-16 code units.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "quickjs.h"

namespace quiesce::guest {

class Memory {
 public:
  explicit Memory(JSContext* ctx) : ctx_(ctx) {}
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  JSContext* ctx() const { return ctx_; }
  bool failed() const { return failed_; }
  /// Say that an exception is pending and that the work cannot go on.
  void fail() { failed_ = true; }
  /// Work that took as long as so many steps of the interpreter; fails when the host interrupts.
  void spend(uint32_t steps);
  /// nullptr on failure; `storage` then still belongs to the caller.
  void* resize(void* storage, size_t bytes);

 private:
  JSContext* ctx_;
  bool failed_ = false;
};

/// A growing array of plain data.
template <class T>
class List {
 public:
  explicit List(Memory& memory) : memory_(memory) {}
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  ~List() { js_free(memory_.ctx(), items_); }

  uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](uint32_t index) { return items_[index]; }
  const T& operator[](uint32_t index) const { return items_[index]; }
  T& last() { return items_[size_ - 1]; }
  const T& last() const { return items_[size_ - 1]; }
  T* begin() { return items_; }
  T* end() { return items_ + size_; }
  const T* begin() const { return items_; }
  const T* end() const { return items_ + size_; }

  bool push(T item) {
    if (size_ == capacity_ && !grow()) return false;
    items_[size_++] = item;
    return true;
  }
  void pop() { --size_; }
  void clear() { size_ = 0; }
  void swap(List& other) {
    T* items = items_;
    const uint32_t size = size_, capacity = capacity_;
    items_ = other.items_, size_ = other.size_, capacity_ = other.capacity_;
    other.items_ = items, other.size_ = size, other.capacity_ = capacity;
  }
  /// Heap sort: no recursion, no memory, and no bad case that a guest could choose.
  template <class Less>
  void sort(uint32_t from, const Less& less) {
    const uint32_t count = size_ > from ? size_ - from : 0;
    T* items = items_ + from;
    const auto swap = [&](uint32_t a, uint32_t b) {
      const T held = items[a];
      items[a] = items[b];
      items[b] = held;
    };
    const auto sift = [&](uint32_t root, uint32_t end) {
      for (uint32_t child = root * 2 + 1; child < end; root = child, child = root * 2 + 1) {
        if (child + 1 < end && less(items[child], items[child + 1])) ++child;
        if (!less(items[root], items[child])) return;
        swap(root, child);
      }
    };
    for (uint32_t i = count / 2; i-- > 0;) sift(i, count);
    for (uint32_t end = count; end-- > 1;) {
      swap(0, end);
      sift(0, end);
    }
  }
  void remove(uint32_t index) {
    for (uint32_t i = index + 1; i < size_; ++i) items_[i - 1] = items_[i];
    --size_;
  }

 private:
  bool grow() {
    const uint32_t capacity = capacity_ == 0 ? 8 : capacity_ * 2;
    if (capacity > UINT32_MAX / 2 / sizeof(T)) {
      if (!memory_.failed()) JS_ThrowOutOfMemory(memory_.ctx());
      memory_.fail();
      return false;
    }
    void* items = memory_.resize(items_, capacity * sizeof(T));
    if (items == nullptr) return false;
    items_ = static_cast<T*>(items);
    capacity_ = capacity;
    return true;
  }

  Memory& memory_;
  T* items_ = nullptr;
  uint32_t size_ = 0;
  uint32_t capacity_ = 0;
};

class Text {
 public:
  explicit Text(Memory& memory) : memory_(memory) {}
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
  ~Text() { js_free(memory_.ctx(), units_); }

  Memory& memory() const { return memory_; }
  uint32_t length() const { return length_; }
  bool empty() const { return length_ == 0; }
  const uint16_t* units() const { return units_; }
  uint16_t operator[](uint32_t index) const { return units_[index]; }

  void add_unit(uint16_t unit);
  void add(const char* ascii);
  void add_units(const uint16_t* units, uint32_t count);
  void add_latin1(const uint8_t* bytes, uint32_t count);
  void add_utf8(const char* bytes, size_t count);
  void add(const Text& other) { add_units(other.units_, other.length_); }
  void add_slice(const Text& other, uint32_t begin, uint32_t end) {
    add_units(other.units_ + begin, end - begin);
  }
  void add_spaces(uint32_t count);
  void add_number(double number);  // an integer that a double holds exactly
  /// A JavaScript string, or another primitive as ToString prints it. Runs no guest code: an object
  /// adds nothing.
  void add_string(JSValueConst value);
  void truncate(uint32_t length) { length_ = length; }
  void clear() { length_ = 0; }
  void swap(Text& other) {
    uint16_t* units = units_;
    const uint32_t length = length_, capacity = capacity_;
    units_ = other.units_, length_ = other.length_, capacity_ = other.capacity_;
    other.units_ = units, other.length_ = length, other.capacity_ = capacity;
  }

  bool equals(const char* ascii) const;
  bool equals(const Text& other) const;
  bool starts_with(const Text& prefix) const;
  bool ends_with(const char* ascii) const;
  bool matches_at(uint32_t index, const char* ascii) const;
  bool contains(uint16_t unit) const { return find(unit, 0) != kNotFound; }
  uint32_t find(uint16_t unit, uint32_t from) const;
  uint32_t find(const char* ascii, uint32_t from) const;
  uint32_t find(const Text& needle, uint32_t from) const;

  /// Appends the text; a surrogate without its other half becomes U+FFFD.
  void to_utf8(List<char>& out) const;
  /// The text as a JavaScript string, or JS_EXCEPTION.
  JSValue to_string() const;

  static constexpr uint32_t kNotFound = UINT32_MAX;
  static constexpr uint32_t kUnitsMax =
      1u << 28;  // about a quarter of what the engine's strings can hold

 private:
  uint16_t* reserve(
      uint32_t count);  // room for `count` more units, counted as used; nullptr on failure

  Memory& memory_;
  uint16_t* units_ = nullptr;
  uint32_t length_ = 0;
  uint32_t capacity_ = 0;
};

/// Entries of a list that will be joined: one text, and where each entry ends in it.
class Entries {
 public:
  explicit Entries(Memory& memory) : text_(memory), ends_(memory) {}

  /// Append to this, then call `close`.
  Text& text() { return text_; }
  const Text& text() const { return text_; }
  void close() { ends_.push(text_.length()); }
  void add(const char* ascii) {
    text_.add(ascii);
    close();
  }
  void swap(Entries& other) {
    text_.swap(other.text_);
    ends_.swap(other.ends_);
  }
  uint32_t count() const { return ends_.size(); }
  uint32_t begin(uint32_t index) const { return index == 0 ? 0 : ends_[index - 1]; }
  uint32_t end(uint32_t index) const { return ends_[index]; }
  uint32_t length(uint32_t index) const { return end(index) - begin(index); }

 private:
  Text text_;
  List<uint32_t> ends_;
};

}  // namespace quiesce::guest
