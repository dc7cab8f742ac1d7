// C++ classes as JavaScript classes.
//
//   host.bind<Counter>("Counter")
//       .constructor<int>()                                   // or a function: std::shared_ptr
//       .method("add", &Counter::add)                         // or a lambda (Counter&, int)
//       .accessor("value", &Counter::value, &Counter::set_value)
//       .property("step", &Counter::step)
//       .static_function("zero", [] { return std::make_shared<Counter>(0); })
//       .key([](const Counter& counter) { return counter.name(); },
//            [&](const std::string& name) { return counters.find(name); });
//
//   const counter = new Counter(1); counter.add(2);           // in JavaScript
//   class Mine extends Counter { ... }                        // as any class
//
// An instance in JavaScript is a number; the C++ object stays outside, in a table of the VM that
// shares its ownership. `std::shared_ptr<Counter>` crosses both ways (null is null), `Counter&` and
// `const Counter&` are parameters too, and `vm.value(pointer)` gives the same instance for the same
// object. When JavaScript lets go of an instance, the table lets go of the object: at the end of
// the call into the VM, or sooner. All of it goes with the VM.
//
// A method called on anything but an instance of exactly its class is a TypeError; so is one whose
// object is gone.
//
// Sleep: with `key`, a snapshot records each instance by class and key, and VM(host, snapshot) asks
// the Host's `attach` for the object of each key. What nobody can attach, because there is no such
// class, no `key`, or a null answer, fails as Errc::missing_resource with the whole list; with
// RestoreOptions::allow_missing_resources using such an instance is a TypeError in JavaScript
// instead. What the C++ object holds does not sleep: it is outside.
//
// An object that holds a Value which reaches its own instance is never let go of before the VM
// ends. `bind` is called while a Host is put together; what the functions given to it throw is
// treated as what host functions throw, except that `key` and `attach` throw to who takes or wakes
// a snapshot.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

#include "quiesce/convert.hpp"
#include "quiesce/function.hpp"
#include "quiesce/host.hpp"

namespace quiesce {

namespace detail {

/// A bound class as the Machine needs it.
struct ClassParts {
  enum class Kind : std::uint8_t { method, getter, setter, dispose };
  struct Member {
    std::string function, key;
    std::uint32_t arity;
    Kind kind;
    bool is_static;
  };
  std::string name;
  std::type_index type = typeid(void);
  std::string constructor;  // the host function; empty: none
  std::uint32_t constructor_arity = 0;
  std::vector<Member> members;
  std::function<std::string(const void*)> key;
  std::function<std::shared_ptr<void>(const std::string&)> attach;
};

// In src/vm/host_objects.cpp. A type is found by the class it was bound to; unbound types throw.
std::shared_ptr<void> this_object(Call& call, std::type_index type);
void construct_object(Call& call, std::type_index type,
                      const std::function<std::shared_ptr<void>()>& make);
void dispose_object(Call& call, std::type_index type);
Value object_to(VM& vm, std::type_index type, std::shared_ptr<void> object);
Value known_object_to(VM& vm, std::type_index type, const void* object);
/// Null: not an instance, or its object is gone.
std::shared_ptr<void> object_from(const Value& value, std::type_index type);
std::string class_name(const Call& call, std::type_index type);
[[noreturn]] void throw_not_an_object(const Call& call, std::uint32_t index, std::type_index type);

template <class T>
std::shared_ptr<T> object_argument(const Call& call, std::uint32_t index) {
  auto object = std::static_pointer_cast<T>(object_from(call.argument(index), typeid(T)));
  if (object == nullptr) throw_not_an_object(call, index, typeid(T));
  return object;
}

/// The parameters of a function that begins with the object.
template <class T, class F>
struct MethodArguments {
  using All = typename Signature<F>::Arguments;
  static_assert(std::is_same_v<std::remove_cvref_t<std::tuple_element_t<0, All>>, T>,
                "a method begins with the object: [](Counter& counter, int by) {...}");
  using type = typename Tail<All>::type;
};
template <class T, class M>
  requires(std::is_member_function_pointer_v<M>)
struct MethodArguments<T, M> {
  using type = typename Signature<M>::Arguments;
};

}  // namespace detail

/// An instance of a bound class. Null is null.
template <class T>
struct Convert<std::shared_ptr<T>> {
  static constexpr const char* kName = "an instance of a class of the host";
  static bool matches(const Value& value) { return value.is_null() || from(value).has_value(); }
  static Value to(VM& vm, const std::shared_ptr<T>& from) {
    if (from == nullptr) return Value(nullptr);
    return detail::object_to(vm, typeid(T), std::const_pointer_cast<std::remove_const_t<T>>(from));
  }
  static std::optional<std::shared_ptr<T>> from(const Value& value) {
    if (value.is_null()) return std::shared_ptr<T>();
    auto object = std::static_pointer_cast<T>(detail::object_from(value, typeid(T)));
    if (object == nullptr) return std::nullopt;
    return object;
  }
};

/// What Host::bind answers: says of a class, step by step, what JavaScript sees. Each step throws
/// Errc::invalid_argument for names that are empty. It refers to its Host, which must be alive.
template <class T>
class ClassBinding {
  static_assert(std::is_class_v<T> && !std::is_const_v<T>, "bind a class");

 public:
  /// `new Name(...)` makes a T of these arguments.
  template <class... Args>
  ClassBinding& constructor() {
    return constructor_of<std::tuple<Args...>>(
        [](auto&&... args) { return std::make_shared<T>(std::forward<decltype(args)>(args)...); });
  }
  /// `new Name(...)` calls `f`, which answers a std::shared_ptr<T> or std::unique_ptr<T>; null is a
  /// TypeError. Without any constructor, only the host makes instances.
  template <class F>
  ClassBinding& constructor(F f) {
    return constructor_of<typename detail::Signature<F>::Arguments>(std::move(f));
  }

  /// A member function, or any callable whose first parameter is T& or const T&. A Call& may
  /// follow.
  template <class F>
  ClassBinding& method(const std::string& name, F f) {
    return member(name, name_ + ".prototype." + name, Kind::method, std::move(f));
  }
  /// An accessor property without a setter: assigning to it is a TypeError in strict code.
  template <class Get>
  ClassBinding& accessor(const std::string& name, Get get) {
    return member(name, "get " + name_ + ".prototype." + name, Kind::getter, std::move(get));
  }
  /// An accessor property.
  template <class Get, class Set>
  ClassBinding& accessor(const std::string& name, Get get, Set set) {
    accessor(name, std::move(get));
    return member(name, "set " + name_ + ".prototype." + name, Kind::setter, std::move(set));
  }
  /// A data member as an accessor property; read-only if it is const.
  template <class M>
  ClassBinding& property(const std::string& name, M T::* data) {
    accessor(name, [data](const T& object) { return object.*data; });
    if constexpr (!std::is_const_v<M>) {
      member(name, "set " + name_ + ".prototype." + name, Kind::setter,
             [data](T& object, M value) { object.*data = std::move(value); });
    }
    return *this;
  }
  /// A function of the class itself.
  template <class F>
  ClassBinding& static_function(const std::string& name, F f) {
    detail::UntypedFunction made = detail::untyped_callable(std::move(f));
    return add({name_ + "." + name, name, made.arity, Kind::method, true}, std::move(made.call));
  }
  /// `[Symbol.dispose]()`, for `using` in JavaScript: lets go of the C++ object at once. To use the
  /// instance afterwards is a TypeError; to dispose of it again is not.
  ClassBinding& dispose() {
    return add({name_ + ".prototype[Symbol.dispose]", "dispose", 0, Kind::dispose, false},
               [](Call& call) {
                 detail::dispose_object(call, typeid(T));
                 return Value();
               });
  }

  /// How instances sleep: the key that a snapshot records, and the object of a key (a
  /// std::shared_ptr<T>; null: there is none) when it wakes. The VM that wakes may be another
  /// process's; `attach` is that of its Host.
  template <class KeyOf, class Attach>
  ClassBinding& key(KeyOf key_of, Attach attach) {
    detail::ClassParts& parts = host_->class_parts(name_);
    parts.key = [key_of = std::move(key_of)](const void* object) -> std::string {
      return std::invoke(key_of, *static_cast<const T*>(object));
    };
    parts.attach = [attach = std::move(attach)](const std::string& key) -> std::shared_ptr<void> {
      return std::shared_ptr<T>(attach(key));
    };
    return *this;
  }

 private:
  friend class Host;
  using Kind = detail::ClassParts::Kind;
  ClassBinding(Host& host, std::string name) : host_(&host), name_(std::move(name)) {}

  template <class Arguments, class F>
  ClassBinding& constructor_of(F&& f) {
    detail::ClassParts& parts = host_->class_parts(name_);
    parts.constructor = "new " + name_;
    parts.constructor_arity = detail::kArity<typename detail::Given<Arguments>::type>;
    auto shared = std::make_shared<std::decay_t<F>>(std::forward<F>(f));
    host_->add_member_function(parts.constructor, parts.constructor_arity, [shared](Call& call) {
      // What `this` is must be asked before anything else happens.
      detail::construct_object(call, typeid(T), [&]() -> std::shared_ptr<void> {
        return std::shared_ptr<T>(detail::apply_call<Arguments>(*shared, call));
      });
      return Value();
    });
    return *this;
  }

  template <class F>
  ClassBinding& member(const std::string& name, std::string function, Kind kind, F f) {
    static_assert(detail::HasSignature<F>,
                  "this callable has no single signature (a generic lambda or an overloaded "
                  "operator): write its parameters out");
    using Arguments = typename detail::MethodArguments<T, F>::type;
    auto shared = std::make_shared<F>(std::move(f));
    HostFunction call_it = [shared](Call& call) {
      const auto self = std::static_pointer_cast<T>(detail::this_object(call, typeid(T)));
      const auto bound = [&](auto&&... arguments) -> decltype(auto) {
        return std::invoke(*shared, *self, std::forward<decltype(arguments)>(arguments)...);
      };
      return detail::answer<Arguments>(bound, call);
    };
    constexpr std::uint32_t kArity = detail::kArity<typename detail::Given<Arguments>::type>;
    return add({std::move(function), name, kArity, kind, false}, std::move(call_it));
  }

  ClassBinding& add(detail::ClassParts::Member member, HostFunction f) {
    if (member.key.empty())
      throw Error(Errc::invalid_argument, "a member of class '" + name_ + "' needs a name");
    host_->add_member_function(member.function, member.arity, std::move(f));
    host_->class_parts(name_).members.push_back(std::move(member));
    return *this;
  }

  Host* host_;
  std::string name_;
};

template <class T>
ClassBinding<T> Host::bind(std::string name) {
  bind_class(name, typeid(T));
  return ClassBinding<T>(*this, std::move(name));
}

}  // namespace quiesce
