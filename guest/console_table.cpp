// console.table: one row for each entry of a value, one column for each key of those.
#include "console.hpp"
#include "inspect_formatter.hpp"

namespace quiesce::guest {

namespace {

constexpr uint16_t kHorizontal = 0x2500, kVertical = 0x2502;
struct Corners {
  uint16_t left, middle, right;
};
constexpr Corners kTop = {0x250C, 0x252C, 0x2510}, kMiddle = {0x251C, 0x253C, 0x2524},
                  kBottom = {0x2514, 0x2534, 0x2518};

/// A grid of texts with a line of heads, filled cell by cell.
class Table {
 public:
  explicit Table(Memory& memory)
      : memory_(memory), heads_(memory), texts_(memory), cells_(memory) {}

  Memory& memory() { return memory_; }
  Entries& heads() { return heads_; }
  /// Append the text of a cell here, then call `close_cell`.
  Text& text() { return texts_.text(); }
  void close_cell(uint32_t row, uint32_t column) {
    cells_.push({row, column, texts_.count()});
    texts_.close();
    if (row >= rows_) rows_ = row + 1;
  }
  /// With the columns in the order that `order` gives.
  void print(Text& out, const List<uint32_t>& order);

 private:
  struct Cell {
    uint32_t row, column, text;
  };
  static constexpr uint32_t kEmpty = UINT32_MAX;

  void line(Text& out, const List<uint32_t>& widths, const Corners& corners) {
    out.add_unit(corners.left);
    for (uint32_t i = 0; i < widths.size(); ++i) {
      if (i > 0) out.add_unit(corners.middle);
      for (uint32_t k = 0; k < widths[i] + 2; ++k) out.add_unit(kHorizontal);
    }
    out.add_unit(corners.right);
  }
  void cell(Text& out, const Text* text, uint32_t begin, uint32_t end, uint32_t width) {
    out.add(" ");
    uint32_t used = 0;
    if (text != nullptr) {
      out.add_slice(*text, begin, end);
      used = text_width(*text, begin, end);
    }
    out.add_spaces((width > used ? width - used : 0) + 1);
    out.add_unit(kVertical);
  }

  Memory& memory_;
  Entries heads_, texts_;
  List<Cell> cells_;
  uint32_t rows_ = 0;
};

void Table::print(Text& out, const List<uint32_t>& order) {
  const uint32_t columns = order.size();
  List<uint32_t> place(memory_), widths(memory_), grid(memory_);
  for (uint32_t i = 0; i < columns; ++i) place.push(0);
  for (uint32_t i = 0; i < columns && !memory_.failed(); ++i) {
    place[order[i]] = i;
    widths.push(text_width(heads_.text(), heads_.begin(order[i]), heads_.end(order[i])));
  }
  for (uint64_t i = 0; i < static_cast<uint64_t>(rows_) * columns && !memory_.failed(); ++i)
    grid.push(kEmpty);
  if (memory_.failed()) return;
  for (const Cell& cell : cells_) {
    const uint32_t column = place[cell.column];
    grid[cell.row * columns + column] = cell.text;
    const uint32_t width =
        text_width(texts_.text(), texts_.begin(cell.text), texts_.end(cell.text));
    if (width > widths[column]) widths[column] = width;
  }
  line(out, widths, kTop);
  out.add("\n");
  out.add_unit(kVertical);
  for (uint32_t i = 0; i < columns; ++i)
    cell(out, &heads_.text(), heads_.begin(order[i]), heads_.end(order[i]), widths[i]);
  out.add("\n");
  line(out, widths, kMiddle);
  for (uint32_t row = 0; row < rows_ && !memory_.failed(); ++row) {
    out.add("\n");
    out.add_unit(kVertical);
    for (uint32_t i = 0; i < columns; ++i) {
      const uint32_t text = grid[row * columns + i];
      if (text == kEmpty) {
        cell(out, nullptr, 0, 0, widths[i]);
      } else {
        cell(out, &texts_.text(), texts_.begin(text), texts_.end(text), widths[i]);
      }
    }
  }
  out.add("\n");
  line(out, widths, kBottom);
}

// ---- what stands in it --------------------------------------------------------------------------

/// Own keys that are strings and can be enumerated, of the object behind any proxies.
void visible_keys(Keys& keys, Memory& memory, JSValueConst object) {
  JSContext* ctx = memory.ctx();
  JSPropertyEnum* found = nullptr;
  uint32_t count = 0;
  if (memory.failed() || !JS_IsObject(object)) return;
  if (qp_own_keys(ctx, object, true, &found, &count) < 0) return memory.fail();
  for (uint32_t i = 0; i < count; ++i) {
    if (found[i].is_enumerable && !qp_atom_is_symbol(ctx, found[i].atom)) keys.add(found[i].atom);
  }
  JS_FreePropertyEnum(ctx, found, count);
}

void add_cell(Text& out, JSValueConst value) {
  Memory& memory = out.memory();
  JSValueConst behind = behind_proxies(value);
  InspectOptions options;
  options.depth = 0;
  options.array_length_max = 3;
  options.break_length = __builtin_inf();
  const qp_class kind = qp_class_of(behind);
  if (JS_IsObject(behind) && !JS_IsFunction(memory.ctx(), behind) && kind != QP_ARRAY &&
      kind != QP_TYPED_ARRAY) {
    Keys keys(memory);
    visible_keys(keys, memory, behind);
    if (keys.count() > 2) options.depth = -1;
  }
  inspect_to(out, value, options);
}

void add_property_cell(Text& out, const Descriptor& property) {
  if (!property.is_accessor()) return add_cell(out, property.value);
  const bool gets = !JS_IsUndefined(property.getter);
  out.add(gets && !JS_IsUndefined(property.setter) ? "[Getter/Setter]"
          : gets                                   ? "[Getter]"
                                                   : "[Setter]");
}

void print_in_order(Text& out, Table& table) {
  List<uint32_t> order(out.memory());
  for (uint32_t i = 0; i < table.heads().count(); ++i) order.push(i);
  if (!out.memory().failed()) table.print(out, order);
}

/// Maps, sets and what iterates over them: an index, the key of a map or an iterator that gives
/// pairs, the value.
void collection_table(Text& out, JSValueConst data, qp_class kind) {
  Memory& memory = out.memory();
  JSValueConst collection = data;
  void* record = nullptr;
  const bool iterator = kind == QP_MAP_ITERATOR || kind == QP_SET_ITERATOR;
  qp_iterator_kind gives = kind == QP_MAP ? QP_ENTRIES : QP_VALUES;
  if (iterator) gives = qp_map_iterator(data, &collection, &record);
  const bool is_map = kind == QP_MAP || kind == QP_MAP_ITERATOR;
  const bool pairs = gives == QP_ENTRIES && is_map;
  Table table(memory);
  table.heads().add("(iteration index)");
  if (pairs) table.heads().add("Key");
  table.heads().add("Values");
  uint32_t row = 0;
  const auto add = [&](JSValueConst value, uint32_t column) {
    add_cell(table.text(), value);
    table.close_cell(row, column);
  };
  if (JS_IsObject(collection)) {
    while (!memory.failed() && (record = qp_map_next(collection, record)) != nullptr) {
      JSValueConst key, value;
      qp_map_entry(record, &key, &value);
      // The entries of a set, one after the other, each twice: that is how Node shows them.
      const int times = gives == QP_ENTRIES && !is_map ? 2 : 1;
      for (int i = 0; i < times; ++i, ++row) {
        table.text().add_number(row);
        table.close_cell(row, 0);
        if (pairs) add(key, 1);
        add(gives == QP_KEYS || !is_map ? key : value, pairs ? 2 : 1);
      }
    }
  }
  print_in_order(out, table);
}

/// Columns by key, in the order in which an object would list them: indices first.
class Columns {
 public:
  Columns(Memory& memory, Table& table)
      : memory_(memory), table_(table), keys_(memory), numbers_(memory) {}
  uint32_t find_or_add(JSAtom key) {
    // A reference table counts addresses; an atom, which is never zero, makes as good a one.
    const uint32_t known = keys_.count();
    const uint32_t number =
        numbers_.find_or_add(reinterpret_cast<const void*>(static_cast<uintptr_t>(key)));
    if (number > known) {
      keys_.add(key);
      JSValue name = JS_AtomToString(memory_.ctx(), key);
      if (JS_IsException(name)) {
        memory_.fail();
      } else {
        table_.heads().text().add_string(name);
      }
      JS_FreeValue(memory_.ctx(), name);
      table_.heads().close();
    }
    return number;  // column 0 is the index
  }
  void order(List<uint32_t>& order) const {
    order.push(0);
    List<uint64_t> indices(memory_);  // index, then column
    for (uint32_t i = 0; i < keys_.count(); ++i) {
      uint32_t index = 0;
      if (!qp_atom_is_index(memory_.ctx(), keys_[i], &index)) continue;
      indices.push(static_cast<uint64_t>(index) << 32 | (i + 1));
    }
    indices.sort(0, [](uint64_t a, uint64_t b) { return a < b; });
    for (uint64_t entry : indices) order.push(static_cast<uint32_t>(entry));
    for (uint32_t i = 0; i < keys_.count(); ++i) {
      uint32_t index = 0;
      if (!qp_atom_is_index(memory_.ctx(), keys_[i], &index)) order.push(i + 1);
    }
  }
  uint32_t count() const { return keys_.count(); }

 private:
  Memory& memory_;
  Table& table_;
  Keys keys_;
  References numbers_;
};

/// The names that the second argument lists.
void wanted_columns(Keys& keys, Memory& memory, JSValueConst list) {
  JSContext* ctx = memory.ctx();
  int64_t length = 0;
  if (JS_GetLength(ctx, list, &length) < 0) return memory.fail();
  for (int64_t i = 0; i < length && !memory.failed(); ++i) {
    JSValue name = JS_GetPropertyInt64(ctx, list, i);
    JSAtom key = JS_IsException(name) ? JS_ATOM_NULL : JS_ValueToAtom(ctx, name);
    JS_FreeValue(ctx, name);
    if (key == JS_ATOM_NULL) return memory.fail();
    keys.add(key);
    JS_FreeAtom(ctx, key);
  }
}

void add_row(Table& table, Columns& columns, uint32_t row, JSValueConst item, const Keys* wanted) {
  Memory& memory = table.memory();
  JSValueConst behind = behind_proxies(item);
  Keys own(memory);
  if (wanted == nullptr) visible_keys(own, memory, behind);
  const Keys& keys = wanted != nullptr ? *wanted : own;
  for (uint32_t i = 0; i < keys.count() && !memory.failed(); ++i) {
    const uint32_t column = columns.find_or_add(keys[i]);
    Descriptor property(memory);
    if (JS_IsObject(behind) && property.read_own(behind, keys[i]))
      add_property_cell(table.text(), property);
    table.close_cell(row, column);
  }
}

}  // namespace

bool format_table(Text& out, JSValueConst data, JSValueConst wanted) {
  Memory& memory = out.memory();
  JSContext* ctx = memory.ctx();
  JSValueConst rows = behind_proxies(data);
  if (!JS_IsObject(rows) || JS_IsFunction(ctx, rows)) return false;
  const qp_class kind = qp_class_of(rows);
  if (kind == QP_MAP || kind == QP_SET || kind == QP_MAP_ITERATOR || kind == QP_SET_ITERATOR) {
    collection_table(out, rows, kind);
    return !memory.failed();
  }
  Table table(memory);
  table.heads().add("(index)");
  Columns columns(memory, table);
  Keys names(memory), keys(memory);
  const bool chosen = !JS_IsUndefined(wanted);
  if (chosen) wanted_columns(names, memory, wanted);
  visible_keys(keys, memory, rows);
  Entries values(memory);
  List<uint32_t> value_rows(memory);
  for (uint32_t row = 0; row < keys.count() && !memory.failed(); ++row) {
    memory.spend(1);
    JSValue name = JS_AtomToString(ctx, keys[row]);
    if (JS_IsException(name)) memory.fail();
    table.text().add_string(name);
    JS_FreeValue(ctx, name);
    table.close_cell(row, 0);
    Descriptor item(memory);
    if (!item.read_own(rows, keys[row])) continue;
    if (!chosen && (item.is_accessor() || !JS_IsObject(item.value))) {
      add_property_cell(values.text(), item);
      values.close();
      value_rows.push(row);
    } else {
      add_row(table, columns, row, item.value, chosen ? &names : nullptr);
    }
  }
  List<uint32_t> order(memory);
  columns.order(order);
  if (!value_rows.empty()) {
    const uint32_t column = table.heads().count();
    table.heads().add("Values");
    for (uint32_t i = 0; i < value_rows.size() && !memory.failed(); ++i) {
      table.text().add_slice(values.text(), values.begin(i), values.end(i));
      table.close_cell(value_rows[i], column);
    }
    order.push(column);
  }
  if (!memory.failed()) table.print(out, order);
  return !memory.failed();
}

}  // namespace quiesce::guest
