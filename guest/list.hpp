// A growable array in the engine's own memory, so that the memory limit counts it. For types that
// may be moved with memmove. All zero is the empty list; nothing is freed by itself, for the lists
// of the guest layer live as long as the machine.
#pragma once

#include <stdint.h>
#include <string.h>

#include "quickjs.h"

template <class T>
struct List {
  T* items;
  uint32_t count;
  uint32_t capacity;

  /// Room for `wanted` items in all. False: out of memory, and that error is pending.
  bool reserve(JSContext* ctx, uint32_t wanted) {
    if (wanted <= capacity) return true;
    uint32_t room = capacity + capacity / 2 + 8;
    if (room < wanted) room = wanted;
    if (room > UINT32_MAX / sizeof(T)) {
      JS_ThrowOutOfMemory(ctx);
      return false;
    }
    void* grown = js_realloc(ctx, items, room * sizeof(T));
    if (!grown) return false;
    items = static_cast<T*>(grown);
    capacity = room;
    return true;
  }

  bool push(JSContext* ctx, const T& item) {
    if (!reserve(ctx, count + 1)) return false;
    items[count++] = item;
    return true;
  }

  bool insert(JSContext* ctx, uint32_t index, const T& item) {
    if (!reserve(ctx, count + 1)) return false;
    memmove(items + index + 1, items + index, (count - index) * sizeof(T));
    items[index] = item;
    ++count;
    return true;
  }

  void remove(uint32_t index) {
    memmove(items + index, items + index + 1, (count - index - 1) * sizeof(T));
    --count;
  }

  T& operator[](uint32_t index) { return items[index]; }
  T* begin() { return items; }
  T* end() { return items + count; }
};
