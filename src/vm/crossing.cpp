// Values on their way through the wall: wires, handles, texts, and what JavaScript threw.
#include <algorithm>
#include <cstddef>
#include <cstring>

#include "base/utf.hpp"
#include "vm/machine.hpp"
#include "vm/thrown.hpp"

namespace quiesce::detail {

namespace {

using guest::Instance;
using guest::Trap;
using guest::TrapKind;
using guest::u32;
using guest::wire;

constexpr std::size_t kView = offsetof(q_shared, view);

Type type_of_kind(u32 kind) {
  switch (kind) {
    case Q_STRING: return Type::string;
    case Q_SYMBOL: return Type::symbol;
    case Q_BIGINT: return Type::bigint;
    case Q_OBJECT: return Type::object;
    case Q_FUNCTION: return Type::function;
    default: throw Trap(TrapKind::bad_answer);
  }
}

u32 kind_of_type(Type type) {
  switch (type) {
    case Type::string: return Q_STRING;
    case Type::symbol: return Q_SYMBOL;
    case Type::bigint: return Q_BIGINT;
    case Type::function: return Q_FUNCTION;
    default: return Q_OBJECT;
  }
}

}  // namespace

// ---- handles ------------------------------------------------------------------------------------

Value ValueAccess::make(Type type, Handle* handle) noexcept {
  Value value;
  value.kind_ = type;
  value.data_.handle = handle;
  return value;
}

Handle* ValueAccess::handle(const Value& value) noexcept {
  return value.kind_ >= Type::string ? value.data_.handle : nullptr;
}

Handle* Machine::new_handle(u32 index) {
  if (index == 0) throw Trap(TrapKind::bad_answer);
  Handle* handle;
  if (free_handles_.empty()) {
    if (!handles_) handles_.emplace();
    handle = &handles_->emplace_back();
    free_handles_.reserve(handles_->size());  // so that release cannot fail
  } else {
    handle = free_handles_.back();
    free_handles_.pop_back();
  }
  *handle = {this, index, 1};
  ++live_handles_;
  return handle;
}

void Machine::release(Handle* handle) noexcept {
  const u32 index = handle->index;
  free_handles_.push_back(handle);
  --live_handles_;
  if (dead_ || instance_ == nullptr) {
    if (live_handles_ == 0 && instance_ == nullptr) {
      const std::shared_ptr<Machine> last = std::move(self_);  // ends this Machine when it goes
    }
    return;
  }
  if (instance_->trapped()) return;
  try {
    const guest::LinearMemory& memory = instance_->memory();
    constexpr u32 kCount = offsetof(q_shared, release_count);
    u32 count = memory.load<u32>(shared_ + kCount);
    if (count >= Q_RELEASE_MAX) {
      // Freeing moves nothing, and whoever looks at bytes holds the buffer.
      const std::uint32_t loans = std::exchange(loans_, 0);
      enter([](Instance& guest) { guest.drain(); });
      loans_ = loans;
      count = 0;
    }
    memory.store(shared_ + static_cast<u32>(offsetof(q_shared, release)) + count * 4, index);
    memory.store(shared_ + kCount, count + 1);
  } catch (...) {
    // A guest that cannot even take a handle back is lost. Whoever enters next is told; a
    // destructor cannot be.
    if (!instance_->trapped()) instance_->poison(trap_ = TrapKind::bad_answer);
  }
}

// ---- wires --------------------------------------------------------------------------------------

wire Machine::boxed_wire(const Value& value) {
  switch (value.type()) {
    case Type::undefined: return q_wire_make(Q_UNDEFINED, 0);
    case Type::null: return q_wire_make(Q_NULL, 0);
    case Type::boolean: return q_wire_make(Q_BOOLEAN, ValueAccess::boolean(value) ? 1 : 0);
    default: break;
  }
  const Handle* handle = ValueAccess::handle(value);
  if (handle->machine != this) {
    throw Error(Errc::foreign_value,
                "this value belongs to another VM; values do not travel between VMs");
  }
  return q_wire_make(kind_of_type(value.type()), handle->index);
}

Value Machine::from_boxed_wire(wire wire) {
  const u32 kind = q_wire_kind(wire);
  const u32 payload = q_wire_payload(wire);
  switch (kind) {
    case Q_UNDEFINED:
    case Q_ABSENT: return Value();
    case Q_NULL: return Value(nullptr);
    case Q_BOOLEAN: return Value(payload != 0);
    default: break;
  }
  const Type type = type_of_kind(kind);
  return ValueAccess::make(type, new_handle(payload));
}

bool Machine::is_absent(wire wire) noexcept { return wire == q_wire_make(Q_ABSENT, 0); }

Value Machine::result(wire wire) {
  if (q_wire_is_number(wire) || q_wire_kind(wire) != Q_EXCEPTION) return from_wire(wire);
  // Handle 0: memory did not suffice even for the error.
  const u32 index = q_wire_payload(wire);
  const Value thrown = index == 0 ? Value() : from_wire(instance_->thrown(index));
  if (shared<u32>(offsetof(q_shared, stop)) != Q_STOP_NONE) throw_stopped();
  throw_thrown(thrown, index == 0);
}

// ---- texts --------------------------------------------------------------------------------------

std::string Machine::text_of(const q_view& view) const {
  if (view.width == 2) return base::utf16_to_wtf8(utf16_of(view));
  if (view.width != 1) throw Trap(TrapKind::bad_answer);
  const auto bytes = instance_->memory().bytes(view.address, view.count);
  return base::latin1_to_utf8({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::u16string Machine::utf16_of(const q_view& view) const {
  if (view.width != 1 && view.width != 2) throw Trap(TrapKind::bad_answer);
  const auto bytes =
      instance_->memory().bytes(view.address, std::uint64_t{view.count} * view.width);
  std::u16string text(view.count, u'\0');
  if (view.width == 2) {
    std::memcpy(text.data(), bytes.data(), bytes.size());
  } else {
    std::ranges::transform(bytes, text.begin(),
                           [](std::byte b) { return static_cast<char16_t>(b); });
  }
  return text;
}

std::string Machine::utf8(const Value& text) {
  return enter([&](Instance& guest) {
    return guest.string_view(to_wire(text)) != 0 ? text_of(shared<q_view>(kView)) : std::string();
  });
}

std::u16string Machine::utf16(const Value& text) {
  return enter([&](Instance& guest) {
    return guest.string_view(to_wire(text)) != 0 ? utf16_of(shared<q_view>(kView))
                                                 : std::u16string();
  });
}

u32 Machine::string_length(const Value& text) {
  return enter([&](Instance& guest) {
    return guest.string_view(to_wire(text)) != 0 ? shared<q_view>(kView).count : 0;
  });
}

std::optional<std::vector<std::byte>> Machine::bytes(const Value& buffer) {
  return enter([&](Instance& guest) -> std::optional<std::vector<std::byte>> {
    if (guest.bytes_view(to_wire(buffer)) == 0) return std::nullopt;
    const auto view = shared<q_view>(kView);
    const auto bytes = guest.memory().bytes(view.address, view.count);
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  });
}

void Machine::append_elements(const Value& array, u32 count, std::vector<Value>& elements) {
  constexpr u32 kAtOnce = Q_MAILBOX_BYTES / sizeof(wire);
  enter([&](Instance& guest) {
    Staging staging(*this);
    const auto first = static_cast<u32>(elements.size());
    const u32 more = std::min(count - first, kAtOnce);
    const u32 room = staging.room(std::size_t{more} * sizeof(wire));
    check(guest.elements(to_wire(array), first, more, room));
    for (u32 i = 0; i < more; ++i) {
      elements.push_back(from_wire(guest.memory().load<wire>(room + i * u32{sizeof(wire)})));
    }
  });
}

std::span<std::byte> Machine::lend_bytes(const Value& buffer, LoanFor what) {
  return enter([&](Instance& guest) {
    const u32 kind = guest.bytes_view(to_wire(buffer));
    if (kind == 0) {
      throw Error(
          Errc::type_mismatch,
          "this object has no bytes: it is no ArrayBuffer and no view of one, or its buffer "
          "was detached or made too small for it");
    }
    if (kind == 2 && what == LoanFor::writing) {
      throw Error(Errc::type_mismatch, "the bytes of an immutable ArrayBuffer never change");
    }
    const auto view = shared<q_view>(kView);
    const auto bytes = guest.memory().bytes(view.address, view.count);
    // An entry that ends with the loan: no snapshot meanwhile, and a VM that goes away stays whole
    // until then.
    ++entries_;
    ++loans_;
    return bytes;
  });
}

void Machine::give_back_bytes() noexcept {
  --loans_;
  leave();
}

Value Machine::make_string(std::string_view utf8) {
  return enter([&](Instance& guest) {
    Staging staging(*this);
    const auto text = staging.text(utf8);
    return result(guest.string(text.address, text.count, text.encoding));
  });
}

Value Machine::make_string(std::u16string_view utf16) {
  return enter([&](Instance& guest) {
    Staging staging(*this);
    const auto text = staging.text(utf16);
    return result(guest.string(text.address, text.count, text.encoding));
  });
}

// ---- staging ------------------------------------------------------------------------------------

Machine::Staging::~Staging() {
  try {
    for (const u32 address : allocated_) machine_.instance_->deallocate(address);
  } catch (const Trap& trap) {
    machine_.trap_ = trap.kind();  // the next entry reports it
  }
}

u32 Machine::Staging::place(std::size_t count) {
  if (count <= Q_MAILBOX_BYTES - used_) {
    const u32 address = machine_.shared_ + static_cast<u32>(offsetof(q_shared, mailbox)) + used_;
    used_ = std::min<u32>(Q_MAILBOX_BYTES, used_ + static_cast<u32>((count + 7) & ~std::size_t{7}));
    return address;
  }
  const u32 address =
      count > 0xFFFF0000u ? 0 : machine_.instance_->allocate(static_cast<u32>(count));
  if (address == 0) {
    throw Error(Errc::limit,
                std::to_string(count) + " bytes do not fit into the memory limit of this VM",
                LimitReport{Limit::memory, machine_.instance_->memory_used() + count,
                            machine_.limits_.memory_bytes_max});
  }
  allocated_.push_back(address);
  return address;
}

u32 Machine::Staging::bytes(std::span<const std::byte> bytes) {
  const u32 address = place(bytes.size());
  if (!bytes.empty()) {
    std::memcpy(machine_.instance_->memory().bytes(address, bytes.size()).data(), bytes.data(),
                bytes.size());
  }
  return address;
}

Machine::Staging::Text Machine::Staging::text(std::string_view utf8) {
  if (base::is_ascii(utf8)) {
    return {bytes(std::as_bytes(std::span(utf8))), static_cast<u32>(utf8.size()), Q_LATIN1};
  }
  const std::optional<std::u16string> utf16 = base::wtf8_to_utf16(utf8);
  if (!utf16) throw Error(Errc::encoding, "this text is not valid UTF-8");
  return text(std::u16string_view(*utf16));
}

Machine::Staging::Text Machine::Staging::text(std::u16string_view utf16) {
  return {bytes(std::as_bytes(std::span(utf16))), static_cast<u32>(utf16.size()), Q_UTF16};
}

u32 Machine::Staging::wires(std::span<const Value> values) {
  const u32 address = place(values.size() * sizeof(wire));
  for (std::size_t i = 0; i < values.size(); ++i) {
    machine_.instance_->memory().store(address + static_cast<u32>(i * sizeof(wire)),
                                       machine_.to_wire(values[i]));
  }
  return address;
}

// ---- what was thrown ----------------------------------------------------------------------------

Value Machine::make_error(u32 error_class, std::string_view message) {
  return enter([&](Instance& guest) {
    Staging staging(*this);
    // The text of an error is somebody else's: malformed UTF-8 is repaired instead of refused.
    const auto text = base::invalid_utf8_at(message) && !base::wtf8_to_utf16(message)
                          ? Staging::Text{staging.bytes(std::as_bytes(std::span(message))),
                                          static_cast<u32>(message.size()), Q_UTF8}
                          : staging.text(message);
    return result(guest.error(error_class, text.address, text.count, text.encoding));
  });
}

std::shared_ptr<JSError::Detail> Machine::describe(const Value& thrown) {
  auto detail = std::make_shared<JSError::Detail>();
  detail->value = thrown;
  enter([&](Instance& guest) {
    if (!thrown.is_object()) return;
    const wire value = to_wire(thrown);
    if (guest.class_of(value) != Q_CLASS_ERROR) return;
    guest.error_describe(value);
    bool has_room = true;
    const auto text = [&](std::size_t offset) {
      const wire crossing = shared<wire>(offset);
      if (!q_wire_is_number(crossing) && q_wire_kind(crossing) == Q_EXCEPTION) {
        has_room = false;  // for another handle
        const u32 index = q_wire_payload(crossing);
        return index == 0 ? Value() : from_wire(guest.thrown(index));
      }
      return from_wire(crossing);
    };
    const Value name = text(offsetof(q_shared, described.name));
    const Value message = text(offsetof(q_shared, described.message));
    const Value stack = text(offsetof(q_shared, described.stack));
    detail->is_error = true;
    if (name.is_string()) detail->name = utf8(name);
    if (message.is_string()) detail->message = utf8(message);
    if (stack.is_string()) detail->stack = utf8(stack);
    if (!has_room) {
      detail->name = "InternalError";
      detail->message = "out of memory";
    }
    const std::uint64_t origin = guest.error_origin(value);
    const auto parked =
        std::ranges::find(parked_, origin, [](const auto& entry) { return entry.first; });
    if (origin != 0 && parked != parked_.end()) detail->nested = parked->second;
  });
  if (!detail->is_error) detail->message = thrown.inspect();
  return detail;
}

void Machine::throw_thrown(const Value& thrown, bool out_of_memory) {
  std::shared_ptr<JSError::Detail> detail = describe(thrown);
  if (out_of_memory) {
    detail->is_error = true;
    detail->name = "InternalError";
    detail->message = "out of memory";
  }
  if (const auto limit = limit_of(*detail)) {
    const bool memory = *limit == Limit::memory;
    const auto used = shared<std::uint64_t>(memory ? offsetof(q_shared, refused.memory_wanted)
                                                   : offsetof(q_shared, refused.stack_used));
    const auto allowed = shared<std::uint64_t>(memory ? offsetof(q_shared, refused.memory_limit)
                                                      : offsetof(q_shared, refused.stack_limit));
    if (used != 0) detail->report = LimitReport{*limit, used, allowed};
  }
  throw JSError(std::move(detail));
}

}  // namespace quiesce::detail
