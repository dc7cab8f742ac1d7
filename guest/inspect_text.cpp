// Primitives: numbers, strings with their quotes and escapes.
#include "inspect_formatter.hpp"

namespace quiesce::guest {

namespace {

bool is_high_surrogate(uint16_t unit) { return (unit & 0xFC00) == 0xD800; }
bool is_low_surrogate(uint16_t unit) { return (unit & 0xFC00) == 0xDC00; }

void add_hex(Text& out, uint32_t value, int digits, const char* alphabet) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
    out.add_unit(static_cast<uint8_t>(alphabet[(value >> shift) & 15]));
}

/// True if the unit has to be escaped, and then it was.
bool add_escape(Text& out, uint16_t unit, uint16_t quote) {
  if (unit == quote || unit == '\\') {
    out.add("\\");
    out.add_unit(unit);
    return true;
  }
  const char* letter = unit == '\b'   ? "\\b"
                       : unit == '\t' ? "\\t"
                       : unit == '\n' ? "\\n"
                       : unit == '\f' ? "\\f"
                       : unit == '\r' ? "\\r"
                                      : nullptr;
  if (letter != nullptr) {
    out.add(letter);
    return true;
  }
  if (unit >= 32 && (unit < 127 || unit > 159)) return false;
  out.add("\\x");
  add_hex(out, unit, 2, "0123456789ABCDEF");
  return true;
}

void add_escaped_units(Text& out, const uint16_t* units, uint32_t count, uint16_t quote) {
  for (uint32_t i = 0; i < count && !out.memory().failed(); ++i) {
    const uint16_t unit = units[i];
    if (is_high_surrogate(unit) && i + 1 < count && is_low_surrogate(units[i + 1])) {
      out.add_unit(unit);
      out.add_unit(units[++i]);
    } else if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
      out.add("\\u");
      add_hex(out, unit, 4, "0123456789abcdef");
    } else if (!add_escape(out, unit, quote)) {
      out.add_unit(unit);
    }
  }
}

/// Single quotes if possible, then double ones, then backticks.
uint16_t choose_quote(const uint16_t* units, uint32_t count) {
  bool single_quote = false, double_quote = false, template_like = false;
  for (uint32_t i = 0; i < count; ++i) {
    if (units[i] == '\'') single_quote = true;
    if (units[i] == '"') double_quote = true;
    if (units[i] == '`' || (units[i] == '$' && i + 1 < count && units[i + 1] == '{'))
      template_like = true;
  }
  if (!single_quote) return '\'';
  if (!double_quote) return '"';
  return template_like ? '\'' : '`';
}

/// 1234567 becomes 1_234_567: groups of three, counted from the end of the integer or from the
/// point.
void add_separated(Text& out, const Text& digits) {
  const bool plain_only = digits.contains('e') || digits.contains('N') || digits.contains('I');
  if (plain_only) return out.add(digits);
  const uint32_t point = digits.find('.', 0);
  const uint32_t integer_end = point == Text::kNotFound ? digits.length() : point;
  const uint32_t start = digits.length() > 0 && digits[0] == '-' ? 1 : 0;
  for (uint32_t i = 0; i < integer_end; ++i) {
    if (i > start && (integer_end - i) % 3 == 0) out.add("_");
    out.add_unit(digits[i]);
  }
  for (uint32_t i = integer_end; i < digits.length(); ++i) {
    const uint32_t place = i - integer_end - 1;
    if (i > integer_end + 1 && place % 3 == 0) out.add("_");
    out.add_unit(digits[i]);
  }
}

constexpr const char* kPaintOn[] = {"\x1b[33m", "\x1b[33m", "\x1b[90m", "\x1b[1m", "\x1b[32m",
                                    "\x1b[32m", "\x1b[35m", "\x1b[31m", "\x1b[36m"};

}  // namespace

Paint::Paint(const InspectOptions& options, Text& out, Style style)
    : out_(options.colors ? &out : nullptr), style_(style) {
  if (out_) out_->add(kPaintOn[static_cast<uint8_t>(style)]);
}

Paint::~Paint() {
  if (out_) out_->add(style_ == Style::null ? "\x1b[22m" : "\x1b[39m");
}

uint32_t length_without_colors(const Text& text, uint32_t begin, uint32_t end) {
  uint32_t length = 0;
  for (uint32_t i = begin; i < end; ++i) {
    uint32_t after = i + 2;
    if (text[i] == 0x1B && i + 1 < end && text[i + 1] == '[') {
      while (after < end && text[after] >= '0' && text[after] <= '9') ++after;
      if (after < end && text[after] == 'm') {
        i = after;
        continue;
      }
    }
    ++length;
  }
  return length;
}

void add_quoted(Text& out, const uint16_t* units, uint32_t count) {
  const uint16_t quote = choose_quote(units, count);
  out.add_unit(quote);
  add_escaped_units(out, units, count, quote == '\'' ? quote : uint16_t{0xFFFF});
  out.add_unit(quote);
}

void add_quoted(Text& out, const Text& text) { add_quoted(out, text.units(), text.length()); }

void add_escaped(Text& out, const Text& text) {
  add_escaped_units(out, text.units(), text.length(), '\'');
}

bool is_identifier(const Text& text) {
  for (uint32_t i = 0; i < text.length(); ++i) {
    const uint16_t unit = text[i];
    const bool letter = (unit >= 'a' && unit <= 'z') || (unit >= 'A' && unit <= 'Z') || unit == '_';
    if (!letter && !(i > 0 && unit >= '0' && unit <= '9')) return false;
  }
  return !text.empty();
}

void add_number_text(Text& out, JSValueConst number, bool numeric_separator) {
  double value = 0;
  const bool big = qp_is_big_int(number);
  if (!big && JS_ToFloat64(out.memory().ctx(), &value, number) < 0) return out.memory().fail();
  if (!big && value == 0 && __builtin_signbit(value)) return out.add("-0");
  if (numeric_separator) {
    Text digits(out.memory());
    digits.add_string(number);
    add_separated(out, digits);
  } else {
    out.add_string(number);
  }
  if (big) out.add("n");
}

void Formatter::primitive(Text& out, JSValueConst value) {
  if (JS_IsString(value)) return string(out, value);
  if (JS_IsNumber(value) || qp_is_big_int(value)) {
    const Paint paint(options_, out, Style::number);
    return add_number_text(out, value, options_.numeric_separator);
  }
  if (JS_IsSymbol(value)) {
    const Paint paint(options_, out, Style::symbol);
    out.add("Symbol(");
    out.add_string(value);
    return out.add(")");
  }
  const Paint paint(options_, out,
                    JS_IsNull(value)   ? Style::null
                    : JS_IsBool(value) ? Style::boolean
                                       : Style::undefined);
  out.add_string(value);
}

void Formatter::string(Text& out, JSValueConst string) {
  constexpr uint32_t kShortMax = 16;
  Text text(memory_);
  text.add_string(string);
  const uint32_t whole = text.length();
  if (whole > options_.string_length_max)
    text.truncate(static_cast<uint32_t>(options_.string_length_max));
  const uint32_t count = text.length();
  if (!options_.compact_all && count > kShortMax &&
      count > options_.break_length - indentation_ - 4) {
    for (uint32_t begin = 0; begin < count;) {
      uint32_t end = text.find('\n', begin);
      end = end == Text::kNotFound ? count : end + 1;
      if (begin > 0) {
        out.add(" +\n");
        out.add_spaces(indentation_ + 2);
      }
      const Paint paint(options_, out, Style::string);
      add_quoted(out, text.units() + begin, end - begin);
      begin = end;
    }
  } else {
    const Paint paint(options_, out, Style::string);
    add_quoted(out, text);
  }
  if (count == whole) return;
  out.add("... ");
  out.add_number(whole - count);
  out.add(whole - count > 1 ? " more characters" : " more character");
}

}  // namespace quiesce::guest
