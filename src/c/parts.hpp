// What stands behind the handles of the C interface, and the walk from C into C++ and back.
//
//   quiesce_status quiesce_value_to_number(const quiesce_value* value, double* number) {
//     return c::guarded([&](c::Entry& entry) {
//       c::result(number, "number") = entry.value(value, "value").to_number();
//     });
//   }
//
// `guarded` lets no exception out: it becomes the status and this thread's last error. Everything
// that comes from outside is looked up and checked before it is used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "c/handles.hpp"
#include "quiesce.h"
#include "quiesce/quiesce.hpp"

namespace quiesce::c {

// ---- objects ------------------------------------------------------------------------------------

/// A `user` pointer and what ends it.
class User {
 public:
  User(void* pointer, quiesce_destroy destroy) noexcept : pointer_(pointer), destroy_(destroy) {}
  ~User() {
    if (destroy_ != nullptr) destroy_(pointer_);
  }
  User(User&& other) noexcept
      : pointer_(other.pointer_), destroy_(std::exchange(other.destroy_, nullptr)) {}
  User(const User&) = delete;
  User& operator=(const User&) = delete;
  User& operator=(User&&) = delete;
  void* pointer() const noexcept { return pointer_; }

 private:
  void* pointer_;
  quiesce_destroy destroy_;
};

struct HostObject {
  static constexpr Kind kKind = Kind::host;
  struct Function {
    std::uint32_t arity;
    quiesce_function call;
    std::shared_ptr<const User> user;
  };
  struct Modules {
    quiesce_resolve_module resolve;
    quiesce_load_module load;
    std::shared_ptr<const User> user;
  };
  // Clock, entropy, log; functions and modules are added for each VM, which they must know.
  Host host;
  std::map<std::string, Function, std::less<>> functions;
  std::optional<Modules> modules;
};

struct VmObject {
  static constexpr Kind kKind = Kind::vm;
  std::uint64_t number = 0;        // of its handle
  std::optional<VM> vm;            // nullopt: freed
  std::uint32_t entries = 0;       // calls of this interface that are inside the VM
  std::optional<Value> thrown;     // by the last call that gave QUIESCE_JAVASCRIPT
  std::deque<Rejection> rejected;  // taken from the VM and not yet handed out
};

struct ValueObject {
  static constexpr Kind kKind = Kind::value;
  std::shared_ptr<VmObject> vm;
  Value value;
};

struct CallObject {
  static constexpr Kind kKind = Kind::call;
  std::shared_ptr<VmObject> vm;
  const Call& call;  // lives as long as the handle
  Value answer;
  std::optional<Value> thrown;
};

struct DeferredObject {
  static constexpr Kind kKind = Kind::deferred;
  std::shared_ptr<VmObject> vm;
  Deferred deferred;
};

struct SnapshotObject {
  static constexpr Kind kKind = Kind::snapshot;
  Snapshot snapshot;
};

struct EnginesObject {
  static constexpr Kind kKind = Kind::engines;
  Engines engines;
};

struct BufferObject {
  static constexpr Kind kKind = Kind::buffer;
  std::string bytes;
};

struct StopObject {
  static constexpr Kind kKind = Kind::stop;
  std::stop_source source;
};

struct ListObject {
  static constexpr Kind kKind = Kind::list;
  std::vector<std::string> texts;
  std::vector<PendingCall> calls;
};

// ---- handles ------------------------------------------------------------------------------------

template <class H>
std::uint64_t number_of(const H* handle) noexcept {
  static_assert(sizeof(void*) == 8, "a handle is a number of 64 bits");
  return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(handle));
}

template <class H>
H* handle_of(std::uint64_t number) noexcept {
  return reinterpret_cast<H*>(static_cast<std::uintptr_t>(number));
}

[[noreturn]] void throw_no_handle(bool is_null, const char* what);
[[noreturn]] void throw_null(const char* what);

/// Null: no live handle of that kind.
template <class Object, class H>
std::shared_ptr<Object> find(const H* handle) {
  return std::static_pointer_cast<Object>(Handles::all().find(Object::kKind, number_of(handle)));
}

template <class Object, class H>
std::shared_ptr<Object> need(const H* handle, const char* what) {
  std::shared_ptr<Object> object = find<Object>(handle);
  if (!object) throw_no_handle(handle == nullptr, what);
  return object;
}

/// A new handle, handed out through `*out`.
template <class H, class Object>
void hand_out(H** out, std::shared_ptr<Object> object) {
  *out = handle_of<H>(Handles::all().add(Object::kKind, std::move(object)));
}

// ---- what comes from outside --------------------------------------------------------------------

std::string_view text_of(const char* text, std::size_t length, const char* what);
std::filesystem::path path_of(const char* path, std::size_t length, const char* what);
std::span<const std::byte> bytes_of(const void* bytes, std::size_t count, const char* what);

/// Where a result goes; a NULL is refused before anything is done.
template <class T>
T& result(T* out, const char* what) {
  if (out == nullptr) throw_null(what);
  return *out;
}

void check_struct_size(std::size_t given, std::size_t known, const char* what);

/// A struct of options: as much of it as its size says over the defaults.
template <class T>
T read_struct(const T* given, T defaults, const char* what) {
  if (given == nullptr) return defaults;
  check_struct_size(given->struct_size, sizeof(T), what);
  return *given;
}

/// The other way; the size stays as it was given.
template <class T>
void write_struct(T* out, T content, const char* what) {
  if (out == nullptr) throw_null(what);
  check_struct_size(out->struct_size, sizeof(T), what);
  content.struct_size = out->struct_size;
  *out = content;
}

Limits limits_of(const quiesce_limits& limits);
quiesce_limits c_limits(const Limits& limits);
EvalOptions eval_options(const quiesce_eval_options* options);

// ---- entries ------------------------------------------------------------------------------------

/// One call of the interface: which VM it is about, so that what is thrown is found there again,
/// and so that the VM is not freed underneath it.
class Entry {
 public:
  Entry() = default;
  ~Entry() {
    if (vm_) --vm_->entries;
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  VM& vm(const quiesce_vm* handle);
  const Value& value(const quiesce_value* handle, const char* what);
  std::vector<Value> values(const quiesce_value* const* handles, std::size_t count);
  const Deferred& deferred(const quiesce_deferred* handle);
  CallObject& call(const quiesce_call* handle);

  void hand_out(quiesce_value** out, Value value);
  void hand_out(quiesce_deferred** out, Deferred deferred);
  /// For results that may be NULL.
  void hand_out_if_wanted(quiesce_value** out, Value value) {
    if (out != nullptr) hand_out(out, std::move(value));
  }

  const std::shared_ptr<VmObject>& vm_object() const noexcept { return vm_; }

 private:
  void about(const std::shared_ptr<VmObject>& vm);

  std::shared_ptr<VmObject> vm_;              // the first that was named
  std::vector<std::shared_ptr<void>> alive_;  // what handles stand for, until the end of the call
};

void hand_out_buffer(quiesce_buffer** out, std::string bytes);
void hand_out_texts(quiesce_list** out, std::vector<std::string> texts);

/// Inside a catch block: makes the current exception this thread's last error.
quiesce_status report(const std::shared_ptr<VmObject>& vm) noexcept;
/// What a host function that returned `status` throws.
[[noreturn]] void throw_status(quiesce_status status, VmObject& vm, const std::string& function);
/// Throws a JavaScript value, from a host function.
[[noreturn]] void throw_value(const Value& value);

template <class F>
quiesce_status guarded(F&& f) noexcept {
  Entry entry;
  try {
    f(entry);
    return QUIESCE_OK;
  } catch (...) {
    return report(entry.vm_object());
  }
}

/// Frees a handle; NULL is nothing to free.
template <class Object, class H>
quiesce_status free_handle(H* handle, const char* what) noexcept {
  return guarded([&](Entry&) {
    if (handle == nullptr) return;
    if (!Handles::all().remove(Object::kKind, number_of(handle))) throw_no_handle(false, what);
  });
}

}  // namespace quiesce::c
