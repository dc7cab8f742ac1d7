// Numbers by address or atom, for the time of one message: open addressing in the engine's memory.
// The keys come from the guest's own heap, so nobody can choose bad ones at will; 0 is no key.
#pragma once

#include <string.h>

#include "text_buffer.hpp"

namespace quiesce::guest {

using u8 = uint8_t;
using u16 = uint16_t;

class NumberTable {
 public:
  explicit NumberTable(Memory& memory) : memory_(memory) {}
  NumberTable(const NumberTable&) = delete;
  NumberTable& operator=(const NumberTable&) = delete;
  ~NumberTable() { js_free(memory_.ctx(), rows_); }

  bool find(uint32_t key, uint32_t* number) const {
    if (count_ == 0) return false;
    for (uint32_t i = slot(key);; i = (i + 1) & mask_) {
      if (rows_[i].key == key) return *number = rows_[i].number, true;
      if (rows_[i].key == 0) return false;
    }
  }
  /// Precondition: the key is not there. Does nothing when there is no memory.
  void put(uint32_t key, uint32_t number) {
    if ((count_ + 1) * 2 > capacity_ && !grow()) return;
    insert({key, number});
    ++count_;
  }
  void clear() {
    if (count_ > 0) memset(rows_, 0, capacity_ * sizeof(Row));
    count_ = 0;
  }

 private:
  struct Row {
    uint32_t key, number;
  };
  uint32_t slot(uint32_t key) const { return (key * 0x9E3779B1u >> 7) & mask_; }
  void insert(Row row) {
    uint32_t i = slot(row.key);
    while (rows_[i].key != 0) i = (i + 1) & mask_;
    rows_[i] = row;
  }
  bool grow() {
    const uint32_t capacity = capacity_ == 0 ? 32 : capacity_ * 2;
    Row* rows = static_cast<Row*>(memory_.resize(nullptr, capacity * sizeof(Row)));
    if (rows == nullptr) return false;
    memset(rows, 0, capacity * sizeof(Row));
    Row* before = rows_;
    const uint32_t count = capacity_;
    rows_ = rows, capacity_ = capacity, mask_ = capacity - 1;
    for (uint32_t i = 0; i < count; ++i) {
      if (before[i].key != 0) insert(before[i]);
    }
    js_free(memory_.ctx(), before);
    return true;
  }

  Memory& memory_;
  Row* rows_ = nullptr;
  uint32_t count_ = 0, capacity_ = 0, mask_ = 0;
};

}  // namespace quiesce::guest
