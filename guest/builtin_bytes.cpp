// internal('bytes'): texts and bytes in the encodings of Buffer, TextDecoder and StringDecoder.
//
// Views are given as typed arrays; what is no view, or is out of bounds by now, is empty. Offsets
// are checked here too, whatever the built-in did before.
#include <string.h>

#include "builtins.hpp"
#include "held.hpp"
#include "inspect_internals.h"
#include "text_buffer.hpp"

using quiesce::guest::Memory;
// The engine's List is another one.
template <class T>
using Growing = quiesce::guest::List<T>;

namespace {

enum Encoding : u32 { kUtf8, kUtf16, kLatin1, kAscii, kBase64, kBase64Url, kHex, kEncodings };

constexpr char kBase64Digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kHexDigits[] = "0123456789abcdef";
constexpr u32 kStepBytes = 64;  // so many bytes are a step of the interpreter

/// A part of a typed array.
struct Bytes {
  uint8_t* data = nullptr;
  u32 count = 0;

  Bytes part(f64 start, f64 end) const {
    const f64 size = count;
    start = start > 0 ? start : 0;
    end = end < size ? end : size;
    if (!(start < end)) return {data, 0};
    return {data + (u32)start, (u32)end - (u32)start};
  }
};

Bytes bytes_of(JSValueConst view) {
  Bytes bytes;
  if (!qi_bytes_view(view, &bytes.data, &bytes.count)) return {};
  return bytes;
}

/// The same of what may be changed; nothing of what is immutable.
Bytes writable(JSValueConst view) {
  return qi_is_immutable_buffer(view) ? Bytes() : bytes_of(view);
}

/// The units of a string while this lives.
class Units {
 public:
  Units(JSContext* ctx, JSValueConst string) : ctx_(ctx) {
    failed_ = qp_string_units(ctx, string, &units_) < 0;
    if (failed_) units_ = {nullptr, 0, 0, JS_UNDEFINED};
  }
  Units(const Units&) = delete;
  Units& operator=(const Units&) = delete;
  ~Units() { JS_FreeValue(ctx_, units_.owner); }
  bool failed() const { return failed_; }
  u32 count() const { return units_.count; }
  u32 operator[](u32 index) const {
    return units_.wide ? static_cast<const uint16_t*>(units_.data)[index]
                       : static_cast<const uint8_t*>(units_.data)[index];
  }

 private:
  JSContext* ctx_;
  qp_units units_;
  bool failed_;
};

f64 number(JSContext* ctx, JSValueConst value, f64 otherwise) {
  f64 result = otherwise;
  if (JS_IsNumber(value) && JS_ToFloat64(ctx, &result, value) < 0) return otherwise;
  return result == result ? result : otherwise;
}

u32 encoding_of(JSContext* ctx, JSValueConst value) {
  const f64 which = number(ctx, value, kUtf8);
  return which >= 0 && which < (f64)(u32)kEncodings ? (u32)which : kUtf8;
}

// ---- UTF-8 --------------------------------------------------------------------------------------

/// One step of the decoder of the Encoding Standard: the scalar value at `at`, or -1 for a maximal
/// subpart that is none; `taken` bytes either way. `incomplete`: the text ends within a sequence.
i32 decode_one(const uint8_t* at, u32 left, u32& taken, bool& incomplete) {
  const uint8_t lead = at[0];
  taken = 1;
  incomplete = false;
  if (lead < 0x80) return lead;
  u32 more, low = 0x80, high = 0xBF;
  i32 scalar;
  if (lead >= 0xC2 && lead <= 0xDF) {
    more = 1, scalar = lead & 0x1F;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    more = 2, scalar = lead & 0x0F;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    more = 3, scalar = lead & 0x07;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return -1;
  }
  for (u32 i = 0; i < more; ++i) {
    if (taken == left) {
      incomplete = true;
      return -1;
    }
    const uint8_t next = at[taken];
    if (next < low || next > high) return -1;
    low = 0x80, high = 0xBF;
    scalar = scalar << 6 | (next & 0x3F);
    ++taken;
  }
  return scalar;
}

/// False: `fatal`, and the bytes are malformed.
bool decode_utf8(Growing<uint16_t>& out, Bytes bytes, bool fatal) {
  for (u32 i = 0, taken; i < bytes.count; i += taken) {
    bool incomplete;
    i32 scalar = decode_one(bytes.data + i, bytes.count - i, taken, incomplete);
    if (scalar < 0) {
      if (fatal) return false;
      scalar = 0xFFFD;
    }
    if (scalar >= 0x10000) {
      out.push((uint16_t)(0xD800 + ((scalar - 0x10000) >> 10)));
      out.push((uint16_t)(0xDC00 + ((scalar - 0x10000) & 0x3FF)));
    } else if (!out.push((uint16_t)scalar)) {
      return true;
    }
  }
  return true;
}

bool is_ascii(Bytes bytes) {
  u32 all = 0;
  for (u32 i = 0; i < bytes.count; ++i) all |= bytes.data[i];
  return all < 0x80;
}

u32 utf8_bytes(u32 scalar) {
  return scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
}

/// The scalar value at `index`; a lone surrogate is U+FFFD. `index` is set behind it.
u32 scalar_at(const Units& units, u32& index) {
  const u32 unit = units[index++];
  if ((unit & 0xF800) != 0xD800) return unit;
  if ((unit & 0x0400) != 0 || index == units.count() || (units[index] & 0xFC00) != 0xDC00)
    return 0xFFFD;
  return 0x10000 + ((unit & 0x3FF) << 10) + (units[index++] & 0x3FF);
}

void put_utf8(uint8_t* to, u32 scalar) {
  const u32 bytes = utf8_bytes(scalar);
  if (bytes == 1) {
    to[0] = (uint8_t)scalar;
    return;
  }
  for (u32 i = bytes - 1; i > 0; --i, scalar >>= 6) to[i] = (uint8_t)(0x80 | (scalar & 0x3F));
  to[0] = (uint8_t)((0xF00 >> bytes & 0xFF) | scalar);
}

u64 utf8_length(const Units& units) {
  u64 bytes = 0;
  for (u32 i = 0; i < units.count();) bytes += utf8_bytes(scalar_at(units, i));
  return bytes;
}

// ---- base64 and hex -----------------------------------------------------------------------------

i32 base64_value(u32 unit) {
  if (unit >= 'A' && unit <= 'Z') return (i32)unit - 'A';
  if (unit >= 'a' && unit <= 'z') return (i32)unit - 'a' + 26;
  if (unit >= '0' && unit <= '9') return (i32)unit - '0' + 52;
  if (unit == '+' || unit == '-') return 62;
  if (unit == '/' || unit == '_') return 63;
  return -1;
}

i32 hex_value(u32 unit) {
  if (unit >= '0' && unit <= '9') return (i32)unit - '0';
  if (unit >= 'a' && unit <= 'f') return (i32)unit - 'a' + 10;
  if (unit >= 'A' && unit <= 'F') return (i32)unit - 'A' + 10;
  return -1;
}

/// Both alphabets at once, other characters skipped, ended by "=": what Buffer takes.
u32 decode_base64(const Units& units, uint8_t* to, u32 room) {
  u32 bits = 0, held = 0, count = 0;
  for (u32 i = 0; i < units.count() && count < room; ++i) {
    if (units[i] == '=') break;
    const i32 value = base64_value(units[i]);
    if (value < 0) continue;
    held = held << 6 | (u32)value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    to[count++] = (uint8_t)(held >> bits);
  }
  return count;
}

void encode_base64(Growing<uint16_t>& out, Bytes bytes, bool url) {
  const auto digit = [&](u32 value) {
    const char c = kBase64Digits[value & 63];
    out.push((uint16_t)(url && c == '+' ? '-' : url && c == '/' ? '_' : c));
  };
  for (u32 i = 0; i < bytes.count; i += 3) {
    const u32 left = bytes.count - i;
    const u32 group = (u32)bytes.data[i] << 16 | (left > 1 ? (u32)bytes.data[i + 1] << 8 : 0) |
                      (left > 2 ? (u32)bytes.data[i + 2] : 0);
    digit(group >> 18);
    digit(group >> 12);
    if (left > 1) digit(group >> 6);
    if (left > 2) digit(group);
    for (u32 missing = left; missing < 3 && !url; ++missing) out.push('=');
  }
}

// ---- strings into bytes -------------------------------------------------------------------------

/// As many whole characters as there is room for; the count of bytes.
u32 encode_into(const Units& units, u32 encoding, uint8_t* to, u32 room, u32* read = nullptr) {
  u32 count = 0;
  switch (encoding) {
    case kUtf16:
      for (u32 i = 0; i < units.count() && room - count >= 2; ++i) {
        to[count++] = (uint8_t)units[i];
        to[count++] = (uint8_t)(units[i] >> 8);
      }
      return count;
    case kLatin1:
    case kAscii:
      for (; count < units.count() && count < room; ++count) to[count] = (uint8_t)units[count];
      return count;
    case kBase64:
    case kBase64Url: return decode_base64(units, to, room);
    case kHex:
      for (u32 i = 0; i + 1 < units.count() && count < room; i += 2) {
        const i32 high = hex_value(units[i]), low = hex_value(units[i + 1]);
        if (high < 0 || low < 0) break;
        to[count++] = (uint8_t)(high << 4 | low);
      }
      return count;
    default: {
      u32 i = 0;
      while (i < units.count()) {
        u32 next = i;
        const u32 scalar = scalar_at(units, next), bytes = utf8_bytes(scalar);
        if (bytes > room - count) break;
        put_utf8(to + count, scalar);
        count += bytes;
        i = next;
      }
      if (read) *read = i;
      return count;
    }
  }
}

u64 length_in(const Units& units, u32 encoding) {
  switch (encoding) {
    case kUtf16: return (u64)units.count() * 2;
    case kLatin1:
    case kAscii: return units.count();
    case kHex: return units.count() / 2;
    case kBase64:
    case kBase64Url: return (u64)units.count() * 3 / 4 + 3;  // at most
    default: return utf8_length(units);
  }
}

bool spend(JSContext* ctx, u64 bytes) { return qp_spend(ctx, (u32)(bytes / kStepBytes)) == 0; }

// encode(string, encoding) -> Uint8Array
JSValue encode(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const Units units(ctx, arguments[0]);
  if (units.failed()) return JS_EXCEPTION;
  const u32 encoding = encoding_of(ctx, arguments[1]);
  const u64 room = length_in(units, encoding);
  if (!spend(ctx, room)) return JS_EXCEPTION;
  if (room > INT32_MAX) return JS_ThrowRangeError(ctx, "Invalid typed array length: %f", (f64)room);
  HeldBytes bytes((size_t)room + 1);
  if (bytes.failed()) return JS_EXCEPTION;
  auto* data = reinterpret_cast<uint8_t*>(bytes.get());
  return JS_NewUint8ArrayCopy(ctx, data, encode_into(units, encoding, data, (u32)room));
}

// write(view, string, offset, length, encoding) -> bytes
JSValue write(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const Units units(ctx, arguments[1]);
  if (units.failed()) return JS_EXCEPTION;
  const f64 offset = number(ctx, arguments[2], 0);
  const Bytes all = writable(arguments[0]);
  const Bytes to = all.part(offset, offset + number(ctx, arguments[3], all.count));
  if (!spend(ctx, to.count)) return JS_EXCEPTION;
  u32 read = 0;
  const u32 encoding = encoding_of(ctx, arguments[4]);
  return JS_NewUint32(ctx, encode_into(units, encoding, to.data, to.count, &read));
}

// encodeInto(string, view) -> units read * 2^32 + bytes written, as TextEncoder has it
JSValue encode_text_into(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const Units units(ctx, arguments[0]);
  if (units.failed()) return JS_EXCEPTION;
  const Bytes to = writable(arguments[1]);
  if (!spend(ctx, to.count)) return JS_EXCEPTION;
  u32 read = 0;
  const u32 written = encode_into(units, kUtf8, to.data, to.count, &read);
  return JS_NewFloat64(ctx, (f64)read * 4294967296.0 + written);
}

JSValue byte_length(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const Units units(ctx, arguments[0]);
  if (units.failed() || !spend(ctx, units.count())) return JS_EXCEPTION;
  return JS_NewFloat64(ctx, (f64)utf8_length(units));
}

// ---- bytes into strings -------------------------------------------------------------------------

JSValue new_string(JSContext* ctx, const Growing<uint16_t>& units) {
  u32 all = 0;
  for (const uint16_t unit : units) all |= unit;
  if (all > 0xFF || units.empty()) return JS_NewStringUTF16(ctx, units.begin(), units.size());
  HeldBytes narrow(units.size());
  if (narrow.failed()) return JS_EXCEPTION;
  for (u32 i = 0; i < units.size(); ++i) narrow.get()[i] = (char)units[i];
  return qi_new_latin1(ctx, reinterpret_cast<const uint8_t*>(narrow.get()), units.size());
}

// decode(view, encoding, start, end, fatal) -> string; undefined: fatal, and malformed
JSValue decode(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const u32 encoding = encoding_of(ctx, arguments[1]);
  const Bytes bytes =
      bytes_of(arguments[0])
          .part(number(ctx, arguments[2], 0), number(ctx, arguments[3], UINT32_MAX));
  if (!spend(ctx, bytes.count)) return JS_EXCEPTION;
  if (encoding == kLatin1 || (encoding == kUtf8 && is_ascii(bytes)))
    return qi_new_latin1(ctx, bytes.data, bytes.count);
  Memory memory(ctx);
  Growing<uint16_t> units(memory);
  switch (encoding) {
    case kUtf16:
      for (u32 i = 0; i + 1 < bytes.count; i += 2)
        units.push((uint16_t)(bytes.data[i] | bytes.data[i + 1] << 8));
      break;
    case kAscii:
      for (u32 i = 0; i < bytes.count; ++i) units.push(bytes.data[i] & 0x7F);
      break;
    case kHex:
      for (u32 i = 0; i < bytes.count; ++i) {
        units.push((uint16_t)kHexDigits[bytes.data[i] >> 4]);
        units.push((uint16_t)kHexDigits[bytes.data[i] & 15]);
      }
      break;
    case kBase64:
    case kBase64Url: encode_base64(units, bytes, encoding == kBase64Url); break;
    default:
      if (!decode_utf8(units, bytes, JS_ToBool(ctx, arguments[4]) > 0)) return JS_UNDEFINED;
  }
  return memory.failed() ? JS_EXCEPTION : new_string(ctx, units);
}

// utf8Tail(view, end): how many bytes before `end` are the beginning of a sequence that may go on
JSValue utf8_tail(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const Bytes bytes = bytes_of(arguments[0]).part(0, number(ctx, arguments[1], UINT32_MAX));
  for (u32 tail = 1; tail <= 3 && tail <= bytes.count; ++tail) {
    u32 taken;
    bool incomplete;
    const uint8_t* at = bytes.data + bytes.count - tail;
    if ((at[0] & 0xC0) == 0x80) continue;
    decode_one(at, tail, taken, incomplete);
    return JS_NewUint32(ctx, incomplete ? tail : 0);
  }
  return JS_NewUint32(ctx, 0);
}

JSValue is_valid(JSContext* ctx, JSValueConst, int, JSValueConst* arguments, int only_ascii) {
  const Bytes bytes = bytes_of(arguments[0]);
  if (!spend(ctx, bytes.count)) return JS_EXCEPTION;
  if (only_ascii) return JS_NewBool(ctx, is_ascii(bytes));
  for (u32 i = 0, taken; i < bytes.count; i += taken) {
    bool incomplete;
    if (decode_one(bytes.data + i, bytes.count - i, taken, incomplete) < 0) return JS_FALSE;
  }
  return JS_TRUE;
}

// ---- bytes --------------------------------------------------------------------------------------

// compare(a, b, a start, a end, b start, b end) -> -1, 0, 1
JSValue compare(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const Bytes a = bytes_of(arguments[0])
                      .part(number(ctx, arguments[2], 0), number(ctx, arguments[3], UINT32_MAX));
  const Bytes b = bytes_of(arguments[1])
                      .part(number(ctx, arguments[4], 0), number(ctx, arguments[5], UINT32_MAX));
  const u32 common = a.count < b.count ? a.count : b.count;
  if (!spend(ctx, common)) return JS_EXCEPTION;
  const int order = common ? memcmp(a.data, b.data, common) : 0;
  if (order != 0) return JS_NewInt32(ctx, order < 0 ? -1 : 1);
  return JS_NewInt32(ctx, a.count < b.count ? -1 : a.count > b.count ? 1 : 0);
}

// indexOf(view, needle, from, backwards, width): `from` and what is found are bytes; at multiples
// of `width` alone
JSValue index_of(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const Bytes bytes = bytes_of(arguments[0]), needle = bytes_of(arguments[1]);
  const f64 from = number(ctx, arguments[2], 0);
  const bool backwards = JS_ToBool(ctx, arguments[3]) > 0;
  const u32 width = number(ctx, arguments[4], 1) == 2 ? 2 : 1;
  if (needle.count > bytes.count || needle.count == 0 || from < 0) return JS_NewInt32(ctx, -1);
  const u32 last = bytes.count - needle.count;
  if (!backwards && from > last) return JS_NewInt32(ctx, -1);
  u32 at = from < last ? (u32)from : last;
  for (u64 steps = 0;; ++steps) {
    if (steps % 4096 == 4095 && !spend(ctx, 4096)) return JS_EXCEPTION;
    if (at % width == 0 && bytes.data[at] == needle.data[0] &&
        memcmp(bytes.data + at, needle.data, needle.count) == 0)
      return JS_NewFloat64(ctx, at);
    if (at == (backwards ? 0 : last)) return JS_NewInt32(ctx, -1);
    at += backwards ? UINT32_MAX : 1;
  }
}

// fill(view, pattern, start, end)
JSValue fill(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const Bytes to = writable(arguments[0])
                       .part(number(ctx, arguments[2], 0), number(ctx, arguments[3], UINT32_MAX));
  const Bytes pattern = bytes_of(arguments[1]);
  if (!spend(ctx, to.count)) return JS_EXCEPTION;
  if (pattern.count == 0) return JS_UNDEFINED;
  for (u32 i = 0; i < to.count; ++i) to.data[i] = pattern.data[i % pattern.count];
  return JS_UNDEFINED;
}

constexpr JSCFunctionListEntry kFunctions[] = {
    JS_CFUNC_DEF("byteLength", 1, byte_length),
    JS_CFUNC_DEF("compare", 6, compare),
    JS_CFUNC_DEF("decode", 5, decode),
    JS_CFUNC_DEF("encode", 2, encode),
    JS_CFUNC_DEF("encodeInto", 2, encode_text_into),
    JS_CFUNC_DEF("fill", 4, fill),
    JS_CFUNC_DEF("indexOf", 5, index_of),
    JS_CFUNC_MAGIC_DEF("isAscii", 1, is_valid, 1),
    JS_CFUNC_MAGIC_DEF("isUtf8", 1, is_valid, 0),
    JS_CFUNC_DEF("utf8Tail", 2, utf8_tail),
    JS_CFUNC_DEF("write", 5, write),
};

}  // namespace

JSValue new_utf8_string(JSContext* ctx, const char* text, u32 count) {
  const Bytes bytes{const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(text)), count};
  if (is_ascii(bytes)) return qi_new_latin1(ctx, bytes.data, count);
  Memory memory(ctx);
  Growing<uint16_t> units(memory);
  decode_utf8(units, bytes, false);
  return memory.failed() ? JS_EXCEPTION : new_string(ctx, units);
}

const NativeGroup kByteNatives("bytes", kFunctions);
