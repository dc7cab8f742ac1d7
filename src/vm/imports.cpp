// The guest asks, the host answers: the import side of a Machine. No exception leaves from here
// except a Trap, which ends the VM and never the process.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>

#include "base/utf.hpp"
#include "vm/machine.hpp"

namespace quiesce::detail {

namespace {

using guest::Instance;
using guest::Trap;
using guest::TrapKind;
using guest::u32;
using guest::u64;
using guest::wire;

constexpr u32 kArgumentsMax = 1u << 16;
constexpr std::size_t kParkedMax = 64;

u32 error_class_of(Errc code) {
  switch (code) {
    case Errc::type_mismatch:
    case Errc::invalid_argument: return Q_TYPE_ERROR;
    case Errc::limit: return Q_RANGE_ERROR;
    default: return Q_ERROR;
  }
}

}  // namespace

const Value& no_value() {
  static const Value kUndefined;
  return kUndefined;
}

namespace {

// Room for the arguments of a call, which most often are few: those need neither memory of their
// own nor a Value made for each place that stays empty.
class ArgumentList {
 public:
  explicit ArgumentList(u32 count) {
    if (count > kInPlace) many_.reserve(count);
  }
  ~ArgumentList() { std::destroy_n(few_, few_count_); }
  ArgumentList(const ArgumentList&) = delete;
  ArgumentList& operator=(const ArgumentList&) = delete;

  void push(Value value) {
    if (many_.capacity() > 0) {
      many_.push_back(std::move(value));
    } else {
      std::construct_at(few_ + few_count_++, std::move(value));
    }
  }
  std::span<const Value> values() const {
    return many_.capacity() > 0 ? std::span<const Value>(many_) : std::span(few_, few_count_);
  }

 private:
  static constexpr u32 kInPlace = 8;
  union {
    Value few_[kInPlace];
  };
  u32 few_count_ = 0;
  std::vector<Value> many_;
};

}  // namespace

// ---- calls --------------------------------------------------------------------------------------

const HostParts::Functions::value_type& Machine::bind_function(u32 index) {
  if (index == Q_CALLBACK) {
    static const HostParts::Functions::value_type kCallback{
        "callback", {.arity = 0, .call = [](Call& call) {
                       return ValueAccess::machine(call.vm()).callbacks().call(call);
                     }}};
    return kCallback;
  }
  if (index >= kNamesMax || instance_->function_name(index) == 0) throw Trap(TrapKind::bad_answer);
  const std::string name = text_of(shared<q_view>(offsetof(q_shared, view)));
  const auto found = host_->functions.find(name);
  if (found == host_->functions.end()) {
    throw Error(Errc::missing_function, "this host does not offer the function '" + name + "'");
  }
  if (index >= bound_.size()) bound_.resize(index + 1);
  return *(bound_[index] = &*found);
}

u64 Machine::host_call(u32 index, u64 self, u32 count, u32 arguments) {
  std::string_view name;
  try {
    const auto& [function_name, function] = bound_function(index);
    name = function_name;
    if (count > kArgumentsMax) throw Trap(TrapKind::bad_answer);
    if (entries_ > kEntriesMax) {
      // Not a matter of bytes: older figures would be wrong here.
      instance_->memory().store(shared_ + static_cast<u32>(offsetof(q_shared, refused.stack_used)),
                                u64{0});
      throw Error(Errc::limit, "Maximum call stack size exceeded", Limit::stack);
    }
    const auto wires = instance_->memory().bytes(arguments, u64{count} * sizeof(wire));
    ArgumentList list(count);
    for (u32 i = 0; i < count; ++i) {
      wire argument;
      std::memcpy(&argument, wires.data() + i * sizeof(wire), sizeof(wire));
      list.push(from_wire(argument));
    }
    Call call(*facade_, name, from_wire(self), list.values());
    return to_wire(function.call(call));
  } catch (const Trap&) {
    throw;
  } catch (...) {
    if (dead_ || instance_->trapped())
      return q_wire_make(Q_UNDEFINED, 0);  // the guest unwinds anyway
    return raise(name);
  }
}

namespace {

// Inside a catch block: whether undefined itself was thrown. An error for which the guest had no
// room has no value either.
bool threw_undefined() {
  try {
    throw;
  } catch (const JSError& error) {
    return error.value().is_undefined() && !error.limit();
  } catch (...) {
    return false;
  }
}

}  // namespace

wire Machine::raise(std::string_view function) {
  const Value thrown = thrown_value(function);
  if (thrown.is_undefined() && !threw_undefined())
    return q_wire_make(Q_EXCEPTION, 0);  // which the guest knows as "out of memory"
  return enter([&](Instance& guest) { return guest.exception(to_wire(thrown)); });
}

Value Machine::thrown_value(std::string_view function) {
  if (dead_ || instance_->trapped()) throw;
  try {
    throw;
  } catch (const JSError& error) {
    const Handle* handle = ValueAccess::handle(error.value());
    if (handle != nullptr && handle->machine != this) return new_error(Q_ERROR, error.what());
    // It may have been under way for long: what it was made from is to be found at the end again.
    if (error.nested()) park(error.value(), error.nested());
    return error.value();
  } catch (const ModuleError& error) {
    return new_module_error(error);
  } catch (const FileError& error) {
    return new_file_error(error);
  } catch (const Error& error) {
    return new_error(error_class_of(error.code()), error.what());
  } catch (const std::exception& error) {
    log(LogLevel::error, "host function '" + std::string(function) + "' threw: " + error.what());
    return new_error(Q_ERROR, "internal error");
  } catch (...) {
    log(LogLevel::error,
        "host function '" + std::string(function) + "' threw something that is no std::exception");
    return new_error(Q_ERROR, "internal error");
  }
}

Value Machine::reason(std::string_view source) { return thrown_value(source); }

// Inside a catch block. What cannot be made is replaced by the error that says so.
Value Machine::new_error(u32 error_class, std::string_view message) {
  const std::exception_ptr original = std::current_exception();
  try {
    Value error = make_error(error_class, message);
    park(error, original);
    return error;
  } catch (const JSError& error) {  // no memory for it
    return error.value();
  }
}

Value Machine::new_module_error(const ModuleError& error) {
  u32 error_class = Q_ERROR;
  if (error.error_class() == ModuleError::Class::type_error) error_class = Q_TYPE_ERROR;
  if (error.error_class() == ModuleError::Class::syntax_error) error_class = Q_SYNTAX_ERROR;
  Value made = new_error(error_class, error.message());
  try {
    if (!made.is_error()) return made;
    made.define("code", make_string(error.node_code()),
                {.writable = true, .enumerable = true, .configurable = true});
    if (const auto& place = error.place()) {
      // A frame like those of the engine's own SyntaxErrors.
      const std::string frame = "    at " + place->name + ":" + std::to_string(place->line) + ":" +
                                std::to_string(place->column) + "\n";
      if (!base::invalid_utf8_at(frame))
        made.define("stack", make_string(frame), {.writable = true, .configurable = true});
    }
  } catch (const JSError& no_memory) {
    return no_memory.value();
  }
  return made;
}

Value Machine::new_file_error(const FileError& error) {
  Value made = new_error(Q_ERROR, error.what());
  try {
    if (!made.is_error()) return made;
    constexpr Property kPlain{.writable = true, .enumerable = true, .configurable = true};
    made.define("code", make_string(error.reason()), kPlain);
    if (!base::invalid_utf8_at(error.path()))
      made.define("path", make_string(error.path()), kPlain);
  } catch (const JSError& no_memory) {
    return no_memory.value();
  }
  return made;
}

void Machine::park(const Value& error, std::exception_ptr exception) {
  if (!error.is_object()) return;
  const u64 origin = enter([&](Instance& guest) { return guest.error_origin(to_wire(error)); });
  if (origin == 0 || std::ranges::find(parked_, origin, [](const auto& entry) {
                       return entry.first;
                     }) != parked_.end()) {
    return;
  }
  parked_.emplace_back(origin, std::move(exception));
  if (parked_.size() > kParkedMax) parked_.pop_front();
}

// ---- files --------------------------------------------------------------------------------------

u32 Machine::host_file(u32 mount, u32 what, u32 path, u32 bytes) {
  return files_.answer(mount, what, path, bytes);
}

u64 Machine::host_file_exception() {
  try {
    files_.rethrow();
  } catch (const Trap&) {
    throw;
  } catch (...) {
    if (dead_ || instance_->trapped()) return q_wire_make(Q_UNDEFINED, 0);
    return raise("a file system");
  }
}

// ---- log ----------------------------------------------------------------------------------------

void Machine::log(LogLevel level, std::string_view text) noexcept {
  if (!host_->log) return;
  try {
    host_->log(level, text);
  } catch (...) {
    // A log that fails has nobody to tell.
  }
}

// Without a sink of its own it goes where the console prints, which brings line ends of its own.
void Machine::output(OutputStream stream, std::string_view text) noexcept {
  if (!host_->output) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    return log(stream == OutputStream::out ? LogLevel::info : LogLevel::error, text);
  }
  try {
    host_->output(stream, text);
  } catch (...) {
    // As for a log.
  }
}

void Machine::host_log(u32 level, u32 text, u32 bytes) {
  const auto utf8 = instance_->memory().bytes(text, bytes);
  // Copied: the sink may enter the guest, and the guest's memory is the guest's.
  const std::string copy(reinterpret_cast<const char*>(utf8.data()), utf8.size());
  if (level == Q_LOG_STDOUT || level == Q_LOG_STDERR) {
    return output(level == Q_LOG_STDOUT ? OutputStream::out : OutputStream::error, copy);
  }
  log(static_cast<LogLevel>(std::min<u32>(level, Q_LOG_ERROR)), copy);
}

void Machine::write(bool to_stderr, std::span<const std::byte> text) {
  std::string copy(reinterpret_cast<const char*>(text.data()), text.size());
  if (!copy.empty() && copy.back() == '\n') copy.pop_back();
  log(to_stderr ? LogLevel::error : LogLevel::info, copy);
}

// ---- clock, entropy, interrupts -----------------------------------------------------------------

u32 Machine::host_interrupt() {
  if (dead_) return 1;
  stopped_by_token_ = stop_token_.stop_requested();
  if (stopped_by_token_) return 1;
  if (deadline_.time_since_epoch().count() == 0) return 0;
  return std::chrono::steady_clock::now() >= deadline_ ? 1 : 0;
}

Time Machine::now() noexcept {
  try {
    last_time_ = host_->clock();
  } catch (...) {
    log(LogLevel::error, "the clock of the host threw; time stands still");
  }
  return last_time_;
}

u64 Machine::clock_ns() {
  const auto since_epoch = now().time_since_epoch().count();
  return since_epoch < 0 ? 0 : static_cast<u64>(since_epoch);
}

void Machine::random(std::span<std::byte> bytes) { host_->entropy(bytes); }

std::int32_t Machine::host_timezone_offset(double epoch_ms) {
  constexpr double kLatestMs = 8.64e15;  // ECMA-262 21.4.1.1: the range of time values
  // Nanoseconds in 64 bits end in 2262; zones are asked for the nearest moment that they can name.
  constexpr double kLatestNsAsMs = 9.2e12;
  if (!(std::abs(epoch_ms) <= kLatestMs)) return 0;
  const double ms = std::clamp(epoch_ms, -kLatestNsAsMs, kLatestNsAsMs);
  try {
    const Time time{std::chrono::milliseconds(static_cast<std::int64_t>(ms))};
    const auto minutes = host_->timezone(time).count();
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(minutes, -24 * 60, 24 * 60));
  } catch (...) {
    log(LogLevel::error, "the timezone of the host threw; local time is UTC");
    return 0;
  }
}

}  // namespace quiesce::detail

namespace quiesce {

void Call::throw_argument_mismatch(std::uint32_t index, const std::string& expected) const {
  throw Error(Errc::type_mismatch, std::string(name_) + ": argument " + std::to_string(index + 1) +
                                       " must be " + expected);
}

void Call::throw_mismatch(std::uint32_t index, const Conversion& conversion) const {
  throw Error(Errc::type_mismatch,
              conversion.complaint(std::string(name_) + ": argument " + std::to_string(index + 1)));
}

}  // namespace quiesce
