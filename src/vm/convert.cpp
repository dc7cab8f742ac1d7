#include "quiesce/convert.hpp"

#include <algorithm>

#include "quiesce/introspect.hpp"
#include "vm/machine.hpp"

namespace quiesce {

namespace {
constexpr std::uint64_t kBytesMax = 256u << 20;
constexpr std::uint32_t kDepthMax = 100;
}  // namespace

void Conversion::require(std::uint64_t bytes) const {
  if (bytes > kBytesMax - bytes_) {
    throw Error(Errc::limit,
                "a value that would take more than " + std::to_string(kBytesMax >> 20) +
                    " MiB outside the VM",
                Limit::memory);
  }
}

void Conversion::charge(std::uint64_t bytes) {
  require(bytes);
  bytes_ += bytes;
}

void Conversion::expect(std::string what) {
  if (expected_.empty()) expected_ = std::move(what);
}

void Conversion::within(const std::string& part) { path_ = ", " + part + path_; }

std::string Conversion::complaint(const std::string& subject) const {
  return subject + path_ + " must be " + expected_;
}

Conversion::Level::Level(Conversion& conversion) : conversion_(conversion) {
  if (conversion.depth_ >= kDepthMax) {
    throw Error(Errc::limit,
                "a value that is nested more than " + std::to_string(kDepthMax) + " levels deep");
  }
  ++conversion.depth_;
}

}  // namespace quiesce

namespace quiesce::detail {

std::optional<std::string> utf8_from(const Value& value) {
  if (!value.is_string()) return std::nullopt;
  return ValueAccess::handle(value)->machine->utf8(value);
}

std::optional<std::u16string> utf16_from(const Value& value) {
  if (!value.is_string()) return std::nullopt;
  return ValueAccess::handle(value)->machine->utf16(value);
}

std::optional<BigInt> bigint_from(const Value& value) {
  if (!value.is_bigint()) return std::nullopt;
  return BigInt{value.to_string()};  // ToString of a bigint runs no guest code
}

std::optional<std::vector<std::byte>> bytes_from(const Value& value) {
  if (!value.is_object()) return std::nullopt;
  return ValueAccess::handle(value)->machine->bytes(value);
}

// Class::object is also what has no name of its own there: weak collections, generators, boxes, and
// instances of bound classes, which all would be empty.
bool is_plain_object(const Value& value) {
  if (value.object_class() != Class::object) return false;
  const std::optional<std::string> name = introspect::class_name(value);
  return name == "Object" || name == "Module";
}

std::optional<std::vector<std::byte>> bytes_of(const Value& value, Class type) {
  if (value.object_class() != type) return std::nullopt;
  return bytes_from(value);
}

std::vector<Value> elements_of(const Value& array, std::uint32_t first, std::uint32_t count) {
  constexpr std::uint32_t kAtOnce = Q_MAILBOX_BYTES / sizeof(guest::wire);
  Machine& machine = *ValueAccess::handle(array)->machine;
  return machine.enter([&](guest::Instance& guest) {
    Machine::Staging staging(machine);
    const std::uint32_t more = std::min(count - first, kAtOnce);
    const std::uint32_t room = staging.room(std::size_t{more} * sizeof(guest::wire));
    machine.check(guest.elements(machine.to_wire(array), first, more, room));
    std::vector<Value> elements;
    elements.reserve(more);
    for (std::uint32_t i = 0; i < more; ++i) {
      elements.push_back(machine.from_wire(
          guest.memory().load<guest::wire>(room + i * std::uint32_t{sizeof(guest::wire)})));
    }
    return elements;
  });
}

Value object_to(VM& vm) { return vm.object(); }

// Defined, not set: a key may be "__proto__".
void define_entry(VM& vm, const Value& object, std::string_view key, const Value& value) {
  const Value name = vm.string(key);
  object.define(name, value, {.writable = true, .enumerable = true, .configurable = true});
}

std::string element_name(std::uint64_t index) { return "element " + std::to_string(index + 1); }
std::string property_name(const std::string& key) { return "property '" + key + "'"; }

Value string_to(VM& vm, std::string_view text) { return vm.string(text); }
Value string_to(VM& vm, std::u16string_view text) { return vm.string(text); }
Value bigint_to(VM& vm, const BigInt& from) { return vm.bigint(from); }
Value array_buffer_to(VM& vm, std::span<const std::byte> bytes) { return vm.array_buffer(bytes); }
Value array_to(VM& vm, std::span<const Value> elements) { return vm.array(elements); }

void throw_not_exact(const std::string& number) {
  throw Error(
      Errc::invalid_argument,
      number +
          " is beyond 2^53 and would lose digits as a JavaScript number; pass quiesce::BigInt");
}

}  // namespace quiesce::detail
