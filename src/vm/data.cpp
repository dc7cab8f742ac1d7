#include "quiesce/data.hpp"

#include <algorithm>
#include <cmath>

#include "base/utf.hpp"
#include "vm/data_graph.hpp"

namespace quiesce {

using detail::DataAccess;
using detail::DataLayout;
using detail::DataNode;
using detail::DataParts;
using detail::DataSlot;

namespace {

DataNode& node_of(const Data& data, Data::Kind kind, const char* wanted) {
  DataNode* node = DataAccess::node(data);
  if (node == nullptr || node->kind != kind) DataAccess::mismatch(data, wanted);
  return *node;
}

DataNode& node_with_properties(const Data& data) {
  DataNode* node = DataAccess::node(data);
  if (node == nullptr || !node->has_properties()) {
    DataAccess::mismatch(data, "an object, array or error, which have properties");
  }
  return *node;
}

// A value that is stored beside others of `owner`.
Data wrap(const Data& owner, const DataSlot* slot) {
  if (slot == nullptr || slot->type() == DataSlot::Type::hole) return {};
  return DataAccess::make(
      slot->type() == DataSlot::Type::object ? DataAccess::graph(owner) : nullptr, *slot);
}

bool same_value_zero(const DataSlot& a, const DataSlot& b) noexcept {
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case DataSlot::Type::boolean: return a.boolean() == b.boolean();
    case DataSlot::Type::number:
      return a.number() == b.number() || (std::isnan(a.number()) && std::isnan(b.number()));
    case DataSlot::Type::string:
    case DataSlot::Type::bigint:
    case DataSlot::Type::symbol: return a.blob() == b.blob() || a.blob()->bytes == b.blob()->bytes;
    case DataSlot::Type::object: return a.node() == b.node();
    default: return true;
  }
}

}  // namespace

void Data::throw_mismatch(const char* wanted) const {
  throw Error(Errc::type_mismatch,
              std::string("the data is ") + detail::name_of(kind()) + ", not " + wanted);
}

// ---- primitives ---------------------------------------------------------------------------------

Data::Data(std::nullptr_t) noexcept : slot_(DataSlot::Type::null) {}
Data::Data(std::string_view utf8) : slot_(detail::make_checked_text(utf8)) {}
Data::Data(std::u16string_view utf16) : slot_(detail::make_text(base::utf16_to_wtf8(utf16))) {}

Data::Data(const BigInt& number) {
  const std::string_view digits(number.digits);
  const std::string_view magnitude = digits.substr(digits.starts_with('-') ? 1 : 0);
  if (magnitude.empty() ||
      !std::ranges::all_of(magnitude, [](char c) { return c >= '0' && c <= '9'; })) {
    throw Error(
        Errc::invalid_argument,
        "a BigInt is decimal digits after an optional minus sign, not '" + number.digits + "'");
  }
  slot_ = detail::make_words(detail::bigint_words(digits), DataSlot::Type::bigint);
}

Data Data::symbol(std::string_view key) {
  const DataSlot text = detail::make_checked_text(key);
  return DataAccess::make(nullptr, detail::make_words(text.blob()->bytes, DataSlot::Type::symbol));
}

// ---- what it is ---------------------------------------------------------------------------------

Data::Kind Data::kind() const noexcept { return detail::kind_of_slot(slot_); }

bool Data::is_same(const Data& other) const noexcept { return same_value_zero(slot_, other.slot_); }

std::string_view Data::text() const {
  if (slot_.type() != DataSlot::Type::string && slot_.type() != DataSlot::Type::symbol)
    throw_mismatch("a string or symbol");
  return slot_.blob()->bytes;
}

std::optional<BigInt> detail::data_bigint(const Data& data) {
  const DataSlot& slot = DataAccess::slot(data);
  if (slot.type() != DataSlot::Type::bigint) return std::nullopt;
  return BigInt{bigint_digits(slot.blob()->bytes)};
}

std::optional<std::u16string> detail::data_utf16(const Data& data) {
  if (!data.is_string()) return std::nullopt;
  return base::wtf8_to_utf16(data.text());
}

// ---- properties ---------------------------------------------------------------------------------

Data Data::get(std::string_view name) const {
  DataNode& node = node_with_properties(*this);
  std::uint32_t index = 0;
  if (node.kind == Kind::array && detail::is_array_index(name, &index)) return get(index);
  return wrap(*this, detail::find_property(node, name));
}

Data Data::get(std::size_t index) const {
  DataNode& node = node_with_properties(*this);
  if (node.kind == Kind::array) return wrap(*this, detail::find_element(node, index));
  return wrap(*this, detail::find_property(node, std::to_string(index)));
}

Data Data::at(std::string_view name) const {
  if (!has(name)) {
    throw Error(Errc::type_mismatch, std::string(detail::name_of(kind())) +
                                         " without a property '" + std::string(name) + "'");
  }
  return get(name);
}

bool Data::has(std::string_view name) const {
  DataNode& node = node_with_properties(*this);
  std::uint32_t index = 0;
  if (node.kind == Kind::array && detail::is_array_index(name, &index)) return has(index);
  return detail::find_property(node, name) != nullptr;
}

bool Data::has(std::size_t index) const {
  DataNode& node = node_with_properties(*this);
  if (node.kind == Kind::array) return detail::find_element(node, index) != nullptr;
  return detail::find_property(node, std::to_string(index)) != nullptr;
}

void Data::set(std::string_view name, const Data& value) const {
  DataNode& node = node_with_properties(*this);
  std::uint32_t index = 0;
  if (node.kind == Kind::array && detail::is_array_index(name, &index)) return set(index, value);
  detail::set_property(node, name, DataAccess::store(*this, value));
}

void Data::set(std::size_t index, const Data& value) const {
  constexpr std::size_t kGapMax = 64;  // as many holes are stored, and as many as elements
  DataNode& node = node_with_properties(*this);
  if (node.kind != Kind::array) {
    return detail::set_property(node, std::to_string(index), DataAccess::store(*this, value));
  }
  if (index >= 0xFFFFFFFFu) {
    throw Error(Errc::invalid_argument, "no array has an element " + std::to_string(index));
  }
  DataSlot slot = DataAccess::store(*this, value);
  const std::size_t count = node.slots.size();
  if (index < count) {
    node.slots[index] = std::move(slot);
  } else if (detail::find_property(node, std::to_string(index)) == nullptr &&
             index - count <= kGapMax + count && (index == count || node.property_count() == 0)) {
    node.slots.resize(index, DataSlot(DataSlot::Type::hole));
    node.slots.push_back(std::move(slot));
  } else {
    detail::set_property(node, std::to_string(index), std::move(slot));
  }
  node.length = std::max(node.length, static_cast<std::uint32_t>(index + 1));
}

bool Data::remove(std::string_view name) const {
  DataNode& node = node_with_properties(*this);
  std::uint32_t index = 0;
  if (node.kind == Kind::array && detail::is_array_index(name, &index) &&
      index < node.slots.size()) {
    const bool had = node.slots[index].type() != DataSlot::Type::hole;
    node.slots[index] = DataSlot(DataSlot::Type::hole);
    return had;
  }
  const std::size_t at = node.layout ? node.layout->find(name) : DataLayout::kAbsent;
  if (at == DataLayout::kAbsent) return false;
  if (node.layout.use_count() > 1) node.layout = node.layout->copy();
  node.layout->remove(at);
  node.properties().erase(node.properties().begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

void Data::push(const Data& value) const {
  DataNode& node = node_of(*this, Kind::array, "an array");
  set(std::size_t{node.length}, value);
}

std::size_t Data::size() const {
  const DataNode* node = DataAccess::node(*this);
  switch (kind()) {
    case Kind::string: return base::wtf8_to_utf16(text())->size();
    case Kind::array: return node->length;
    case Kind::object:
    case Kind::error: return node->property_count();
    case Kind::map: return node->slots.size() / 2;
    case Kind::set: return node->slots.size();
    case Kind::array_buffer: return node->parts->bytes.size();
    case Kind::typed_array:
    case Kind::data_view:
      return detail::view_bytes(*node) / detail::element_bytes(node->parts->type);
    default: throw_mismatch("of a kind that has a size");
  }
}

DataRange<Data> Data::elements() const {
  const DataNode* node = DataAccess::node(*this);
  if (node == nullptr || (node->kind != Kind::array && node->kind != Kind::set))
    throw_mismatch("an array or a Set");
  std::size_t count = node->slots.size();
  // Holes at the end are not stored; a few of them are shown all the same.
  if (node->kind == Kind::array && node->property_count() == 0 && node->length - count <= 64)
    count = node->length;
  return {*this, count, [](const Data& owner, std::size_t index) {
            const DataNode& holder = *DataAccess::node(owner);
            return index < holder.slots.size() ? wrap(owner, &holder.slots[index]) : Data();
          }};
}

DataRange<Data::Entry> Data::entries() const {
  const DataNode& node = node_with_properties(*this);
  return {*this, node.property_count(), [](const Data& owner, std::size_t index) {
            DataNode& holder = *DataAccess::node(owner);
            if (index >= holder.property_count()) return Entry();
            return Entry(holder.layout->name(index), wrap(owner, &holder.properties()[index]));
          }};
}

DataRange<Data::MapEntry> Data::map_entries() const {
  const DataNode& node = node_of(*this, Kind::map, "a Map");
  return {*this, node.slots.size() / 2, [](const Data& owner, std::size_t index) {
            const DataNode& holder = *DataAccess::node(owner);
            if (index >= holder.slots.size() / 2) return MapEntry();
            return MapEntry(wrap(owner, &holder.slots[index * 2]),
                            wrap(owner, &holder.slots[index * 2 + 1]));
          }};
}

// ---- maps and sets ------------------------------------------------------------------------------

namespace {

std::size_t position(const DataNode& node, const Data& key, std::size_t step) {
  for (std::size_t i = 0; i < node.slots.size(); i += step) {
    if (same_value_zero(node.slots[i], DataAccess::slot(key))) return i;
  }
  return node.slots.size();
}

}  // namespace

std::optional<Data> Data::find(const Data& key) const {
  const DataNode& node = node_of(*this, Kind::map, "a Map");
  const std::size_t at = position(node, key, 2);
  if (at == node.slots.size()) return std::nullopt;
  return wrap(*this, &node.slots[at + 1]);
}

void Data::put(const Data& key, const Data& value) const {
  DataNode& node = node_of(*this, Kind::map, "a Map");
  const std::size_t at = position(node, key, 2);
  DataSlot stored_key = DataAccess::store(*this, key);
  DataSlot stored = DataAccess::store(*this, value);
  if (at < node.slots.size()) {
    node.slots[at + 1] = std::move(stored);
    return;
  }
  node.slots.reserve(node.slots.size() + 2);
  node.slots.push_back(std::move(stored_key));
  node.slots.push_back(std::move(stored));
}

bool Data::contains(const Data& value) const {
  const DataNode* node = DataAccess::node(*this);
  if (node != nullptr && node->kind == Kind::map) return find(value).has_value();
  const DataNode& set = node_of(*this, Kind::set, "a Map or Set");
  return position(set, value, 1) < set.slots.size();
}

void Data::add(const Data& value) const {
  DataNode& node = node_of(*this, Kind::set, "a Set");
  if (position(node, value, 1) == node.slots.size())
    node.slots.push_back(DataAccess::store(*this, value));
}

// ---- of one kind each ---------------------------------------------------------------------------

double Data::date_ms() const { return node_of(*this, Kind::date, "a Date").parts->date_ms; }

Data::RegExp Data::regexp() const {
  const DataNode& node = node_of(*this, Kind::regexp, "a RegExp");
  return {node.slots[0].blob()->bytes, node.slots[1].blob()->bytes};
}

Data::ErrorTexts Data::error() const {
  const DataNode& node = node_of(*this, Kind::error, "an error");
  const auto part = [&](std::size_t which) -> std::optional<std::string> {
    const DataSlot& slot = node.slots[which];
    if (slot.type() != DataSlot::Type::string) return std::nullopt;
    return slot.blob()->bytes;
  };
  return {part(DataNode::kName), part(DataNode::kMessage), part(DataNode::kStack)};
}

Data Data::cause() const {
  return wrap(*this, &node_of(*this, Kind::error, "an error").slots[DataNode::kCause]);
}

Data Data::errors() const {
  return wrap(*this, &node_of(*this, Kind::error, "an error").slots[DataNode::kErrors]);
}

void Data::set_cause(const Data& cause) const {
  DataNode& node = node_of(*this, Kind::error, "an error");
  node.slots[DataNode::kCause] = DataAccess::store(*this, cause);
}

void Data::set_errors(const Data& errors) const {
  DataNode& node = node_of(*this, Kind::error, "an error");
  node.slots[DataNode::kErrors] = DataAccess::store(*this, errors);
}

Data::Buffer Data::buffer() const {
  const DataParts& parts = *node_of(*this, Kind::array_buffer, "an ArrayBuffer").parts;
  Buffer buffer;
  if (parts.is_resizable) buffer.bytes_max = parts.bytes_max;
  buffer.is_detached = parts.is_detached;
  return buffer;
}

std::span<std::byte> Data::bytes() const {
  DataNode* node = DataAccess::node(*this);
  if (node != nullptr && node->kind == Kind::array_buffer) return node->parts->bytes;
  if (node == nullptr || (node->kind != Kind::typed_array && node->kind != Kind::data_view))
    throw_mismatch("an ArrayBuffer or a view of one");
  const std::size_t count = detail::view_bytes(*node);
  if (count == 0) return {};
  return std::span(node->slots[0].node()->parts->bytes).subspan(node->parts->offset, count);
}

Data::View Data::view() const {
  const DataNode* node = DataAccess::node(*this);
  if (node == nullptr || (node->kind != Kind::typed_array && node->kind != Kind::data_view))
    throw_mismatch("a typed array or DataView");
  const DataParts& parts = *node->parts;
  const std::size_t count = detail::view_bytes(*node) / detail::element_bytes(parts.type);
  return {parts.type,   wrap(*this, &node->slots[0]), parts.offset, count,
          parts.tracks, parts.is_out_of_bounds};
}

Data Data::unboxed() const {
  return wrap(*this, &node_of(*this, Kind::boxed, "a boxed primitive").slots[0]);
}

Data::Promise Data::promise() const {
  const DataNode& node = node_of(*this, Kind::promise, "a promise");
  return {node.parts->state, wrap(*this, &node.slots[0])};
}

Data::Accessor Data::accessor() const {
  if (kind() != Kind::accessor) throw_mismatch("an accessor");
  const int bits = static_cast<int>(slot_.number());
  return {(bits & 1) != 0, (bits & 2) != 0};
}

}  // namespace quiesce
