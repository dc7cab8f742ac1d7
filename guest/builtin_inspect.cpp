// internal('inspect'): the printer, for util.inspect and for the console of programs that use
// built-in modules.
//
// The printer runs no guest code. Objects that print themselves (util.inspect.custom) are found
// first, their methods are called by the built-in, and the printer is given the texts.
#include "builtins.hpp"
#include "held.hpp"
#include "inspect_formatter.hpp"

namespace quiesce::guest {

namespace {

constexpr u32 kVisitsMax = 100000;  // objects that are looked at for methods of their own

/// Walks what would be printed, level by level, without a stack of its own kind.
class CustomFinder {
 public:
  CustomFinder(JSContext* ctx, JSAtom key, f64 depth, f64 list_max, bool show_hidden)
      : ctx_(ctx),
        memory_(ctx),
        key_(key),
        depth_(depth),
        list_max_(list_max),
        show_hidden_(show_hidden),
        seen_(memory_),
        queue_(memory_) {}
  ~CustomFinder() {
    for (const Place& place : queue_) JS_FreeValue(ctx_, place.object);
  }

  /// Objects and their levels in turn.
  JSValue find(JSValueConst root) {
    add(root, 0);
    Held found(JS_NewArray(ctx_));
    u32 count = 0;
    for (u32 i = 0; i < queue_.size() && !memory_.failed() && !found.failed(); ++i) {
      const Place place = queue_[i];
      memory_.spend(1);
      if (is_custom(place.object)) {
        if (JS_DefinePropertyValueUint32(ctx_, found.get(), count++,
                                         JS_DupValue(ctx_, place.object), JS_PROP_C_W_E) < 0 ||
            JS_DefinePropertyValueUint32(ctx_, found.get(), count++, JS_NewInt32(ctx_, place.level),
                                         JS_PROP_C_W_E) < 0)
          return JS_EXCEPTION;
      } else if (place.level <= depth_ && i < kVisitsMax) {
        add_inner(place);
      }
    }
    return memory_.failed() ? JS_EXCEPTION : found.release();
  }

 private:
  struct Place {
    JSValue object;  // owned
    i32 level;
  };

  bool is_custom(JSValueConst object) {
    Descriptor method(memory_);
    return method.read(object, key_) && JS_IsFunction(ctx_, method.value);
  }

  void add(JSValueConst value, i32 level) {
    if (!JS_IsObject(value) || memory_.failed()) return;
    value = behind_proxies(value);
    if (!JS_IsObject(value) || qp_class_of(value) == QP_PROXY) return;
    const void* identity = JS_VALUE_GET_PTR(value);
    if (seen_.find(identity)) return;
    seen_.find_or_add(identity);
    if (queue_.push({JS_DupValue(ctx_, value), level})) return;
    JS_FreeValue(ctx_, value);
  }

  void add_inner(const Place& place) {
    const qp_class kind = qp_class_of(place.object);
    if (kind == QP_MAP || kind == QP_SET) add_entries(place);
    if (kind == QP_TYPED_ARRAY || kind == QP_MODULE) return;
    if (kind == QP_PROMISE) {
      Held result(JS_PromiseResult(ctx_, place.object));
      add(result.get(), place.level + 1);
    }
    JSPropertyEnum* keys;
    u32 count;
    if (qp_own_keys(ctx_, place.object, true, &keys, &count) < 0) return memory_.fail();
    Descriptor property(memory_);
    u32 items = 0, index;
    for (u32 i = 0; i < count && !memory_.failed(); ++i) {
      if (!keys[i].is_enumerable && !show_hidden_) continue;
      if (qp_atom_is_index(ctx_, keys[i].atom, &index) && items++ >= list_max_) continue;
      if (property.read_own(place.object, keys[i].atom) && !property.is_accessor())
        add(property.value, place.level + 1);
    }
    JS_FreePropertyEnum(ctx_, keys, count);
  }

  void add_entries(const Place& place) {
    u32 items = 0;
    for (void* record = qp_map_next(place.object, nullptr); record && items++ < list_max_;
         record = qp_map_next(place.object, record)) {
      JSValueConst key, value;
      qp_map_entry(record, &key, &value);
      add(key, place.level + 1);
      if (qp_class_of(place.object) == QP_MAP) add(value, place.level + 1);
    }
  }

  JSContext* ctx_;
  Memory memory_;
  JSAtom key_;
  f64 depth_, list_max_;
  bool show_hidden_;
  References seen_;
  List<Place> queue_;
};

f64 limit(JSContext* ctx, JSValueConst value, f64 otherwise) {
  f64 result = otherwise;
  if (!JS_IsNumber(value) || JS_ToFloat64(ctx, &result, value) < 0 || result != result)
    return otherwise;
  return result;
}

// findCustom(value, symbol, depth, list max, show hidden) -> [object, level, ...]
JSValue find_custom(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  HeldAtom key(JS_ValueToAtom(ctx, arguments[1]));
  if (key.failed()) return JS_EXCEPTION;
  CustomFinder finder(ctx, key.get(), limit(ctx, arguments[2], 2), limit(ctx, arguments[3], 100),
                      JS_ToBool(ctx, arguments[4]) > 0);
  return finder.find(arguments[0]);
}

enum Flags : u32 {
  kShowHidden = 1,
  kShowProxy = 2,
  kSorted = 4,
  kNumericSeparator = 8,
  kCompactAll = 16,
  kColors = 32
};

// inspect(value, flags, depth, breakLength, maxArrayLength, maxStringLength, compact, [object,
// text,
// ...]) -> string
JSValue inspect_with(JSContext* ctx, JSValueConst, int, JSValueConst* arguments) {
  const u32 flags = (u32)limit(ctx, arguments[1], 0);
  InspectOptions options;
  options.show_hidden = flags & kShowHidden;
  options.show_proxy = flags & kShowProxy;
  options.sorted = flags & kSorted;
  options.numeric_separator = flags & kNumericSeparator;
  options.compact_all = flags & kCompactAll;
  options.colors = flags & kColors;
  options.depth = limit(ctx, arguments[2], 2);
  options.break_length = limit(ctx, arguments[3], 80);
  options.array_length_max = limit(ctx, arguments[4], 100);
  options.string_length_max = limit(ctx, arguments[5], 10000);
  options.compact = limit(ctx, arguments[6], 3);
  if (options.array_length_max < 0) options.array_length_max = 0;
  if (options.string_length_max < 0) options.string_length_max = 0;
  if (JS_IsArray(arguments[7])) options.custom_texts = arguments[7];
  return inspect(ctx, arguments[0], options);
}

constexpr JSCFunctionListEntry kFunctions[] = {
    JS_CFUNC_DEF("findCustom", 5, find_custom),
    JS_CFUNC_DEF("inspect", 8, inspect_with),
};

}  // namespace

}  // namespace quiesce::guest

const NativeGroup kInspectNatives("inspect", quiesce::guest::kFunctions);
