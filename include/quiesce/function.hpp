// From any C++ callable to a host function: what its signature says about parameters and result.
//
//   host.function("hypot", [](double x, double y) { return std::sqrt(x * x + y * y); })
//       .function("charge", &Ledger::charge, &ledger)                     // a member, an object
//       .function<int(int)>("shift", std::bind_front(&add, 10))           // its signature
//       .function("join", [](std::string_view by, quiesce::Rest<std::string> parts) { ... })
//       .function("fetch", [](std::string url) { return std::async(download, url); });
//
// A callable may be a function, a lambda (mutable or move-only), a std::function, or a member
// function with its object. The Host and all VMs made with it share the one callable. Parameters:
// parameter.hpp. Results: nothing, what Convert knows, Value, Deferred, an instance of a bound
// class, or a std::future or std::shared_future of those.
//
// A future makes the call a pending one, named after the function, whose promise JavaScript gets.
// The VM asks for futures that are ready whenever `run` or `run_until_idle` has nothing else to do,
// and settles their calls; `VM::wait_for_outside` waits for one. The row sleeps with the VM, and
// another process may settle it by id; the future itself stays behind, and its result is dropped
// when the call was settled otherwise. What a future throws is treated as what a function throws. A
// VM that is destroyed lets go of its futures; those of std::async wait for their threads then.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "quiesce/call.hpp"
#include "quiesce/deferred.hpp"
#include "quiesce/host.hpp"
#include "quiesce/parameter.hpp"

namespace quiesce {

namespace detail {

// ---- signatures ---------------------------------------------------------------------------------

/// Parameters of a callable as a tuple, taken from its type.
template <class F>
struct Signature;
template <class F>
  requires requires { &F::operator(); }
struct Signature<F> : Signature<decltype(&F::operator())> {};
template <class R, class... Args>
struct Signature<R(Args...)> {
  using Arguments = std::tuple<Args...>;
};
template <class R, class... Args>
struct Signature<R (*)(Args...)> : Signature<R(Args...)> {};
template <class R, class... Args>
struct Signature<R (*)(Args...) noexcept> : Signature<R(Args...)> {};

#define QUIESCE_MEMBER_SIGNATURE(qualifiers) \
  template <class C, class R, class... Args> \
  struct Signature<R (C::*)(Args...) qualifiers> : Signature<R(Args...)> {};
QUIESCE_MEMBER_SIGNATURE()
QUIESCE_MEMBER_SIGNATURE(const)
QUIESCE_MEMBER_SIGNATURE(noexcept)
QUIESCE_MEMBER_SIGNATURE(const noexcept)
QUIESCE_MEMBER_SIGNATURE(&)
QUIESCE_MEMBER_SIGNATURE(const&)
QUIESCE_MEMBER_SIGNATURE(& noexcept)
QUIESCE_MEMBER_SIGNATURE(const& noexcept)
#undef QUIESCE_MEMBER_SIGNATURE

template <class F>
concept HasSignature = requires { typename Signature<F>::Arguments; };

template <class Tuple>
struct Tail;
template <class First, class... Others>
struct Tail<std::tuple<First, Others...>> {
  using type = std::tuple<Others...>;
};

template <class Tuple>
inline constexpr bool kTakesCall = false;
template <class First, class... Others>
inline constexpr bool kTakesCall<std::tuple<First, Others...>> =
    std::is_same_v<std::remove_cvref_t<First>, Call>;

/// The parameters that JavaScript gives: all but a leading Call.
template <class Tuple, bool = kTakesCall<Tuple>>
struct Given {
  using type = Tuple;
};
template <class Tuple>
struct Given<Tuple, true> {
  using type = typename Tail<Tuple>::type;
};

/// What JavaScript calls `length`: parameters before the first that may be left out.
template <class Tuple>
inline constexpr std::uint32_t kArity = 0;
template <class... P>
inline constexpr std::uint32_t kArity<std::tuple<P...>> = [] {
  std::uint32_t count = 0;
  const bool required[] = {!(kIsOptional<std::decay_t<P>> || kIsRest<std::decay_t<P>>)..., false};
  while (required[count]) ++count;
  return count;
}();

template <class... P>
consteval bool rest_is_last(std::tuple<P...>*) {
  const bool rest[] = {kIsRest<std::decay_t<P>>..., false};
  for (std::size_t i = 0; i + 1 < sizeof...(P); ++i) {
    if (rest[i]) return false;
  }
  return true;
}

// ---- arguments ----------------------------------------------------------------------------------

template <class T>
std::shared_ptr<T> object_argument(const Call& call, std::uint32_t index);  // defined in bind.hpp

template <class P>
auto read_parameter(const Call& call, std::uint32_t index) {
  using T = std::remove_cvref_t<P>;
  if constexpr (std::is_same_v<T, std::span<const Value>>) {
    return call.arguments().subspan(std::min<std::size_t>(index, call.argument_count()));
  } else if constexpr (kIsRest<T>) {
    T rest;
    for (; index < call.argument_count(); ++index) {
      rest.push_back(call.argument_as<typename T::value_type>(index));
    }
    return rest;
  } else if constexpr (HasParameter<T>) {
    return call.argument_as<typename Parameter<T>::Storage>(index);
  } else if constexpr (kIsObject<P>) {
    return object_argument<std::remove_cvref_t<P>>(call, index);
  } else if constexpr (kIsSharedObject<T>) {
    return call.argument(index).is_null()
               ? T()
               : T(object_argument<std::remove_const_t<typename T::element_type>>(call, index));
  } else {
    static_assert(HasConvert<T>,
                  "this parameter type does not cross the wall: specialise quiesce::Convert for it "
                  "(members.hpp makes that short), or bind it as a class and take it by reference");
    static_assert(!std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>,
                  "take a converted argument by value or const reference: what is written to it "
                  "would not reach JavaScript");
    return call.argument_as<T>(index);
  }
}

template <class P, class Storage>
decltype(auto) pass_parameter(Storage& storage) {
  using T = std::remove_cvref_t<P>;
  if constexpr (!kIsRest<T> && HasParameter<T>) {
    return Parameter<T>::get(storage);
  } else if constexpr (kIsObject<P>) {
    return static_cast<P>(*storage);
  } else if constexpr (std::is_lvalue_reference_v<P>) {
    return static_cast<P>(storage);
  } else {
    return std::move(storage);
  }
}

/// Calls `f` with the converted arguments; `Arguments` begins with Call& if f takes it.
template <class Arguments, class F>
decltype(auto) apply_call(F&& f, Call& call) {
  using GivenArguments = typename Given<Arguments>::type;
  static_assert(rest_is_last(static_cast<GivenArguments*>(nullptr)),
                "Rest and std::span<const Value> take what remains: only as the last parameter");
  return [&]<class... P, std::size_t... I>(std::tuple<P...>*, std::index_sequence<I...>)
             -> decltype(auto) {
    [[maybe_unused]] std::tuple<decltype(read_parameter<P>(call, 0))...> arguments{
        read_parameter<P>(call, static_cast<std::uint32_t>(I))...};
    if constexpr (kTakesCall<Arguments>) {
      return f(call, pass_parameter<P>(std::get<I>(arguments))...);
    } else {
      return f(pass_parameter<P>(std::get<I>(arguments))...);
    }
  }(static_cast<GivenArguments*>(nullptr),
             std::make_index_sequence<std::tuple_size_v<GivenArguments>>());
}

// ---- results ------------------------------------------------------------------------------------

template <class R>
Value to_value(VM& vm, R&& result);  // defined in vm.hpp

template <class T>
inline constexpr bool kIsFuture = false;
template <class T>
inline constexpr bool kIsFuture<std::future<T>> = true;
template <class T>
inline constexpr bool kIsFuture<std::shared_future<T>> = true;

/// A result that is not there yet, as the VM sees it.
class PendingFuture {
 public:
  virtual ~PendingFuture() = default;
  virtual bool is_ready() = 0;
  virtual void wait_until(std::chrono::steady_clock::time_point deadline) = 0;
  virtual Value take(VM& vm) = 0;  // throws what the future throws
};

template <class Future>
class FutureOf final : public PendingFuture {
 public:
  explicit FutureOf(Future future) : future_(std::move(future)) {
    if (!future_.valid()) throw std::future_error(std::future_errc::no_state);
  }
  bool is_ready() override {
    // A deferred one runs when it is asked for its result.
    return future_.wait_for(std::chrono::seconds(0)) != std::future_status::timeout;
  }
  void wait_until(std::chrono::steady_clock::time_point deadline) override {
    future_.wait_until(deadline);
  }
  Value take(VM& vm) override {
    if constexpr (std::is_void_v<decltype(future_.get())>) {
      future_.get();
      return Value();
    } else {
      return to_value(vm, future_.get());
    }
  }

 private:
  Future future_;
};

/// The promise of a pending call named after the function; `start` begins the work. In
/// src/vm/futures.cpp.
Value begin_future(Call& call, const std::function<std::unique_ptr<PendingFuture>()>& start);

/// Calls `f` and turns its result into a Value.
template <class Arguments, class F>
Value answer(F&& f, Call& call) {
  using R = decltype(apply_call<Arguments>(f, call));
  if constexpr (kIsFuture<std::decay_t<R>>) {
    return begin_future(call, [&]() -> std::unique_ptr<PendingFuture> {
      return std::make_unique<FutureOf<std::decay_t<R>>>(apply_call<Arguments>(f, call));
    });
  } else if constexpr (std::is_void_v<R>) {
    apply_call<Arguments>(f, call);
    return Value();
  } else {
    return to_value(call.vm(), apply_call<Arguments>(f, call));
  }
}

// ---- callables ----------------------------------------------------------------------------------

/// A host function in its untyped form, and its `length`.
struct UntypedFunction {
  std::uint32_t arity;
  HostFunction call;
};

/// `Arguments` is a tuple of parameters. The callable may be move-only: copies share it.
template <class Arguments, class F>
UntypedFunction untyped(F&& f) {
  // A pointer or a std::function may be empty.
  if constexpr (std::is_pointer_v<std::decay_t<F>> || requires { f.target_type(); }) {
    if (f == nullptr) throw Error(Errc::invalid_argument, "a host function is empty");
  }
  auto shared = std::make_shared<std::decay_t<F>>(std::forward<F>(f));
  return {kArity<typename Given<Arguments>::type>,
          [shared](Call& call) { return answer<Arguments>(*shared, call); }};
}

/// A function without parameters that takes an untyped call is what it is.
template <class F>
UntypedFunction untyped_callable(F&& f) {
  static_assert(HasSignature<std::decay_t<F>>,
                "this callable has no single signature (a generic lambda, an overloaded call "
                "operator, std::bind_front): name it, as in host.function<int(int)>(\"name\", f)");
  return untyped<typename Signature<std::decay_t<F>>::Arguments>(std::forward<F>(f));
}

/// Whatever `object` is: a pointer, a std::shared_ptr, a std::reference_wrapper or a copy.
template <class M, class Object>
UntypedFunction untyped_member(M member, Object&& object) {
  using Arguments = typename Signature<M>::Arguments;
  auto bound = [member, object = std::forward<Object>(object)](
                   auto&&... arguments) mutable -> decltype(auto) {
    return std::invoke(member, object, std::forward<decltype(arguments)>(arguments)...);
  };
  return untyped<Arguments>(std::move(bound));
}

}  // namespace detail

template <class F>
  requires(!std::is_function_v<F>)
Host& Host::function(std::string name, F f) {
  detail::UntypedFunction made = detail::untyped_callable(std::move(f));
  return function(std::move(name), made.arity, std::move(made.call));
}

template <class Signature, class F>
  requires(std::is_function_v<Signature>)
Host& Host::function(std::string name, F f) {
  detail::UntypedFunction made =
      detail::untyped<typename detail::Signature<Signature>::Arguments>(std::move(f));
  return function(std::move(name), made.arity, std::move(made.call));
}

template <class M, class Object>
  requires(std::is_member_function_pointer_v<M>)
Host& Host::function(std::string name, M member, Object object) {
  detail::UntypedFunction made = detail::untyped_member(member, std::move(object));
  return function(std::move(name), made.arity, std::move(made.call));
}

}  // namespace quiesce

#include "quiesce/bind.hpp"
