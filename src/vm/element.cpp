#include "vm/element.hpp"

namespace quiesce::detail {

std::size_t element_bytes(Class type) {
  switch (type) {
    case Class::data_view:
    case Class::uint8_clamped_array:
    case Class::int8_array:
    case Class::uint8_array: return 1;
    case Class::int16_array:
    case Class::uint16_array:
    case Class::float16_array: return 2;
    case Class::int32_array:
    case Class::uint32_array:
    case Class::float32_array: return 4;
    case Class::bigint64_array:
    case Class::biguint64_array:
    case Class::float64_array: return 8;
    default: return 0;
  }
}

std::size_t typed_array_element_bytes(Class type) {
  const std::size_t bytes = type == Class::data_view ? 0 : element_bytes(type);
  if (bytes == 0) throw Error(Errc::invalid_argument, "this class is no typed array");
  return bytes;
}

}  // namespace quiesce::detail
