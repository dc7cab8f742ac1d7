#include "quiesce/convert.hpp"

#include "vm/machine.hpp"

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
