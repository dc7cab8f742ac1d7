#include <algorithm>
#include <bit>
#include <cstring>

#include "base/utf.hpp"
#include "guest/abi.h"
#include "guest/data_form.h"
#include "vm/data_form.hpp"
#include "vm/data_graph.hpp"

namespace quiesce::detail {

namespace {

using Type = DataSlot::Type;

/// Numbers by address: open addressing, for the time of one message.
class NumberTable {
 public:
  /// Null: it has none. Valid until the next `put`.
  const std::uint32_t* find(const void* key) const noexcept {
    if (rows_.empty()) return nullptr;
    const Row& row = rows_[position(key)];
    return row.key == nullptr ? nullptr : &row.number;
  }
  /// Precondition: it has none.
  void put(const void* key, std::uint32_t number) {
    if ((count_ + 1) * 2 > rows_.size()) grow();
    rows_[position(key)] = {key, number};
    ++count_;
  }

 private:
  struct Row {
    const void* key = nullptr;
    std::uint32_t number = 0;
  };
  /// Where it is, or where it would be.
  std::size_t position(const void* key) const noexcept {
    const auto bits = reinterpret_cast<std::uintptr_t>(key);
    const std::size_t mask = rows_.size() - 1;
    std::size_t i = static_cast<std::size_t>((bits * 0x9E3779B97F4A7C15ull) >> 20) & mask;
    while (rows_[i].key != nullptr && rows_[i].key != key) i = (i + 1) & mask;
    return i;
  }
  void grow() {
    std::vector<Row> before(std::max<std::size_t>(64, rows_.size() * 2));
    before.swap(rows_);
    for (const Row& row : before) {
      if (row.key != nullptr) rows_[position(row.key)] = row;
    }
  }
  std::vector<Row> rows_;
  std::size_t count_ = 0;
};

std::uint8_t error_of(std::string_view name) {
  constexpr std::string_view kNames[] = {"Error",          "EvalError",     "RangeError",
                                         "ReferenceError", "SyntaxError",   "TypeError",
                                         "URIError",       "InternalError", "AggregateError"};
  static_assert(std::size(kNames) == Q_DATA_ERROR_COUNT);
  const auto found = std::ranges::find(kNames, name);
  return found == std::end(kNames) ? std::uint8_t{Q_DATA_ERROR}
                                   : static_cast<std::uint8_t>(found - std::begin(kNames));
}

class Encoder {
 public:
  std::string run(const DataSlot& root) {
    out_.reserve(512);
    write(root, {0, Step::root, 0});
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      write_record(*queue_[i].node, static_cast<std::uint32_t>(i));
    }
    return std::move(out_);
  }

 private:
  enum class Step : std::uint8_t { root, slot, property, map_key, map_value, result };
  /// How one gets from an object in the queue to what it holds.
  struct Place {
    std::uint32_t parent;
    Step step;
    std::uint32_t index;
  };
  struct Entry {
    DataNode* node;
    Place place;
  };

  void put(std::uint8_t byte) { out_.push_back(static_cast<char>(byte)); }
  void put_count(std::size_t count) {
    if (count > 0xFFFFFFFFu) throw Error(Errc::limit, "this data is too large for any VM");
    for (; count > 0x7F; count >>= 7) put(static_cast<std::uint8_t>(count | 0x80));
    put(static_cast<std::uint8_t>(count));
  }
  void put_bytes(const void* bytes, std::size_t count) {
    out_.append(static_cast<const char*>(bytes), count);
  }
  template <class T>
  void put_raw(T value) {
    put_bytes(&value, sizeof value);
  }

  // ---- texts ----
  /// How many units it has.
  std::size_t write_text(std::string_view wtf8) {
    if (base::is_ascii(wtf8)) {
      put(Q_DATA_LATIN1);
      put_count(wtf8.size());
      put_bytes(wtf8.data(), wtf8.size());
      return wtf8.size();
    }
    const std::u16string utf16 = *base::wtf8_to_utf16(wtf8);
    put(Q_DATA_UTF16);
    put_count(utf16.size());
    put_bytes(utf16.data(), utf16.size() * 2);
    return utf16.size();
  }
  void write_string(const DataBlob& blob) {
    // A text of that many units has as many bytes at least; whether it is long is said by the
    // units.
    if (blob.bytes.size() < Q_DATA_LONG_UNITS) {
      write_text(blob.bytes);
      return;
    }
    const bool may_come_again = blob.references.load(std::memory_order_relaxed) > 1;
    if (may_come_again) {
      if (const std::uint32_t* number = strings_.find(&blob)) {
        put(Q_DATA_STRING);
        return put_count(*number);
      }
    }
    if (write_text(blob.bytes) < Q_DATA_LONG_UNITS) return;
    if (may_come_again) strings_.put(&blob, string_count_);
    ++string_count_;
  }

  void write(const DataSlot& slot, Place place);
  void write_object(DataNode& node, Place place);
  void write_buffer(DataNode& node);
  void write_view(DataNode& node, Place place);
  void write_name(const DataSlot& name);
  void write_layout(const DataNode& node);
  void write_record(DataNode& node, std::uint32_t at);
  void write_array(DataNode& node, std::uint32_t at);
  void write_error(DataNode& node, std::uint32_t at);
  void write_properties(DataNode& node, std::uint32_t at);
  [[noreturn]] void refuse(Place place, const char* why) const;
  void add_step(std::string& path, const Place& place) const;

  std::string out_;
  NumberTable objects_, strings_, layouts_;
  std::uint32_t object_count_ = 0, string_count_ = 0, layout_count_ = 0;
  std::unordered_map<std::string_view, std::uint32_t> names_;
  std::vector<Entry> queue_;
};

// ---- values -------------------------------------------------------------------------------------

void Encoder::write(const DataSlot& slot, Place place) {
  switch (slot.type()) {
    case Type::undefined: return put(Q_DATA_UNDEFINED);
    case Type::null: return put(Q_DATA_NULL);
    case Type::boolean: return put(slot.boolean() ? Q_DATA_TRUE : Q_DATA_FALSE);
    case Type::number: {
      const double number = slot.number();
      const bool is_integer = number >= -2147483648.0 && number <= 2147483647.0 &&
                              number == static_cast<std::int32_t>(number) &&
                              (number != 0 || std::bit_cast<std::uint64_t>(number) == 0);
      if (!is_integer) {
        put(Q_DATA_NUMBER);
        return put_raw(number);
      }
      const auto integer = static_cast<std::int32_t>(number);
      if (integer >= 0 && integer < 256 - Q_DATA_SMALL)
        return put(static_cast<std::uint8_t>(Q_DATA_SMALL + integer));
      put(Q_DATA_INTEGER);
      return put_raw(integer);
    }
    case Type::string: return write_string(*slot.blob());
    case Type::bigint: {
      const std::string& words = slot.blob()->bytes;
      put(Q_DATA_BIGINT);
      put_count(words.size() / 4);
      return put_bytes(words.data(), words.size());
    }
    case Type::symbol:
      put(Q_DATA_SYMBOL);
      write_text(slot.blob()->bytes);
      return;
    case Type::object: return write_object(*slot.node(), place);
    case Type::hole: return put(Q_DATA_HOLE);
    case Type::accessor: refuse(place, " is an accessor: its getter is not here");
  }
}

void Encoder::write_object(DataNode& node, Place place) {
  if (const std::uint32_t* number = objects_.find(&node)) {
    put(Q_DATA_OBJECT);
    return put_count(*number);
  }
  const auto open = [&](q_data_kind kind) {
    put(Q_DATA_NEW);
    put(kind);
    objects_.put(&node, object_count_++);
    if (Q_DATA_KIND_HAS_RECORD(kind)) queue_.push_back({&node, place});
  };
  switch (node.kind) {
    case Data::Kind::object: return open(Q_DATA_KIND_OBJECT);
    case Data::Kind::array: return open(Q_DATA_KIND_ARRAY);
    case Data::Kind::map: return open(Q_DATA_KIND_MAP);
    case Data::Kind::set: return open(Q_DATA_KIND_SET);
    case Data::Kind::error: {
      const DataSlot& name = node.slots[DataNode::kName];
      open(Q_DATA_KIND_ERROR);
      return put(name.type() == Type::string ? error_of(name.blob()->bytes)
                                             : std::uint8_t{Q_DATA_ERROR});
    }
    case Data::Kind::promise:
      if (node.parts->state == PromiseState::pending)
        refuse(place, " is a promise that is pending: nothing could settle it");
      return open(Q_DATA_KIND_PROMISE);
    case Data::Kind::date: open(Q_DATA_KIND_DATE); return put_raw(node.parts->date_ms);
    case Data::Kind::regexp:
      open(Q_DATA_KIND_REGEXP);
      write_text(node.slots[0].blob()->bytes);
      write_text(node.slots[1].blob()->bytes);
      return;
    case Data::Kind::array_buffer: return write_buffer(node);
    case Data::Kind::typed_array:
    case Data::Kind::data_view: return write_view(node, place);
    case Data::Kind::boxed:
      put(Q_DATA_NEW);
      put(Q_DATA_KIND_BOXED);
      write(node.slots[0], place);
      objects_.put(&node, object_count_++);
      return;
    case Data::Kind::proxy: refuse(place, " is a proxy that was not looked through");
    default: refuse(place, " has no data form");
  }
}

void Encoder::write_buffer(DataNode& node) {
  if (const std::uint32_t* number = objects_.find(&node)) {
    put(Q_DATA_OBJECT);
    return put_count(*number);
  }
  const DataParts& parts = *node.parts;
  put(Q_DATA_NEW);
  put(Q_DATA_KIND_BUFFER);
  put(static_cast<std::uint8_t>((parts.is_resizable ? Q_DATA_RESIZABLE : 0) |
                                (parts.is_detached ? Q_DATA_DETACHED : 0)));
  put_count(parts.bytes.size());
  if (parts.is_resizable) put_count(parts.bytes_max);
  put_bytes(parts.bytes.data(), parts.bytes.size());
  objects_.put(&node, object_count_++);
}

void Encoder::write_view(DataNode& node, Place place) {
  const DataParts& parts = *node.parts;
  const DataParts& buffer = *node.slots[0].node()->parts;
  const std::size_t size = element_bytes(parts.type);
  const bool fits = !buffer.is_detached && parts.offset % size == 0 &&
                    parts.offset <= buffer.bytes.size() &&
                    (parts.tracks ? buffer.is_resizable
                                  : parts.elements <= (buffer.bytes.size() - parts.offset) / size);
  if (!fits) refuse(place, " is a view that does not fit its buffer");
  put(Q_DATA_NEW);
  put(Q_DATA_KIND_VIEW);
  put(static_cast<std::uint8_t>(parts.type));
  put(parts.tracks ? Q_DATA_TRACKS : 0);
  write_buffer(*node.slots[0].node());
  put_count(parts.offset);
  put_count(parts.elements);
  objects_.put(&node, object_count_++);
}

// ---- records ------------------------------------------------------------------------------------

void Encoder::write_name(const DataSlot& name) {
  const auto next = static_cast<std::uint32_t>(names_.size());
  const auto [found, is_new] = names_.try_emplace(name.blob()->bytes, next);
  put_count(found->second);
  if (is_new) write_text(name.blob()->bytes);
}

void Encoder::write_layout(const DataNode& node) {
  const void* key = node.layout ? static_cast<const void*>(node.layout.get()) : this;
  if (const std::uint32_t* number = layouts_.find(key)) return put_count(*number);
  layouts_.put(key, layout_count_);
  put_count(layout_count_++);
  put_count(node.property_count());
  for (std::size_t i = 0; i < node.property_count(); ++i) write_name(node.layout->slot(i));
}

void Encoder::write_record(DataNode& node, std::uint32_t at) {
  const auto write_slot = [&](std::size_t i, Step step) {
    write(node.slots[i], {at, step, static_cast<std::uint32_t>(i)});
  };
  switch (node.kind) {
    case Data::Kind::object:
      write_layout(node);
      for (std::size_t i = 0; i < node.slots.size(); ++i) write_slot(i, Step::property);
      return;
    case Data::Kind::array: return write_array(node, at);
    case Data::Kind::map:
      put_count(node.slots.size() / 2);
      for (std::size_t i = 0; i < node.slots.size(); ++i)
        write_slot(i, i % 2 == 0 ? Step::map_key : Step::map_value);
      return;
    case Data::Kind::set:
      put_count(node.slots.size());
      for (std::size_t i = 0; i < node.slots.size(); ++i) write_slot(i, Step::slot);
      return;
    case Data::Kind::error: return write_error(node, at);
    default:
      put(node.parts->state == PromiseState::rejected ? Q_REJECTED : Q_FULFILLED);
      return write_slot(0, Step::result);
  }
}

void Encoder::write_array(DataNode& node, std::uint32_t at) {
  put_count(node.length);
  put_count(node.slots.size());
  for (std::size_t i = 0; i < node.slots.size(); ++i)
    write(node.slots[i], {at, Step::slot, static_cast<std::uint32_t>(i)});
  write_properties(node, at);
}

void Encoder::write_properties(DataNode& node, std::uint32_t at) {
  const std::size_t count = node.property_count();
  put_count(count);
  for (std::size_t i = 0; i < count; ++i) {
    write_name(node.layout->slot(i));
    write(node.parts->properties[i], {at, Step::property, static_cast<std::uint32_t>(i)});
  }
}

void Encoder::write_error(DataNode& node, std::uint32_t at) {
  const DataSlot& name = node.slots[DataNode::kName];
  // The name that its class has anyway is no property of the error itself.
  const bool is_known = name.type() == Type::string &&
                        (name.blob()->bytes == "Error" || error_of(name.blob()->bytes) != 0);
  std::uint8_t parts = 0;
  for (unsigned i = 0; i < DataNode::kErrorSlots; ++i) {
    const bool is_there = node.slots[i].type() != Type::undefined && (i != 0 || !is_known);
    if (is_there) parts = static_cast<std::uint8_t>(parts | 1u << i);
  }
  put(parts);
  for (unsigned i = 0; i < DataNode::kErrorSlots; ++i) {
    if ((parts & 1u << i) != 0) write(node.slots[i], {at, Step::slot, i});
  }
  write_properties(node, at);
}

// ---- refusals -----------------------------------------------------------------------------------

void Encoder::add_step(std::string& path, const Place& place) const {
  const DataNode& node = *queue_[place.parent].node;
  const std::string number = std::to_string(place.index);
  switch (place.step) {
    case Step::root: return;
    case Step::result: path += ".<result>"; return;
    case Step::map_key: path += ".<key>[" + std::to_string(place.index / 2) + "]"; return;
    case Step::map_value: path += ".<value>[" + std::to_string(place.index / 2) + "]"; return;
    case Step::slot:
      if (node.kind == Data::Kind::error) {
        path += place.index == DataNode::kErrors ? ".errors" : ".cause";
      } else {
        path += (node.kind == Data::Kind::set ? ".<value>[" : "[") + number + "]";
      }
      return;
    case Step::property: break;
  }
  const std::string_view name = node.layout->name(place.index);
  const bool is_plain = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '$';
  }) && (name[0] < '0' || name[0] > '9');
  path += is_plain ? "." : "[\"";
  path += name;
  path += is_plain ? "" : "\"]";
}

void Encoder::refuse(Place place, const char* why) const {
  constexpr std::size_t kStepsMax = 64;  // the last ones, when there are more
  std::vector<Place> places;
  for (; place.step != Step::root && places.size() < kStepsMax; place = queue_[place.parent].place)
    places.push_back(place);
  std::string path = place.step == Step::root ? "$" : "$...";
  for (std::size_t i = places.size(); i-- > 0;) add_step(path, places[i]);
  throw Error(Errc::not_cloneable, path + why);
}

}  // namespace

std::string encode_form(const Data& data) { return Encoder().run(DataAccess::slot(data)); }

}  // namespace quiesce::detail
