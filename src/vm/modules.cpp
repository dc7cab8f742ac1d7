// Imports of the guest: asked of the host's loader, as host functions are called.
#include <cstddef>
#include <cstring>

#include "base/utf.hpp"
#include "vm/machine.hpp"

namespace quiesce::detail {

namespace {

using guest::Instance;
using guest::Trap;
using guest::u32;
using guest::u64;

ModuleAttributes attributes_of(const Value& object) {
  ModuleAttributes attributes;
  if (!object.is_object()) return attributes;
  for (const Value& key : object.keys(Keys::strings))
    attributes.emplace(key.as<std::string>(), object.get(key).as<std::string>());
  return attributes;
}

void check_source(const ModuleKey& key, const ModuleSource& source) {
  if (source.format == ModuleSource::Format::bytes) return;
  if (const auto bad = base::invalid_utf8_at(source.content)) {
    throw Error(Errc::encoding, "the source of module '" + key.name +
                                    "' is not UTF-8: bad byte at offset " + std::to_string(*bad));
  }
}

[[noreturn]] void throw_not_found(const ModuleRequest& request) {
  throw Error(Errc::io, "Cannot find module '" + request.specifier + "' imported from '" +
                            request.referrer + "'");
}

}  // namespace

Value Machine::eval_module(std::string_view source, const EvalOptions& options) {
  return enter([&](Instance& guest) {
    Staging staging(*this);
    const u32 code = staging.bytes(std::as_bytes(std::span(source)));
    const auto name = staging.text(options.file_name);
    return result(guest.eval_module(code, static_cast<u32>(source.size()), name.address, name.count,
                                    name.encoding,
                                    options.backtrace_barrier ? Q_EVAL_BARRIER : 0u));
  });
}

u64 Machine::host_resolve(u64 specifier, u64 referrer, u64 attributes, u32 is_dynamic) {
  try {
    const Value specifier_text = from_wire(specifier), referrer_text = from_wire(referrer);
    const Value attributes_object = from_wire(attributes);
    if (!host_->modules) return q_wire_make(Q_ABSENT, 0);
    check_depth();
    asked_ = {
        utf8(specifier_text), utf8(referrer_text), attributes_of(attributes_object),
        is_dynamic != 0 ? ModuleRequest::Kind::dynamic_import : ModuleRequest::Kind::static_import};
    const std::optional<std::string> name = host_->modules->resolve(*facade_, asked_);
    if (!name) throw_not_found(asked_);
    return to_wire(make_string(*name));
  } catch (const Trap&) {
    throw;
  } catch (...) {
    if (dead_ || instance_->trapped()) return q_wire_make(Q_UNDEFINED, 0);
    return raise("the module loader's resolve");
  }
}

u64 Machine::host_load(u64 name, u64 attributes) {
  try {
    const Value name_text = from_wire(name);
    const Value attributes_object = from_wire(attributes);
    const ModuleKey key{utf8(name_text), attributes_of(attributes_object), asked_.kind};
    const std::optional<ModuleSource> source = host_->modules->load(*facade_, key);
    if (!source) throw_not_found(asked_);
    check_source(key, *source);
    leave_source(*source);
    return q_wire_make(Q_UNDEFINED, 0);
  } catch (const Trap&) {
    throw;
  } catch (...) {
    if (dead_ || instance_->trapped()) return q_wire_make(Q_UNDEFINED, 0);
    return raise("the module loader's load");
  }
}

// For the guest to take. Address 0: there is no room, and the guest says so.
void Machine::leave_source(const ModuleSource& source) {
  const std::size_t bytes = source.content.size();
  const u32 address = bytes < 0xFFFF0000u ? instance_->allocate(static_cast<u32>(bytes) + 1) : 0;
  const guest::LinearMemory& memory = instance_->memory();
  if (address != 0) {
    const auto room = memory.bytes(address, u64{bytes} + 1);
    std::memcpy(room.data(), source.content.data(), bytes);
    room[bytes] = std::byte{0};
  }
  constexpr u32 kSource = offsetof(q_shared, source);
  memory.store(shared_ + kSource + static_cast<u32>(offsetof(decltype(q_shared::source), format)),
               static_cast<u32>(source.format));
  memory.store(shared_ + kSource + static_cast<u32>(offsetof(decltype(q_shared::source), address)),
               address);
  memory.store(shared_ + kSource + static_cast<u32>(offsetof(decltype(q_shared::source), count)),
               static_cast<u32>(bytes));
}

void Machine::check_depth() const {
  if (entries_ > kEntriesMax) {
    throw Error(Errc::limit, "Maximum call stack size exceeded", Limit::stack);
  }
}

}  // namespace quiesce::detail
