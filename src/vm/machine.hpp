// What stands behind a VM: the instance, the host's parts, and the handles that Values count.
//
// A Machine is shared by its VM, by Values that outlive the VM and by entries that are on the
// stack; `shut_down` ends its useful life when the VM goes. It is the one place where wires become
// Values, traps become Errors, and exceptions of host functions become JavaScript errors.
//
// Everything that a restored VM must know lives in the guest; what is here can be made again.
#pragma once

#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <typeindex>
#include <utility>
#include <vector>

#include "guest/instance.hpp"
#include "quiesce/vm.hpp"
#include "snapshot/engine_parts.hpp"
#include "snapshot/layers.hpp"
#include "vm/callbacks.hpp"
#include "vm/file_table.hpp"
#include "vm/futures.hpp"
#include "vm/host_objects.hpp"
#include "vm/thrown.hpp"

namespace quiesce::detail {

/// A reference of the host to a slot of the guest's handle table; lives in the pool of its Machine.
struct Handle {
  Machine* machine;
  std::uint32_t index;
  std::uint32_t references;
};

/// The way to the private parts of the public value types, for this folder only.
struct ValueAccess {
  static Value make(Type type, Handle* handle) noexcept;
  static Handle* handle(const Value& value) noexcept;  // null: a primitive
  static VM& vm(const Value& value) { return value.vm(); }
  static bool boolean(const Value& value) noexcept { return value.data_.boolean; }
  static double number(const Value& value) noexcept { return value.data_.number; }
  /// Exactly one of the three forms of a Key is the case.
  static const std::string_view* name(const Key& key) noexcept {
    return key.kind_ == Key::Kind::name ? &key.name_ : nullptr;
  }
  static const Value* value(const Key& key) noexcept { return key.value_; }
  static double number(const Key& key) noexcept { return key.number_; }
  static Machine& machine(const VM& vm) { return *vm.machine_; }
};

struct HostParts {
  struct Function {
    std::uint32_t arity;
    HostFunction call;
    bool is_member = false;  // of a class: no global of its own
  };
  using Functions = std::map<std::string, Function, std::less<>>;
  Functions functions;
  std::map<std::string, ClassParts, std::less<>> classes;
  std::map<std::type_index, std::string> class_names;
  Clock clock;
  Entropy entropy;
  Log log;
  Timezone timezone;
  OnRejection on_rejection;
  std::shared_ptr<ModuleLoader> modules;
  Mounts mounts;
  std::string process;  // JSON (process.cpp); empty: nothing was said
  Output output;
  bool node_globals = false;
  bool fetch = false;         // the function of that name is what JavaScript's fetch asks
  std::uint32_t without = 0;  // q_intrinsic bits
};

/// ECMA-262 Number::toString.
std::string number_text(double number);

class HeapWalk;

class Machine final : public guest::Imports, public std::enable_shared_from_this<Machine> {
 public:
  Machine(const Host& host, const Limits& limits, std::shared_ptr<const EngineParts> engine);
  Machine(const Host& host, const Snapshot& snapshot, const RestoreOptions& options);
  ~Machine() override;
  /// The Machine of a VM that is gone: what a VM holds that was moved from.
  static const std::shared_ptr<Machine>& nobody() noexcept;

  /// Installs the host's functions: the second half of construction, which needs a shared_ptr.
  void start();
  void shut_down() noexcept;  // the VM is gone

  /// The VM as host functions see it; valid as long as this Machine.
  VM& facade() noexcept { return *facade_; }

  /// Runs `f(instance)` as one entry: refused when dead or poisoned, under the time limit, and with
  /// a trap turned into Error{Errc::poisoned}. Entries nest.
  template <class F>
  decltype(auto) enter(F&& f) {
    Entry entry(*this, Sleeper::wakes);
    try {
      return f(*instance_);
    } catch (const guest::Trap& trap) {
      throw_trap(trap.kind());
    }
  }

  /// Runs `f(instance)` without waking a sleeper: for exports that change nothing but the shared
  /// block.
  template <class F>
  decltype(auto) peek(F&& f) {
    Entry entry(*this, Sleeper::sleeps_on);
    try {
      return f(*instance_);
    } catch (const guest::Trap& trap) {
      throw_trap(trap.kind());
    }
  }

  // ---- values ----
  guest::wire to_wire(const Value& value) {
    return value.is_number() ? number_wire(ValueAccess::number(value)) : boxed_wire(value);
  }
  /// Takes the wire's handle into ownership. Kind `absent` becomes undefined; see `is_absent`.
  Value from_wire(guest::wire wire) {
    return q_wire_is_number(wire) ? Value(std::bit_cast<double>(wire)) : from_boxed_wire(wire);
  }
  /// As from_wire; an exception is thrown as JSError, or as Errc::limit when the code was
  /// interrupted.
  Value result(guest::wire wire);
  /// The same for exports of which only success matters.
  void check(guest::wire wire) { result(wire); }
  static bool is_absent(guest::wire wire) noexcept;
  /// Throws the reason of a rejected promise as JSError.
  [[noreturn]] void throw_reason(const Value& reason) { throw_thrown(reason, false); }
  void release(Handle* handle) noexcept;
  /// Inside a catch block: what JavaScript is given of the current exception, if `source`, which
  /// the log names, is a host function or the like.
  Value reason(std::string_view source);
  void output(OutputStream stream, std::string_view text) noexcept;
  void log(LogLevel level, std::string_view text) noexcept;

  // ---- texts and bytes, copied out ----
  std::string utf8(const Value& text);
  std::u16string utf16(const Value& text);
  std::uint32_t string_length(const Value& text);
  std::optional<std::vector<std::byte>> bytes(const Value& buffer);  // nullopt: it has none
  /// The bytes where they are; the VM is not entered until each loan is given back.
  enum class LoanFor : std::uint8_t { reading, writing };
  std::span<std::byte> lend_bytes(const Value& buffer, LoanFor what);
  void give_back_bytes() noexcept;
  /// What a view in the shared block points at, right after the export that filled it.
  std::string text_of(const q_view& view) const;
  std::u16string utf16_of(const q_view& view) const;
  std::uint32_t shared_at(std::size_t offset) const {
    return shared_ + static_cast<std::uint32_t>(offset);
  }
  template <class T>
  T shared(std::size_t offset) const {
    return instance_->memory().load<T>(shared_ + static_cast<std::uint32_t>(offset));
  }

  /// The next elements of an array, as many as one crossing carries, of `count` in all; `elements`
  /// are those before. Getters run.
  void append_elements(const Value& array, std::uint32_t count, std::vector<Value>& elements);

  Value eval_module(std::string_view source, const EvalOptions& options);
  Value import_main(std::string_view specifier);
  Value make_string(std::string_view utf8);
  Value make_string(std::u16string_view utf16);
  Value make_error(guest::u32 error_class, std::string_view message);
  /// What a JSError tells of a value that was thrown. Runs no guest code.
  std::shared_ptr<JSError::Detail> describe(const Value& thrown);
  /// Inside a catch block: what JavaScript is to see of the current exception. It goes on as it is
  /// when the VM is lost or gone.
  Value thrown_value(std::string_view function);

  // ---- functions and objects of the host ----
  HostObjects& host_objects() noexcept { return host_objects_; }
  Callbacks& callbacks() noexcept { return callbacks_; }
  Futures& futures() noexcept { return futures_; }
  FileTable& files() noexcept { return files_; }
  const HostParts& host_parts() const noexcept { return *host_; }
  Host host() const noexcept { return Host(host_); }
  const ClassParts* bound_class(std::string_view name) const;  // null: none
  const ClassParts* bound_class(std::type_index type) const;

  // ---- promises (src/vm/promise.cpp) ----
  void watch(const Value& promise, SettledCallback callback);
  /// Whether `call_back` has something to do.
  bool has_news() const noexcept { return !settled_.empty() || !reports_.empty(); }
  /// Calls back for one promise that has settled, or one rejection. Not in an entry of the caller,
  /// who must hold this Machine: the callback may end its VM.
  void call_back();
  /// When no job is ready: whether `call_back` has rejections to report now.
  bool collect_rejections();
  /// The earliest unhandled rejection, or the earliest that was handled late.
  std::optional<Rejection> take_rejection(Rejection::Kind kind);
  /// `hook` is called at the end of each outermost entry and when the VM goes: an event loop then
  /// looks what there is to do. It must not throw.
  void set_hook(std::function<void()> hook) { hook_ = std::move(hook); }
  bool has_hook() const noexcept { return hook_ != nullptr; }

  // ---- sleep ----
  Snapshot snapshot(const SnapshotOptions& options);
  /// Right after it was taken, and others woke from it: the next ones share its image, which this
  /// VM keeps alive.
  void share_with(const Snapshot& snapshot);

  // ---- start images (src/vm/start_image.cpp) ----
  /// Whether it is one that has not begun. Wakes no sleeper.
  bool is_image();
  /// Makes a new VM of it.
  void begin_from_image(bool reseed);
  bool began_from_image() const noexcept { return began_from_image_; }
  Draws draws();

  // ---- what the VM shows ----
  Time now() noexcept;
  const Limits& limits() const noexcept { return limits_; }
  void set_limits(const Limits& limits);
  /// Refuses a memory limit below what is in use. Wakes no sleeper.
  void check_memory();
  guest::Instance& instance() noexcept { return *instance_; }
  const std::shared_ptr<const EngineParts>& engine() const noexcept { return engine_; }
  /// Between jobs, each of which may be too short to be interrupted: throws when the time is over.
  void check_deadline();
  /// Of a run that consists of several entries.
  void check_time(std::chrono::nanoseconds used) const;
  void set_stop_token(std::stop_token token) noexcept { stop_token_ = std::move(token); }
  bool dead() const noexcept { return dead_; }
  /// Throws when nobody may enter: the VM is gone, lost, or shows its bytes.
  void check_alive();
  void reseed();
  bool offers(std::string_view function) const { return host_->functions.contains(function); }
  std::optional<std::uint32_t> arity(std::string_view function) const;
  /// Names that the guest lists one by one, `next(instance, n)` showing the n-th in the shared
  /// view.
  template <class F>
  std::vector<std::string> names(F&& next) {
    return peek([&](guest::Instance& guest) {
      std::vector<std::string> names;
      while (names.size() < kNamesMax &&
             next(guest, static_cast<std::uint32_t>(names.size())) != 0) {
        names.push_back(text_of(shared<q_view>(offsetof(q_shared, view))));
      }
      return names;
    });
  }

  // ---- seeing (src/vm/census.cpp, src/vm/waits.cpp); wakes no sleeper ----
  Census census();
  Waits waits();
  std::vector<std::string> global_names();

  // ---- guest::Imports ----
  std::uint64_t host_call(std::uint32_t function, std::uint64_t self, std::uint32_t count,
                          std::uint32_t arguments) override;
  std::uint64_t host_resolve(std::uint64_t specifier, std::uint64_t referrer,
                             std::uint64_t attributes, std::uint32_t kind) override;
  std::uint64_t host_load(std::uint64_t name, std::uint64_t attributes,
                          std::uint32_t kind) override;
  std::uint32_t host_file(std::uint32_t mount, std::uint32_t what, std::uint32_t path,
                          std::uint32_t bytes) override;
  std::uint64_t host_file_exception() override;
  void host_log(std::uint32_t level, std::uint32_t text, std::uint32_t bytes) override;
  std::uint32_t host_interrupt() override;
  std::int32_t host_timezone_offset(double epoch_ms) override;
  void host_settled(std::uint64_t watch, std::uint32_t rejected, std::uint64_t value) override;
  std::uint32_t host_seen(std::uint32_t rows) override;
  std::uint64_t clock_ns() override;
  void random(std::span<std::byte> bytes) override;
  void write(bool to_stderr, std::span<const std::byte> text) override;

  /// A text or a list of wires on its way in: in the mailbox if it fits, else allocated in the
  /// guest for the time of the call. Made inside an entry; several of them share the mailbox.
  class Staging {
   public:
    struct Text {
      std::uint32_t address, count, encoding;
    };
    explicit Staging(Machine& machine) : machine_(machine) {}
    ~Staging();
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;

    Text text(std::string_view utf8);  // throws Errc::encoding when it is not valid
    Text text(std::u16string_view utf16);
    std::uint32_t bytes(std::span<const std::byte> bytes);
    std::uint32_t wires(std::span<const Value> values);
    /// Room for an answer.
    std::uint32_t room(std::size_t count) { return place(count); }

   private:
    std::uint32_t place(std::size_t count);  // 8-byte aligned
    Machine& machine_;
    std::uint32_t used_ = 0;
    std::vector<std::uint32_t> allocated_;
  };

 private:
  void install_process(guest::Instance& guest, const std::vector<std::string>& known = {});
  void offer(const std::vector<std::string>& known);
  int end_process(q_end end);

  // A guest can name at most so many host functions or roots; more is a heap that was tampered
  // with.
  static constexpr std::uint32_t kNamesMax = 1u << 16;
  // A host function that calls back takes some of the host's own stack, which no limit of the guest
  // covers: so many deep, and then a RangeError.
  static constexpr std::uint32_t kEntriesMax = 128;

  friend class HeapWalk;
  Machine();  // nobody
  enum class Sleeper : std::uint8_t { wakes, sleeps_on };

  /// One entry on the stack; the outermost arms the time limit and lets go of a VM that died
  /// meanwhile.
  class Entry {
   public:
    Entry(Machine& machine, Sleeper sleeper);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    Machine& machine_;
  };

  void leave() noexcept;  // the end of an entry
#if !QUIESCE_THREAD_CHECKS
  void claim_for_this_thread() noexcept {}
  void give_up_thread() noexcept {}
#else
  void claim_for_this_thread();  // Errc::wrong_thread while another thread is inside
  void give_up_thread() noexcept { user_.store(std::thread::id()); }
  std::atomic<std::thread::id> user_{};
#endif
  void end() noexcept;
  /// Gives the guest its limits; the bytes it has allocated.
  std::uint64_t apply_limits();
  std::shared_ptr<const SnapshotParts> capture(const Limits& limits);
  void abandon_watches() noexcept;
  void remember(const Value& promise) noexcept;
  void arm_time_limit();
  [[noreturn]] void throw_trap(guest::TrapKind kind);
  [[noreturn]] void throw_stopped();
  [[noreturn]] void throw_time_over(std::chrono::nanoseconds used) const;
  std::chrono::nanoseconds time_used() const;
  LimitReport time_report(std::chrono::nanoseconds used) const;
  [[noreturn]] void throw_thrown(const Value& thrown, bool out_of_memory);
  static guest::wire number_wire(double number) noexcept {
    return number == number ? std::bit_cast<guest::wire>(number) : Q_WIRE_NAN;
  }
  guest::wire boxed_wire(const Value& value);
  Value from_boxed_wire(guest::wire wire);
  const HostParts::Functions::value_type& bound_function(std::uint32_t index) {
    if (index < bound_.size() && bound_[index] != nullptr) return *bound_[index];
    return bind_function(index);
  }
  const HostParts::Functions::value_type& bind_function(std::uint32_t index);
  /// Inside a catch block: the wire that throws the current exception on in JavaScript.
  guest::wire raise(std::string_view function);
  Value new_error(guest::u32 error_class, std::string_view message);
  Value new_module_error(const ModuleError& error);
  Value new_file_error(const FileError& error);
  void park(const Value& error, std::exception_ptr exception);
  void leave_source(const ModuleSource& source);
  void check_depth() const;  // of host code within guest code within host code
  Handle* new_handle(std::uint32_t index);
  friend class Staging;
  friend class quiesce::VM;

  std::shared_ptr<HostParts> host_;
  Limits limits_;
  std::shared_ptr<const EngineParts> engine_;          // whose code the instance runs
  std::shared_ptr<const snapshot::WholeImage> whole_;  // the memory began as it; null: as the base
  std::unique_ptr<guest::Instance> instance_;          // null: shut down
  // What the memory was at its last checkpoint: the snapshot then taken, or what that was made of.
  std::weak_ptr<const SnapshotParts> last_snapshot_;
  snapshot::WeakLayers last_layers_;
  std::uint32_t shared_ = 0;  // address of q_shared
  std::uint32_t entries_ = 0;
  std::uint32_t loans_ = 0;  // spans of guest memory that somebody looks at
  bool dead_ = false;        // the VM is gone; the instance may still be unwinding
  bool asleep_ = false;      // restored and not yet entered for work: see wake
  bool began_from_image_ = false;
  guest::TrapKind trap_ = guest::TrapKind::none;
  std::chrono::steady_clock::time_point deadline_{};  // zero: no time limit now
  Time last_time_{};
  std::stop_token stop_token_;
  bool stopped_by_token_ = false;  // why host_interrupt last said stop

  ModuleRequest asked_;  // by the import that is under way
  // Host functions by the guest's index, found by name when first called.
  std::vector<const HostParts::Functions::value_type*> bound_;
  // Exceptions of host functions that became JavaScript errors, by the number the guest gave them.
  std::list<std::pair<std::uint64_t, std::exception_ptr>> parked_;

  HostObjects host_objects_{*this};
  Callbacks callbacks_{*this};
  Futures futures_{*this};
  FileTable files_{*this};

  // Addresses are stable. None until there is a handle: an empty deque has memory of its own.
  std::optional<std::deque<Handle>> handles_;
  HeapWalk* walk_ = nullptr;  // that is under way
  std::vector<Handle*> free_handles_;
  std::uint64_t live_handles_ = 0;
  std::shared_ptr<Machine> self_;  // holds on while entries or Values outlive the VM

  // A promise that has settled and whose callback was not called yet.
  struct Settled {
    SettledCallback callback;
    Value value;
    bool rejected;
    bool out_of_memory;
  };
  std::map<std::uint64_t, SettledCallback> watches_;  // by the number the guest gave
  std::list<Settled> settled_;
  std::list<Rejection> reports_;
  std::function<void()> hook_;

  std::optional<VM> facade_;
};

}  // namespace quiesce::detail
