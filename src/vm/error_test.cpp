// C9: errors keep class, identity, cause and properties through any number of host frames, and show
// nothing of the host.
#include <gtest/gtest.h>

#include <stdexcept>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

TEST(Errors, AHostFunctionThrowsAnyClass) {  // C9
  Host host;
  host.function("index",
                [](Call& call, int i) {
                  throw JSError(call.vm().error("RangeError", "index " + std::to_string(i),
                                                {.cause = Value(i), .properties = {{"index", i}}}));
                })
      .function("many",
                [](Call& call) {
                  VM& vm = call.vm();
                  throw JSError(vm.error("AggregateError", "all failed",
                                         {.errors = std::vector{vm.error("TypeError", "a"),
                                                                vm.error("EvalError", "b")}}));
                })
      .function("named",
                [](Call& call) { throw JSError(call.vm().error("PaymentError", "declined")); })
      .function("own",
                [](Call& call) { throw JSError(call.vm().global()["Mine"].construct(Value(7))); });
  VM vm{host};
  EXPECT_EQ(vm.eval("try { index(7) } catch (e) { [e instanceof RangeError, e.name, e.message, "
                    "e.cause, e.index, Object.keys(e)].join() }")
                .as<std::string>(),
            "true,RangeError,index 7,7,7,index");
  EXPECT_EQ(vm.eval("try { many() } catch (e) { [e instanceof AggregateError, e.errors.length, "
                    "e.errors[0] instanceof TypeError, e.errors[1] instanceof EvalError, "
                    "Object.keys(e).length].join() }")
                .as<std::string>(),
            "true,2,true,true,0");
  EXPECT_EQ(vm.eval("try { named() } catch (e) { [String(e), e instanceof Error, "
                    "e.stack.includes('eval')].join() }")
                .as<std::string>(),
            "PaymentError: declined,true,true");
  EXPECT_EQ(
      vm.eval("class Mine extends Error { constructor(code) { super('mine'); this.code = code; "
              "} } globalThis.Mine = Mine; try { own() } catch (e) { e instanceof Mine && "
              "e.code }")
          .as<int>(),
      7);
  try {
    vm.eval("index(3)");
    FAIL();
  } catch (const JSError& error) {
    EXPECT_EQ(error.name(), "RangeError");
    EXPECT_EQ(error.value()["cause"].as<int>(), 3);
  }
}

TEST(Errors, EveryValueCrossesUnchanged) {  // C9
  Host host;
  host.function("rethrow", [](const Value& value) { throw JSError(value); })
      .function("through", [](const Value& f) { return f(); })
      .function("caught", [](const Value& f) {
        try {
          f();
        } catch (const JSError& error) {
          return error.value();
        }
        return Value();
      });
  VM vm{host};
  vm.eval(R"(
    globalThis.things = [undefined, null, true, 0, NaN, 'text', 10n, Symbol('s'), Symbol.for('r'),
      Object.freeze({a: 1}), Object.freeze(new TypeError('frozen')), [1], () => 1,
      new Proxy({}, {get() { throw 1 }, getPrototypeOf() { throw 2 }}),
      new Proxy(new Error('e'), {get() { throw 3 }}), Object.create(null),
      Object.defineProperty(new Error('g'), 'message', {get() { throw 4 }})];
  )");
  for (const char* through : {"rethrow(thing)", "through(() => { throw thing })",
                              "through(() => through(() => through(() => { throw thing })))",
                              "through(() => rethrow(thing))"}) {
    EXPECT_EQ(vm.eval("things.filter(thing => { try { " + std::string(through) +
                      " } catch (e) { return !Object.is(e, thing) } return true }).length")
                  .as<int>(),
              0)
        << through;
  }
  EXPECT_EQ(
      vm.eval("things.filter(t => !Object.is(caught(() => { throw t }), t)).length").as<int>(), 0);
  EXPECT_EQ(vm.eval("things.length").as<int>(), 17);
  const JSError plain(Value(7));
  EXPECT_EQ(plain.message(), "7");
  EXPECT_STREQ(plain.what(), "Uncaught 7");
}

TEST(Errors, IdentityStackCauseAndPropertiesSurviveManyFrames) {  // C9
  Host host;
  host.function("frame", [](const Value& f, int depth) { return f(depth); });
  VM vm{host};
  EXPECT_EQ(vm.eval(R"(
    class Deep extends RangeError { constructor(m, o) { super(m, o); this.extra = {n: 1}; } }
    const mine = new Deep('deep', {cause: 'because'});
    const stack = mine.stack;
    const dive = n => { if (n === 0) throw mine; frame(dive, n - 1); };
    let seen;
    try { dive(20); } catch (e) { seen = e; }
    [seen === mine, seen instanceof Deep, seen.cause, seen.extra.n, seen.stack === stack].join()
  )")
                .as<std::string>(),
            "true,true,because,1,true");
}

TEST(Errors, AHostExceptionArrivesNestedThroughAllFrames) {  // C9
  Host host;
  host.function("fail", [] { throw std::out_of_range("the original"); })
      .function("frame", [](const Value& f) { return f(); })
      .function("again", [](const Value& f) {
        try {
          return f();
        } catch (const JSError& error) {
          EXPECT_TRUE(error.nested());
          throw;
        }
      });
  VM vm{host};
  for (const char* code : {"fail()", "frame(() => fail())", "again(() => frame(() => again(fail)))",
                           "try { again(fail) } catch (e) { throw e }"}) {
    try {
      vm.eval(code);
      FAIL() << code;
    } catch (const JSError& error) {
      ASSERT_TRUE(error.nested()) << code;
      EXPECT_THROW(std::rethrow_exception(error.nested()), std::out_of_range);
      EXPECT_EQ(error.message(), "internal error");
    }
  }
  // An error that was under way while many others came and went.
  host.function("busy", [](const Value& f, const Value& others) {
    try {
      return f();
    } catch (const JSError&) {
      others();
      throw;
    }
  });
  VM other{host};
  try {
    other.eval("busy(fail, () => { for (let i = 0; i < 500; ++i) try { fail() } catch {} })");
    FAIL();
  } catch (const JSError& error) {
    EXPECT_TRUE(error.nested());
  }
}

TEST(Errors, NothingOfTheHostIsShown) {  // C9
  struct PrivateType {};
  std::vector<std::string> log;
  Host host;
  host.function("standard", [] { throw std::runtime_error("/etc/secret " __FILE__); })
      .function("foreign", [] { throw PrivateType(); })
      .function("typed", [](const std::vector<std::pair<int, std::string>>&) {})
      .function("unbound", [](const std::shared_ptr<PrivateType>&) {})
      .function("own", [] { throw Error(Errc::io, "said on purpose"); })
      .function("broken", [] { throw Error(Errc::io, "not UTF-8: \xFF\xFE."); })
      .log([&](LogLevel, std::string_view text) { log.emplace_back(text); });
  VM vm{host};
  const std::string shown =
      vm.eval(
            "[standard, foreign, () => typed([[1, 2]]), () => unbound({}), own, broken].map(f => { "
            "try { f() } catch (e) { return [String(e), e.stack, JSON.stringify(e), "
            "Object.getOwnPropertyNames(e), String(e.cause)].join() } }).join('\\n')")
          .as<std::string>();
  for (const char* secret : {"/etc", "secret", ".cpp", ".hpp", "PrivateType", "std::",
                             "basic_string", "shared_ptr", "quiesce::", "0x", "/usr", "Errc"}) {
    EXPECT_EQ(shown.find(secret), std::string::npos) << secret << " in\n" << shown;
  }
  EXPECT_NE(shown.find("said on purpose"), std::string::npos);
  EXPECT_NE(shown.find("not UTF-8: \xEF\xBF\xBD\xEF\xBF\xBD."), std::string::npos);
  EXPECT_NE(shown.find("typed: argument 1, element 1, element 2 must be a string"),
            std::string::npos);
  EXPECT_EQ(log.size(), 2u);
  EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);
}

TEST(Errors, OfAnotherVMBecomeText) {
  VM other;
  Host host;
  host.function("foreign", [&] { throw JSError(other.error("RangeError", "theirs")); });
  VM vm{host};
  EXPECT_EQ(vm.eval("try { foreign() } catch (e) { String(e) }").as<std::string>(),
            "Error: RangeError: theirs");
  std::optional<VM> dead(std::in_place);
  const Value gone = dead->error("Error", "gone");
  dead.reset();
  EXPECT_EQ(attempt([&] { throw JSError(gone); }).error().code(), Errc::dead_vm);
}

TEST(Errors, ASnapshotInsideIsRefusedAndTheCallGoesOn) {  // C14
  Host host;
  host.function("snap", [](Call& call) { call.vm().snapshot(); });
  VM vm{host};
  const Callback inside = vm.callback([&] { return vm.snapshot().to_bytes().size(); });
  vm.global().set("inside", inside.function());
  EXPECT_EQ(vm.eval("let n = 0; for (const f of [snap, inside]) try { f() } catch (e) { "
                    "n += e.message.includes('between calls') } n")
                .as<int>(),
            2);
}

}  // namespace
}  // namespace quiesce
