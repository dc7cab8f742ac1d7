#include "vm/data_graph.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/utf.hpp"

namespace quiesce::detail {

// ---- slots --------------------------------------------------------------------------------------

void DataSlot::count_up() const noexcept {
  content_.blob->references.fetch_add(1, std::memory_order_relaxed);
}

void DataSlot::count_down() const noexcept {
  if (content_.blob->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete content_.blob;
}

DataSlot make_text(std::string&& wtf8) {
  auto blob = std::make_unique<DataBlob>();
  blob->bytes = std::move(wtf8);
  return {DataSlot::Type::string, blob.release()};
}

DataSlot make_text(std::string_view wtf8) { return make_text(std::string(wtf8)); }

DataSlot make_checked_text(std::string_view utf8) {
  if (base::is_ascii(utf8) || base::is_utf8(utf8)) return make_text(utf8);
  const std::optional<std::u16string> utf16 = base::wtf8_to_utf16(utf8);
  if (!utf16) throw Error(Errc::encoding, "this text is not valid UTF-8");
  return make_text(base::utf16_to_wtf8(*utf16));
}

DataSlot make_words(std::string words, DataSlot::Type type) {
  auto blob = std::make_unique<DataBlob>();
  blob->bytes = std::move(words);
  return {type, blob.release()};
}

// ---- layouts ------------------------------------------------------------------------------------

std::size_t DataLayout::find(std::string_view name) const noexcept {
  if (names_.size() >= kIndexedFrom) {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? kAbsent : found->second;
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (this->name(i) == name) return i;
  }
  return kAbsent;
}

void DataLayout::add(DataSlot name) {
  names_.push_back(std::move(name));
  if (names_.size() == kIndexedFrom) {
    for (std::size_t i = 0; i < kIndexedFrom; ++i) index(i);
  } else if (names_.size() > kIndexedFrom) {
    index(names_.size() - 1);
  }
}

void DataLayout::remove(std::size_t at) {
  by_name_.clear();
  names_.erase(names_.begin() + static_cast<std::ptrdiff_t>(at));
  if (names_.size() < kIndexedFrom) return;
  for (std::size_t i = 0; i < names_.size(); ++i) index(i);
}

std::shared_ptr<DataLayout> DataLayout::copy() const {
  auto copied = std::make_shared<DataLayout>();
  for (const DataSlot& name : names_) copied->add(name);
  return copied;
}

// ---- graphs -------------------------------------------------------------------------------------

DataNode* DataGraph::add(Data::Kind kind, std::size_t expected) {
  constexpr std::size_t kBlockMax = 256;
  if (open_used == open_count) {
    // Blocks grow with the graph, so that one small object costs one small block.
    const std::size_t count =
        std::clamp(std::max(expected, node_count / 2), std::size_t{1}, kBlockMax);
    if (open) full.push_back(std::move(open));
    open = std::make_unique<DataNode[]>(count);
    open_count = count;
    open_used = 0;
  }
  DataNode* node = &open[open_used++];
  ++node_count;
  node->kind = kind;
  return node;
}

Data DataAccess::make_object(Data::Kind kind) {
  auto graph = std::make_shared<DataGraph>();
  DataNode* node = graph->add(kind);
  return make(std::move(graph), DataSlot(node));
}

std::shared_ptr<DataGraph> DataAccess::graph(const Data& data) {
  std::shared_ptr<DataGraph> graph = data.graph_;
  while (graph->moved_to) graph = graph->moved_to;
  return graph;
}

DataSlot DataAccess::store(const Data& owner, const Data& value) {
  if (node(value) == nullptr) return value.slot_;
  std::shared_ptr<DataGraph> mine = graph(owner);
  std::shared_ptr<DataGraph> other = graph(value);
  if (mine == other) return value.slot_;
  if (mine->node_count < other->node_count) std::swap(mine, other);
  mine->full.insert(mine->full.end(), std::make_move_iterator(other->full.begin()),
                    std::make_move_iterator(other->full.end()));
  mine->full.push_back(std::move(other->open));
  mine->node_count += other->node_count;
  other->full.clear();
  other->open_used = other->open_count = other->node_count = 0;
  other->moved_to = std::move(mine);
  return value.slot_;
}

// ---- properties ---------------------------------------------------------------------------------

const DataSlot* find_property(DataNode& node, std::string_view name) {
  if (!node.has_properties() || !node.layout) return nullptr;
  const std::size_t at = node.layout->find(name);
  return at == DataLayout::kAbsent ? nullptr : &node.properties()[at];
}

void set_property(DataNode& node, std::string_view name, DataSlot value) {
  const std::size_t at = node.layout ? node.layout->find(name) : DataLayout::kAbsent;
  if (at != DataLayout::kAbsent) {
    node.properties()[at] = std::move(value);
    return;
  }
  if (!node.layout) {
    node.layout = std::make_shared<DataLayout>();
    if (node.kind != Data::Kind::object && !node.parts) node.parts = std::make_unique<DataParts>();
  } else if (node.layout.use_count() > 1) {
    node.layout = node.layout->copy();
  }
  std::vector<DataSlot>& values = node.properties();
  values.push_back(std::move(value));
  try {
    node.layout->add(make_checked_text(name));
  } catch (...) {
    values.pop_back();
    throw;
  }
}

bool is_array_index(std::string_view name, std::uint32_t* index) noexcept {
  if (name.empty() || name.size() > 10 || (name[0] == '0' && name.size() > 1)) return false;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), *index);
  return error == std::errc() && end == name.data() + name.size() && *index != 0xFFFFFFFFu;
}

const DataSlot* find_element(DataNode& array, std::size_t index) {
  if (index < array.slots.size()) {
    const DataSlot& slot = array.slots[index];
    return slot.type() == DataSlot::Type::hole ? nullptr : &slot;
  }
  return index < array.length ? find_property(array, std::to_string(index)) : nullptr;
}

// ---- kinds --------------------------------------------------------------------------------------

std::size_t view_bytes(const DataNode& view) noexcept {
  const DataParts& parts = *view.parts;
  const DataParts& buffer = *view.slots[0].node()->parts;
  const std::size_t size = element_bytes(parts.type);
  if (buffer.is_detached || parts.offset > buffer.bytes.size()) return 0;
  const std::size_t rest = buffer.bytes.size() - parts.offset;
  if (parts.tracks) return rest / size * size;
  return parts.elements <= rest / size ? parts.elements * size : 0;
}

Data::Kind kind_of_slot(const DataSlot& slot) noexcept {
  switch (slot.type()) {
    case DataSlot::Type::undefined:
    case DataSlot::Type::hole: return Data::Kind::undefined;
    case DataSlot::Type::null: return Data::Kind::null;
    case DataSlot::Type::boolean: return Data::Kind::boolean;
    case DataSlot::Type::number: return Data::Kind::number;
    case DataSlot::Type::string: return Data::Kind::string;
    case DataSlot::Type::bigint: return Data::Kind::bigint;
    case DataSlot::Type::symbol: return Data::Kind::symbol;
    case DataSlot::Type::object: return slot.node()->kind;
    case DataSlot::Type::accessor: return Data::Kind::accessor;
  }
  return Data::Kind::undefined;
}

const char* name_of(Data::Kind kind) noexcept {
  switch (kind) {
    case Data::Kind::undefined: return "undefined";
    case Data::Kind::null: return "null";
    case Data::Kind::boolean: return "a boolean";
    case Data::Kind::number: return "a number";
    case Data::Kind::string: return "a string";
    case Data::Kind::bigint: return "a bigint";
    case Data::Kind::symbol: return "a symbol";
    case Data::Kind::object: return "an object";
    case Data::Kind::array: return "an array";
    case Data::Kind::map: return "a Map";
    case Data::Kind::set: return "a Set";
    case Data::Kind::date: return "a Date";
    case Data::Kind::regexp: return "a RegExp";
    case Data::Kind::error: return "an error";
    case Data::Kind::array_buffer: return "an ArrayBuffer";
    case Data::Kind::typed_array: return "a typed array";
    case Data::Kind::data_view: return "a DataView";
    case Data::Kind::boxed: return "a boxed primitive";
    case Data::Kind::promise: return "a promise";
    case Data::Kind::accessor: return "an accessor";
    case Data::Kind::proxy: return "a proxy";
  }
  return "a value";
}

// ---- bigints ------------------------------------------------------------------------------------

namespace {

using Words = std::vector<std::uint32_t>;
constexpr std::uint32_t kBillion = 1'000'000'000;

Words load_words(std::string_view bytes) {
  Words words(bytes.size() / 4);
  if (!words.empty()) std::memcpy(words.data(), bytes.data(), words.size() * 4);
  return words;
}

void negate(Words& words) {
  std::uint64_t carry = 1;
  for (std::uint32_t& word : words) {
    carry += static_cast<std::uint32_t>(~word);
    word = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
}

}  // namespace

std::string bigint_words(std::string_view digits) {
  const bool is_negative = digits.starts_with('-');
  if (is_negative) digits.remove_prefix(1);
  Words words;
  for (std::size_t at = 0; at < digits.size();) {
    const std::size_t count = (digits.size() - at - 1) % 9 + 1;
    std::uint32_t scale = 1;
    std::uint32_t part = 0;
    for (std::size_t i = 0; i < count; ++i, ++at) {
      scale *= 10;
      part = part * 10 + static_cast<std::uint32_t>(digits[at] - '0');
    }
    std::uint64_t carry = part;
    for (std::uint32_t& word : words) {
      carry += std::uint64_t{word} * scale;
      word = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) words.push_back(static_cast<std::uint32_t>(carry));
  }
  words.push_back(0);  // the sign
  if (is_negative) negate(words);
  std::string bytes(words.size() * 4, '\0');
  std::memcpy(bytes.data(), words.data(), bytes.size());
  shorten_words(bytes);
  return bytes;
}

void shorten_words(std::string& bytes) {
  const Words words = load_words(bytes);
  std::size_t count = words.size();
  while (count > 1) {
    const bool is_negative = (words[count - 2] >> 31) != 0;
    if (words[count - 1] != (is_negative ? 0xFFFFFFFFu : 0u)) break;
    --count;
  }
  bytes.resize(count * 4);
}

std::string bigint_digits(std::string_view bytes) {
  Words words = load_words(bytes);
  const bool is_negative = !words.empty() && (words.back() >> 31) != 0;
  if (is_negative) negate(words);
  while (!words.empty() && words.back() == 0) words.pop_back();
  std::string reversed;
  while (!words.empty()) {
    std::uint64_t rest = 0;
    for (std::size_t i = words.size(); i-- > 0;) {
      rest = rest << 32 | words[i];
      words[i] = static_cast<std::uint32_t>(rest / kBillion);
      rest %= kBillion;
    }
    while (!words.empty() && words.back() == 0) words.pop_back();
    for (int i = 0; i < 9 && (!words.empty() || rest != 0); ++i, rest /= 10) {
      reversed.push_back(static_cast<char>('0' + rest % 10));
    }
  }
  if (reversed.empty()) return "0";
  if (is_negative) reversed.push_back('-');
  std::ranges::reverse(reversed);
  return reversed;
}

}  // namespace quiesce::detail
