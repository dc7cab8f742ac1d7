#include "quiesce/vm.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "base/utf.hpp"
#include "vm/element.hpp"
#include "vm/guest_time.hpp"
#include "vm/machine.hpp"

namespace quiesce {

namespace {

using detail::Machine;
using detail::time_of_ms;
using guest::Instance;
using guest::u32;
using guest::u64;
using guest::wire;

// A guest that claims more rows than this was tampered with.
constexpr std::size_t kRowsMax = 1u << 20;

std::optional<u32> error_class_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, q_error_class>, 9> kClasses{{
      {"Error", Q_ERROR},
      {"AggregateError", Q_AGGREGATE_ERROR},
      {"EvalError", Q_EVAL_ERROR},
      {"RangeError", Q_RANGE_ERROR},
      {"ReferenceError", Q_REFERENCE_ERROR},
      {"SyntaxError", Q_SYNTAX_ERROR},
      {"TypeError", Q_TYPE_ERROR},
      {"URIError", Q_URI_ERROR},
      {"InternalError", Q_INTERNAL_ERROR},
  }};
  const auto found =
      std::ranges::find(kClasses, name, [](const auto& entry) { return entry.first; });
  if (found == kClasses.end()) return std::nullopt;
  return static_cast<u32>(found->second);
}

// The three parameters of a text in the ABI.
template <class F>
auto with_text(Machine& machine, std::string_view utf8, F&& f) {
  return machine.enter([&](Instance& guest) {
    Machine::Staging staging(machine);
    const auto text = staging.text(utf8);
    return f(guest, text);
  });
}

u32 eval_flags(const EvalOptions& options) {
  u32 flags = options.strict ? Q_EVAL_STRICT : 0u;
  if (options.backtrace_barrier) flags |= Q_EVAL_BARRIER;
  if (options.type == SourceType::async_script) flags |= Q_EVAL_ASYNC;
  return flags;
}

// Every name, as far as a text is still of use.
std::string listed(std::string text, const std::vector<std::string>& names) {
  constexpr std::size_t kNamesMax = 1000;
  for (std::size_t i = 0; i < names.size() && i < kNamesMax; ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamesMax)
    text += " and " + std::to_string(names.size() - kNamesMax) + " more";
  return text;
}

}  // namespace

RestoreOptions RestoreOptions::lenient() {
  return {.allow_missing_functions = true,
          .allow_missing_resources = true,
          .allow_missing_mounts = true};
}

RestoreOptions RestoreOptions::for_looking() {
  RestoreOptions options = lenient();
  options.limits =
      Limits{.memory_bytes_max = Limits::kUnlimited, .time_max = std::chrono::seconds(30)};
  return options;
}

// ---- life ---------------------------------------------------------------------------------------

VM::VM(std::shared_ptr<Machine> machine) noexcept : machine_(std::move(machine)) {}

// Delegating, so that a VM whose beginning throws is shut down: the error may hold Values of it.
VM::VM(const Host& host, const Limits& limits)
    : VM(std::make_shared<Machine>(host, limits, detail::EngineParts::built_in())) {
  machine_->start();
}

VM::VM(const Engine& engine, const Host& host, const Limits& limits)
    : VM(std::make_shared<Machine>(host, limits, engine.parts_)) {
  machine_->start();
}

VM::VM(const Host& host, const Snapshot& snapshot, const RestoreOptions& options)
    : VM(std::make_shared<Machine>(host, snapshot, options)) {
  machine_->start();
  // Said now, and not at the first call; the snapshot's own limits it has lived with before.
  if (options.limits) machine_->check_memory();
  if (!options.allow_missing_functions) {
    std::vector<std::string> missing = function_names();
    std::erase_if(missing, [&](const std::string& name) { return machine_->offers(name); });
    if (!missing.empty()) {
      throw Error(
          Errc::missing_function,
          listed("the snapshot needs host functions that this host does not offer: ", missing));
    }
  }
  std::vector<std::string> missing = machine_->host_objects().attach();
  if (!missing.empty() && !options.allow_missing_resources) {
    throw Error(Errc::missing_resource,
                listed("the snapshot needs objects that this host does not attach: ", missing));
  }
  missing = machine_->files().attach();
  if (!missing.empty() && !options.allow_missing_mounts) {
    throw Error(Errc::missing_resource,
                listed("the snapshot needs files that this host does not mount: ", missing));
  }
  if (machine_->is_image()) {
    machine_->begin_from_image(options.reseed);
  } else if (options.reseed) {
    reseed();
  }
}

// What is moved from is a VM that is gone, and says so.
VM::VM(VM&& other) noexcept : machine_(std::exchange(other.machine_, Machine::nobody())) {}

VM& VM::operator=(VM&& other) noexcept {
  std::swap(machine_, other.machine_);
  return *this;
}

VM::~VM() {
  // The facade that host functions see shares no ownership (its count is zero) and ends nothing.
  if (machine_.use_count() > 0 && machine_ != Machine::nobody()) machine_->shut_down();
}

// ---- code ---------------------------------------------------------------------------------------

Value VM::eval(std::string_view source, const EvalOptions& options) {
  if (const auto bad = base::invalid_utf8_at(source)) {
    throw Error(Errc::encoding,
                "the source is not UTF-8: bad byte at offset " + std::to_string(*bad));
  }
  Machine& machine = *machine_;
  if (options.type == SourceType::module) return machine.eval_module(source, options);
  return machine.enter([&](Instance& guest) {
    Machine::Staging staging(machine);
    const u32 code = staging.bytes(std::as_bytes(std::span(source)));
    const u32 name = staging.bytes(std::as_bytes(std::span(options.file_name)));
    return machine.result(guest.eval(code, static_cast<u32>(source.size()), name,
                                     static_cast<u32>(options.file_name.size()),
                                     eval_flags(options)));
  });
}

Value VM::import_main(std::string_view specifier) { return machine_->import_main(specifier); }

bool VM::is_module(std::string_view source) {
  Machine& machine = *machine_;
  return machine.enter([&](Instance& guest) {
    Machine::Staging staging(machine);
    return guest.is_module(staging.bytes(std::as_bytes(std::span(source))),
                           static_cast<u32>(source.size())) != 0;
  });
}

Value VM::global() {
  Machine& machine = *machine_;
  return machine.enter([&](Instance& guest) { return machine.result(guest.global()); });
}

// ---- values -------------------------------------------------------------------------------------

Value VM::string(std::string_view utf8) { return machine_->make_string(utf8); }
Value VM::string(std::string_view utf8, Utf8 how) {
  if (how == Utf8::replace && !base::is_utf8(utf8))
    return machine_->make_string(base::replace_invalid_utf8(utf8));
  if (const auto bad = base::invalid_utf8_at(utf8)) {
    throw Error(Errc::encoding,
                "the text is not UTF-8: bad byte at offset " + std::to_string(*bad));
  }
  return machine_->make_string(utf8);
}
Value VM::string(std::u16string_view utf16) { return machine_->make_string(utf16); }

Value VM::bigint(const BigInt& from) {
  const std::string_view digits(from.digits);
  const std::string_view magnitude = digits.substr(digits.starts_with('-') ? 1 : 0);
  if (magnitude.empty() ||
      !std::ranges::all_of(magnitude, [](char c) { return c >= '0' && c <= '9'; })) {
    throw Error(
        Errc::invalid_argument,
        "a BigInt is decimal digits after an optional minus sign, not '" + from.digits + "'");
  }
  return with_text(*machine_, digits, [&](Instance& guest, const auto& text) {
    return machine_->result(guest.bigint(text.address, text.count, text.encoding));
  });
}

Value VM::symbol(std::string_view description) {
  return with_text(*machine_, description, [&](Instance& guest, const auto& text) {
    return machine_->result(guest.symbol(text.address, text.count, text.encoding, 0));
  });
}

Value VM::global_symbol(std::string_view key) {
  return with_text(*machine_, key, [&](Instance& guest, const auto& text) {
    return machine_->result(guest.symbol(text.address, text.count, text.encoding, 1));
  });
}

Value VM::object() {
  return machine_->enter([&](Instance& guest) { return machine_->result(guest.object()); });
}

Value VM::array() { return array({}); }

Value VM::array(std::span<const Value> elements) {
  return machine_->enter([&](Instance& guest) {
    Machine::Staging staging(*machine_);
    const u32 wires = staging.wires(elements);
    return machine_->result(guest.array(static_cast<u32>(elements.size()), wires));
  });
}

Value VM::array_buffer(std::span<const std::byte> bytes) {
  return machine_->enter([&](Instance& guest) {
    Machine::Staging staging(*machine_);
    return machine_->result(
        guest.array_buffer(staging.bytes(bytes), static_cast<u32>(bytes.size())));
  });
}

Value VM::typed_array(Class type, std::span<const std::byte> bytes) {
  const std::size_t size = detail::typed_array_element_bytes(type);
  if (bytes.size() % size != 0) {
    throw Error(Errc::invalid_argument, std::to_string(bytes.size()) +
                                            " bytes are not a whole number of elements of " +
                                            std::to_string(size) + " bytes");
  }
  return machine_->enter([&](Instance& guest) {
    const Value buffer = array_buffer(bytes);
    return machine_->result(guest.typed_array(static_cast<u32>(type), machine_->to_wire(buffer), 0,
                                              static_cast<u32>(bytes.size() / size)));
  });
}

Value VM::error(std::string_view name, std::string_view message, const ErrorOptions& options) {
  constexpr Property kHidden{.writable = true, .enumerable = false, .configurable = true};
  // Errors of host functions are repaired instead: see Machine::make_error.
  if (base::invalid_utf8_at(message) && !base::wtf8_to_utf16(message))
    throw Error(Errc::encoding, "the message is not valid UTF-8");
  const std::optional<u32> known = error_class_of(name);
  Value made = machine_->make_error(known.value_or(Q_ERROR), message);
  if (!known) made.define("name", string(name), kHidden);
  if (options.cause) made.define("cause", *options.cause, kHidden);
  if (options.errors) made.define("errors", array(*options.errors), kHidden);
  for (const auto& [key, value] : options.properties) {
    made.define(key, value, {.writable = true, .enumerable = true, .configurable = true});
  }
  return made;
}

Value VM::function(std::string_view name) {
  const std::optional<u32> arity = machine_->arity(name);
  machine_->enter([](Instance&) {});  // a VM that is gone lacks more than a function
  if (!arity)
    throw Error(Errc::missing_function, "the host offers no function '" + std::string(name) + "'");
  return with_text(*machine_, name, [&](Instance& guest, const auto& text) {
    return machine_->result(guest.function(text.address, text.count, text.encoding, *arity));
  });
}

Value VM::parse_json(std::string_view json) {
  return with_text(*machine_, json, [&](Instance& guest, const auto& text) {
    return machine_->result(guest.json_parse(text.address, text.count, text.encoding));
  });
}

// ---- jobs and timers ----------------------------------------------------------------------------

bool VM::job_ready() const {
  return machine_->peek([](Instance& guest) { return guest.job_ready() != 0; });
}

std::optional<Time> VM::next_deadline() const {
  const double deadline = machine_->peek([](Instance& guest) { return guest.timer_deadline(0); });
  if (std::isnan(deadline)) return std::nullopt;
  return time_of_ms(deadline);
}

std::vector<Time> VM::timer_deadlines() const {
  return machine_->peek([](Instance& guest) {
    std::vector<Time> deadlines;
    for (u32 i = 0; i < kRowsMax; ++i) {
      const double deadline = guest.timer_deadline(i);
      if (std::isnan(deadline)) break;
      deadlines.push_back(time_of_ms(deadline));
    }
    return deadlines;
  });
}

// ---- calls to the outside -----------------------------------------------------------------------

Deferred VM::new_promise() { return defer_values("", {}); }

Deferred VM::defer_values(std::string_view name, std::span<const Value> args) {
  return machine_->enter([&](Instance& guest) {
    Machine::Staging staging(*machine_);
    const auto text = staging.text(name);
    const u32 wires = staging.wires(args);
    const Value id = machine_->result(
        guest.defer(text.address, text.count, text.encoding, static_cast<u32>(args.size()), wires));
    return Deferred(machine_->weak_from_this(), id.as<u64>());
  });
}

std::optional<Deferred> VM::deferred(std::uint64_t id) {
  const bool found = machine_->enter([&](Instance& guest) {
    const wire promise = guest.deferred_promise(id);
    if (Machine::is_absent(promise)) return false;
    machine_->check(promise);
    return true;
  });
  if (!found) return std::nullopt;
  return Deferred(machine_->weak_from_this(), id);
}

std::vector<PendingCall> VM::pending_calls() const {
  return machine_->peek([&](Instance& guest) {
    std::vector<PendingCall> calls;
    u64 last = 0;
    while (calls.size() < kRowsMax && guest.pending_after(last) != 0) {
      const u64 id = machine_->shared<u64>(offsetof(q_shared, pending.id));
      if (id <= last) throw guest::Trap(guest::TrapKind::bad_answer);
      last = id;
      calls.push_back(
          {id, machine_->text_of(machine_->shared<q_view>(offsetof(q_shared, pending.name))),
           machine_->text_of(machine_->shared<q_view>(offsetof(q_shared, pending.arguments))),
           time_of_ms(machine_->shared<double>(offsetof(q_shared, pending.since)))});
    }
    return calls;
  });
}

VM& Deferred::vm() const {
  const std::shared_ptr<Machine> machine = machine_.lock();
  if (!machine) throw Error(Errc::dead_vm, "the VM of this pending call is gone");
  return machine->facade();
}

Value Deferred::promise() const {
  Machine& machine = detail::ValueAccess::machine(vm());
  return machine.enter([&](Instance& guest) {
    const wire promise = guest.deferred_promise(id_);
    if (Machine::is_absent(promise)) {
      throw Error(Errc::unknown_call,
                  "pending call " + std::to_string(id_) + " is settled already");
    }
    return machine.result(promise);
  });
}

void Deferred::settle(const Value& value, Settle how) const {
  Machine& machine = detail::ValueAccess::machine(vm());
  machine.enter([&](Instance& guest) {
    const wire settled = guest.settle(id_, machine.to_wire(value), how == Settle::reject ? 1 : 0);
    if (Machine::is_absent(settled)) {
      throw Error(Errc::unknown_call,
                  "pending call " + std::to_string(id_) + " is unknown or settled already");
    }
    machine.check(settled);
  });
}

// ---- sleep --------------------------------------------------------------------------------------

Snapshot VM::snapshot(const SnapshotOptions& options) { return machine_->snapshot(options); }

VM VM::fork(const ForkOptions& options) { return std::move(fork(1, options).front()); }

std::vector<VM> VM::fork(std::size_t count, const ForkOptions& options) {
  // What its host lacks, this VM does without; so do its children.
  RestoreOptions restore = RestoreOptions::lenient();
  restore.reseed = options.reseed;
  const Snapshot asleep = snapshot();
  std::vector<VM> children = asleep.spawn(machine_->host(), count, restore);
  machine_->share_with(asleep);
  return children;
}

std::vector<VM> Snapshot::spawn(const Host& host, std::size_t count) const {
  return spawn(host, count, {.reseed = true});
}

std::vector<VM> Snapshot::spawn(const Host& host, std::size_t count,
                                const RestoreOptions& options) const {
  std::vector<VM> vms;
  vms.reserve(count);
  RestoreOptions like_the_first = options;
  like_the_first.allow_missing_functions = true;  // it lacked none, or may
  while (vms.size() < count) vms.emplace_back(host, *this, vms.empty() ? options : like_the_first);
  return vms;
}

void VM::keep(std::string_view name, const Value& value) {
  with_text(*machine_, name, [&](Instance& guest, const auto& text) {
    machine_->check(guest.keep(text.address, text.count, text.encoding, machine_->to_wire(value)));
  });
}

std::string VM::keep(const Value& value) {
  return machine_->enter([&](Instance& guest) {
    return machine_->result(guest.keep_new(machine_->to_wire(value))).as<std::string>();
  });
}

std::optional<Value> VM::kept(std::string_view name) const {
  return with_text(*machine_, name, [&](Instance& guest, const auto& text) -> std::optional<Value> {
    const wire value = guest.kept(text.address, text.count, text.encoding);
    if (Machine::is_absent(value)) return std::nullopt;
    return machine_->result(value);
  });
}

bool VM::forget(std::string_view name) {
  return with_text(*machine_, name, [&](Instance& guest, const auto& text) {
    return guest.forget(text.address, text.count, text.encoding) != 0;
  });
}

std::vector<std::string> VM::kept_names() const {
  return machine_->names([](Instance& guest, u32 index) { return guest.kept_name(index); });
}

std::vector<std::string> VM::function_names() const {
  return machine_->names([](Instance& guest, u32 index) { return guest.function_name(index); });
}

Engine VM::engine() const {
  machine_->check_alive();
  return Engine(machine_->engine());
}

std::vector<MountRecord> VM::mounts() const {
  machine_->check_alive();
  return machine_->files().records();
}

std::vector<std::string> VM::module_names() const {
  std::vector<std::string> names =
      machine_->names([](Instance& guest, u32 index) { return guest.module_name(index); });
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

// ---- seeing -------------------------------------------------------------------------------------

Census VM::census() const { return machine_->census(); }

Waits VM::waits() const { return machine_->waits(); }

std::vector<std::string> VM::global_names() const { return machine_->global_names(); }

}  // namespace quiesce
