// Inside of inspect: one Formatter prints one value. Its members are in several files by subject:
// inspect.cpp (values, properties), inspect_names.cpp (what an object is called), inspect_text.cpp
// (primitives, quotes), inspect_lists.cpp (arrays and collections), inspect_error.cpp,
// inspect_layout.cpp.
//
// Texts are built in place: each member appends to `out`. After a failure (see text_buffer.hpp)
// members return early and what they wrote is dropped by the caller.
#pragma once

#include "inspect.hpp"
#include "inspect_internals.h"
#include "text_buffer.hpp"

namespace quiesce::guest {

/// Property keys of one object, owned.
class Keys {
 public:
  explicit Keys(Memory& memory) : memory_(memory), keys_(memory) {}
  ~Keys() {
    for (JSAtom key : keys_) JS_FreeAtom(memory_.ctx(), key);
  }
  uint32_t count() const { return keys_.size(); }
  JSAtom operator[](uint32_t index) const { return keys_[index]; }
  bool contains(JSAtom key) const { return find(key) < count(); }
  uint32_t find(JSAtom key) const;
  void add(JSAtom key);  // takes its own reference
  void remove(uint32_t index) {
    JS_FreeAtom(memory_.ctx(), keys_[index]);
    keys_.remove(index);
  }

 private:
  Memory& memory_;
  List<JSAtom> keys_;
};

/// A property descriptor (ECMA-262 6.2.6) that frees itself.
struct Descriptor {
  explicit Descriptor(Memory& memory) : memory(memory) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { clear(); }
  void clear();
  /// The own property; false if there is none. Never enters a proxy.
  bool read_own(JSValueConst object, JSAtom key);
  /// The own or inherited property, looking through proxies in the chain.
  bool read(JSValueConst object, JSAtom key);
  bool is_accessor() const { return accessor; }

  Memory& memory;
  JSValue value = JS_UNDEFINED, getter = JS_UNDEFINED, setter = JS_UNDEFINED;
  bool accessor = false, enumerable = false, uninitialized = false;
};

/// Numbers by address of an object: which circular reference is which.
class References {
 public:
  explicit References(Memory& memory) : memory_(memory) {}
  ~References() { js_free(memory_.ctx(), slots_); }
  uint32_t find(const void* object) const;  // 0: none
  uint32_t find_or_add(const void* object);

 private:
  struct Slot {
    const void* object;
    uint32_t number;
  };
  uint32_t home(const void* object) const {
    return (static_cast<uint32_t>(reinterpret_cast<uintptr_t>(object) >> 3) * 2654435761u) &
           (capacity_ - 1);
  }
  bool grow();

  Memory& memory_;
  Slot* slots_ = nullptr;
  uint32_t capacity_ = 0;
  uint32_t count_ = 0;
};

/// How many steps of a prototype chain are looked at: proxies can close a chain into a ring.
inline constexpr uint32_t kChainMax = 1000;
/// How many proxies around one object are looked through.
inline constexpr uint32_t kProxiesMax = 100;

/// The next object of the prototype chain, looking through proxies; JS_NULL at its end. Borrowed.
JSValueConst next_in_chain(JSValueConst object);
bool chain_contains(JSValueConst object, JSValueConst prototype);  // not counting the object itself

/// util.inspect.styles.
enum class Style : uint8_t {
  number,
  boolean,
  undefined,
  null,
  string,
  symbol,
  date,
  regexp,
  special
};

/// What is added to a text while it lives is in colour, if the options say so.
class Paint {
 public:
  Paint(const InspectOptions& options, Text& out, Style style);
  Paint(const Paint&) = delete;
  Paint& operator=(const Paint&) = delete;
  ~Paint();

 private:
  Text* out_;
  Style style_;
};

/// How many of the units are no escape sequences of colours.
uint32_t length_without_colors(const Text& text, uint32_t begin, uint32_t end);

class Formatter {
 public:
  enum class Extras { object, array_item, array };

  Formatter(Memory& memory, const InspectOptions& options)
      : memory_(memory),
        ctx_(memory.ctx()),
        options_(options),
        depth_(options.depth),
        seen_(memory),
        references_(memory),
        budget_(memory) {}

  /// `level` counts the objects around this one.
  void value(Text& out, JSValueConst value, int level, bool in_view = false);
  void primitive(Text& out, JSValueConst value);
  void set_indentation(uint32_t spaces) { indentation_ = spaces; }

 private:
  /// What is known of one object while it is printed.
  struct Shape {
    Shape(Memory& memory, JSValueConst object, int level)
        : object(object),
          level(level),
          constructor(memory),
          tag(memory),
          open(memory),
          base(memory),
          keys(memory),
          prototype_entries(memory) {}
    JSValueConst object;
    int level;
    qp_class kind = QP_OBJECT;
    bool has_constructor = false;  // false: nothing in the chain names one ("null prototype")
    Text constructor, tag;
    Text open;  // the text before the entries, "Map(1) {"
    char close = '}';
    Text base;  // the text before the opening one, "[Function: f]"
    Keys keys;
    Entries prototype_entries;  // with show_hidden: what prototypes add
    Extras extras = Extras::object;
    void (Formatter::*list)(Entries&, Shape&) = nullptr;  // prints what is not a property
    bool done = false;                                    // the whole text is already written
    bool bare() const { return keys.count() == 0 && prototype_entries.count() == 0; }
  };

  // ---- inspect.cpp ----
  void object(Text& out, JSValueConst object, int level, bool in_view);
  void describe(Text& out, Shape& shape, bool in_view);
  bool describe_iterable(Text& out, Shape& shape);
  void describe_plain(Text& out, Shape& shape);
  void describe_other(Text& out, Shape& shape, bool in_view);
  void describe_buffer(Text& out, Shape& shape, bool in_view);
  void describe_boxed(Text& out, Shape& shape);
  void finish_bare(Text& out, Shape& shape);
  void entries(Text& out, Shape& shape);
  void own_keys(Keys& keys, JSValueConst object, bool with_indices);
  void property(Text& out, JSValueConst object, int level, JSAtom key, Extras extras);
  void property_value(Text& out, const Descriptor& descriptor, int level, Extras extras);
  void property_name(Text& out, JSAtom key, bool enumerable);
  void number_property(Entries& out, const char* name, double number);
  void proxy(Text& out, JSValueConst proxy, int level);
  bool custom_text(Text& out, JSValueConst value);  // of an object that prints itself
  bool too_deep(int level) const { return level > depth_; }

  // ---- inspect_names.cpp ----
  bool constructor_name(Text& out, JSValueConst object, int level, Entries* prototype_entries);
  bool named_by(Text& out, JSValueConst object, JSValueConst prototype);
  void prototype_properties(Entries& out, JSValueConst main, JSValueConst from, int level);
  void tag_of(Text& out, JSValueConst object, qp_class kind);
  void prefix(Text& out, const Shape& shape, const char* fallback, double size = -1);
  void prefix(Text& out, const Shape& shape, const Text& fallback, double size = -1);
  void generic_prefix(Text& out, const Shape& shape);
  void function_base(Text& out, const Shape& shape);
  void class_base(Text& out, const Shape& shape);
  bool is_error(JSValueConst object, qp_class kind) const;

  // ---- inspect_lists.cpp ----
  void array_items(Entries& out, Shape& shape);
  void sparse_items(Entries& out, Shape& shape, uint32_t from, uint32_t length);
  void typed_array_items(Entries& out, Shape& shape);
  void typed_array_fields(Entries& out, Shape& shape);
  void map_items(Entries& out, Shape& shape);
  void set_items(Entries& out, Shape& shape);
  void weak_items(Entries& out, Shape& shape);
  void iterator_items(Entries& out, Shape& shape);
  void buffer_items(Entries& out, Shape& shape);
  void view_items(Entries& out, Shape& shape);
  void slot_property(Entries& out, Shape& shape, const char* name, JSValueConst slot);
  void special_item(Entries& out, const char* text);
  void promise_items(Entries& out, Shape& shape);
  void iterator_open(Shape& shape, const char* type);
  uint32_t array_length(JSValueConst array);
  void more_items(Entries& out, double count);
  uint32_t list_max(double count) const {
    return static_cast<uint32_t>(count < options_.array_length_max ? count
                                                                   : options_.array_length_max);
  }

  // ---- inspect_error.cpp ----
  void error_base(Text& out, Shape& shape);
  void error_stack(Text& out, JSValueConst error);
  void error_header(Text& out, JSValueConst error);
  void error_name(Text& out, JSValueConst error, const char* for_null);
  void improve_stack(Text& out, const Text& stack, const Shape& shape, const Text& name);
  void hide_repeated_keys(Shape& shape, const Text& stack);
  void add_frames(Text& out, const Text& stack, uint32_t from, JSValueConst error);

  // ---- inspect_text.cpp ----
  void string(Text& out, JSValueConst string);

  // ---- inspect_layout.cpp ----
  void join(Text& out, Entries& entries, const Text& base, const Text& open, char close,
            Extras extras, int level, JSValueConst list);
  void join_compact(Text& out, Entries& entries, const Text& base, const Text& open, char close);
  bool fits_on_a_line(const Entries& entries, double start, const Text& base) const;
  uint32_t shown_width(const Entries& entries, uint32_t index) const;
  bool group(Entries& out, const Entries& entries, JSValueConst list);
  bool all_numbers(JSValueConst list, uint32_t count);
  void sort(Entries& entries, uint32_t from);
  void spend(uint32_t length);

  Memory& memory_;
  JSContext* ctx_;
  const InspectOptions& options_;
  double depth_;
  uint32_t indentation_ = 0;
  int current_level_ = 0;   // of the object whose entries were begun last
  List<const void*> seen_;  // the objects around the current value
  References references_;
  List<uint64_t> budget_;  // units written so far, by indentation
};

// ---- texts (inspect_text.cpp) ----
void add_quoted(Text& out, const uint16_t* units, uint32_t count);
void add_quoted(Text& out, const Text& text);
/// With single quotes escaped but none added, as names of symbols are printed.
void add_escaped(Text& out, const Text& text);
bool is_identifier(const Text& text);

}  // namespace quiesce::guest
