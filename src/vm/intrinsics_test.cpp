// A27: VMs that are made without some of what JavaScript has.
#include <gtest/gtest.h>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

VM vm_without(std::initializer_list<Intrinsic> intrinsics) {
  Host host;
  host.without(intrinsics);
  return VM{host};
}

std::string thrown(VM& vm, const std::string& code) {
  try {
    vm.eval(code);
  } catch (const JSError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

struct Case {
  Intrinsic intrinsic;
  std::vector<std::string> globals;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {Intrinsic::Date, {"Date"}},
      {Intrinsic::RegExp, {"RegExp"}},
      {Intrinsic::JSON, {"JSON"}},
      {Intrinsic::Proxy, {"Proxy"}},
      {Intrinsic::Reflect, {"Reflect"}},
      {Intrinsic::map_and_set, {"Map", "Set", "WeakMap", "WeakSet"}},
      {Intrinsic::typed_arrays,
       {"ArrayBuffer", "SharedArrayBuffer", "DataView", "Uint8ClampedArray", "Int8Array",
        "Uint8Array", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "BigInt64Array",
        "BigUint64Array", "Float16Array", "Float32Array", "Float64Array"}},
      {Intrinsic::Promise, {"Promise"}},
      {Intrinsic::BigInt, {"BigInt", "BigInt64Array", "BigUint64Array"}},
      {Intrinsic::WeakRef, {"WeakRef", "FinalizationRegistry"}},
      {Intrinsic::performance, {"performance"}},
      {Intrinsic::DOMException, {"DOMException"}},
      {Intrinsic::base64, {"atob", "btoa"}},
      {Intrinsic::console, {"console"}},
      {Intrinsic::timers,
       {"setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval",
        "clearImmediate"}},
  };
  return all;
}

TEST(Intrinsics, EachIsGoneAloneAndStaysGone) {  // A27
  VM whole;
  const double all = whole.eval("Object.getOwnPropertyNames(globalThis).length").as<double>();
  for (const Case& each : cases()) {
    VM vm = vm_without({each.intrinsic});
    const auto gone = static_cast<double>(each.globals.size());
    EXPECT_EQ(vm.eval("Object.getOwnPropertyNames(globalThis).length").as<double>(), all - gone);
    VM woken{Host(), vm.snapshot()};
    for (const std::string& name : each.globals) {
      EXPECT_EQ(whole.eval("typeof " + name + " === 'undefined'").as<bool>(), false) << name;
      EXPECT_EQ(vm.eval("typeof " + name).as<std::string>(), "undefined");
      EXPECT_EQ(woken.eval("typeof " + name).as<std::string>(), "undefined");
    }
    // The rest works.
    EXPECT_EQ(vm.eval("[3, 1, 2].sort().map(x => x * 2).join()").as<std::string>(), "2,4,6");
    EXPECT_EQ(vm.run(vm.eval("(async () => { await null; return 5 })()")).value().as<int>(), 5);
  }
}

// What programs can get hold of without the global has no way back to the constructor.
TEST(Intrinsics, PrototypesDoNotLeadThere) {  // A27
  VM vm = vm_without({Intrinsic::Promise, Intrinsic::BigInt, Intrinsic::RegExp, Intrinsic::Date,
                      Intrinsic::map_and_set, Intrinsic::typed_arrays, Intrinsic::DOMException});
  EXPECT_EQ(vm.eval("(async () => {})().constructor === Object").as<bool>(), true);
  EXPECT_EQ(vm.eval("import('x').catch(() => {}).constructor === Object").as<bool>(), true);
  EXPECT_EQ(vm.eval("(async () => {})().then(() => 1) instanceof Object").as<bool>(), true);
  EXPECT_EQ(vm.eval("try { atob('\\u1234') } catch (e) { e.constructor.name }").as<std::string>(),
            "Error");
  vm.global().set("big", BigInt{"12"});
  EXPECT_EQ(vm.eval("Object(big).constructor === Object").as<bool>(), true);
  vm.global().set("bytes", vm.typed_array(Class::uint8_array, {}));
  EXPECT_EQ(
      vm.eval("bytes.constructor === Object && bytes.buffer.constructor === Object").as<bool>(),
      true);
  EXPECT_EQ(vm.eval("Object.getPrototypeOf(Object.getPrototypeOf(bytes)).constructor === Object")
                .as<bool>(),
            true);
}

TEST(Intrinsics, LiteralsAreSyntaxErrors) {  // A27
  VM vm = vm_without({Intrinsic::RegExp, Intrinsic::BigInt});
  EXPECT_EQ(thrown(vm, "/a/").substr(0, 12), "SyntaxError:");
  EXPECT_EQ(thrown(vm, "(1n)"), "SyntaxError: BigInt is not available in this VM");
  EXPECT_EQ(thrown(vm, "({1n: 2})").substr(0, 12), "SyntaxError:");
  EXPECT_EQ(thrown(vm, "eval('0x1fn')").substr(0, 12), "SyntaxError:");
  EXPECT_EQ(thrown(vm, "'abc'.match('b')").substr(0, 10), "TypeError:");
  EXPECT_EQ(vm.eval("'abc'.replace('b', 'x')").as<std::string>(), "axc");
  EXPECT_EQ(vm.eval("6 / 2 / 1").as<int>(), 3);
}

TEST(Intrinsics, WithoutEval) {  // A27
  const auto check = [](VM& vm) {
    const std::string refused =
        "EvalError: Code generation from strings disallowed for this context";
    for (const char* code :
         {"eval('1')", "(0, eval)('1')", "new Function('return 1')", "Function('1')",
          "(() => {}).constructor('1')", "(async () => {}).constructor('1')",
          "(function* () {}).constructor('1')", "(async function* () {}).constructor('1')",
          "globalThis['ev' + 'al']('1')", "Reflect.construct(Function, ['1'])",
          "[ '1' ].map(eval)"}) {
      EXPECT_EQ(thrown(vm, code), refused) << code;
    }
    EXPECT_TRUE(vm.eval("try { eval('1') } catch (e) { e instanceof EvalError }").as<bool>());
    EXPECT_EQ(vm.eval("eval(7)").as<int>(), 7);  // no text
    EXPECT_EQ(vm.eval("1 + 1").as<int>(), 2);    // the host goes on
    EXPECT_EQ(
        vm.run(vm.eval("export const a = 1", {.type = SourceType::module})).value()["a"].as<int>(),
        1);
    EXPECT_EQ(vm.run_bytecode(vm.compile("2 + 1")).as<int>(), 3);
  };
  VM vm = vm_without({Intrinsic::eval});
  check(vm);
  VM woken{Host(), vm.snapshot()};
  check(woken);
}

TEST(Intrinsics, TheHostIsNotBound) {  // A27
  VM vm = vm_without({Intrinsic::JSON, Intrinsic::Promise, Intrinsic::console});
  EXPECT_EQ(vm.parse_json("[1,2]").to_json().value(), "[1,2]");
  Deferred deferred = vm.defer("x");
  vm.global().set("p", deferred.promise());
  const Value result = vm.eval("p.then(x => x + 1)");
  deferred.resolve(1);
  EXPECT_EQ(vm.run(result).value().as<int>(), 2);
}

}  // namespace
}  // namespace quiesce
