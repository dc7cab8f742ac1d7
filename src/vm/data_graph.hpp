// The objects behind Data. A graph owns its nodes, and nodes refer to each other by plain pointers;
// so circles cost nothing and cannot leak. When two graphs are joined the nodes of the smaller one
// move into the larger one, in blocks that keep their addresses, and the smaller one forwards.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "quiesce/data.hpp"
#include "vm/element.hpp"

namespace quiesce::detail {

struct DataBlob {
  std::atomic<std::uint32_t> references{1};
  std::string bytes;  // WTF-8; of a bigint 32-bit words in two's complement, lowest first
};

/// Names of properties in their order. Shared by objects that have the same; changed only by an
/// object that has it alone.
class DataLayout {
 public:
  static constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);

  std::size_t size() const noexcept { return names_.size(); }
  std::string_view name(std::size_t index) const noexcept { return names_[index].blob()->bytes; }
  const DataSlot& slot(std::size_t index) const noexcept { return names_[index]; }
  std::size_t find(std::string_view name) const noexcept;
  void add(DataSlot name);
  void remove(std::size_t index);
  std::shared_ptr<DataLayout> copy() const;

 private:
  static constexpr std::size_t kIndexedFrom = 9;  // fewer names are searched one by one
  void index(std::size_t at) { by_name_.try_emplace(name(at), at); }

  std::vector<DataSlot> names_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
};

/// What only some kinds of objects have.
struct DataParts {
  std::vector<DataSlot> properties;  // of an array or error: values, by the node's layout
  std::vector<std::byte> bytes;      // of a buffer
  std::size_t bytes_max = 0;
  std::size_t offset = 0, elements = 0;  // of a view
  double date_ms = 0;
  Class type = Class::none;  // of a view
  PromiseState state = PromiseState::pending;
  bool is_resizable = false, is_detached = false;  // of a buffer
  bool tracks = false, is_out_of_bounds = false;   // of a view
};

struct DataNode {
  Data::Kind kind = Data::Kind::object;
  std::uint32_t length = 0;  // of an array
  // Names of properties, of an object in `slots`, of others in `parts`; null: none.
  std::shared_ptr<DataLayout> layout;
  // Values of the properties of an object, elements of an array, keys and values of a map in turn,
  // values of a set; RegExp: source, flags; error: name, message, stack, cause, errors; view: its
  // buffer; boxed: the primitive; promise: the result.
  std::vector<DataSlot> slots;
  std::unique_ptr<DataParts> parts;

  enum ErrorSlot : std::uint8_t { kName, kMessage, kStack, kCause, kErrors, kErrorSlots };

  bool has_properties() const noexcept {
    return kind == Data::Kind::object || kind == Data::Kind::array || kind == Data::Kind::error;
  }
  std::vector<DataSlot>& properties() {
    return kind == Data::Kind::object ? slots : parts->properties;
  }
  std::size_t property_count() const noexcept { return layout ? layout->size() : 0; }
};

struct DataGraph {
  using Block = std::unique_ptr<DataNode[]>;
  std::vector<Block> full;
  Block open;  // has room for more
  std::size_t open_used = 0, open_count = 0, node_count = 0;
  std::shared_ptr<DataGraph> moved_to;

  /// `expected`: how many more are likely to follow.
  DataNode* add(Data::Kind kind, std::size_t expected = 0);
};

/// The way to the private parts of Data, for this folder only.
struct DataAccess {
  static Data make(std::shared_ptr<DataGraph> graph, DataSlot slot) {
    const bool is_object = slot.type() == DataSlot::Type::object;
    return {is_object ? std::move(graph) : nullptr, std::move(slot)};
  }
  /// A new object in a graph of its own.
  static Data make_object(Data::Kind kind);
  static const DataSlot& slot(const Data& data) noexcept { return data.slot_; }
  static DataNode* node(const Data& data) noexcept {
    return data.slot_.type() == DataSlot::Type::object ? data.slot_.node() : nullptr;
  }
  /// The graph in which the object is now.
  static std::shared_ptr<DataGraph> graph(const Data& data);
  /// `value` as it is stored in the graph of `owner`, which is joined with the one it is in.
  static DataSlot store(const Data& owner, const Data& value);
  [[noreturn]] static void mismatch(const Data& data, const char* wanted) {
    data.throw_mismatch(wanted);
  }
};

DataSlot make_text(std::string_view wtf8);  // must be WTF-8, with pairs in four bytes
DataSlot make_text(std::string&& wtf8);
DataSlot make_checked_text(std::string_view utf8);  // throws Errc::encoding
DataSlot make_words(std::string words, DataSlot::Type type);

/// Decimal digits to the shortest words and back.
std::string bigint_words(std::string_view digits);
std::string bigint_digits(std::string_view words);
/// Drops words that only repeat the sign of the one below.
void shorten_words(std::string& words);

Data::Kind kind_of_slot(const DataSlot& slot) noexcept;
const char* name_of(Data::Kind kind) noexcept;

/// Properties of nodes that have some.
const DataSlot* find_property(DataNode& node, std::string_view name);
void set_property(DataNode& node, std::string_view name, DataSlot value);
/// The element if the array has it.
const DataSlot* find_element(DataNode& array, std::size_t index);
/// `index` as a property name: the decimal form of an array index and nothing else.
bool is_array_index(std::string_view name, std::uint32_t* index) noexcept;
/// How many bytes a view shows now: 0 out of bounds.
std::size_t view_bytes(const DataNode& view) noexcept;

}  // namespace quiesce::detail
