#include "vm/host_objects.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <set>

#include "vm/machine.hpp"

namespace quiesce::detail {

namespace {

using guest::Instance;
using guest::Trap;
using guest::TrapKind;
using guest::u32;
using guest::u64;
using guest::wire;

// Dead instances that are waited for before the guest is asked for their numbers in the middle of a
// call; at its end it is always asked.
constexpr u32 kDeadMax = 256;
// A guest that claims more instances than this was tampered with.
constexpr std::size_t kRowsMax = 1u << 24;

const ClassParts& class_of(const Machine& machine, std::type_index type) {
  if (const ClassParts* parts = machine.bound_class(type)) return *parts;
  throw Error(Errc::invalid_argument, "an object of a type that Host::bind was not given");
}

Error not_an_instance(std::string_view subject, const ClassParts& parts, bool is_gone) {
  std::string text(subject);
  text += is_gone ? " is an instance of " + parts.name + " whose object is gone"
                  : " must be an instance of " + parts.name;
  return Error(Errc::type_mismatch, text);
}

u32 bind_kind(ClassParts::Kind kind) {
  switch (kind) {
    case ClassParts::Kind::method: return Q_BIND_METHOD;
    case ClassParts::Kind::getter: return Q_BIND_GETTER;
    case ClassParts::Kind::setter: return Q_BIND_SETTER;
    case ClassParts::Kind::dispose: return Q_BIND_DISPOSE;
  }
  return Q_BIND_METHOD;
}

}  // namespace

// ---- classes ------------------------------------------------------------------------------------

Value HostObjects::host_class(const ClassParts& parts) {
  return machine_.enter([&](Instance& guest) {
    // The guest knows a class from its first half on; what fails in the second is made up for.
    const bool is_half_made = !half_made_.insert(&parts).second;
    Machine::Staging staging(machine_);
    const auto name = staging.text(std::string_view(parts.name));
    const auto function = staging.text(std::string_view(parts.constructor));
    Value constructor = machine_.result(
        guest.host_class(name.address, name.count, name.encoding, function.address, function.count,
                         function.encoding, parts.constructor_arity));
    const u32 index = machine_.shared<u32>(offsetof(q_shared, resource.class_index));
    const bool is_new = machine_.shared<u32>(offsetof(q_shared, resource.row)) != 0;
    if (is_new || is_half_made) bind_members(parts, constructor);
    class_indices_[&parts] = index;
    half_made_.erase(&parts);
    return constructor;
  });
}

void HostObjects::bind_members(const ClassParts& parts, const Value& constructor) {
  const Value prototype = constructor.get("prototype");
  for (const ClassParts::Member& member : parts.members) {
    machine_.enter([&](Instance& guest) {
      Machine::Staging texts(machine_);
      const auto host_name = texts.text(std::string_view(member.function));
      const auto key = texts.text(std::string_view(member.key));
      machine_.check(guest.bind(machine_.to_wire(member.is_static ? constructor : prototype),
                                host_name.address, host_name.count, host_name.encoding, key.address,
                                key.count, key.encoding, member.arity, bind_kind(member.kind)));
    });
  }
}

// ---- the table ----------------------------------------------------------------------------------

void HostObjects::insert(u64 number, Entry entry) {
  const Key key(entry.parts, entry.object.get());
  const bool is_new = entries_.try_emplace(number, std::move(entry)).second;
  if (number == 0 || !is_new) throw Trap(TrapKind::bad_answer);  // a counter was turned back
  numbers_[key] = number;
}

std::shared_ptr<void> HostObjects::erase(u64 number) {
  const auto found = entries_.find(number);
  if (found == entries_.end()) return nullptr;
  const auto by_object = numbers_.find({found->second.parts, found->second.object.get()});
  if (by_object != numbers_.end() && by_object->second == number) numbers_.erase(by_object);
  std::shared_ptr<void> object = std::move(found->second.object);
  entries_.erase(found);
  return object;
}

const HostObjects::Entry* HostObjects::find(u64 number, const ClassParts& parts) const {
  const auto found = entries_.find(number);
  return found != entries_.end() && found->second.parts == &parts ? &found->second : nullptr;
}

void HostObjects::release_dead() noexcept {
  if (is_releasing_) return;
  is_releasing_ = true;
  try {
    // A destructor may end the VM.
    for (std::size_t known = entries_.size() + 1;
         known > 0 && !machine_.dead() &&
         machine_.shared<u32>(offsetof(q_shared, dead_resources)) != 0;) {
      std::vector<std::shared_ptr<void>> gone;  // their destructors may do anything: at the end
      const u32 told = machine_.enter([&](Instance& guest) {
        const u32 count = guest.dead_resources();
        if (count > Q_MAILBOX_BYTES / sizeof(u64)) throw Trap(TrapKind::bad_answer);
        gone.reserve(count);
        for (u32 i = 0; i < count; ++i) {
          gone.push_back(
              erase(machine_.shared<u64>(offsetof(q_shared, mailbox) + i * sizeof(u64))));
        }
        return count;
      });
      known -= std::min<std::size_t>(known, std::max(told, 1u));
    }
  } catch (...) {
    // The VM is lost or gone, and whoever enters next is told. The objects stay until it goes.
  }
  is_releasing_ = false;
}

void HostObjects::make_room() {
  if (machine_.shared<u32>(offsetof(q_shared, dead_resources)) >= kDeadMax) release_dead();
}

void HostObjects::clear() noexcept {
  const auto gone = std::exchange(entries_, {});
  numbers_.clear();
}

// ---- sleep --------------------------------------------------------------------------------------

std::vector<std::string> HostObjects::attach() {
  std::set<std::string> missing;
  u32 row = 0;
  u64 last = 0;
  for (std::size_t rows = 0;; ++rows) {
    u64 number = 0;
    std::string class_name;
    std::optional<std::string> key;
    machine_.peek([&](Instance& guest) {
      row = guest.resource_after(row);
      if (row == 0) return;
      number = machine_.shared<u64>(offsetof(q_shared, resource.number));
      if (number <= last || rows >= kRowsMax) throw Trap(TrapKind::bad_answer);
      last = number;
      const auto name_view = machine_.shared<q_view>(offsetof(q_shared, resource.class_name));
      if (name_view.width != 0) class_name = machine_.text_of(name_view);
      const auto key_view = machine_.shared<q_view>(offsetof(q_shared, resource.key));
      if (key_view.width != 0) key = machine_.text_of(key_view);
    });
    if (row == 0) break;
    const ClassParts* parts = machine_.bound_class(class_name);
    if (parts == nullptr || !key || !parts->attach) {
      missing.insert(class_name + (key ? " '" + *key + "'" : " (without a key)"));
    } else if (std::shared_ptr<void> object = parts->attach(*key)) {
      insert(number, {parts, std::move(object), row});
    } else {
      missing.insert(class_name + " '" + *key + "'");
    }
  }
  return {missing.begin(), missing.end()};
}

void HostObjects::record_keys() {
  // Whoever wakes the VM could not tell that half of a class is missing.
  while (!half_made_.empty()) host_class(**half_made_.begin());
  std::vector<u64> numbers;
  for (const auto& [number, entry] : entries_) numbers.push_back(number);
  std::ranges::sort(numbers);  // so that equal VMs have equal heaps
  for (const u64 number : numbers) {
    const auto found = entries_.find(number);  // an earlier key function may have run anything
    if (found == entries_.end() || !found->second.parts->key) continue;
    const Entry entry = found->second;
    const std::string key = entry.parts->key(entry.object.get());
    if (!entries_.contains(number)) continue;
    machine_.enter([&](Instance& guest) {
      Machine::Staging staging(machine_);
      const auto text = staging.text(std::string_view(key));
      machine_.check(guest.resource_key(entry.row, text.address, text.count, text.encoding));
    });
  }
}

// ---- what bound functions ask -------------------------------------------------------------------

std::shared_ptr<void> HostObjects::of_this(const Call& call, const ClassParts& parts) {
  const auto number = machine_.shared<u64>(offsetof(q_shared, resource.number));
  const auto row = machine_.shared<u32>(offsetof(q_shared, resource.row));
  if (const Entry* entry = find(number, parts)) return entry->object;
  throw not_an_instance(std::string(call.name()) + ": this", parts,
                        row != 0 && !entries_.contains(number));
}

void HostObjects::construct(const ClassParts& parts,
                            const std::function<std::shared_ptr<void>()>& make) {
  const auto number = machine_.shared<u64>(offsetof(q_shared, resource.number));
  const auto row = machine_.shared<u32>(offsetof(q_shared, resource.row));
  if (number == 0 || entries_.contains(number)) {
    throw Error(Errc::type_mismatch, "class " + parts.name + " is called with new");
  }
  make_room();
  std::shared_ptr<void> object = make();
  if (object == nullptr)
    throw Error(Errc::type_mismatch, "the constructor of " + parts.name + " made no object");
  if (entries_.contains(number))
    throw Error(Errc::type_mismatch, "this " + parts.name + " was constructed meanwhile");
  insert(number, {&parts, std::move(object), row});
}

void HostObjects::dispose(const Call& call, const ClassParts& parts) {
  const auto number = machine_.shared<u64>(offsetof(q_shared, resource.number));
  const auto row = machine_.shared<u32>(offsetof(q_shared, resource.row));
  if (find(number, parts) == nullptr) {
    if (row != 0 && !entries_.contains(number)) return;  // disposed of before
    throw not_an_instance(std::string(call.name()) + ": this", parts, false);
  }
  machine_.enter([&](Instance& guest) { guest.resource_close(row); });
  const std::shared_ptr<void> gone = erase(number);
}

Value HostObjects::to_value(const ClassParts& parts, const std::shared_ptr<void>& object) {
  make_room();
  const Value known = to_known_value(parts, object.get());
  if (!known.is_undefined()) return known;
  if (!class_indices_.contains(&parts)) host_class(parts);
  return machine_.enter([&](Instance& guest) {
    Value instance = machine_.result(guest.resource(class_indices_.at(&parts)));
    insert(machine_.shared<u64>(offsetof(q_shared, resource.number)),
           {&parts, object, machine_.shared<u32>(offsetof(q_shared, resource.row))});
    return instance;
  });
}

Value HostObjects::to_known_value(const ClassParts& parts, const void* object) {
  const auto found = numbers_.find({&parts, object});
  if (found == numbers_.end()) return Value();
  const u32 row = entries_.at(found->second).row;
  return machine_.enter([&](Instance& guest) {
    const wire instance = guest.resource_object(row);
    return Machine::is_absent(instance) ? Value() : machine_.result(instance);
  });
}

std::shared_ptr<void> HostObjects::from_value(const Value& value, const ClassParts& parts) {
  return machine_.enter([&](Instance& guest) -> std::shared_ptr<void> {
    if (guest.resource_of(machine_.to_wire(value)) == 0) return nullptr;
    const Entry* entry = find(machine_.shared<u64>(offsetof(q_shared, resource.number)), parts);
    return entry == nullptr ? nullptr : entry->object;
  });
}

// ---- the way from bind.hpp ----------------------------------------------------------------------

std::shared_ptr<void> this_object(Call& call, std::type_index type) {
  Machine& machine = ValueAccess::machine(call.vm());
  return machine.host_objects().of_this(call, class_of(machine, type));
}

void construct_object(Call& call, std::type_index type,
                      const std::function<std::shared_ptr<void>()>& make) {
  Machine& machine = ValueAccess::machine(call.vm());
  machine.host_objects().construct(class_of(machine, type), make);
}

void dispose_object(Call& call, std::type_index type) {
  Machine& machine = ValueAccess::machine(call.vm());
  machine.host_objects().dispose(call, class_of(machine, type));
}

Value object_to(VM& vm, std::type_index type, std::shared_ptr<void> object) {
  Machine& machine = ValueAccess::machine(vm);
  machine.check_alive();  // a VM that is gone lacks more than a class
  return machine.host_objects().to_value(class_of(machine, type), object);
}

Value known_object_to(VM& vm, std::type_index type, const void* object) {
  Machine& machine = ValueAccess::machine(vm);
  machine.check_alive();
  Value known = machine.host_objects().to_known_value(class_of(machine, type), object);
  if (known.is_undefined()) {
    throw Error(Errc::invalid_argument,
                "a reference to an object that JavaScript has not seen: return a std::shared_ptr");
  }
  return known;
}

std::shared_ptr<void> object_from(const Value& value, std::type_index type) {
  const Handle* handle = ValueAccess::handle(value);
  if (handle == nullptr) return nullptr;
  Machine& machine = *handle->machine;
  return machine.host_objects().from_value(value, class_of(machine, type));
}

void throw_not_an_object(const Call& call, std::uint32_t index, std::type_index type) {
  Machine& machine = ValueAccess::machine(call.vm());
  const bool is_gone = machine.shared<u32>(offsetof(q_shared, resource.row)) != 0 &&
                       call.argument(index).is_object();
  throw not_an_instance(std::string(call.name()) + ": argument " + std::to_string(index + 1),
                        class_of(machine, type), is_gone);
}

}  // namespace quiesce::detail

namespace quiesce {

detail::ClassParts& Host::class_parts(const std::string& name) { return parts().classes.at(name); }

void Host::bind_class(const std::string& name, std::type_index type) {
  if (name.empty()) throw Error(Errc::invalid_argument, "a class needs a name");
  detail::HostParts& all = parts();
  const auto by_type = all.class_names.find(type);
  if (all.classes.contains(name) || by_type != all.class_names.end()) {
    throw Error(Errc::invalid_argument,
                "class '" + (by_type != all.class_names.end() ? by_type->second : name) +
                    "' is bound already; one C++ class is one JavaScript class");
  }
  detail::ClassParts made;
  made.name = name;
  made.type = type;
  all.classes.emplace(name, std::move(made));
  all.class_names.emplace(type, name);
}

void Host::add_member_function(std::string name, std::uint32_t arity, HostFunction f) {
  parts().functions.insert_or_assign(
      std::move(name), detail::HostParts::Function{arity, std::move(f), /*is_member=*/true});
}

Value VM::host_class(std::string_view name) {
  machine_->check_alive();  // a VM that is gone lacks more than a class
  const detail::ClassParts* bound = machine_->bound_class(name);
  if (bound == nullptr) {
    throw Error(Errc::missing_resource, "the host binds no class '" + std::string(name) + "'");
  }
  return machine_->host_objects().host_class(*bound);
}

}  // namespace quiesce
