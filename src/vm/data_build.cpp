// Making Data from C++.
#include <algorithm>
#include <cmath>

#include "vm/data_graph.hpp"

namespace quiesce {

using detail::DataAccess;
using detail::DataNode;
using detail::DataParts;
using detail::DataSlot;

namespace {

Data make_with_parts(Data::Kind kind) {
  Data made = DataAccess::make_object(kind);
  DataAccess::node(made)->parts = std::make_unique<DataParts>();
  return made;
}

Data make_view(Data::Kind kind, Class type, const Data& buffer, std::size_t offset,
               std::optional<std::size_t> elements) {
  const std::size_t size = detail::element_bytes(type);
  if (size == 0 || (kind == Data::Kind::typed_array) == (type == Class::data_view))
    throw Error(Errc::invalid_argument, "this class is no typed array");
  if (!buffer.is(Data::Kind::array_buffer)) DataAccess::mismatch(buffer, "an ArrayBuffer");
  const DataParts& bytes = *DataAccess::node(buffer)->parts;
  const std::size_t count = bytes.bytes.size();
  if (bytes.is_detached || offset % size != 0 || offset > count ||
      (elements && *elements > (count - offset) / size)) {
    throw Error(Errc::invalid_argument,
                "such a view does not fit its buffer of " + std::to_string(count) + " bytes");
  }
  const bool tracks = !elements && bytes.is_resizable;
  if (!elements && !tracks && count % size != 0) {
    throw Error(Errc::invalid_argument, std::to_string(count) +
                                            " bytes are not a whole number of elements of " +
                                            std::to_string(size) + " bytes");
  }
  Data view = make_with_parts(kind);
  DataNode& node = *DataAccess::node(view);
  node.parts->type = type;
  node.parts->offset = offset;
  node.parts->elements = elements.value_or((count - offset) / size);
  node.parts->tracks = tracks;
  node.slots.push_back(DataAccess::store(view, buffer));
  return view;
}

Data make_promise(PromiseState state, const Data& result) {
  Data promise = make_with_parts(Data::Kind::promise);
  DataNode& node = *DataAccess::node(promise);
  node.parts->state = state;
  node.slots.push_back(DataAccess::store(promise, result));
  return promise;
}

}  // namespace

Data Data::object(std::initializer_list<std::pair<std::string_view, Data>> properties) {
  Data object = DataAccess::make_object(Kind::object);
  for (const auto& [name, value] : properties) object.set(name, value);
  return object;
}

Data Data::array(std::initializer_list<Data> elements) {
  return array(std::span(elements.begin(), elements.size()));
}

Data Data::array(std::span<const Data> elements) {
  Data array = DataAccess::make_object(Kind::array);
  DataAccess::node(array)->slots.reserve(elements.size());
  for (const Data& element : elements) array.push(element);
  return array;
}

Data Data::map(std::initializer_list<MapEntry> entries) {
  return map(std::span(entries.begin(), entries.size()));
}

Data Data::map(std::span<const MapEntry> entries) {
  Data map = DataAccess::make_object(Kind::map);
  for (const MapEntry& entry : entries) map.put(entry.first, entry.second);
  return map;
}

Data Data::set(std::initializer_list<Data> values) {
  return set(std::span(values.begin(), values.size()));
}

Data Data::set(std::span<const Data> values) {
  Data set = DataAccess::make_object(Kind::set);
  for (const Data& value : values) set.add(value);
  return set;
}

Data Data::date(double epoch_ms) {
  constexpr double kMsMax = 8.64e15;  // ECMA-262 TimeClip
  Data date = make_with_parts(Kind::date);
  const bool is_valid = std::abs(epoch_ms) <= kMsMax;
  DataAccess::node(date)->parts->date_ms =
      is_valid ? std::trunc(epoch_ms) + 0.0 : std::numeric_limits<double>::quiet_NaN();
  return date;
}

Data Data::date(Time time) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  return date(static_cast<double>(ms.count()));
}

Data Data::regexp(std::string_view source, std::string_view flags) {
  Data regexp = DataAccess::make_object(Kind::regexp);
  DataNode& node = *DataAccess::node(regexp);
  node.slots.push_back(detail::make_checked_text(source.empty() ? "(?:)" : source));
  node.slots.push_back(detail::make_checked_text(flags));
  return regexp;
}

Data Data::error(std::string_view name, std::string_view message) {
  Data error = DataAccess::make_object(Kind::error);
  DataNode& node = *DataAccess::node(error);
  node.slots.resize(DataNode::kErrorSlots);
  node.slots[DataNode::kName] = detail::make_checked_text(name);
  node.slots[DataNode::kMessage] = detail::make_checked_text(message);
  return error;
}

Data Data::array_buffer(std::span<const std::byte> bytes, std::optional<std::size_t> bytes_max) {
  if (bytes_max && *bytes_max < bytes.size()) {
    throw Error(Errc::invalid_argument, "bytes_max is " + std::to_string(*bytes_max) +
                                            ", less than the " + std::to_string(bytes.size()) +
                                            " bytes that are there");
  }
  Data buffer = make_with_parts(Kind::array_buffer);
  DataParts& parts = *DataAccess::node(buffer)->parts;
  parts.bytes.assign(bytes.begin(), bytes.end());
  parts.is_resizable = bytes_max.has_value();
  parts.bytes_max = bytes_max.value_or(bytes.size());
  return buffer;
}

Data Data::bytes(std::span<const std::byte> bytes) {
  return typed_array(Class::uint8_array, array_buffer(bytes));
}

Data Data::typed_array(Class type, const Data& buffer, std::size_t offset,
                       std::optional<std::size_t> elements) {
  return make_view(Kind::typed_array, type, buffer, offset, elements);
}

Data Data::data_view(const Data& buffer, std::size_t offset, std::optional<std::size_t> bytes) {
  return make_view(Kind::data_view, Class::data_view, buffer, offset, bytes);
}

Data Data::boxed(const Data& primitive) {
  switch (DataAccess::slot(primitive).type()) {
    case DataSlot::Type::boolean:
    case DataSlot::Type::number:
    case DataSlot::Type::string:
    case DataSlot::Type::bigint:
    case DataSlot::Type::symbol: break;
    default: DataAccess::mismatch(primitive, "a primitive that has an object around it");
  }
  Data boxed = DataAccess::make_object(Kind::boxed);
  DataAccess::node(boxed)->slots.push_back(DataAccess::slot(primitive));
  return boxed;
}

Data Data::resolved(const Data& value) { return make_promise(PromiseState::fulfilled, value); }
Data Data::rejected(const Data& reason) { return make_promise(PromiseState::rejected, reason); }

}  // namespace quiesce
