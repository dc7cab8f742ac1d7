// Data through the wall: one crossing each way. And what VM makes without asking its guest's
// globals.
#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "guest/data_form.h"
#include "vm/data_form.hpp"
#include "vm/data_graph.hpp"
#include "vm/machine.hpp"

namespace quiesce {

namespace {

using detail::Machine;
using detail::ValueAccess;
using guest::Instance;
using guest::u32;
using guest::wire;

u32 data_flags(const DumpOptions& options) {
  u32 flags = 0;
  if (options.accessors == Accessors::run) flags |= Q_DATA_RUN_GETTERS;
  if (options.proxies == Proxies::run) flags |= Q_DATA_RUN_PROXIES;
  if (options.functions == Functions::refused) flags |= Q_DATA_REFUSE_FUNCTIONS;
  return flags;
}

[[noreturn]] void throw_too_large(std::uint64_t bytes_max) {
  throw Error(Errc::limit, "this data takes more than bytes_max = " + std::to_string(bytes_max) +
                               " (see DumpOptions)");
}

Data read_form(Machine& machine, Instance& guest, std::uint64_t bytes_max) {
  const auto view = machine.shared<q_view>(offsetof(q_shared, view));
  const guest::LinearMemory& memory = guest.memory();
  const auto form = memory.bytes(view.address, view.count);
  try {
    Data data = detail::decode_form(form, memory.bytes(0, memory.size()), bytes_max);
    guest.deallocate(view.address);
    return data;
  } catch (const detail::MalformedForm&) {
    throw guest::Trap(guest::TrapKind::bad_answer);
  } catch (const Error&) {
    guest.deallocate(view.address);
    throw;
  } catch (const std::bad_alloc&) {
    guest.deallocate(view.address);
    throw Error(Errc::resources, "there is no memory for this data");
  }
}

}  // namespace

Data dump(const Value& value, const DumpOptions& options) {
  switch (value.type()) {
    case Type::undefined: return {};
    case Type::null: return nullptr;
    case Type::boolean: return ValueAccess::boolean(value);
    case Type::number: return ValueAccess::number(value);
    default: break;
  }
  Machine& machine = *ValueAccess::handle(value)->machine;
  const auto form_bytes_max =
      static_cast<u32>(std::min<std::uint64_t>(options.bytes_max, std::numeric_limits<u32>::max()));
  return machine.enter([&](Instance& guest) {
    const Value answer = machine.result(
        guest.data_encode(machine.to_wire(value), data_flags(options), form_bytes_max));
    if (answer.is_string()) throw Error(Errc::not_cloneable, machine.utf8(answer));
    if (answer.is_number()) throw_too_large(options.bytes_max);
    return read_form(machine, guest, options.bytes_max);
  });
}

Value detail::data_to(VM& vm, const Data& from) {
  switch (from.kind()) {
    case Data::Kind::undefined: return {};
    case Data::Kind::null: return nullptr;
    case Data::Kind::boolean: return from.as<bool>();
    case Data::Kind::number: return from.as<double>();
    case Data::Kind::string: return vm.string(from.text());
    default: break;
  }
  const std::string form = encode_form(from);
  Machine& machine = ValueAccess::machine(vm);
  return machine.enter([&](Instance& guest) {
    Machine::Staging staging(machine);
    const u32 address = staging.bytes(std::as_bytes(std::span(form)));
    return machine.result(guest.data_decode(address, static_cast<u32>(form.size())));
  });
}

// ---- what VM makes ------------------------------------------------------------------------------

Value VM::date(double epoch_ms) { return detail::data_to(*this, Data::date(epoch_ms)); }
Value VM::date(Time time) { return detail::data_to(*this, Data::date(time)); }

Value VM::regexp(std::string_view source, std::string_view flags) {
  return detail::data_to(*this, Data::regexp(source, flags));
}

Value VM::resizable_array_buffer(std::span<const std::byte> bytes, std::size_t bytes_max) {
  return detail::data_to(*this, Data::array_buffer(bytes, bytes_max));
}

Value VM::map(std::span<const std::pair<Value, Value>> entries) {
  Machine& machine = *machine_;
  std::vector<Value> values;
  values.reserve(entries.size() * 2);
  for (const auto& [key, value] : entries) {
    values.push_back(key);
    values.push_back(value);
  }
  return machine.enter([&](Instance& guest) {
    Machine::Staging staging(machine);
    const u32 wires = staging.wires(values);
    return machine.result(guest.collection(Q_CLASS_MAP, static_cast<u32>(values.size()), wires));
  });
}

Value VM::set(std::span<const Value> values) {
  Machine& machine = *machine_;
  return machine.enter([&](Instance& guest) {
    Machine::Staging staging(machine);
    const u32 wires = staging.wires(values);
    return machine.result(guest.collection(Q_CLASS_SET, static_cast<u32>(values.size()), wires));
  });
}

Value VM::data_view(const Value& buffer, std::uint32_t offset, std::uint32_t bytes) {
  Machine& machine = *machine_;
  return machine.enter([&](Instance& guest) {
    return machine.result(
        guest.typed_array(Q_CLASS_DATA_VIEW, machine.to_wire(buffer), offset, bytes));
  });
}

Value VM::typed_array(Class type, const Value& buffer, std::uint32_t offset,
                      std::uint32_t elements) {
  detail::typed_array_element_bytes(type);  // refuses what is none
  Machine& machine = *machine_;
  return machine.enter([&](Instance& guest) {
    return machine.result(
        guest.typed_array(static_cast<u32>(type), machine.to_wire(buffer), offset, elements));
  });
}

}  // namespace quiesce
