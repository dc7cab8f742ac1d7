#include "text_buffer.hpp"

#include <stdio.h>
#include <string.h>

#include "inspect_internals.h"

namespace quiesce::guest {

void* Memory::resize(void* storage, size_t bytes) {
  if (failed_) return nullptr;
  void* moved = js_realloc(ctx_, storage, bytes);  // throws OutOfMemory itself
  if (moved == nullptr) failed_ = true;
  return moved;
}

void Memory::spend(uint32_t steps) {
  if (!failed_ && qp_spend(ctx_, steps) < 0) failed_ = true;
}

uint16_t* Text::reserve(uint32_t count) {
  constexpr uint32_t kUnitsPerStep = 64;
  if (count >= kUnitsPerStep) memory_.spend(count / kUnitsPerStep);
  if (memory_.failed()) return nullptr;
  if (count > kUnitsMax - length_) {
    JS_ThrowRangeError(memory_.ctx(), "Invalid string length");
    memory_.fail();
    return nullptr;
  }
  const uint32_t needed = length_ + count;
  if (needed > capacity_) {
    uint32_t capacity = capacity_ < 16 ? 16 : capacity_;
    while (capacity < needed) capacity += capacity / 2;
    void* units = memory_.resize(units_, capacity * sizeof(uint16_t));
    if (units == nullptr) return nullptr;
    units_ = static_cast<uint16_t*>(units);
    capacity_ = capacity;
  }
  uint16_t* room = units_ + length_;
  length_ = needed;
  return room;
}

void Text::add_unit(uint16_t unit) {
  if (uint16_t* room = reserve(1)) *room = unit;
}

void Text::add(const char* ascii) {
  add_latin1(reinterpret_cast<const uint8_t*>(ascii), static_cast<uint32_t>(strlen(ascii)));
}

void Text::add_units(const uint16_t* units, uint32_t count) {
  if (count == 0) return;
  if (uint16_t* room = reserve(count)) memcpy(room, units, count * sizeof(uint16_t));
}

void Text::add_latin1(const uint8_t* bytes, uint32_t count) {
  uint16_t* room = reserve(count);
  if (room == nullptr) return;
  for (uint32_t i = 0; i < count; ++i) room[i] = bytes[i];
}

// By way of the engine, so that there is one decoder.
void Text::add_utf8(const char* bytes, size_t count) {
  if (memory_.failed()) return;
  JSValue string = JS_NewStringLen(memory_.ctx(), bytes, count);
  if (JS_IsException(string)) return memory_.fail();
  add_string(string);
  JS_FreeValue(memory_.ctx(), string);
}

void Text::add_spaces(uint32_t count) {
  uint16_t* room = reserve(count);
  if (room == nullptr) return;
  for (uint32_t i = 0; i < count; ++i) room[i] = ' ';
}

void Text::add_number(double number) {
  char digits[32];
  snprintf(digits, sizeof(digits), "%lld", static_cast<long long>(number));
  add(digits);
}

void Text::add_string(JSValueConst value) {
  if (memory_.failed() || JS_IsObject(value)) return;
  JSContext* ctx = memory_.ctx();
  JSValue string = JS_IsSymbol(value) ? qp_symbol_description(ctx, value) : JS_ToString(ctx, value);
  qp_units view;
  if (JS_IsException(string) || qp_string_units(ctx, string, &view) < 0) {
    memory_.fail();
    JS_FreeValue(ctx, string);
    return;
  }
  if (view.wide) {
    add_units(static_cast<const uint16_t*>(view.data), view.count);
  } else {
    add_latin1(static_cast<const uint8_t*>(view.data), view.count);
  }
  JS_FreeValue(ctx, view.owner);
  JS_FreeValue(ctx, string);
}

bool Text::equals(const char* ascii) const {
  return strlen(ascii) == length_ && matches_at(0, ascii);
}

bool Text::equals(const Text& other) const {
  return length_ == other.length_ && starts_with(other);
}

bool Text::starts_with(const Text& prefix) const {
  if (prefix.length_ > length_) return false;
  return prefix.length_ == 0 ||
         memcmp(units_, prefix.units_, prefix.length_ * sizeof(uint16_t)) == 0;
}

bool Text::ends_with(const char* ascii) const {
  const size_t count = strlen(ascii);
  return count <= length_ && matches_at(length_ - static_cast<uint32_t>(count), ascii);
}

bool Text::matches_at(uint32_t index, const char* ascii) const {
  for (uint32_t i = index; *ascii != '\0'; ++i, ++ascii) {
    if (i >= length_ || units_[i] != static_cast<uint8_t>(*ascii)) return false;
  }
  return true;
}

uint32_t Text::find(uint16_t unit, uint32_t from) const {
  for (uint32_t i = from; i < length_; ++i) {
    if (units_[i] == unit) return i;
  }
  return kNotFound;
}

uint32_t Text::find(const char* ascii, uint32_t from) const {
  for (uint32_t i = from; i < length_; ++i) {
    if (matches_at(i, ascii)) return i;
  }
  return kNotFound;
}

uint32_t Text::find(const Text& needle, uint32_t from) const {
  constexpr uint32_t kShortMax = 64;
  const uint32_t count = needle.length_;
  if (count == 0) return from <= length_ ? from : kNotFound;
  memory_.spend(length_ / kShortMax);
  if (count <= kShortMax) {
    for (uint32_t i = from; i + count <= length_; ++i) {
      if (memcmp(units_ + i, needle.units_, count * sizeof(uint16_t)) == 0) return i;
    }
    return kNotFound;
  }
  // Knuth, Morris, Pratt: a guest must not be able to choose texts that take quadratic time.
  List<uint32_t> borders(memory_);  // of each prefix: how much of its start is also its end
  for (uint32_t i = 0, matched = 0; i < count; ++i) {
    while (i > 0 && matched > 0 && needle[i] != needle[matched]) matched = borders[matched - 1];
    if (i > 0 && needle[i] == needle[matched]) ++matched;
    if (!borders.push(matched)) return kNotFound;
  }
  for (uint32_t i = from, matched = 0; i < length_; ++i) {
    while (matched > 0 && units_[i] != needle[matched]) matched = borders[matched - 1];
    if (units_[i] == needle[matched]) ++matched;
    if (matched == count) return i + 1 - count;
  }
  return kNotFound;
}

void Text::to_utf8(List<char>& out) const {
  const auto push = [&](uint32_t byte) { return out.push(static_cast<char>(byte)); };
  for (uint32_t i = 0; i < length_ && !memory_.failed(); ++i) {
    uint32_t point = units_[i];
    const bool high = (point & 0xFC00) == 0xD800;
    if (high && i + 1 < length_ && (units_[i + 1] & 0xFC00) == 0xDC00) {
      point = 0x10000 + ((point & 0x3FF) << 10) + (units_[++i] & 0x3FFu);
    } else if ((point & 0xF800) == 0xD800) {
      point = 0xFFFD;
    }
    if (point < 0x80) {
      push(point);
    } else if (point < 0x800) {
      push(0xC0 | point >> 6);
      push(0x80 | (point & 0x3F));
    } else {
      if (point < 0x10000) {
        push(0xE0 | point >> 12);
      } else {
        push(0xF0 | point >> 18);
        push(0x80 | (point >> 12 & 0x3F));
      }
      push(0x80 | (point >> 6 & 0x3F));
      push(0x80 | (point & 0x3F));
    }
  }
}

JSValue Text::to_string() const {
  if (memory_.failed()) return JS_EXCEPTION;
  return qp_new_string(memory_.ctx(), units_, length_);
}

}  // namespace quiesce::guest
