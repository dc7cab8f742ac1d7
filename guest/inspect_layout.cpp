// Where lines break, and arrays as columns.
#include <math.h>

#include "inspect_formatter.hpp"

namespace quiesce::guest {

void Formatter::join(Text& out, Entries& entries, const Text& base, const Text& open, char close,
                     Extras extras, int level, JSValueConst list) {
  if (memory_.failed()) return;
  if (options_.compact_all) return join_compact(out, entries, base, open, close);
  Entries grouped(memory_);
  Entries* lines = &entries;
  const uint32_t count = entries.count();
  if (options_.compact >= 1) {
    if (extras == Extras::array && count > 6 && group(grouped, entries, list)) lines = &grouped;
    // Only a few levels may share a line, and never one that was laid out in columns.
    if (current_level_ - level < options_.compact && lines->count() == count) {
      const double start =
          static_cast<double>(count) + indentation_ + open.length() + base.length() + 10;
      if (fits_on_a_line(entries, start, base) && !entries.text().contains('\n')) {
        if (!base.empty()) {
          out.add(base);
          out.add(" ");
        }
        out.add(open);
        for (uint32_t i = 0; i < count; ++i) {
          out.add(i == 0 ? " " : ", ");
          out.add_slice(entries.text(), entries.begin(i), entries.end(i));
        }
        if (count == 0) out.add(" ");
        out.add(" ");
        out.add_unit(static_cast<uint16_t>(close));
        return;
      }
    }
  }
  if (!base.empty()) {
    out.add(base);
    out.add(" ");
  }
  out.add(open);
  for (uint32_t i = 0; i < lines->count(); ++i) {
    out.add(i == 0 ? "\n" : ",\n");
    out.add_spaces(indentation_ + 2);
    out.add_slice(lines->text(), lines->begin(i), lines->end(i));
  }
  if (lines->count() == 0) {
    out.add("\n");
    out.add_spaces(indentation_ + 2);
  }
  out.add("\n");
  out.add_spaces(indentation_);
  out.add_unit(static_cast<uint16_t>(close));
}

void Formatter::join_compact(Text& out, Entries& entries, const Text& base, const Text& open,
                             char close) {
  const bool one_line = fits_on_a_line(entries, 0, base);
  out.add(open);
  if (!base.empty()) {
    out.add(" ");
    out.add(base);
  }
  if (one_line || (base.empty() && open.length() == 1)) {
    out.add(" ");
  } else {
    out.add("\n");
    out.add_spaces(indentation_ + 2);
  }
  for (uint32_t i = 0; i < entries.count(); ++i) {
    if (i > 0) {
      out.add(one_line ? ", " : ",\n");
      if (!one_line) out.add_spaces(indentation_ + 2);
    }
    out.add_slice(entries.text(), entries.begin(i), entries.end(i));
  }
  out.add(" ");
  out.add_unit(static_cast<uint16_t>(close));
}

bool Formatter::fits_on_a_line(const Entries& entries, double start, const Text& base) const {
  const double total = static_cast<double>(entries.count()) + start;
  if (total + entries.count() > options_.break_length) return false;
  const Text& text = entries.text();
  const uint32_t length =
      options_.colors ? length_without_colors(text, 0, text.length()) : text.length();
  if (total + length > options_.break_length) return false;
  return !base.contains('\n');
}

/// Columns on a terminal, where escape sequences take none.
uint32_t Formatter::shown_width(const Entries& entries, uint32_t index) const {
  const uint32_t begin = entries.begin(index), end = entries.end(index);
  const uint32_t width = text_width(entries.text(), begin, end);
  if (!options_.colors) return width;
  // The escape character itself has no width.
  uint32_t sequences = 0;
  for (uint32_t i = begin; i < end; ++i) sequences += entries.text()[i] == 0x1B;
  const uint32_t hidden = (end - begin) - length_without_colors(entries.text(), begin, end);
  return hidden > sequences ? width - (hidden - sequences) : width;
}

/// Puts the items of a long list in columns. False: leave them as they are.
bool Formatter::group(Entries& out, const Entries& entries, JSValueConst list) {
  constexpr uint32_t kSeparator = 2;  // a comma and a space
  const bool has_more =
      options_.array_length_max < entries.count();  // the last entry says how many are left out
  const uint32_t count = entries.count() - (has_more ? 1 : 0);
  List<uint32_t> widths(memory_);
  double total = 0;
  uint32_t longest = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t width = shown_width(entries, i);
    if (!widths.push(width)) return false;
    total += width + kSeparator;
    if (width > longest) longest = width;
  }
  // At least three must fit side by side, and no entry be much longer than the others.
  const double cell = static_cast<double>(longest) + kSeparator;
  if (!(cell * 3 + indentation_ < options_.break_length) || !(total / cell > 5 || longest <= 6))
    return false;
  // A square on a screen whose characters are two and a half times as high as wide.
  const double bias = sqrt(cell - total / entries.count());
  const double biased = cell - 3 - bias > 1 ? cell - 3 - bias : 1;
  double columns_wanted = floor(sqrt(2.5 * biased * count) / biased + 0.5);
  const double limits[] = {floor((options_.break_length - indentation_) / cell),
                           options_.compact * 4, 15};
  for (double limit : limits) {
    if (limit < columns_wanted) columns_wanted = limit;
  }
  if (columns_wanted <= 1) return false;
  const auto columns = static_cast<uint32_t>(columns_wanted);

  List<uint32_t> column_widths(memory_);
  for (uint32_t column = 0; column < columns; ++column) {
    uint32_t width = 0;
    for (uint32_t i = column; i < count; i += columns) {
      if (widths[i] > width) width = widths[i];
    }
    if (!column_widths.push(width + kSeparator)) return false;
  }
  const bool align_right = JS_IsUndefined(list) || all_numbers(list, entries.count());
  for (uint32_t row = 0; row < count && !memory_.failed(); row += columns) {
    const uint32_t end = row + columns < count ? row + columns : count;
    for (uint32_t i = row; i < end; ++i) {
      const bool last = i + 1 == end;
      const uint32_t padding = column_widths[i - row] - kSeparator - widths[i];
      if (align_right) out.text().add_spaces(padding);
      out.text().add_slice(entries.text(), entries.begin(i), entries.end(i));
      if (!last) out.text().add(", ");
      if (!last && !align_right) out.text().add_spaces(padding);
    }
    out.close();
  }
  if (has_more) {
    out.text().add_slice(entries.text(), entries.begin(count), entries.end(count));
    out.close();
  }
  return true;
}

/// Are the first `count` items numbers or bigints? What only a getter could tell is none.
bool Formatter::all_numbers(JSValueConst list, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    JSAtom key = JS_NewAtomUInt32(ctx_, i);
    if (key == JS_ATOM_NULL) {
      memory_.fail();
      return false;
    }
    Descriptor item(memory_);
    const bool present = item.read(list, key);
    JS_FreeAtom(ctx_, key);
    if (!present || !(JS_IsNumber(item.value) || qp_is_big_int(item.value))) return false;
  }
  return true;
}

/// Sorts the entries from `from` on by their units, as Array.prototype.sort does.
void Formatter::sort(Entries& entries, uint32_t from) {
  const uint32_t count = entries.count();
  List<uint32_t> order(memory_);
  for (uint32_t i = 0; i < count; ++i) order.push(i);
  if (memory_.failed()) return;
  const Text& text = entries.text();
  const auto before = [&](uint32_t a, uint32_t b) {
    const uint32_t shorter =
        entries.length(a) < entries.length(b) ? entries.length(a) : entries.length(b);
    for (uint32_t i = 0; i < shorter; ++i) {
      const uint16_t left = text[entries.begin(a) + i], right = text[entries.begin(b) + i];
      if (left != right) return left < right;
    }
    return entries.length(a) < entries.length(b);
  };
  order.sort(from, before);
  Entries result(memory_);
  for (uint32_t i : order) {
    result.text().add_slice(text, entries.begin(i), entries.end(i));
    result.close();
  }
  entries.swap(result);
}

/// Once about 2^27 units were written at one indentation, everything below is cut short.
void Formatter::spend(uint32_t length) {
  constexpr uint64_t kUnitsMax = 1u << 27;
  while (budget_.size() <= indentation_) {
    if (!budget_.push(0)) return;
  }
  budget_[indentation_] += length;
  if (budget_[indentation_] > kUnitsMax) depth_ = -1;
}

}  // namespace quiesce::guest
