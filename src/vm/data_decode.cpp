#include <cmath>
#include <cstring>

#include "base/utf.hpp"
#include "guest/abi.h"
#include "guest/data_form.h"
#include "vm/data_form.hpp"
#include "vm/data_graph.hpp"

namespace quiesce::detail {

namespace {

using Type = DataSlot::Type;

// What things take in C++, about, for the limit.
constexpr std::uint64_t kNodeBytes = 96;
constexpr std::uint64_t kPartsBytes = 128;
constexpr std::uint64_t kTextBytes = 64;
constexpr std::uint64_t kSlotBytes = sizeof(DataSlot);

class Decoder {
 public:
  Decoder(std::span<const std::byte> form, std::span<const std::byte> memory,
          std::uint64_t bytes_max)
      : at_(form.data()),
        end_(form.data() + form.size()),
        memory_(memory),
        bytes_max_(bytes_max),
        graph_(std::make_shared<DataGraph>()) {}

  Data run() {
    DataSlot root = read();
    if (root.type() == Type::accessor) malformed("an accessor that belongs to nothing");
    for (std::size_t i = 0; i < objects_.size(); ++i) read_record(*objects_[i]);
    if (at_ != end_) malformed("bytes behind the end");
    return DataAccess::make(std::move(graph_), std::move(root));
  }

 private:
  [[noreturn]] static void malformed(const char* what) { throw MalformedForm(what); }

  void spend(std::uint64_t bytes) {
    spent_ += bytes;
    if (spent_ <= bytes_max_) return;
    throw Error(Errc::limit, "this data takes more than bytes_max = " + std::to_string(bytes_max_) +
                                 " (see DumpOptions)");
  }

  // ---- bytes ----
  std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  std::uint8_t take() {
    if (at_ == end_) malformed("the form ends too early");
    return static_cast<std::uint8_t>(*at_++);
  }
  std::span<const std::byte> take_bytes(std::size_t count) {
    if (count > left()) malformed("the form ends too early");
    const std::byte* bytes = at_;
    at_ += count;
    return {bytes, count};
  }
  template <class T>
  T take_raw() {
    T value;
    std::memcpy(&value, take_bytes(sizeof value).data(), sizeof value);
    return value;
  }
  std::uint32_t take_count() {
    std::uint32_t count = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const std::uint8_t byte = take();
      if (shift == 28 && byte > 0x0F) break;
      count |= static_cast<std::uint32_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return count;
    }
    malformed("a count of more than 32 bits");
  }
  /// Of items that take a byte each at least.
  std::uint32_t take_count_of_items() {
    const std::uint32_t count = take_count();
    if (count > left()) malformed("more items than bytes");
    return count;
  }
  std::span<const std::byte> take_from_memory(std::uint64_t count) {
    const auto address = take_raw<std::uint32_t>();
    return in_memory(address, count);
  }
  std::span<const std::byte> in_memory(std::uint32_t address, std::uint64_t count) const {
    if (address > memory_.size() || count > memory_.size() - address)
      malformed("bytes outside of the memory");
    return memory_.subspan(address, static_cast<std::size_t>(count));
  }

  // ---- texts ----
  DataSlot make(std::span<const std::byte> units, unsigned width) {
    spend(kTextBytes + units.size());
    if (width == 1) {
      const std::string_view latin1(reinterpret_cast<const char*>(units.data()), units.size());
      if (base::is_ascii(latin1)) return make_text(latin1);
      return make_text(base::latin1_to_utf8(latin1));
    }
    std::u16string utf16(units.size() / 2, u'\0');
    std::memcpy(utf16.data(), units.data(), units.size());
    return make_text(base::utf16_to_wtf8(utf16));
  }
  DataSlot read_text() { return read_text(take()); }
  DataSlot read_text(std::uint8_t tag) {
    if (tag != Q_DATA_LATIN1 && tag != Q_DATA_UTF16) malformed("not a text");
    const unsigned width = tag == Q_DATA_UTF16 ? 2 : 1;
    const std::uint32_t count = take_count();
    last_units_ = count;
    return make(take_bytes(std::size_t{count} * width), width);
  }
  DataSlot read_text_in_memory(std::uint8_t tag) {
    const unsigned width = tag == Q_DATA_UTF16_AT ? 2 : 1;
    const auto address = take_raw<std::uint32_t>();
    const auto count = take_raw<std::uint32_t>();
    last_units_ = count;
    return make(in_memory(address, std::uint64_t{count} * width), width);
  }
  DataSlot read_string(std::uint8_t tag) {
    if (tag == Q_DATA_STRING) {
      const std::uint32_t number = take_count();
      if (number >= strings_.size()) malformed("a string that was not there");
      return strings_[number];
    }
    const bool is_here = tag == Q_DATA_LATIN1 || tag == Q_DATA_UTF16;
    DataSlot text = is_here ? read_text(tag) : read_text_in_memory(tag);
    if (last_units_ >= Q_DATA_LONG_UNITS) strings_.push_back(text);
    return text;
  }

  // ---- values ----
  DataSlot read() {
    const std::uint8_t tag = take();
    if (tag >= Q_DATA_SMALL) return DataSlot(static_cast<double>(tag - Q_DATA_SMALL));
    switch (tag) {
      case Q_DATA_UNDEFINED: return DataSlot();
      case Q_DATA_NULL: return DataSlot(Type::null);
      case Q_DATA_FALSE: return DataSlot(false);
      case Q_DATA_TRUE: return DataSlot(true);
      case Q_DATA_INTEGER: return DataSlot(static_cast<double>(take_raw<std::int32_t>()));
      case Q_DATA_NUMBER: {
        const auto number = take_raw<double>();
        return DataSlot(std::isnan(number) ? std::numeric_limits<double>::quiet_NaN() : number);
      }
      case Q_DATA_LATIN1:
      case Q_DATA_UTF16:
      case Q_DATA_LATIN1_AT:
      case Q_DATA_UTF16_AT:
      case Q_DATA_STRING: return read_string(tag);
      case Q_DATA_BIGINT: {
        const auto words = take_bytes(std::size_t{take_count()} * 4);
        if (words.empty()) malformed("a bigint without words");
        spend(kTextBytes + words.size());
        std::string bytes(reinterpret_cast<const char*>(words.data()), words.size());
        shorten_words(bytes);
        return make_words(std::move(bytes), Type::bigint);
      }
      case Q_DATA_SYMBOL: return make_words(read_text().blob()->bytes, Type::symbol);
      case Q_DATA_OBJECT: {
        const std::uint32_t number = take_count();
        if (number >= objects_.size()) malformed("an object that was not there");
        return DataSlot(objects_[number]);
      }
      case Q_DATA_NEW: return DataSlot(read_new());
      case Q_DATA_ACCESSOR: return read_accessor();
      default: malformed("no such value");
    }
  }
  DataSlot read_accessor() {
    const std::uint8_t parts = take();
    if (parts > (Q_DATA_HAS_GETTER | Q_DATA_HAS_SETTER)) malformed("no such accessor");
    return DataSlot::accessor(parts);
  }
  /// Where neither a hole nor an accessor may stand.
  DataSlot read_plain() {
    DataSlot slot = read();
    if (slot.type() == Type::accessor) malformed("an accessor that belongs to nothing");
    return slot;
  }

  // ---- objects ----
  DataNode* add(Data::Kind kind) {
    spend(kNodeBytes);
    DataNode* node = graph_->add(kind, 8);
    objects_.push_back(node);
    return node;
  }
  DataNode* add_with_parts(Data::Kind kind) {
    spend(kPartsBytes);
    DataNode* node = add(kind);
    node->parts = std::make_unique<DataParts>();
    return node;
  }
  DataNode* read_new() {
    switch (take()) {
      case Q_DATA_KIND_OBJECT: return add(Data::Kind::object);
      case Q_DATA_KIND_ARRAY: return add(Data::Kind::array);
      case Q_DATA_KIND_MAP: return add(Data::Kind::map);
      case Q_DATA_KIND_SET: return add(Data::Kind::set);
      case Q_DATA_KIND_PROXY: return add(Data::Kind::proxy);
      case Q_DATA_KIND_PROMISE: return add_with_parts(Data::Kind::promise);
      case Q_DATA_KIND_ERROR: {
        if (take() >= Q_DATA_ERROR_COUNT) malformed("no such error");
        return add(Data::Kind::error);
      }
      case Q_DATA_KIND_DATE: {
        DataNode* date = add_with_parts(Data::Kind::date);
        date->parts->date_ms = take_raw<double>();
        return date;
      }
      case Q_DATA_KIND_REGEXP: {
        DataSlot source = read_text();
        DataSlot flags = read_text();
        DataNode* regexp = add(Data::Kind::regexp);
        regexp->slots.push_back(std::move(source));
        regexp->slots.push_back(std::move(flags));
        return regexp;
      }
      case Q_DATA_KIND_BUFFER: return read_buffer();
      case Q_DATA_KIND_VIEW: return read_view();
      case Q_DATA_KIND_BOXED: return read_boxed();
      default: malformed("no such kind of object");
    }
  }
  DataNode* read_buffer() {
    const std::uint8_t flags = take();
    const std::uint32_t count = take_count();
    const bool is_resizable = (flags & Q_DATA_RESIZABLE) != 0;
    const std::uint32_t max = is_resizable ? take_count() : count;
    if (max < count) malformed("a buffer larger than it may be");
    const auto bytes = (flags & Q_DATA_BYTES_AT) != 0 ? take_from_memory(count) : take_bytes(count);
    spend(count);
    DataNode* buffer = add_with_parts(Data::Kind::array_buffer);
    buffer->parts->bytes.assign(bytes.begin(), bytes.end());
    buffer->parts->bytes_max = max;
    buffer->parts->is_resizable = is_resizable;
    buffer->parts->is_detached = (flags & Q_DATA_DETACHED) != 0;
    return buffer;
  }
  DataNode* read_view() {
    const std::uint8_t type = take();
    const std::uint8_t flags = take();
    if (type < Q_CLASS_DATA_VIEW || type > Q_CLASS_FLOAT64_ARRAY) malformed("no such view");
    // Only a buffer may follow: a view of a view would let a guest choose how deep we go.
    DataNode* buffer = nullptr;
    const std::uint8_t tag = take();
    if (tag == Q_DATA_OBJECT) {
      const std::uint32_t number = take_count();
      if (number < objects_.size()) buffer = objects_[number];
    } else if (tag == Q_DATA_NEW && take() == Q_DATA_KIND_BUFFER) {
      buffer = read_buffer();
    }
    if (buffer == nullptr || buffer->kind != Data::Kind::array_buffer)
      malformed("a view of no buffer");
    const auto view_type = static_cast<Class>(type);
    DataNode* view = add_with_parts(view_type == Class::data_view ? Data::Kind::data_view
                                                                  : Data::Kind::typed_array);
    view->parts->type = view_type;
    view->parts->tracks = (flags & Q_DATA_TRACKS) != 0;
    view->parts->is_out_of_bounds = (flags & Q_DATA_OUT_OF_BOUNDS) != 0;
    view->parts->offset = take_count();
    view->parts->elements = take_count();
    view->slots.emplace_back(buffer);
    return view;
  }
  DataNode* read_boxed() {
    if (left() > 0 && static_cast<std::uint8_t>(*at_) == Q_DATA_NEW)
      malformed("a box around an object");
    DataSlot primitive = read();
    switch (primitive.type()) {
      case Type::boolean:
      case Type::number:
      case Type::string:
      case Type::bigint:
      case Type::symbol: break;
      default: malformed("a box around nothing");
    }
    DataNode* boxed = add(Data::Kind::boxed);
    boxed->slots.push_back(std::move(primitive));
    return boxed;
  }

  // ---- names ----
  const DataSlot& read_name() {
    const std::uint32_t number = take_count();
    if (number > names_.size()) malformed("a name that was not there");
    if (number == names_.size()) names_.push_back(read_text());
    return names_[number];
  }
  const std::shared_ptr<DataLayout>& read_layout() {
    const std::uint32_t number = take_count();
    if (number < layouts_.size()) return layouts_[number];
    if (number != layouts_.size()) malformed("a layout that was not there");
    const std::uint32_t count = take_count_of_items();
    spend(kNodeBytes + std::uint64_t{count} * 4 * kSlotBytes);
    auto layout = std::make_shared<DataLayout>();
    for (std::uint32_t i = 0; i < count; ++i) add_name(*layout, read_name());
    return layouts_.emplace_back(std::move(layout));
  }
  static void add_name(DataLayout& layout, const DataSlot& name) {
    if (layout.find(name.blob()->bytes) != DataLayout::kAbsent)
      malformed("a name that comes twice");
    layout.add(name);
  }
  void read_properties(DataNode& node) {
    const std::uint32_t count = take_count_of_items();
    if (count == 0) return;
    spend(kPartsBytes + std::uint64_t{count} * 5 * kSlotBytes);
    if (!node.parts) node.parts = std::make_unique<DataParts>();
    node.layout = std::make_shared<DataLayout>();
    for (std::uint32_t i = 0; i < count; ++i) {
      const DataSlot name = read_name();
      add_name(*node.layout, name);
      std::uint32_t index = 0;
      if (node.kind == Data::Kind::array && is_array_index(name.blob()->bytes, &index) &&
          (index < node.slots.size() || index >= node.length))
        malformed("an element in the wrong place");
      node.parts->properties.push_back(read());
    }
  }

  // ---- records ----
  void read_record(DataNode& node) {
    switch (node.kind) {
      case Data::Kind::object: return read_object(node);
      case Data::Kind::array: return read_array(node);
      case Data::Kind::map:
      case Data::Kind::set: return read_collection(node);
      case Data::Kind::error: return read_error(node);
      case Data::Kind::promise: {
        const std::uint8_t state = take();
        if (state > Q_REJECTED) malformed("no such state of a promise");
        node.parts->state = static_cast<PromiseState>(state);
        node.slots.push_back(read_plain());
        return;
      }
      default: return;
    }
  }
  void read_object(DataNode& node) {
    const std::shared_ptr<DataLayout>& layout = read_layout();
    const std::size_t count = layout->size();
    if (count == 0) return;
    if (count > left()) malformed("more values than bytes");
    spend(count * kSlotBytes);
    node.layout = layout;
    node.slots.reserve(count);
    for (std::size_t i = 0; i < count; ++i) node.slots.push_back(read());
  }
  void read_array(DataNode& node) {
    node.length = take_count();
    const std::uint32_t count = take_count_of_items();
    if (count > node.length) malformed("more elements than the array is long");
    spend(count * kSlotBytes);
    node.slots.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (left() > 0 && static_cast<std::uint8_t>(*at_) == Q_DATA_HOLE) {
        ++at_;
        node.slots.emplace_back(Type::hole);
      } else {
        node.slots.push_back(read());
      }
    }
    read_properties(node);
  }
  void read_collection(DataNode& node) {
    const std::uint32_t count = take_count_of_items();
    const std::uint64_t slots = std::uint64_t{count} * (node.kind == Data::Kind::map ? 2 : 1);
    if (slots > left()) malformed("more entries than bytes");
    spend(slots * kSlotBytes);
    node.slots.reserve(slots);
    for (std::uint64_t i = 0; i < slots; ++i) node.slots.push_back(read_plain());
  }
  void read_error(DataNode& node) {
    spend(DataNode::kErrorSlots * kSlotBytes);
    node.slots.resize(DataNode::kErrorSlots);
    const std::uint8_t parts = take();
    for (std::size_t i = 0; i < DataNode::kErrorSlots; ++i) {
      if ((parts & 1u << i) == 0) continue;
      node.slots[i] = read_plain();
      if (i <= DataNode::kStack && node.slots[i].type() != Type::string)
        malformed("a text of an error that is no string");
    }
    read_properties(node);
  }

  const std::byte* at_;
  const std::byte* const end_;
  const std::span<const std::byte> memory_;
  const std::uint64_t bytes_max_;
  std::uint64_t spent_ = 0;
  std::uint32_t last_units_ = 0;
  std::shared_ptr<DataGraph> graph_;
  std::vector<DataNode*> objects_;
  std::vector<DataSlot> strings_;  // the long ones
  std::vector<DataSlot> names_;
  std::vector<std::shared_ptr<DataLayout>> layouts_;
};

}  // namespace

Data decode_form(std::span<const std::byte> form, std::span<const std::byte> memory,
                 std::uint64_t bytes_max) {
  return Decoder(form, memory, bytes_max).run();
}

}  // namespace quiesce::detail
