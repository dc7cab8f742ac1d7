// C++ classes as JavaScript classes: brands, lifetimes, sleep.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "vm/machine.hpp"
#include "vm/testing.hpp"

namespace quiesce {
namespace {

// Counts its living objects, so that tests see when one goes.
class Counter {
 public:
  explicit Counter(int start, std::string name = "") : value_(start), name_(std::move(name)) {
    ++alive;
  }
  Counter(const Counter&) = delete;
  ~Counter() { --alive; }

  int add(int by) { return value_ += by; }
  Counter& increment() {
    ++value_;
    return *this;
  }
  int value() const noexcept { return value_; }
  void set_value(int value) {
    if (value < 0) throw Error(Errc::limit, "a counter is not negative");
    value_ = value;
  }
  const std::string& name() const { return name_; }

  double step = 1;
  const int fixed = 9;
  static int alive;

 private:
  int value_;
  std::string name_;
};
int Counter::alive = 0;

using Counters = std::map<std::string, std::shared_ptr<Counter>>;

Host counter_host(Counters* named = nullptr) {
  Host host;
  auto counter = host.bind<Counter>("Counter");
  counter
      .constructor([](int start, std::optional<std::string> name) {
        if (start == -13) throw std::runtime_error("a secret");
        if (start == -14) return std::shared_ptr<Counter>();
        return std::make_shared<Counter>(start, name.value_or(""));
      })
      .method("add", &Counter::add)
      .method("increment", &Counter::increment)
      .method("sum",
              [](const Counter& self, Rest<int> more) {
                int sum = self.value();
                for (const int x : more) sum += x;
                return sum;
              })
      .accessor("value", &Counter::value, &Counter::set_value)
      .accessor("name", &Counter::name)
      .property("step", &Counter::step)
      .property("fixed", &Counter::fixed)
      .static_function("zero", [] { return std::make_shared<Counter>(0); })
      .dispose();
  if (named != nullptr) {
    counter.key([](const Counter& c) { return c.name(); },
                [named](const std::string& name) {
                  const auto found = named->find(name);
                  return found == named->end() ? nullptr : found->second;
                });
  }
  host.function("twice", [](const Counter& c) { return 2 * c.value(); })
      .function("same", [](std::shared_ptr<Counter> c) { return c; })
      .function("both", [](Counter& a, Counter& b) { return a.add(b.value()); });
  return host;
}

TEST(Bind, AClassAsAnyOther) {  // A8
  VM vm{counter_host()};
  EXPECT_EQ(vm.eval("const c = new Counter(1); c.add(2); c.value").as<int>(), 3);
  EXPECT_EQ(vm.eval("c.value = 40; c.increment() === c && c.value").as<int>(), 41);
  EXPECT_EQ(vm.eval("c.sum(1, 2, 3)").as<int>(), 47);
  EXPECT_EQ(vm.eval("c.step = 0.5; c.step + c.fixed").as<double>(), 9.5);
  EXPECT_EQ(vm.eval("Counter.zero().value").as<int>(), 0);
  EXPECT_EQ(vm.eval("[twice(c), same(c) === c, same(null), both(c, c)].join()").as<std::string>(),
            "82,true,,82");
  EXPECT_EQ(
      vm.eval("[typeof Counter, Counter.name, Counter.length, c.constructor === Counter, "
              "c instanceof Counter, Counter.prototype.add.name, Counter.prototype.add.length,"
              "Object.getOwnPropertyDescriptor(Counter.prototype, 'value').get.name, "
              "Object.keys(c).length, Object.keys(Counter.prototype).length, "
              "Object.getOwnPropertyDescriptor(Counter, 'prototype').writable].join()")
          .as<std::string>(),
      "function,Counter,1,true,true,add,1,get value,0,0,false");
  EXPECT_EQ(vm.eval("c").inspect(), "Counter {}");
}

TEST(Bind, Inheritance) {  // A8
  VM vm{counter_host()};
  EXPECT_EQ(vm.eval(R"(
    class Mine extends Counter {
      #secret = 5;
      constructor(n) { super(n * 10); this.own = new.target.name; }
      add(by) { return super.add(by) + this.#secret; }
    }
    class Deeper extends Mine {}
    const m = new Deeper(2);
    [m.add(1), m.value, m.own, m instanceof Counter, twice(m), same(m) === m,
     Object.getPrototypeOf(m) === Deeper.prototype].join()
  )")
                .as<std::string>(),
            "26,21,Deeper,true,42,true,true");
  EXPECT_EQ(vm.eval("Reflect.construct(Counter, [3], Array) instanceof Array").as<bool>(), true);
  EXPECT_EQ(thrown_text(vm,
                        "Reflect.construct(Counter, [3], new Proxy(function () {}, {get() { "
                        "throw new RangeError('prototype') }}))"),
            "RangeError: prototype");
}

TEST(Bind, WrongThisIsATypeError) {
  VM vm{counter_host()};
  vm.eval("const c = new Counter(1), add = c.add");
  for (const char* code :
       {"add(1)", "add.call({}, 1)", "add.call(null, 1)", "add.call(7, 1)",
        "add.call(Counter.prototype, 1)", "add.call(Object.create(c), 1)",
        "add.call(new Proxy(c, {}), 1)", "Counter.prototype.value", "Counter.prototype.value = 1",
        "Counter.prototype[Symbol.dispose].call({})", "Counter(1)"}) {
    EXPECT_EQ(thrown_text(vm, code).substr(0, 10), "TypeError:") << code;
  }
  EXPECT_EQ(thrown_text(vm, "add(1)"),
            "TypeError: Counter.prototype.add: this must be an instance of Counter");
  EXPECT_EQ(thrown_text(vm, "twice({})"),
            "TypeError: twice: argument 1 must be an instance of Counter");
  EXPECT_EQ(thrown_text(vm, "same(undefined)").substr(0, 10), "TypeError:");
  EXPECT_EQ(thrown_text(vm, "c.add('x')"),
            "TypeError: Counter.prototype.add: argument 1 must be an integer in range");
  EXPECT_EQ(thrown_text(vm, "c.value = -1"), "RangeError: a counter is not negative");
  EXPECT_EQ(thrown_text(vm, "'use strict'; c.name = 1").substr(0, 10), "TypeError:");
}

TEST(Bind, TwoClassesAreNotMixedUp) {
  struct Other {
    int x = 5;
  };
  Host host = counter_host();
  host.bind<Other>("Other").constructor<>().method("x", [](Other& other) { return other.x; });
  VM vm{host};
  EXPECT_EQ(vm.eval("new Other().x()").as<int>(), 5);
  EXPECT_EQ(thrown_text(vm, "new Other().x.call(new Counter(1))").substr(0, 10), "TypeError:");
  EXPECT_EQ(thrown_text(vm, "new Counter(1).add.call(new Other(), 1)").substr(0, 10), "TypeError:");
  EXPECT_EQ(attempt([&] { host.bind<Other>("Again"); }).error().code(), Errc::invalid_argument);
  struct Third {};
  EXPECT_EQ(attempt([&] { host.bind<Third>("Other"); }).error().code(), Errc::invalid_argument);
  EXPECT_EQ(attempt([&] { host.bind<Third>(""); }).error().code(), Errc::invalid_argument);
}

TEST(Bind, ValuesFromTheHost) {
  VM vm{counter_host()};
  const auto counter = std::make_shared<Counter>(5);
  const Value value = vm.value(counter);
  EXPECT_TRUE(vm.value(counter).strictly_equals(value));
  vm.global().set("mine", value);
  EXPECT_EQ(vm.eval("mine.add(1)").as<int>(), 6);
  EXPECT_EQ(counter->value(), 6);
  EXPECT_EQ(value.as<std::shared_ptr<Counter>>(), counter);
  EXPECT_FALSE(vm.object().try_as<std::shared_ptr<Counter>>().has_value());
  EXPECT_TRUE(vm.value(std::shared_ptr<Counter>()).is_null());
  struct Unbound {};
  EXPECT_EQ(attempt([&] { return vm.value(std::make_shared<Unbound>()); }).error().code(),
            Errc::invalid_argument);
}

TEST(Bind, ObjectsGoWithTheirInstances) {
  const int before = Counter::alive;
  {
    VM vm{counter_host()};
    vm.eval("new Counter(1); 0");
    EXPECT_EQ(Counter::alive, before);  // gone at the end of the call
    vm.eval(
        "globalThis.c = new Counter(1); const cycle = {c: new Counter(2)}; cycle.me = cycle; 0");
    EXPECT_EQ(Counter::alive, before + 2);
    const auto held = vm.eval("c").as<std::shared_ptr<Counter>>();
    vm.eval("delete globalThis.c");
    EXPECT_EQ(held->value(), 1);
    EXPECT_EQ(held.use_count(), 1);
    // Not in one call only at its end: a loop does not pile them up.
    int most = 0;
    Host host = counter_host();
    host.function("alive", [&] { most = std::max(most, Counter::alive); });
    VM other{host};
    other.eval("for (let i = 0; i < 1e5; ++i) { new Counter(i); alive(); }");
    EXPECT_LT(most, 1000);
    EXPECT_GT(most, 2);
  }
  EXPECT_EQ(Counter::alive, before);
}

TEST(Bind, AMillionInstancesKeepMemoryFlat) {
  VM vm{counter_host()};
  vm.eval("for (let i = 0; i < 1e4; ++i) new Counter(i)");
  const MemoryUsage usage = vm.memory_usage();
  vm.eval("for (let i = 0; i < 1e6; ++i) new Counter(i)");
  EXPECT_EQ(vm.memory_usage().linear_bytes, usage.linear_bytes);
  vm.collect_garbage();  // the value of the loop was the last of them
  EXPECT_EQ(Counter::alive, 0);
}

TEST(Bind, Dispose) {
  VM vm{counter_host()};
  const int before = Counter::alive;
  vm.eval("const c = new Counter(1); c[Symbol.dispose](); c[Symbol.dispose]();");
  EXPECT_EQ(Counter::alive, before);
  EXPECT_EQ(
      thrown_text(vm, "c.value"),
      "TypeError: get Counter.prototype.value: this is an instance of Counter whose object is "
      "gone");
  EXPECT_NE(thrown_text(vm, "twice(c)").find("whose object is gone"), std::string::npos);
  // What is gone is no burden for a snapshot.
  EXPECT_NO_THROW((VM{counter_host(), vm.snapshot()}));
}

TEST(Bind, CallbacksThatThrow) {
  Value escaped;
  Host host = counter_host();
  host.bind<std::vector<int>>("Odd")
      .constructor([&](Call& call, int how) -> std::unique_ptr<std::vector<int>> {
        escaped = call.self();
        if (how == 1) throw Error(Errc::io, "no disk");
        if (how == 2) throw JSError(call.vm().error("SyntaxError", "odd"));
        return nullptr;
      })
      .method("size", [](std::vector<int>& v) { return v.size(); });
  VM vm{host};
  EXPECT_EQ(thrown_text(vm, "new Counter(-13)"), "Error: internal error");
  EXPECT_EQ(thrown_text(vm, "new Counter(-14)"),
            "TypeError: the constructor of Counter made no object");
  EXPECT_EQ(thrown_text(vm, "new Counter('x')"),
            "TypeError: new Counter: argument 1 must be an integer in range");
  EXPECT_EQ(thrown_text(vm, "new Odd(1)"), "Error: no disk");
  EXPECT_EQ(thrown_text(vm, "new Odd(2)"), "SyntaxError: odd");
  // What got out of a constructor that failed is an instance without an object.
  vm.global().set("escaped", escaped);
  EXPECT_NE(thrown_text(vm, "escaped.size()").find("whose object is gone"), std::string::npos);
  EXPECT_NO_THROW(vm.snapshot());
  EXPECT_EQ(thrown_text(vm, "new Odd(3)"), "TypeError: the constructor of Odd made no object");
  escaped = Value();
}

TEST(Bind, TheVMMayEndInsideAConstructorAndAMethod) {
  for (const char* code : {"new Ender()", "try { Ender.make().end() } catch {} 1"}) {
    std::optional<VM> vm;
    struct Ender {
      std::optional<VM>* vm;
      int end() {
        vm->reset();
        return 1;
      }
    };
    Host host;
    host.bind<Ender>("Ender")
        .constructor([&] {
          vm.reset();
          return std::make_shared<Ender>(&vm);
        })
        .method("end", &Ender::end)
        .static_function("make", [&] { return std::make_shared<Ender>(&vm); });
    vm.emplace(host);
    EXPECT_EQ(attempt([&] { return vm->eval(code); }).error().code(), Errc::dead_vm) << code;
  }
}

TEST(Bind, ReentrancyFromMethodsAndDestructors) {
  struct Node {
    Value callback;
    std::function<void()> at_end;
    ~Node() {
      if (at_end) at_end();
    }
    Value call(Call& call, const Value& argument) const {
      call.vm().collect_garbage();
      return callback(argument);
    }
  };
  std::vector<std::string> order;
  std::optional<VM> vm;
  Host host;
  host.bind<Node>("Node")
      .constructor([&](const Value& callback) {
        return std::make_shared<Node>(callback, [&] {
          order.push_back(attempt([&] { return vm->eval("'alive'").as<std::string>(); }).has_value()
                              ? "alive"
                              : "dead");
        });
      })
      .method("call", &Node::call);
  vm.emplace(host);
  EXPECT_EQ(vm->eval("const n = new Node(x => x === 0 ? 'end' : n.call(x - 1)); n.call(20)")
                .as<std::string>(),
            "end");
  EXPECT_TRUE(order.empty());
  vm->eval("new Node(() => 1); 0");
  EXPECT_EQ(order, (std::vector<std::string>{"alive"}));  // its destructor entered the VM
  vm.emplace();                                           // ends the first
  EXPECT_EQ(order.size(), 2u);
}

// ---- sleep ----

TEST(Bind, InstancesAreAttachedAgain) {  // A19
  Counters here{{"red", std::make_shared<Counter>(1, "red")},
                {"blue", std::make_shared<Counter>(2, "blue")}};
  std::vector<std::byte> bytes;
  {
    VM vm{counter_host(&here)};
    vm.keep("red", vm.value(here["red"]));
    vm.global().set("blue", vm.value(here["blue"]));
    vm.eval("class Mine extends Counter {} globalThis.mine = new Mine(7, 'green'); mine.note = 1;");
    bytes = vm.snapshot().to_bytes();
  }
  Counters there{{"red", std::make_shared<Counter>(10, "red")},
                 {"blue", std::make_shared<Counter>(20, "blue")},
                 {"green", std::make_shared<Counter>(30, "green")}};
  VM again{counter_host(&there), Snapshot::from_bytes(bytes)};
  EXPECT_EQ(again.snapshot().to_bytes(), bytes);  // attached, and not a byte changed
  again.global().set("red", *again.kept("red"));
  EXPECT_EQ(again
                .eval("[red.add(1), blue.add(1), mine.add(1), mine.note, mine instanceof Counter, "
                      "new Counter(1).value].join()")
                .as<std::string>(),
            "11,21,31,1,true,1");
  EXPECT_EQ(there["red"]->value(), 11);
  EXPECT_TRUE(again.value(there["red"]).strictly_equals(*again.kept("red")));
}

TEST(Bind, WhatCannotBeAttachedIsListed) {  // A19
  Counters here{{"red", std::make_shared<Counter>(1, "red")}};
  VM vm{counter_host(&here)};
  vm.global().set("red", vm.value(here["red"]));
  vm.eval("globalThis.blue = new Counter(2, 'blue')");
  const Snapshot snapshot = vm.snapshot();
  Counters there{{"red", std::make_shared<Counter>(10, "red")}};
  const auto text = [&](const Host& host) {
    try {
      VM again{host, snapshot};
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::missing_resource);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(text(counter_host(&there)),
            "the snapshot needs objects that this host does not attach: Counter 'blue'");
  EXPECT_EQ(
      text(counter_host()),  // its class has no attach function
      "the snapshot needs objects that this host does not attach: Counter 'blue', Counter 'red'");
  VM again{counter_host(&there), snapshot, {.allow_missing_resources = true}};
  EXPECT_EQ(again.eval("red.value").as<int>(), 10);
  EXPECT_EQ(thrown_text(again, "blue.value").substr(0, 10), "TypeError:");
  EXPECT_EQ(again.eval("red.value").as<int>(), 10);
  // It keeps its key: whoever wakes the next snapshot may have it.
  there["blue"] = std::make_shared<Counter>(20, "blue");
  VM third{counter_host(&there), again.snapshot()};
  EXPECT_EQ(third.eval("blue.value + red.value").as<int>(), 30);
}

TEST(Bind, AClassWithoutKeysSleepsButDoesNotWake) {  // A19
  VM vm{counter_host()};
  vm.eval("globalThis.c = new Counter(1)");
  const Snapshot snapshot = vm.snapshot();
  try {
    VM again{counter_host(), snapshot};
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::missing_resource);
    EXPECT_NE(std::string(error.what()).find("Counter (without a key)"), std::string::npos);
  }
  EXPECT_EQ(vm.eval("c.value").as<int>(), 1);
  vm.eval("delete globalThis.c");
  EXPECT_EQ((VM{counter_host(), vm.snapshot()}.eval("new Counter(4).value").as<int>()), 4);
}

TEST(Bind, KeyAndAttachFunctionsMayThrow) {
  bool fails = true;
  Host host;
  host.bind<Counter>("Counter").constructor<int>().key(
      [&](const Counter&) {
        if (fails) throw std::runtime_error("no key today");
        return std::string("k");
      },
      [](const std::string&) -> std::shared_ptr<Counter> {
        throw std::runtime_error("no attach");
      });
  VM vm{host};
  vm.eval("globalThis.c = new Counter(1)");
  EXPECT_THROW(vm.snapshot(), std::runtime_error);
  fails = false;
  const Snapshot snapshot = vm.snapshot();
  EXPECT_THROW((VM{host, snapshot}), std::runtime_error);
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

TEST(Bind, NumbersAreNeverUsedTwice) {  // C1
  Counters named{{"a", std::make_shared<Counter>(1, "a")},
                 {"b", std::make_shared<Counter>(2, "b")}};
  VM vm{counter_host(&named)};
  vm.global().set("a", vm.value(named["a"]));
  const Snapshot snapshot = vm.snapshot();
  VM one{counter_host(&named), snapshot}, two{counter_host(&named), snapshot};
  // An object that only one of them has seen is not in the other.
  one.global().set("b", one.value(named["b"]));
  two.eval("globalThis.b = new Counter(77)");
  EXPECT_EQ(one.eval("a.value + b.value").as<int>(), 3);
  EXPECT_EQ(two.eval("a.value + b.value").as<int>(), 78);
  EXPECT_EQ(attempt([&] { return two.value(one.eval("b")); }).has_value(), true);
  EXPECT_EQ(attempt([&] { return two.eval("x => x")(one.eval("b")); }).error().code(),
            Errc::foreign_value);
}

TEST(Bind, AClassThatIsNewToASleeper) {  // A19
  VM vm;
  VM again{counter_host(), vm.snapshot()};
  EXPECT_EQ(again.eval("typeof Counter").as<std::string>(), "undefined");
  again.global().set("Counter", again.host_class("Counter"));
  EXPECT_EQ(again.eval("new Counter(5).add(1)").as<int>(), 6);
  EXPECT_TRUE(again.host_class("Counter").strictly_equals(again.global()["Counter"]));
  EXPECT_EQ(attempt([&] { return again.host_class("Nope"); }).error().code(),
            Errc::missing_resource);
}

TEST(Bind, MissingMembersAreMissingFunctions) {  // A19
  VM vm{counter_host()};
  try {
    VM again{Host{}, vm.snapshot()};
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::missing_function);
    EXPECT_NE(std::string(error.what()).find("Counter.prototype.add"), std::string::npos);
  }
}

// A heap that somebody changed before the VM was woken from it: whatever happens, it happens inside
// the wall. The rows of instances are what the host goes through and asks about.
TEST(Bind, AForgedHeapIsHarmless) {
  using detail::ValueAccess;
  constexpr std::uint32_t kNumber = 0, kClass = 8, kObject = 12, kKey = 16, kNext = 28;
  const auto woken = [](auto&& forge) {
    Counters named;
    for (const char* name : {"a", "b", "c", "d"}) named[name] = std::make_shared<Counter>(1, name);
    VM vm{counter_host(&named)};
    for (const auto& [name, counter] : named) vm.global().set(name, vm.value(counter));
    (void)vm.snapshot();  // the keys are in the heap now
    detail::Machine& machine = ValueAccess::machine(vm);
    std::vector<std::uint32_t> rows;
    machine.enter([&](guest::Instance& guest) {
      for (std::uint32_t row = 0; (row = guest.resource_after(row)) != 0;) rows.push_back(row);
      EXPECT_EQ(rows.size(), 4u);
      EXPECT_EQ(guest.memory().load<std::uint32_t>(rows[0] + kNext), rows[1]);
      EXPECT_EQ(guest.memory().load<std::uint64_t>(rows[3] + kNumber), 4u);
      forge(guest.memory(), rows);
    });
    std::string outcome;
    try {
      VM again{counter_host(&named), vm.snapshot(), {.allow_missing_resources = true}};
      outcome =
          again
              .eval(
                  "[a, b, c, d].map(x => { try { return x.add(1) } catch (e) { return e.name } "
                  "}).join()")
              .as<std::string>();
      again.eval("delete globalThis.a; delete globalThis.b; delete globalThis.c");
      again.eval("for (let i = 0; i < 10; ++i) globalThis.a = new Counter(5, 'a')");
      again.collect_garbage();
      (void)again.snapshot();
    } catch (const Error& error) {
      outcome += std::string(" ") + (error.code() == Errc::poisoned ? "poisoned" : error.what());
    }
    return outcome;
  };
  using Memory = guest::LinearMemory;
  using Rows = std::vector<std::uint32_t>;
  const auto number = [&](std::size_t row, std::uint64_t value) {
    return woken([=](Memory& memory, const Rows& rows) {
      memory.store<std::uint64_t>(rows[row] + kNumber, value);
    });
  };
  const auto word = [&](std::size_t row, std::uint32_t field, std::uint32_t value) {
    return woken([=](Memory& memory, const Rows& rows) {
      memory.store<std::uint32_t>(rows[row] + field, value);
    });
  };
  EXPECT_EQ(woken([](Memory&, const Rows&) {}), "2,2,2,2");
  EXPECT_EQ(number(1, 1), " poisoned");  // two instances with one number
  EXPECT_EQ(number(0, 0), " poisoned");
  EXPECT_EQ(number(3, 1000), "2,2,2,2");  // another number is as good
  EXPECT_EQ(word(1, kClass, 77), "2,TypeError,2,2");
  const Rows garbage{0, 4, 0xFFFFFFF0u, 0x7FFFFFFFu};
  for (const std::uint32_t value : garbage) {
    for (const std::uint32_t field : {kNumber, kClass, kObject, kKey, kNext}) {
      (void)word(2, field, value);
    }
  }
  // A list without an end.
  EXPECT_EQ(woken([](Memory& memory, const Rows& rows) {
              memory.store<std::uint32_t>(rows[3] + kNext, rows[0]);
            }),
            " poisoned");
}

}  // namespace
}  // namespace quiesce
