// The public API in any order against a model of what JavaScript says: every answer is compared.
//
// The model knows objects and arrays with their properties in order and with attributes, strings,
// numbers, bigints, pending calls, kept roots, and sleep. What the VM answers differently is a
// finding, not only what crashes it.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "fuzz/session.hpp"

namespace quiesce::fuzz {
namespace {

struct Object;
using Reference = std::shared_ptr<Object>;

struct Undefined {
  friend bool operator==(Undefined, Undefined) = default;
};
struct Null {
  friend bool operator==(Null, Null) = default;
};
using Datum = std::variant<Undefined, Null, bool, double, std::u16string, BigInt, Reference>;

struct Slot {
  std::u16string key;
  Datum value;
  Property property;
};

/// An ordinary object or an array (ECMA-262 10.1, 10.4.2), with data properties only.
struct Object {
  bool is_array = false;
  bool is_extensible = true;
  std::vector<Slot> slots;
  std::uint32_t length = 0;

  Slot* find(const std::u16string& key) {
    const auto found = std::ranges::find(slots, key, &Slot::key);
    return found == slots.end() ? nullptr : &*found;
  }
};

std::optional<std::uint32_t> array_index(const std::u16string& key) {
  if (key.empty() || key.size() > 9 || (key.size() > 1 && key[0] == u'0')) return std::nullopt;
  std::uint32_t index = 0;
  for (const char16_t unit : key) {
    if (unit < u'0' || unit > u'9') return std::nullopt;
    index = index * 10 + (unit - u'0');
  }
  return index;
}

/// ECMA-262 OrdinaryOwnPropertyKeys: indices rising, then strings as they came.
std::vector<std::u16string> ordered_keys(const Object& object, bool enumerable_only) {
  std::map<std::uint32_t, std::u16string> indices;
  std::vector<std::u16string> names;
  if (object.is_array && !enumerable_only) names.push_back(u"length");
  for (const Slot& slot : object.slots) {
    if (enumerable_only && !slot.property.enumerable) continue;
    if (const auto index = array_index(slot.key)) {
      indices[*index] = slot.key;
    } else {
      names.push_back(slot.key);
    }
  }
  std::vector<std::u16string> keys;
  for (auto& [index, key] : indices) keys.push_back(std::move(key));
  keys.insert(keys.end(), names.begin(), names.end());
  return keys;
}

bool same(const Datum& left, const Datum& right) {  // ECMA-262 SameValueZero, for what stands here
  if (const auto* number = std::get_if<double>(&left); number && std::isnan(*number)) {
    const auto* other = std::get_if<double>(&right);
    return other && std::isnan(*other);
  }
  return left == right;
}

const std::vector<std::u16string>& key_pool() {
  static const std::vector<std::u16string> kPool = {u"a",
                                                    u"b",
                                                    u"key",
                                                    u"0",
                                                    u"1",
                                                    u"7",
                                                    u"12",
                                                    u"01",
                                                    u"x\u00e9",
                                                    std::u16string(u"n\0l", 3),
                                                    std::u16string(1, u'\xD800'),
                                                    u"",
                                                    u"\U0001F600"};
  return kPool;
}

class Modelled {
 public:
  Modelled() = default;
  ~Modelled() {
    for (const Reference& object : objects_) object->slots.clear();  // which may form circles
  }
  Modelled(const Modelled&) = delete;
  Modelled& operator=(const Modelled&) = delete;

  void run(Reader input) {
    while (!input.empty()) step(input);
    compare_all();
  }

 private:
  struct Held {
    Value value;
    Datum datum;
  };
  struct Call {
    std::string name;
    Held promise;
  };

  static Host make_host() {
    Host host;
    host.clock(fixed_clock(Time{})).entropy(seeded_entropy(1));
    host.function("same", [](Value value) { return value; });
    host.function("swap", [](Value first, Value second) { return std::vector{second, first}; });
    return host;
  }

  // ---- what is there ----

  Held& pick(Reader& input) { return held_[input.take<std::uint8_t>() % held_.size()]; }
  Held* pick_object(Reader& input) {
    Held& held = pick(input);
    return std::holds_alternative<Reference>(held.datum) ? &held : nullptr;
  }
  const std::u16string& pick_key(Reader& input) {
    return key_pool()[input.choose(key_pool().size())];
  }
  void put(Value value, Datum datum) {
    check(value, datum);
    if (held_.size() < 24) {
      held_.push_back({std::move(value), std::move(datum)});
    } else {
      held_[next_++ % held_.size()] = {std::move(value), std::move(datum)};
    }
  }

  void check(const Value& value, const Datum& datum) {
    struct Expect {
      const Value& value;
      Modelled& model;
      void operator()(Undefined) const { require(value.is_undefined(), "it is not undefined"); }
      void operator()(Null) const { require(value.is_null(), "it is not null"); }
      void operator()(bool boolean) const {
        require(value.is_boolean() && value.as<bool>() == boolean, "it is another boolean");
      }
      void operator()(double number) const {
        require(value.is_number(), "it is no number");
        const auto found = value.as<double>();
        require(found == number || (std::isnan(found) && std::isnan(number)), "another number");
      }
      void operator()(const std::u16string& text) const {
        require(value.is_string() && value.as<std::u16string>() == text, "it is another string");
        require(value.length() == text.size(), "the string has another length");
      }
      void operator()(const BigInt& bigint) const {
        require(value.is_bigint() && value.as<BigInt>() == bigint, "it is another bigint");
      }
      void operator()(const Reference& object) const {
        require(value.is_object(), "it is no object");
        require(value.is_array() == object->is_array, "an array is no array, or the other way");
        // Identity: of all held values exactly those with the same object are the same.
        for (const Held& other : model.held_) {
          const auto* reference = std::get_if<Reference>(&other.datum);
          require(value.strictly_equals(other.value) == (reference && *reference == object),
                  "identity differs");
        }
      }
    };
    std::visit(Expect{value, *this}, datum);
  }

  void compare(const Held& held) {
    const auto* reference = std::get_if<Reference>(&held.datum);
    if (!reference) return check(held.value, held.datum);
    Object& object = **reference;
    for (const bool enumerable_only : {true, false}) {
      const auto keys = held.value.keys(enumerable_only ? Keys::enumerable_strings : Keys::strings);
      const auto expected = ordered_keys(object, enumerable_only);
      require(keys.size() == expected.size(), "another number of properties");
      for (std::size_t i = 0; i < keys.size(); ++i) {
        require(keys[i].as<std::u16string>() == expected[i], "the properties have another order");
      }
    }
    for (const Slot& slot : object.slots) check(held.value.get(vm_.string(slot.key)), slot.value);
    if (object.is_array) require(held.value.length() == object.length, "another length");
  }
  /// The same through Data: out as a whole, and in again as an equal copy.
  void transfer(Reader& input) {
    const Held& held = pick(input);
    const Data data = dump(held.value);
    seen_.clear();
    compare_data(data, held.datum);
    const Value copy = vm_.value(data);
    require(dump(copy) == data, "data that went in came out otherwise");
    if (held.value.is_object()) require(!copy.strictly_equals(held.value), "data is not a copy");
  }

  void compare_data(const Data& data, const Datum& datum) {
    const auto* reference = std::get_if<Reference>(&datum);
    if (!reference) {
      const Value primitive = vm_.value(data);
      return check(primitive, datum);
    }
    Object& object = **reference;
    require(data.is_array() == object.is_array && (data.is_object() || data.is_array()),
            "data of another kind");
    const auto [known, is_new] = seen_.try_emplace(reference->get(), data.address());
    require(known->second == data.address(), "data has lost the identity of an object");
    if (!is_new) return;
    if (object.is_array) require(data.size() == object.length, "data has another length");
    std::vector<std::pair<std::u16string, Data>> found;
    if (object.is_array) {  // its elements in a row; `entries` has what lies beyond and beside
      for (std::size_t i = 0; i < data.elements().size(); ++i) {
        if (data.has(i)) found.emplace_back(Data(std::to_string(i)).as<std::u16string>(), data[i]);
      }
    }
    for (const auto& [name, value] : data.entries())
      found.emplace_back(Data(name).as<std::u16string>(), value);
    const auto expected = ordered_keys(object, true);
    require(found.size() == expected.size(), "data has other properties");
    for (std::size_t i = 0; i < found.size(); ++i) {
      require(found[i].first == expected[i], "data has its properties in another order");
      compare_data(found[i].second, object.find(expected[i])->value);
    }
  }

  void compare_all() {
    for (const Held& held : held_) compare(held);
  }

  // ---- what is done ----

  void step(Reader& input) {
    switch (input.choose(16)) {
      case 0: return make(input);
      case 1: return set(input);
      case 2: return define(input);
      case 3: return get(input);
      case 4: return remove(input);
      case 5: return has(input);
      case 6: return compare(pick(input));
      case 7: return cross(input);
      case 8: return keep(input);
      case 9: return defer(input);
      case 10: return settle(input);
      case 11: return sleep(input);
      case 12: return refuse(input);
      case 13:
      case 14: return transfer(input);
      default: return freeze(input);
    }
  }

  void make(Reader& input) {
    switch (input.choose(8)) {
      case 0: return put(Value(), Undefined{});
      case 1: return put(nullptr, Null{});
      case 2: return put(true, true);
      case 3: {
        const auto number = input.take<double>();
        return put(number, number);
      }
      case 4: {
        std::u16string text(input.choose(40), u'\0');
        for (char16_t& unit : text) unit = input.take<char16_t>();
        return put(vm_.string(text), text);
      }
      case 5: {
        BigInt bigint{std::to_string(input.take<std::int64_t>())};
        for (std::uint32_t more = input.choose(30); more > 0 && bigint.digits != "0"; --more)
          bigint.digits += "7";
        return put(vm_.bigint(bigint), bigint);
      }
      case 6: return put(vm_.object(), new_object());
      default: {
        const Reference array = new_object();
        array->is_array = true;
        return put(input.choose(2) == 0 ? vm_.array() : vm_.eval("[]"), array);
      }
    }
  }

  const Reference& new_object() { return objects_.emplace_back(std::make_shared<Object>()); }

  /// What a new index does to the length of an array (ECMA-262 10.4.2.1).
  static void grow(Object& object, const std::u16string& key) {
    const auto index = array_index(key);
    if (object.is_array && index && *index >= object.length) object.length = *index + 1;
  }

  void set(Reader& input) {
    Held* const target = pick_object(input);
    if (!target) return;
    const std::u16string key = pick_key(input);
    const Held& source = pick(input);
    Object& object = *std::get<Reference>(target->datum);
    Slot* const slot = object.find(key);
    const bool allowed = slot ? slot->property.writable : object.is_extensible;
    const auto done = attempt([&] { target->value.set(vm_.string(key), Value(source.value)); });
    require(done.has_value() == allowed, "a property was set, or was not, against the rules");
    if (!allowed) return require_type_error(done.error());
    if (slot) {
      slot->value = source.datum;
    } else {
      object.slots.push_back({key, source.datum, {true, true, true}});
      grow(object, key);
    }
  }

  void define(Reader& input) {
    Held* const target = pick_object(input);
    if (!target) return;
    const std::u16string key = pick_key(input);
    const Held& source = pick(input);
    const std::uint32_t bits = input.choose(8);
    const Property property{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
    Object& object = *std::get<Reference>(target->datum);
    Slot* const slot = object.find(key);
    bool allowed = object.is_extensible;  // ECMA-262 ValidateAndApplyPropertyDescriptor
    if (slot && slot->property.configurable) {
      allowed = true;
    } else if (slot) {
      allowed = !property.configurable && property.enumerable == slot->property.enumerable &&
                (slot->property.writable ||
                 (!property.writable && same_value(slot->value, source.datum)));
    }
    const auto done =
        attempt([&] { target->value.define(vm_.string(key), source.value, property); });
    require(done.has_value() == allowed, "a property was defined, or was not, against the rules");
    if (!allowed) return require_type_error(done.error());
    if (slot) {
      slot->value = source.datum;
      slot->property = property;
    } else {
      object.slots.push_back({key, source.datum, property});
      grow(object, key);
    }
  }

  static bool same_value(const Datum& left, const Datum& right) {  // tells 0 from -0
    const auto* a = std::get_if<double>(&left);
    const auto* b = std::get_if<double>(&right);
    if (a && b && *a == 0 && *b == 0) return std::signbit(*a) == std::signbit(*b);
    return same(left, right);
  }

  void get(Reader& input) {
    Held* const target = pick_object(input);
    if (!target) return;
    const std::u16string& key = pick_key(input);
    const Slot* const slot = std::get<Reference>(target->datum)->find(key);
    Datum datum = slot ? slot->value : Datum{Undefined{}};
    put(target->value.get(vm_.string(key)), std::move(datum));
  }

  void remove(Reader& input) {
    Held* const target = pick_object(input);
    if (!target) return;
    const std::u16string& key = pick_key(input);
    Object& object = *std::get<Reference>(target->datum);
    const auto slot = std::ranges::find(object.slots, key, &Slot::key);
    const bool allowed = slot == object.slots.end() || slot->property.configurable;
    require(target->value.remove(vm_.string(key)) == allowed, "removed against the rules");
    if (allowed && slot != object.slots.end()) object.slots.erase(slot);
  }

  void has(Reader& input) {
    Held* const target = pick_object(input);
    if (!target) return;
    const std::u16string& key = pick_key(input);
    const bool expected = std::get<Reference>(target->datum)->find(key) != nullptr;
    require(target->value.has(vm_.string(key)) == expected, "`has` is wrong");
  }

  void freeze(Reader& input) {
    Held* const target = pick_object(input);
    if (!target) return;
    vm_.eval("Object.freeze")(target->value);
    Object& object = *std::get<Reference>(target->datum);
    object.is_extensible = false;
    for (Slot& slot : object.slots) slot.property.writable = slot.property.configurable = false;
  }

  /// Through JavaScript, through the host, and back.
  void cross(Reader& input) {
    const Held first = pick(input), second = pick(input);
    put(vm_.eval("x => same(x)")(first.value), first.datum);
    const Value swapped = vm_.eval("(x, y) => swap(x, y)")(first.value, second.value);
    put(swapped.get(0), second.datum);
    put(swapped.get(1), first.datum);
    const auto thrown = attempt([&] { vm_.eval("x => { throw x }")(first.value); });
    require(!thrown, "a throw was lost");
    try {
      thrown.rethrow();
    } catch (const JSError& error) {
      put(error.value(), first.datum);
    }
  }

  void keep(Reader& input) {
    const std::string name(1, static_cast<char>('a' + input.choose(4)));
    switch (input.choose(3)) {
      case 0: {
        const Held& source = pick(input);
        vm_.keep(name, source.value);
        kept_[name] = source.datum;
        break;
      }
      case 1: {
        const auto value = vm_.kept(name);
        const auto found = kept_.find(name);
        require(value.has_value() == (found != kept_.end()), "a root is there, or is not");
        if (value) put(*value, found->second);
        break;
      }
      default:
        require(vm_.forget(name) == (kept_.erase(name) > 0), "a root was forgotten, or was not");
    }
    require(vm_.kept_names().size() == kept_.size(), "another number of roots");
  }

  void defer(Reader& input) {
    if (calls_.size() >= 8) return;
    const std::string name = input.choose(2) == 0 ? "wait" : "ask";
    const Deferred deferred = vm_.defer(name, 1, "two");
    require(deferred.id() > last_id_, "an id was used twice");
    last_id_ = deferred.id();
    calls_[deferred.id()] = name;
  }

  void settle(Reader& input) {
    const auto rows = vm_.pending_calls();
    require(rows.size() == calls_.size(), "another number of pending calls");
    auto expected = calls_.begin();
    for (const PendingCall& row : rows) {
      require(row.id == expected->first && row.name == expected->second, "another pending call");
      require(row.arguments_json == "[1,\"two\"]", "other arguments");
      ++expected;
    }
    const std::uint64_t id = last_id_ == 0 ? 0 : input.take<std::uint8_t>() % (last_id_ + 1);
    const auto deferred = vm_.deferred(id);
    require(deferred.has_value() == calls_.contains(id), "a pending call is there, or is not");
    if (!deferred) return;
    const Value promise = deferred->promise();
    require(promise.promise_state() == PromiseState::pending, "it is settled already");
    const Held source = pick(input);
    if (std::holds_alternative<Reference>(source.datum)) return;  // may be a thenable
    if (input.choose(2) == 0) {
      deferred->resolve(source.value);
      const auto result = vm_.run(promise);
      require(result.has_value(), "a resolved promise is pending");
      put(*result, source.datum);
    } else {
      promise.mark_handled();
      deferred->reject(source.value);
      require(promise.promise_state() == PromiseState::rejected, "a rejected promise is not");
      put(promise.promise_result(), source.datum);
    }
    require(!attempt([&] { deferred->resolve(1); }), "a call was settled twice");
    calls_.erase(id);
  }

  void sleep(Reader& input) {
    vm_.run_until_idle();
    const Snapshot sleep = vm_.snapshot();
    const Snapshot loaded =
        input.choose(4) == 0 ? Snapshot::from_bytes(sleep.to_bytes()) : Snapshot(sleep);
    VM again(host_, loaded);
    require(again.snapshot().digest() == sleep.digest(), "a VM that was woken sleeps otherwise");
    const std::vector<Held> old = std::exchange(held_, {});
    vm_ = std::move(again);
    again = VM(host_);  // the sleeper is gone
    for (const Held& held : old) {
      if (!held.value.is_object()) continue;
      const auto used = attempt([&] { return held.value.get("a"); });
      require(!used && used.error().code() == Errc::dead_vm, "a value outlived its VM");
      const auto foreign = attempt([&] { vm_.keep("foreign", held.value); });
      require(!foreign, "a value of a VM that is gone was taken");
    }
    put(1.5, 1.5);
    for (const auto& [name, datum] : kept_) put(vm_.kept(name).value(), datum);
    compare_all();
  }

  /// What is wrong is refused and changes nothing.
  void refuse(Reader& input) {
    const Held& held = pick(input);
    const auto code_of = [](auto&& f) -> std::optional<Errc> {
      const auto result = attempt(f);
      if (result) return std::nullopt;
      return result.error().code();
    };
    if (!held.value.is_object() && !held.value.is_string()) {
      require(code_of([&] { return held.value.get("a"); }) == Errc::type_mismatch,
              "a primitive has properties");
    }
    require(code_of([&] { return held.value(1); }) == Errc::type_mismatch, "it can be called");
    require(code_of([&] { return held.value.promise_state(); }) == Errc::type_mismatch,
            "it is a promise");
    require(code_of([&] { return vm_.bigint({"12x"}); }) == Errc::invalid_argument,
            "12x is a bigint");
    require(code_of([&] { return vm_.string("\xff"); }) == Errc::encoding, "a lone 0xff is text");
    if (held.value.is_object()) {
      VM other;
      require(code_of([&] { other.keep("x", held.value); }) == Errc::foreign_value,
              "a value of another VM was taken");
    }
  }

  static void require_type_error(const Error& error) {
    require(
        error.code() == Errc::javascript && std::string_view(error.what()).starts_with("TypeError"),
        "it was refused, but not with a TypeError");
  }

  Host host_ = make_host();
  VM vm_{host_, limits()};
  std::vector<Held> held_{{Value(), Undefined{}}};
  std::size_t next_ = 0;
  std::vector<Reference> objects_;
  std::map<const Object*, const void*> seen_;
  std::map<std::string, Datum> kept_;
  std::map<std::uint64_t, std::string> calls_;
  std::uint64_t last_id_ = 0;

  static Limits limits() {
    Limits limits;
    limits.memory_bytes_max = 64u << 20;
    return limits;
  }
};

}  // namespace
}  // namespace quiesce::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quiesce::fuzz;
  Modelled().run(Reader(data, std::min<std::size_t>(size, 4096)));
  return 0;
}
