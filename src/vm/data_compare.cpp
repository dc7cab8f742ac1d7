// Equality, copies and printing of graphs. None recurses on the depth of the data.
#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "vm/data_graph.hpp"
#include "vm/machine.hpp"

namespace quiesce {

using detail::DataAccess;
using detail::DataGraph;
using detail::DataLayout;
using detail::DataNode;
using detail::DataParts;
using detail::DataSlot;

namespace {

/// Two graphs side by side. Nodes that are compared already, or will be, count as equal: if they
/// are not, that is found elsewhere.
class Comparison {
 public:
  bool run(const DataSlot& left, const DataSlot& right) {
    if (!may_equal(left, right)) return false;
    while (!pending_.empty()) {
      const Pair pair = pending_.back();
      pending_.pop_back();
      if (!nodes_equal(*pair.first, *pair.second)) return false;
    }
    return true;
  }

 private:
  using Pair = std::pair<DataNode*, DataNode*>;
  struct Hash {
    std::size_t operator()(const Pair& pair) const noexcept {
      const std::hash<const void*> hash;
      return hash(pair.first) * 31 + hash(pair.second);
    }
  };

  bool may_equal(const DataSlot& left, const DataSlot& right) {
    if (left.type() != right.type()) return false;
    switch (left.type()) {
      case DataSlot::Type::boolean: return left.boolean() == right.boolean();
      case DataSlot::Type::number:
        return left.number() == right.number() ||
               (std::isnan(left.number()) && std::isnan(right.number()));
      case DataSlot::Type::string:
      case DataSlot::Type::bigint:
      case DataSlot::Type::symbol:
        return left.blob() == right.blob() || left.blob()->bytes == right.blob()->bytes;
      case DataSlot::Type::accessor: return left.number() == right.number();
      case DataSlot::Type::object: {
        if (left.node() == right.node()) return true;
        if (left.node()->kind != right.node()->kind) return false;
        const Pair pair{left.node(), right.node()};
        if (seen_.insert(pair).second) pending_.push_back(pair);
        return true;
      }
      default: return true;
    }
  }

  bool slots_equal(const DataNode& left, const DataNode& right) {
    return std::ranges::equal(left.slots, right.slots,
                              [&](const auto& a, const auto& b) { return may_equal(a, b); });
  }

  bool properties_equal(DataNode& left, DataNode& right) {
    const std::size_t count = left.property_count();
    if (count != right.property_count()) return false;
    for (std::size_t i = 0; i < count; ++i) {
      const DataSlot* other = left.layout == right.layout
                                  ? &right.properties()[i]
                                  : detail::find_property(right, left.layout->name(i));
      if (other == nullptr || !may_equal(left.properties()[i], *other)) return false;
    }
    return true;
  }

  // Elements may be stored in the row or, far behind holes, as properties.
  bool arrays_equal(DataNode& left, DataNode& right) {
    return left.length == right.length && elements_are_in(left, right) &&
           own_count(left) == own_count(right);
  }
  bool elements_are_in(DataNode& left, DataNode& right) {
    for (std::size_t i = 0; i < left.slots.size(); ++i) {
      if (left.slots[i].type() == DataSlot::Type::hole) continue;
      const DataSlot* other = detail::find_element(right, i);
      if (other == nullptr || !may_equal(left.slots[i], *other)) return false;
    }
    for (std::size_t i = 0; i < left.property_count(); ++i) {
      std::uint32_t index = 0;
      const DataSlot* other = detail::is_array_index(left.layout->name(i), &index)
                                  ? detail::find_element(right, index)
                                  : detail::find_property(right, left.layout->name(i));
      if (other == nullptr || !may_equal(left.properties()[i], *other)) return false;
    }
    return true;
  }
  static std::size_t own_count(const DataNode& array) {
    const auto holes = std::ranges::count(array.slots, DataSlot::Type::hole, &DataSlot::type);
    return array.slots.size() - static_cast<std::size_t>(holes) + array.property_count();
  }

  bool nodes_equal(DataNode& left, DataNode& right) {
    switch (left.kind) {
      case Data::Kind::object: return properties_equal(left, right);
      case Data::Kind::array: return arrays_equal(left, right);
      case Data::Kind::error: return slots_equal(left, right) && properties_equal(left, right);
      case Data::Kind::date: {
        const double a = left.parts->date_ms;
        const double b = right.parts->date_ms;
        return a == b || (std::isnan(a) && std::isnan(b));
      }
      case Data::Kind::array_buffer:
        return left.parts->bytes == right.parts->bytes &&
               left.parts->is_resizable == right.parts->is_resizable &&
               left.parts->bytes_max == right.parts->bytes_max &&
               left.parts->is_detached == right.parts->is_detached;
      case Data::Kind::typed_array:
      case Data::Kind::data_view:
        return left.parts->type == right.parts->type && left.parts->offset == right.parts->offset &&
               left.parts->elements == right.parts->elements &&
               left.parts->tracks == right.parts->tracks &&
               left.parts->is_out_of_bounds == right.parts->is_out_of_bounds &&
               slots_equal(left, right);
      case Data::Kind::promise:
        return left.parts->state == right.parts->state && slots_equal(left, right);
      default: return slots_equal(left, right);
    }
  }

  std::vector<Pair> pending_;
  std::unordered_set<Pair, Hash> seen_;
};

}  // namespace

bool Data::equal(const Data& left, const Data& right) {
  return Comparison().run(left.slot_, right.slot_);
}

// ---- copies -------------------------------------------------------------------------------------

Data Data::clone() const {
  if (DataAccess::node(*this) == nullptr) return *this;
  auto graph = std::make_shared<DataGraph>();
  std::unordered_map<const DataNode*, DataNode*> copies;
  std::vector<std::pair<const DataNode*, DataNode*>> pending;
  // Layouts are copied too: the copy may go to another thread.
  std::unordered_map<const DataLayout*, std::shared_ptr<DataLayout>> layouts;
  const auto copy_of_layout = [&](const std::shared_ptr<DataLayout>& layout) {
    std::shared_ptr<DataLayout>& copy = layouts[layout.get()];
    if (layout && !copy) copy = layout->copy();
    return copy;
  };
  const auto copy_of = [&](const DataSlot& slot) {
    if (slot.type() != DataSlot::Type::object) return slot;
    const auto [found, is_new] = copies.try_emplace(slot.node(), nullptr);
    if (is_new) {
      found->second = graph->add(slot.node()->kind);
      pending.emplace_back(slot.node(), found->second);
    }
    return DataSlot(found->second);
  };
  const auto copy_all = [&](const std::vector<DataSlot>& from, std::vector<DataSlot>& to) {
    to.reserve(from.size());
    for (const DataSlot& slot : from) to.push_back(copy_of(slot));
  };
  DataSlot root = copy_of(slot_);
  while (!pending.empty()) {
    const auto [from, to] = pending.back();
    pending.pop_back();
    to->length = from->length;
    to->layout = copy_of_layout(from->layout);
    copy_all(from->slots, to->slots);
    if (!from->parts) continue;
    const DataParts& parts = *from->parts;
    to->parts = std::make_unique<DataParts>();
    copy_all(parts.properties, to->parts->properties);
    to->parts->bytes = parts.bytes;
    to->parts->bytes_max = parts.bytes_max;
    to->parts->offset = parts.offset;
    to->parts->elements = parts.elements;
    to->parts->date_ms = parts.date_ms;
    to->parts->type = parts.type;
    to->parts->state = parts.state;
    to->parts->is_resizable = parts.is_resizable;
    to->parts->is_detached = parts.is_detached;
    to->parts->tracks = parts.tracks;
    to->parts->is_out_of_bounds = parts.is_out_of_bounds;
  }
  return DataAccess::make(std::move(graph), std::move(root));
}

// ---- printing -----------------------------------------------------------------------------------

namespace {

constexpr int kDepthMax = 4;
constexpr std::size_t kItemsMax = 100;

void quote(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text.substr(0, 1000)) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      constexpr const char* kDigits = "0123456789abcdef";
      out += "\\x";
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
    } else {
      out += c;
    }
  }
  out += text.size() > 1000 ? "...\"" : "\"";
}

std::string_view noun(Data::Kind kind) {
  const std::string_view name = detail::name_of(kind);
  return name.substr(name.find(' ') + 1);
}

void print(std::string& out, const Data& data, int depth);

template <class Range, class PrintItem>
void print_list(std::string& out, const char* open, const Range& items, const char* close,
                PrintItem&& print_item) {
  out += open;
  std::size_t n = 0;
  for (const auto& item : items) {
    if (n > 0) out += ", ";
    if (n++ == kItemsMax) {
      out += "...";
      break;
    }
    print_item(item);
  }
  out += close;
}

void print_object(std::string& out, const Data& data, int depth) {
  const auto value = [&](const Data& item) { print(out, item, depth + 1); };
  const auto entry = [&](const Data::Entry& item) {
    quote(out, item.first);
    out += ": ";
    value(item.second);
  };
  switch (data.kind()) {
    case Data::Kind::object: return print_list(out, "{", data.entries(), "}", entry);
    case Data::Kind::array:
      print_list(out, "[", data.elements(), "]", value);
      if (data.entries().size() > 0) print_list(out, " {", data.entries(), "}", entry);
      return;
    case Data::Kind::set: return print_list(out, "Set {", data.elements(), "}", value);
    case Data::Kind::map:
      return print_list(out, "Map {", data.map_entries(), "}", [&](const Data::MapEntry& item) {
        value(item.first);
        out += " => ";
        value(item.second);
      });
    case Data::Kind::error: {
      const Data::ErrorTexts texts = data.error();
      out += texts.name.value_or("Error") + "(";
      quote(out, texts.message.value_or(""));
      out += ")";
      if (data.size() > 0) print_list(out, " {", data.entries(), "}", entry);
      return;
    }
    case Data::Kind::regexp: out += "/" + data.regexp().source + "/" + data.regexp().flags; return;
    case Data::Kind::date: out += "Date(" + detail::number_text(data.date_ms()) + ")"; return;
    case Data::Kind::boxed:
      out += "Object(";
      value(data.unboxed());
      out += ")";
      return;
    case Data::Kind::promise:
      out += data.promise().state == PromiseState::pending     ? "Promise(pending"
             : data.promise().state == PromiseState::fulfilled ? "Promise("
                                                               : "Promise(rejected ";
      if (data.promise().state != PromiseState::pending) value(data.promise().result);
      out += ")";
      return;
    default: (out += "<").append(noun(data.kind())) += ">"; return;
  }
}

void print(std::string& out, const Data& data, int depth) {
  switch (data.kind()) {
    case Data::Kind::undefined: out += "undefined"; return;
    case Data::Kind::null: out += "null"; return;
    case Data::Kind::boolean: out += data.as<bool>() ? "true" : "false"; return;
    case Data::Kind::number: out += detail::number_text(data.as<double>()); return;
    case Data::Kind::string: quote(out, data.text()); return;
    case Data::Kind::bigint: out += data.as<BigInt>().digits + "n"; return;
    case Data::Kind::symbol:
      out += "Symbol.for(";
      quote(out, data.text());
      out += ")";
      return;
    case Data::Kind::array_buffer:
    case Data::Kind::typed_array:
    case Data::Kind::data_view:
      (out += "<").append(noun(data.kind())) += " of " + std::to_string(data.size()) + ">";
      return;
    default: break;
  }
  if (depth >= kDepthMax) {
    out += "...";
  } else {
    print_object(out, data, depth);
  }
}

}  // namespace

std::string Data::inspect() const {
  std::string out;
  print(out, *this, 0);
  return out;
}

}  // namespace quiesce
