// Prints a value as Node's util.inspect does, without running guest code.
//
//   JSValue text = inspect(ctx, value);                 // a JavaScript string, or JS_EXCEPTION
//   JSValue deep = inspect(ctx, value, {.depth = 4});
//
// No getter, proxy trap, toString, toJSON, Symbol.toPrimitive, Symbol.hasInstance or
// util.inspect.custom is ever called: an accessor prints as [Getter], a proxy as its target.
// What differs from Node because of that is listed in tests/inspect/README.md.
//
// Only these fail: memory (the engine's out-of-memory error), a text of more than 2^28 units
// (RangeError), and an interrupt by the host: printing counts as steps of the interpreter, and uses
// fuel. Nesting ends at `depth`, or with a sentence in the text when the stack is low. Lengths and
// widths are in UTF-16 code units, except that columns of arrays count what a terminal shows.
#pragma once

#include <stdint.h>

#include "quickjs.h"
#include "text_buffer.hpp"

namespace quiesce::guest {

/// As in Node, with the defaults of Node 20; __builtin_inf() lifts a limit.
struct InspectOptions {
  double depth = 2;
  double break_length = 80;
  double array_length_max = 100;
  double string_length_max = 10000;
  double compact = 3;        // entries of this many inner levels are put on one line
  bool compact_all = false;  // compact: true
  bool show_hidden = false;
  bool show_proxy = false;
  bool sorted = false;
  bool numeric_separator = false;
  bool colors = false;
  JSValueConst custom_texts = JS_UNDEFINED;  // array of objects and the texts to print for them
};

JSValue inspect(JSContext* ctx, JSValueConst value, const InspectOptions& options = {});
void inspect_to(Text& out, JSValueConst value, const InspectOptions& options = {});

/// The code that is printed beside the name of this error, as Node does with its own; undefined:
/// none. Owned.
JSValue printed_code(JSValueConst error);

/// The columns that a terminal needs for the units from `begin` to `end`.
uint32_t text_width(const Text& text, uint32_t begin, uint32_t end);
/// A number or bigint as inspect prints it.
void add_number_text(Text& out, JSValueConst number, bool numeric_separator);
/// Is this an object whose conversion to string is the one that the engine brought along?
bool has_builtin_to_string(Memory& memory, JSValueConst object);
/// The object behind its proxies; JS_NULL if one of them is revoked, still a proxy if they are more
/// than anybody would nest. Borrowed.
JSValueConst behind_proxies(JSValueConst value);

}  // namespace quiesce::guest
