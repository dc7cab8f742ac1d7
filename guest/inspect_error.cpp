// Errors. QuickJS keeps a stack without its first line; "Name: message" is put before it here. Node
// does the same when a stack is first looked at, so the name and the message are those of now.
#include "inspect_formatter.hpp"

namespace quiesce::guest {

namespace {

constexpr const char* kFrame = "    at ";
constexpr const char* kImporter = "    imported from ";  // module_chain.cpp

/// Where the lines of a stack begin, with the line end before them.
uint32_t find_frames(const Text& text, uint32_t from) {
  const uint32_t frame = text.find("\n    at", from);
  const uint32_t importer = text.find("\n    imported from ", from);
  return frame < importer ? frame : importer;  // kNotFound is the largest
}

bool is_upper(uint16_t unit) { return unit >= 'A' && unit <= 'Z'; }
bool is_word(uint16_t unit) {
  return is_upper(unit) || (unit >= 'a' && unit <= 'z') || (unit >= '0' && unit <= '9') ||
         unit == '_' || unit == '-';
}

/// How many units at the start of a stack look like the name of an error: "RangeError", "Foo
/// [bar]".
uint32_t name_length(const Text& stack) {
  uint32_t i = 0;
  while (i < stack.length() && (is_word(stack[i]) || stack[i] == ' ' || stack[i] == '[' ||
                                stack[i] == ']' || stack[i] == '(' || stack[i] == ')'))
    ++i;
  if (i >= 2 && is_upper(stack[0]) && (stack.matches_at(i, ":") || stack.matches_at(i, "\n    at")))
    return i;
  for (i = 0; i < stack.length() && is_word(stack[i]); ++i) {
  }
  return i == stack.length() && stack.ends_with("Error") ? i : 0;
}

/// Where each line begins, from `from` on; the end of the text plus one comes last.
void split_lines(List<uint32_t>& starts, const Text& text, uint32_t from) {
  for (uint32_t at = from;;) {
    starts.push(at);
    at = text.find('\n', at);
    if (at == Text::kNotFound) break;
    ++at;
  }
  starts.push(text.length() + 1);
}

bool same_line(const Text& a, const List<uint32_t>& a_starts, uint32_t i, const Text& b,
               const List<uint32_t>& b_starts, uint32_t j) {
  const uint32_t length = a_starts[i + 1] - a_starts[i];
  if (length != b_starts[j + 1] - b_starts[j]) return false;
  for (uint32_t k = 0; k + 1 < length; ++k) {
    if (a[a_starts[i] + k] != b[b_starts[j] + k]) return false;
  }
  return true;
}

}  // namespace

/// `error.name` as String prints it; "Error" if it is undefined, or if only code could tell.
void Formatter::error_name(Text& out, JSValueConst error, const char* for_null) {
  Descriptor name(memory_);
  JSValueConst at = error;
  for (uint32_t steps = 0; JS_IsObject(at) && steps < kChainMax; ++steps, at = next_in_chain(at)) {
    if (!name.read_own(at, qp_atom(QP_ATOM_NAME)) || name.is_accessor()) continue;
    if (JS_IsNull(name.value)) return out.add(for_null);
    if (JS_IsObject(name.value) || JS_IsSymbol(name.value) || JS_IsUndefined(name.value)) break;
    return out.add_string(name.value);
  }
  out.add("Error");
}

/// "Name: message", as Error.prototype.toString gives it (ECMA-262 20.5.3.4).
void Formatter::error_header(Text& out, JSValueConst error) {
  const uint32_t start = out.length();
  error_name(out, error, "null");
  JSValue code = printed_code(error);
  if (JS_IsString(code)) {
    out.add(" [");
    out.add_string(code);
    out.add("]");
  }
  JS_FreeValue(ctx_, code);
  Descriptor message(memory_);
  if (!message.read(error, qp_atom(QP_ATOM_MESSAGE)) || message.is_accessor()) return;
  if (JS_IsObject(message.value) || JS_IsSymbol(message.value) || JS_IsUndefined(message.value))
    return;
  Text text(memory_);
  text.add_string(message.value);
  if (text.empty()) return;
  if (out.length() != start) out.add(": ");
  out.add(text);
}

void Formatter::error_stack(Text& out, JSValueConst error) {
  Descriptor own(memory_);
  const bool replaced = own.read_own(error, qp_atom(QP_ATOM_STACK)) && !own.is_accessor();
  JSValueConst stack = replaced                         ? own.value
                       : qp_class_of(error) == QP_ERROR ? qp_object_data(error)
                                                        : JS_UNDEFINED;
  if (JS_IsObject(stack) || JS_IsSymbol(stack) || JS_IsUndefined(stack) || JS_IsNull(stack))
    return error_header(out, error);
  Text frames(memory_);
  frames.add_string(stack);
  const bool bare = frames.matches_at(0, kFrame) || frames.matches_at(0, kImporter);
  if (bare || frames.empty()) error_header(out, error);
  if (bare) {
    out.add("\n");
    if (frames.ends_with("\n")) frames.truncate(frames.length() - 1);
  }
  out.add(frames);
}

void Formatter::error_base(Text& out, Shape& shape) {
  Text name(memory_), stack(memory_), improved(memory_);
  error_name(name, shape.object, "Error");
  error_stack(stack, shape.object);
  if (!options_.show_hidden) hide_repeated_keys(shape, stack);
  Descriptor extra(memory_);
  if (extra.read(shape.object, qp_atom(QP_ATOM_CAUSE)) &&
      !shape.keys.contains(qp_atom(QP_ATOM_CAUSE)))
    shape.keys.add(qp_atom(QP_ATOM_CAUSE));
  if (extra.read(shape.object, qp_atom(QP_ATOM_ERRORS)) &&
      qp_class_of(behind_proxies(extra.value)) == QP_ARRAY &&
      !shape.keys.contains(qp_atom(QP_ATOM_ERRORS))) {
    shape.keys.add(qp_atom(QP_ATOM_ERRORS));
  }
  improve_stack(improved, stack, shape, name);
  if (memory_.failed()) return;

  // A message may itself contain what looks like a frame.
  uint32_t from = 0;
  Descriptor message(memory_);
  if (message.read(shape.object, qp_atom(QP_ATOM_MESSAGE)) && JS_IsString(message.value)) {
    Text text(memory_);
    text.add_string(message.value);
    const uint32_t at = text.empty() ? Text::kNotFound : improved.find(text, 0);
    if (at != Text::kNotFound && at != 0) from = at + text.length();
  }
  Text whole(memory_);
  const uint32_t frames = find_frames(improved, from);
  if (frames == Text::kNotFound) {
    whole.add("[");
    whole.add(improved);
    whole.add("]");
  } else {
    whole.add_slice(improved, 0, frames);
    add_frames(whole, improved, frames + 1, shape.object);
  }
  for (uint32_t i = 0; i < whole.length(); ++i) {
    out.add_unit(whole[i]);
    if (whole[i] == '\n') out.add_spaces(indentation_);
  }
}

/// Own properties that the stack tells already.
void Formatter::hide_repeated_keys(Shape& shape, const Text& stack) {
  constexpr qp_name kInStack[] = {QP_ATOM_NAME, QP_ATOM_MESSAGE, QP_ATOM_STACK};
  for (qp_name which : kInStack) {
    const JSAtom key = qp_atom(which);
    Descriptor own(memory_);
    if (!shape.keys.contains(key) || !own.read_own(shape.object, key) || own.is_accessor() ||
        JS_IsObject(own.value))
      continue;
    Text text(memory_);
    text.add_string(own.value);
    const bool is_stack = which == QP_ATOM_STACK && text.matches_at(0, kFrame);
    if (is_stack || stack.find(text, 0) != Text::kNotFound) shape.keys.remove(shape.keys.find(key));
  }
}

/// Makes the first line name the class, "Error: x" of a class Foo becoming "Foo: x" or "Foo
/// [Error]: x".
void Formatter::improve_stack(Text& out, const Text& stack, const Shape& shape, const Text& name) {
  uint32_t length = name.length();
  const bool regular = name.ends_with("Error") && stack.starts_with(name) &&
                       (stack.length() == length || stack[length] == ':' || stack[length] == '\n');
  if (shape.has_constructor && !regular) return out.add(stack);
  Text fallback(memory_), wanted(memory_);
  if (!shape.has_constructor) {
    length = name_length(stack);
    if (length > 0) fallback.add_slice(stack, 0, length);
  }
  if (fallback.empty()) fallback.add("Error");
  prefix(wanted, shape, fallback);
  if (memory_.failed()) return;
  wanted.truncate(wanted.length() - 1);
  if (name.equals(wanted)) return out.add(stack);
  const uint32_t cut = length < stack.length() ? length : stack.length();
  out.add(wanted);
  if (wanted.find(name, 0) != Text::kNotFound) {
    if (length == 0) out.add(": ");
  } else {
    out.add(" [");
    out.add(name);
    out.add("]");
  }
  out.add_slice(stack, cut, stack.length());
}

/// The frames, without the run that the stack of the cause repeats.
void Formatter::add_frames(Text& out, const Text& stack, uint32_t from, JSValueConst error) {
  constexpr uint32_t kRunMin = 4, kLinesMax = 256;
  List<uint32_t> lines(memory_), cause_lines(memory_);
  split_lines(lines, stack, from);
  uint32_t skip_from = 0, skip_count = 0;
  Descriptor cause(memory_);
  if (cause.read(error, qp_atom(QP_ATOM_CAUSE)) && JS_IsObject(cause.value)) {
    JSValueConst inner = behind_proxies(cause.value);
    Text cause_stack(memory_);
    if (JS_IsObject(inner) && is_error(inner, qp_class_of(inner))) error_stack(cause_stack, inner);
    const uint32_t frames = cause_stack.find("\n    at", 0);
    if (frames != Text::kNotFound) split_lines(cause_lines, cause_stack, frames + 1);
    uint32_t count = lines.empty() ? 0 : lines.size() - 1;
    const uint32_t cause_count = cause_lines.empty() ? 0 : cause_lines.size() - 1;
    // Longer stacks are not the engine's, and comparing each line with each takes its time.
    if (count > kLinesMax || cause_count > kLinesMax) count = 0;
    for (uint32_t i = 0; i + kRunMin <= count && skip_count == 0 && !memory_.failed(); ++i) {
      uint32_t j = 0;
      while (j < cause_count && !same_line(stack, lines, i, cause_stack, cause_lines, j)) ++j;
      uint32_t run = 0;
      while (i + run < count && j + run < cause_count &&
             same_line(stack, lines, i + run, cause_stack, cause_lines, j + run))
        ++run;
      if (run < kRunMin) continue;
      skip_from = i + 1;
      skip_count = run - 2;
    }
  }
  for (uint32_t i = 0; i + 1 < lines.size() && !memory_.failed(); ++i) {
    out.add("\n");
    if (skip_count > 0 && i == skip_from) {
      out.add("    ... ");
      out.add_number(skip_count);
      out.add(" lines matching cause stack trace ...");
      i += skip_count - 1;
      continue;
    }
    out.add_slice(stack, lines[i], lines[i + 1] - 1);
  }
}

}  // namespace quiesce::guest
