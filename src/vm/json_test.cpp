// A13: Data and nlohmann::json.
#include "quiesce/json.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "vm/testing.hpp"

namespace quiesce {
namespace {

TEST(Json, ThereAndBack) {
  VM vm;
  const nlohmann::json json = nlohmann::json::parse(
      R"({"a":[1,-2.5,"grüße",true,null,{}],"b":{"c":[]},"n":9007199254740992,"":"","z":1e300})");
  EXPECT_EQ(to_json(from_json(json)), json);
  EXPECT_EQ(vm.value(json).as<nlohmann::json>(), json);
  EXPECT_EQ(vm.value(json).to_json(), R"({"":"","a":[1,-2.5,"grüße",true,null,{}],"b":{"c":[]},)"
                                      R"("n":9007199254740992,"z":1e+300})");
  EXPECT_TRUE(to_json(Data(-0.0)).is_number_float());
  EXPECT_TRUE(to_json(Data(7)).is_number_integer());
  const nlohmann::json binary = nlohmann::json::binary({1, 2, 3});
  EXPECT_EQ(from_json(binary).view().type, Class::uint8_array);
}

TEST(Json, WhatJsonCannotSayIsRefusedWithItsPath) {
  VM vm;
  const auto refused = [&](const char* code) {
    return refusal_of([&] { to_json(vm.eval(code).as<Data>()); });
  };
  EXPECT_EQ(refused("({a: [1, undefined]})"), "$.a[1] is undefined");
  EXPECT_EQ(refused("({a: {b: 7n}})"), "$.a.b is a bigint");
  EXPECT_EQ(refused("[NaN]"), "$[0] is a number that is not finite");
  EXPECT_EQ(refused("[[new Date(0)]]"), "$[0][0] is a Date");
  EXPECT_EQ(refused("({m: new Map()})"), "$.m is a Map");
  EXPECT_EQ(refused("new Set()"), "$ is a Set");
  EXPECT_EQ(refused("({e: new Error('x')})"), "$.e is of a kind that JSON does not have");
  EXPECT_EQ(refused("({get g() {}})"), "$.g is an accessor that was not read");
  EXPECT_EQ(refused("const o = {}; o.p = {o}; o"), "$.p.o refers to an object that it is in");
  EXPECT_EQ(refused("['\\ud800']").substr(0, 10), "$[0] has a");
  EXPECT_EQ(refused("[, 1]"), "$[0] is undefined");
  EXPECT_EQ(refused("Object.assign([1], {x: 1})").substr(0, 20), "$ is an array with o");
  EXPECT_EQ(refused("new Array(4294967295)").substr(0, 20), "$ is an array with o");
  refusal_of([] { from_json(std::numeric_limits<std::int64_t>::max()); }, Errc::invalid_argument);
  refusal_of([] { from_json(nlohmann::json::value_t::discarded); }, Errc::invalid_argument);
  refusal_of([] { from_json("\xFF"); }, Errc::encoding);
}

TEST(Json, OptionsAllowMore) {
  VM vm;
  const Data data = vm.eval(
                          "({u: undefined, s: Symbol.for('s'), l: [undefined, NaN], n: Object(1),"
                          "d: new Date(Date.UTC(2024, 1, 29, 12, 34, 56, 789)),"
                          "o: [new Date(-1), new Date(8.64e15), new Date(-62198755200000), "
                          "new Date(NaN)]})")
                        .as<Data>();
  vm.global().set("x", data);
  const nlohmann::json lenient = to_json(data, {.others = NotJson::as_stringify});
  EXPECT_EQ(lenient, nlohmann::json::parse(vm.eval("JSON.stringify(x)").as<std::string>()));
  EXPECT_EQ(to_json(vm.eval("[123n]").as<Data>(), {.bigints = JsonBigints::digits}).dump(),
            R"(["123"])");
  const JsonOptions plain{.collections = JsonCollections::plain};
  EXPECT_EQ(to_json(vm.eval("[new Map([['k', new Set([1, 2])]])]").as<Data>(), plain).dump(),
            R"([{"k":[1,2]}])");
  refusal_of([&] { to_json(vm.eval("new Map([[1, 2]])").as<Data>(), plain); });
}

TEST(Json, SharingIsWrittenOutButNotWithoutEnd) {
  VM vm;
  EXPECT_EQ(to_json(vm.eval("const s = {a: 1}; [s, s]").as<Data>()).dump(), R"([{"a":1},{"a":1}])");
  const Data laughs = vm.eval("let l = [1]; for (let i = 0; i < 60; i++) l = [l, l]; l").as<Data>();
  refusal_of([&] { to_json(laughs, {.values_max = 100000}); }, Errc::limit);
  vm.set_limits({.memory_bytes_max = 1u << 30});
  const Data deep = vm.eval("let d = []; for (let i = 0; i < 200000; i++) d = [d]; d").as<Data>();
  EXPECT_EQ(from_json(to_json(deep)), deep);
}

TEST(Json, InHostFunctions) {
  Host host;
  host.function("store", [](const nlohmann::json& order) { return order.at("items").size(); })
      .function("load", [] { return nlohmann::json{{"id", 7}, {"tags", {"a", "b"}}}; });
  VM vm{host};
  EXPECT_EQ(vm.eval("store({items: [1, 2, 3]})").as<int>(), 3);
  EXPECT_EQ(vm.eval("load().tags[1] + load().id").as<std::string>(), "b7");
  EXPECT_EQ(vm.eval("try { store({items: 1n}) } catch (e) { e.message }").as<std::string>(),
            "$.items is a bigint");
}

}  // namespace
}  // namespace quiesce
