// Imports of the guest: asked of the host's loader, as host functions are called.
#include <cstddef>
#include <cstring>
#include <utility>

#include "base/utf.hpp"
#include "vm/machine.hpp"

namespace quiesce {

ModuleError::ModuleError(std::string code, const std::string& message, Class error_class)
    : Error(Errc::module, message),
      node_code_(std::move(code)),
      message_(message),
      class_(error_class) {}

ModuleError::ModuleError(std::string code, const std::string& message, Class error_class,
                         ModulePlace place)
    : Error(Errc::module, place.name + ":" + std::to_string(place.line) + ":" +
                              std::to_string(place.column) + ": " + message +
                              (place.excerpt.empty() ? "" : "\n" + place.excerpt)),
      node_code_(std::move(code)),
      message_(message),
      class_(error_class),
      place_(std::move(place)) {}

}  // namespace quiesce

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

void check_promise(const ModuleKey& key, const Value& promise) {
  if (promise.is_promise()) return;
  throw Error(Errc::type_mismatch, "the loader's source of module '" + key.name +
                                       "' is neither content nor a promise of this VM");
}

[[noreturn]] void throw_not_found(const ModuleRequest& request) {
  const bool is_require = request.kind == ModuleRequest::Kind::require;
  throw ModuleError(
      is_require ? "MODULE_NOT_FOUND" : "ERR_MODULE_NOT_FOUND",
      "Cannot find module '" + request.specifier + "' imported from '" + request.referrer + "'");
}

ModuleRequest::Kind kind_of(u32 kind) {
  switch (kind) {
    case Q_IMPORT_STATIC: return ModuleRequest::Kind::static_import;
    case Q_IMPORT_DYNAMIC: return ModuleRequest::Kind::dynamic_import;
    case Q_IMPORT_REQUIRE: return ModuleRequest::Kind::require;
    case Q_IMPORT_META_RESOLVE: return ModuleRequest::Kind::meta_resolve;
    default: throw Trap(guest::TrapKind::bad_answer);
  }
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

Value Machine::import_main(std::string_view specifier) {
  return enter([&](Instance& guest) {
    Staging staging(*this);
    const auto text = staging.text(specifier);
    return result(guest.import_main(text.address, text.count, text.encoding));
  });
}

u64 Machine::host_resolve(u64 specifier, u64 referrer, u64 attributes, u32 kind) {
  try {
    const Value specifier_text = from_wire(specifier), referrer_text = from_wire(referrer);
    const Value attributes_object = from_wire(attributes);
    if (!host_->modules) return q_wire_make(Q_ABSENT, 0);
    check_depth();
    const ModuleRequest request{utf8(specifier_text), utf8(referrer_text),
                                attributes_of(attributes_object), kind_of(kind)};
    asked_ = request;
    const std::optional<std::string> name = host_->modules->resolve(*facade_, request);
    if (!name) throw_not_found(request);
    return to_wire(make_string(*name));
  } catch (const Trap&) {
    throw;
  } catch (...) {
    if (dead_ || instance_->trapped()) return q_wire_make(Q_UNDEFINED, 0);
    return raise("the module loader's resolve");
  }
}

u64 Machine::host_load(u64 name, u64 attributes, u32 kind) {
  try {
    const Value name_text = from_wire(name);
    const Value attributes_object = from_wire(attributes);
    if (!host_->modules) throw Error(Errc::module, "this VM has no module loader");
    check_depth();
    const ModuleKey key{utf8(name_text), attributes_of(attributes_object), kind_of(kind)};
    const ModuleRequest request = asked_;
    const std::optional<ModuleSource> source = host_->modules->load(*facade_, key);
    if (!source) throw_not_found(request);
    if (!source->promise.is_undefined()) {
      check_promise(key, source->promise);
      leave_source({{}, source->format});
      return to_wire(source->promise);
    }
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
