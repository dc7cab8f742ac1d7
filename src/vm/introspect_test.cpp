// A24, C17: what objects are made of, without running guest code.
#include "quiesce/introspect.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "quiesce/quiesce.hpp"

namespace quiesce {
namespace {

class IntrospectTest : public testing::Test {
 protected:
  IntrospectTest() {
    vm.eval(R"(
      var ran = 0;
      const traps = {};
      for (const name of Reflect.ownKeys(Reflect)) traps[name] = () => { ran++; throw 1; };
    )");
  }
  void TearDown() override { EXPECT_EQ(vm.eval("ran").as<int>(), 0); }
  VM vm;
};

TEST_F(IntrospectTest, Proxies) {  // A24, C17
  const Value value = vm.eval("var target = {n: 1}; new Proxy(target, traps)");
  const auto proxy = introspect::proxy(value);
  ASSERT_TRUE(proxy);
  EXPECT_TRUE(proxy->target.strictly_equals(vm.eval("target")));
  EXPECT_TRUE(proxy->handler.strictly_equals(vm.eval("traps")));
  EXPECT_FALSE(introspect::proxy(vm.eval("target")));
  const auto revoked =
      introspect::proxy(vm.eval("const r = Proxy.revocable({}, {}); r.revoke(); r.proxy"));
  EXPECT_TRUE(revoked->target.is_null() && revoked->handler.is_null());
  EXPECT_EQ(introspect::class_name(value), "Proxy");
  EXPECT_FALSE(introspect::own_keys(value));
  EXPECT_FALSE(introspect::own_property(value, "n"));
  EXPECT_FALSE(introspect::prototype(value));
  EXPECT_TRUE(introspect::function(vm.eval("new Proxy(() => {}, traps)")));
}

TEST_F(IntrospectTest, MapsSetsAndWeakOnes) {  // A24
  vm.eval("Map.prototype.entries = Set.prototype.values = () => { ran++; }");
  const auto entries = introspect::map_entries(vm.eval("new Map([[1, 'a'], ['k', target = {}]])"));
  ASSERT_TRUE(entries && entries->size() == 2);
  EXPECT_EQ((*entries)[0].second.as<std::string>(), "a");
  EXPECT_TRUE((*entries)[1].second.strictly_equals(vm.eval("target")));
  const auto values = introspect::set_values(vm.eval("new Set([3, 4])"));
  ASSERT_TRUE(values && values->size() == 2);
  EXPECT_EQ((*values)[1].as<int>(), 4);
  EXPECT_FALSE(introspect::set_values(vm.eval("new Map()")));
  EXPECT_FALSE(introspect::map_entries(Value(7)));

  const auto weak = introspect::weak_map_entries(vm.eval("new WeakMap([[target, 7]])"));
  ASSERT_TRUE(weak && weak->size() == 1);
  EXPECT_TRUE((*weak)[0].first.strictly_equals(vm.eval("target")));
  EXPECT_EQ((*weak)[0].second.as<int>(), 7);
  EXPECT_EQ(introspect::weak_set_values(vm.eval("new WeakSet([target])"))->size(), 1u);
  const Value ref = vm.eval("globalThis.alive = {}; new WeakRef(alive)");
  EXPECT_TRUE(introspect::weak_ref_target(ref)->strictly_equals(vm.eval("alive")));
  vm.eval("alive = null");
  vm.collect_garbage();
  EXPECT_TRUE(introspect::weak_ref_target(ref)->is_undefined());
  EXPECT_FALSE(introspect::weak_ref_target(vm.eval("target")));
}

TEST_F(IntrospectTest, DatesExpressionsBoxesPromises) {  // A24
  vm.eval(
      "Date.prototype.getTime = () => { ran++; };"
      "Object.defineProperty(RegExp.prototype, 'source', {get() { ran++; }})");
  EXPECT_EQ(introspect::date_ms(vm.eval("new Date(12)")), 12.0);
  EXPECT_TRUE(std::isnan(*introspect::date_ms(vm.eval("new Date(NaN)"))));
  EXPECT_FALSE(introspect::date_ms(vm.eval("({})")));
  EXPECT_EQ(introspect::regexp(vm.eval("/a\\/b/gy"))->source, "a\\/b");
  EXPECT_EQ(introspect::regexp(vm.eval("/a\\/b/gy"))->flags, "gy");
  EXPECT_EQ(introspect::boxed_primitive(vm.eval("new String('s')"))->as<std::string>(), "s");
  EXPECT_EQ(introspect::boxed_primitive(vm.eval("Object(7n)"))->as<BigInt>().digits, "7");
  EXPECT_FALSE(introspect::boxed_primitive(vm.eval("({})")));
  EXPECT_EQ(introspect::promise(vm.eval("Promise.resolve(3)"))->result.as<int>(), 3);
  EXPECT_EQ(introspect::promise(vm.eval("new Promise(() => {})"))->state, PromiseState::pending);
  EXPECT_FALSE(introspect::promise(Value(1)));
}

TEST_F(IntrospectTest, BuffersAndViews) {  // A24
  vm.eval(
      "var r = new ArrayBuffer(8, {maxByteLength: 16}), t = new Uint16Array(r, 2);"
      "Object.defineProperty(r, 'byteLength', {get() { ran++; }})");
  const auto buffer = introspect::buffer(vm.eval("r"));
  ASSERT_TRUE(buffer);
  EXPECT_EQ(buffer->bytes, 8u);
  EXPECT_EQ(buffer->bytes_max, 16u);
  EXPECT_FALSE(buffer->is_detached || buffer->is_shared);
  const auto view = introspect::view(vm.eval("t"));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->type, Class::uint16_array);
  EXPECT_EQ(view->offset, 2u);
  EXPECT_EQ(view->elements, 3u);
  EXPECT_TRUE(view->tracks);
  EXPECT_TRUE(view->buffer.strictly_equals(vm.eval("r")));
  vm.eval("r.resize(1)");
  EXPECT_TRUE(introspect::view(vm.eval("t"))->is_out_of_bounds);
  EXPECT_FALSE(introspect::buffer(vm.eval("new ArrayBuffer(1)"))->bytes_max);
  EXPECT_TRUE(
      introspect::buffer(vm.eval("const d = new ArrayBuffer(1); d.transfer(); d"))->is_detached);
  EXPECT_TRUE(introspect::buffer(vm.eval("new SharedArrayBuffer(1)"))->is_shared);
  EXPECT_EQ(introspect::view(vm.eval("new DataView(new ArrayBuffer(9), 1)"))->elements, 8u);
  EXPECT_FALSE(introspect::view(vm.eval("r")));
}

TEST_F(IntrospectTest, ClassesAndFunctions) {  // A24
  vm.eval("Object.defineProperty(Object.prototype, Symbol.toStringTag, {get() { ran++; }})");
  EXPECT_EQ(introspect::class_name(vm.eval("new Map()")), "Map");
  EXPECT_EQ(introspect::class_name(vm.eval("(function* () {})()")), "Generator");
  EXPECT_EQ(introspect::class_name(vm.eval("({[Symbol.toStringTag]: 'Lie'})")), "Object");
  EXPECT_FALSE(introspect::class_name(Value(1)));
  const auto function = introspect::function(vm.eval("async function* both() {} both"));
  ASSERT_TRUE(function);
  EXPECT_EQ(function->name, "both");
  EXPECT_TRUE(function->is_async && function->is_generator && !function->is_class);
  EXPECT_TRUE(introspect::function(vm.eval("(class A {})"))->is_class);
  EXPECT_TRUE(introspect::function(vm.eval("parseInt"))->is_native);
  EXPECT_EQ(
      introspect::function(
          vm.eval("function own() {}; Object.defineProperty(own, 'name', {get() { ran++; }})"))
          ->name,
      "own");
  EXPECT_FALSE(introspect::function(vm.eval("({})")));
  EXPECT_TRUE(
      introspect::bound_target(vm.eval("parseInt.bind(1)"))->strictly_equals(vm.eval("parseInt")));
  EXPECT_FALSE(introspect::bound_target(vm.eval("own")));
}

TEST_F(IntrospectTest, OwnKeysAndDescriptors) {  // A24, C17
  const Value object = vm.eval(R"(
    var s = Symbol('s');
    Object.defineProperty({b: 1, 2: 'two', get g() { ran++; }, [s]: 5, a: 0}, 'h', {value: 7}))");
  const auto keys = introspect::own_keys(object);
  ASSERT_TRUE(keys);
  std::vector<std::string> names;
  for (const Value& key : *keys)
    names.push_back(key.is_symbol() ? "symbol" : key.as<std::string>());
  EXPECT_EQ(names, (std::vector<std::string>{"2", "b", "g", "a", "h", "symbol"}));
  const auto plain = introspect::own_property(object, "b");
  EXPECT_TRUE(plain && !plain->is_accessor && plain->flags.writable && plain->flags.enumerable);
  EXPECT_EQ(plain->value.as<int>(), 1);
  const auto getter = introspect::own_property(object, "g");
  EXPECT_TRUE(getter && getter->is_accessor && getter->getter.is_function());
  EXPECT_TRUE(getter->setter.is_undefined() && getter->flags.configurable);
  const auto hidden = introspect::own_property(object, "h");
  EXPECT_TRUE(hidden && !hidden->flags.writable && !hidden->flags.enumerable);
  EXPECT_EQ(introspect::own_property(object, 2)->value.as<std::string>(), "two");
  EXPECT_EQ(introspect::own_property(object, vm.eval("s"))->value.as<int>(), 5);
  EXPECT_FALSE(introspect::own_property(object, "toString"));
  EXPECT_FALSE(introspect::own_property(object, vm.eval("({toString() { ran++; return 'b'; }})")));
  EXPECT_TRUE(introspect::prototype(object)->strictly_equals(vm.eval("Object.prototype")));
  EXPECT_TRUE(introspect::prototype(vm.eval("Object.create(null)"))->is_null());
  EXPECT_FALSE(introspect::own_keys(Value(1)));
}

TEST_F(IntrospectTest, IdentitySurvivesSleep) {  // A24
  const Value object = vm.eval("var o = {}; o");
  const auto number = introspect::identity(object);
  ASSERT_TRUE(number);
  EXPECT_EQ(introspect::identity(vm.eval("o")), number);
  EXPECT_NE(introspect::identity(vm.eval("({})")), number);
  EXPECT_EQ(introspect::identity(vm.eval("Symbol.iterator")),
            introspect::identity(vm.eval("Symbol.iterator")));
  EXPECT_FALSE(introspect::identity(Value(1)));
  EXPECT_FALSE(introspect::identity(vm.string("text")));
  VM again{Host(), vm.snapshot()};
  EXPECT_EQ(introspect::identity(again.eval("o")), number);
}

// A4: what VM makes does not depend on what the guest has done to its globals.
TEST_F(IntrospectTest, MakersAskNoGlobals) {
  const Value before = vm.eval("[Date, RegExp, Map, Set, DataView, ArrayBuffer, Uint16Array]");
  vm.global().set("made", before);
  vm.eval(
      "for (const name of ['Date', 'RegExp', 'Map', 'Set', 'DataView', 'ArrayBuffer', "
      "'Uint16Array']) globalThis[name] = function () { ran++; };"
      "made[2].prototype.set = made[3].prototype.add = () => { ran++; }");
  vm.global().set("date", vm.date(12));
  vm.global().set("time", vm.date(Time(std::chrono::milliseconds(13))));
  vm.global().set("regexp", vm.regexp("a.c", "s"));
  const Value key = vm.object();
  vm.global().set("key", key);
  const std::pair<Value, Value> entries[] = {{key, Value(1)}, {Value(2), key}};
  vm.global().set("map", vm.map(entries));
  const Value values[] = {Value(1), key, Value(1)};
  vm.global().set("set", vm.set(values));
  const std::byte bytes[4] = {};
  const Value buffer = vm.resizable_array_buffer(bytes, 16);
  vm.global().set("buffer", buffer);
  vm.global().set("view", vm.data_view(buffer, 1, 2));
  vm.global().set("array", vm.typed_array(Class::uint16_array, buffer, 2, 1));
  EXPECT_TRUE(vm.eval("const [D, R, M, S, V, B, U] = made;"
                      "date instanceof D && +date === 12 && +time === 13 && regexp instanceof R && "
                      "regexp.test('a\\nc') && map instanceof M && map.get(key) === 1 && "
                      "map.get(2) === key && set instanceof S && set.size === 2 && set.has(key) && "
                      "buffer instanceof B && buffer.maxByteLength === 16 && view instanceof V && "
                      "view.byteLength === 2 && array instanceof U && array.byteOffset === 2")
                  .as<bool>());
  EXPECT_THROW(vm.typed_array(Class::map, buffer, 0, 0), Error);
  EXPECT_THROW(vm.typed_array(Class::uint16_array, buffer, 1, 1), JSError);
  EXPECT_THROW(vm.data_view(vm.object(), 0, 0), JSError);
  EXPECT_THROW(vm.resizable_array_buffer(bytes, 2), Error);
  EXPECT_THROW(vm.regexp("("), JSError);
  EXPECT_EQ(vm.map().object_class(), Class::map);
}

}  // namespace
}  // namespace quiesce
