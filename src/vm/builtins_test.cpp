// Built-in modules (B8): that they are there, lazy, and asleep with their VM. What they do is
// compared with Node in tests/builtins_test.cpp.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

// Every specifier stands for itself; no source comes from outside.
Host host_with_builtins() {
  Host host;
  host.modules([](VM&, const ModuleRequest& request) { return std::optional(request.specifier); },
               [](VM&, const ModuleKey&) { return std::optional<ModuleSource>(); });
  return host;
}

Value import_of(VM& vm, const std::string& name) {
  return *vm.run(vm.eval("import('" + name + "')"));
}

TEST(Builtins, AreImported) {  // B8
  VM vm{host_with_builtins()};
  const Value punycode = import_of(vm, "node:punycode");
  EXPECT_EQ(punycode.get("default").get("version").as<std::string>(), "2.3.1");
  vm.eval("globalThis.result = null");
  vm.run(vm.eval("import {toASCII} from 'node:punycode'; result = toASCII('mañana.com')",
                 {.type = SourceType::module}));
  EXPECT_EQ(vm.eval("result").as<std::string>(), "xn--maana-pta.com");
}

TEST(Builtins, WhatIsNoneIsAnErrorWithACode) {
  VM vm{host_with_builtins()};
  for (const char* name : {"node:nothing", "node:internal/packages/cjs_module_lexer", "node:"}) {
    const Value error =
        *vm.run(vm.eval("import('" + std::string(name) + "').catch(error => error)"));
    EXPECT_EQ(error.get("code").as<std::string>(), "ERR_UNKNOWN_BUILTIN_MODULE") << name;
    EXPECT_EQ(error.get("message").as<std::string>(),
              "No such built-in module: " + std::string(name));
  }
}

TEST(Builtins, WhatAProgramDoesToItsGlobalsDoesNotReachThem) {
  VM vm{host_with_builtins()};
  vm.eval(
      "for (const name of ['Object', 'String', 'RangeError', 'Math', 'Array']) "
      "delete globalThis[name]");
  EXPECT_EQ(import_of(vm, "node:punycode").get("encode")("ü").as<std::string>(), "tda");
}

}  // namespace
}  // namespace quiesce
