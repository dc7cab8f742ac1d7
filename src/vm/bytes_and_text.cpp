// Bytes of a buffer where they are, and text that is UTF-8 in the strict sense.
#include "base/utf.hpp"
#include "vm/machine.hpp"

namespace quiesce {

using detail::Machine;
using detail::ValueAccess;

Value::ByteLoan::ByteLoan(const Value& buffer, For what) : held_(nullptr) {
  if (!buffer.is_object())
    throw Error(Errc::type_mismatch, "only an ArrayBuffer and its views have bytes");
  detail::Handle* handle = ValueAccess::handle(buffer);
  machine_ = handle->machine->shared_from_this();
  bytes_ = machine_->lend_bytes(
      buffer, what == For::writing ? Machine::LoanFor::writing : Machine::LoanFor::reading);
  held_ = handle;
  ++held_->references;
}

Value::ByteLoan::~ByteLoan() {
  const Value last = ValueAccess::make(Type::object, held_);
  machine_->give_back_bytes();
}

void Value::write_bytes(std::uint64_t offset, std::span<const std::byte> bytes) const {
  with_bytes([&](std::span<std::byte> all) {
    if (offset > all.size() || bytes.size() > all.size() - offset) {
      throw Error(Errc::invalid_argument, std::to_string(bytes.size()) + " bytes at offset " +
                                              std::to_string(offset) + " do not fit into " +
                                              std::to_string(all.size()));
    }
    std::copy(bytes.begin(), bytes.end(), all.begin() + static_cast<std::ptrdiff_t>(offset));
  });
}

std::string Value::utf8(Utf8 how) const {
  std::u16string text = as<std::u16string>();
  if (how == Utf8::replace)
    return base::utf16_to_wtf8(base::replace_lone_surrogates(std::move(text)));
  std::string utf8 = base::utf16_to_wtf8(text);
  if (!base::is_utf8(utf8))
    throw Error(Errc::encoding, "the string has a lone surrogate, which UTF-8 cannot write");
  return utf8;
}

}  // namespace quiesce
