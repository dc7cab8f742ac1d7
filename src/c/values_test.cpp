// Values through the C interface, both ways.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "c/c_testing.hpp"

namespace {

using C = CTest;

TEST_F(C, NumbersBooleansAndNothing) {  // A4, A5
  quiesce_value* value = nullptr;
  OK(quiesce_new_number(vm(), -0.5, &value));
  double number = 0;
  OK(quiesce_value_as_number(kept(value), &number));
  EXPECT_EQ(number, -0.5);
  int64_t whole = 7;
  EXPECT_EQ(quiesce_value_as_int64(value, &whole), QUIESCE_TYPE_MISMATCH);
  EXPECT_EQ(whole, 0);
  OK(quiesce_value_as_int64(eval("-(2 ** 53)"), &whole));
  EXPECT_EQ(whole, -(int64_t{1} << 53));
  OK(quiesce_new_boolean(vm(), 1, &value));
  int boolean = 0;
  OK(quiesce_value_as_boolean(kept(value), &boolean));
  EXPECT_EQ(boolean, 1);
  EXPECT_EQ(quiesce_value_as_boolean(eval("1"), &boolean), QUIESCE_TYPE_MISMATCH);
  quiesce_type type = QUIESCE_TYPE_OBJECT;
  OK(quiesce_new_undefined(vm(), &value));
  OK(quiesce_value_type(kept(value), &type));
  EXPECT_EQ(type, QUIESCE_TYPE_UNDEFINED);
  OK(quiesce_new_null(vm(), &value));
  OK(quiesce_value_type(kept(value), &type));
  EXPECT_EQ(type, QUIESCE_TYPE_NULL);
}

TEST_F(C, TextsAreExact) {  // A4, A5, C10
  quiesce_value* value = nullptr;
  const char with_nul[] = "a\0b\xC3\xA9";
  OK(quiesce_new_string(vm(), with_nul, sizeof(with_nul) - 1, &value));
  quiesce_buffer* text = nullptr;
  OK(quiesce_value_as_text(kept(value), &text));
  EXPECT_EQ(taken(text), std::string(with_nul, sizeof(with_nul) - 1));

  const uint16_t lone[] = {'x', 0xD800, 0};
  OK(quiesce_new_string_utf16(vm(), lone, 3, &value));
  OK(quiesce_value_as_utf16(kept(value), &text));
  size_t bytes = 0;
  const char* data = quiesce_buffer_data(text, &bytes);
  ASSERT_EQ(bytes, sizeof(lone));
  EXPECT_EQ(std::memcmp(data, lone, sizeof(lone)), 0);
  OK(quiesce_buffer_free(text));

  EXPECT_EQ(quiesce_new_string(vm(), "\xFF", 1, &value), QUIESCE_ENCODING);
  EXPECT_EQ(value, nullptr);
}

TEST_F(C, BigIntsBytesSymbolsAndJson) {  // A4, A5, C5
  quiesce_value* value = nullptr;
  const char digits[] = "-123456789012345678901234567890";
  OK(quiesce_new_bigint(vm(), digits, QUIESCE_NTS, &value));
  quiesce_buffer* text = nullptr;
  OK(quiesce_value_as_bigint(kept(value), &text));
  EXPECT_EQ(taken(text), digits);
  EXPECT_EQ(quiesce_new_bigint(vm(), "12x", QUIESCE_NTS, &value), QUIESCE_INVALID_ARGUMENT);

  OK(quiesce_new_typed_array(vm(), QUIESCE_CLASS_UINT16_ARRAY, "\1\0\2\0", 4, &value));
  EXPECT_EQ(printed(kept(value)), "Uint16Array(2) [ 1, 2 ]");
  OK(quiesce_value_as_bytes(value, &text));
  EXPECT_EQ(taken(text), std::string("\1\0\2\0", 4));
  quiesce_class type = QUIESCE_CLASS_NONE;
  OK(quiesce_value_class(value, &type));
  EXPECT_EQ(type, QUIESCE_CLASS_UINT16_ARRAY);
  EXPECT_EQ(quiesce_new_typed_array(vm(), QUIESCE_CLASS_UINT16_ARRAY, "123", 3, &value),
            QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_new_typed_array(vm(), static_cast<quiesce_class>(999), "", 0, &value),
            QUIESCE_INVALID_ARGUMENT);
  OK(quiesce_new_array_buffer(vm(), nullptr, 0, &value));
  kept(value);

  OK(quiesce_new_symbol(vm(), "mine", QUIESCE_NTS, &value));
  EXPECT_EQ(printed(kept(value)), "Symbol(mine)");
  OK(quiesce_new_global_symbol(vm(), "ours", QUIESCE_NTS, &value));
  int equal = 0;
  OK(quiesce_value_strictly_equals(kept(value), eval("Symbol.for('ours')"), &equal));
  EXPECT_EQ(equal, 1);

  OK(quiesce_new_from_json(vm(), R"({"a":[1,2]})", QUIESCE_NTS, &value));
  OK(quiesce_value_to_json(kept(value), 0, &text));
  EXPECT_EQ(taken(text), R"({"a":[1,2]})");
  OK(quiesce_value_to_json(eval("undefined"), 0, &text));
  EXPECT_EQ(text, nullptr);
  EXPECT_EQ(quiesce_new_from_json(vm(), "{", 1, &value), QUIESCE_JAVASCRIPT);
  EXPECT_STREQ(quiesce_last_error_name(nullptr), "SyntaxError");
}

TEST_F(C, Properties) {  // A6, C7
  quiesce_value* object = nullptr;
  OK(quiesce_new_object(vm(), &object));
  kept(object);
  OK(quiesce_value_set(object, "x", 1, eval("1")));
  OK(quiesce_value_set_at(object, 3, eval("'three'")));
  OK(quiesce_value_set_key(object, eval("Symbol.for('s')"), eval("true")));
  OK(quiesce_value_define(object, eval("'hidden'"), eval("2"), 0));
  OK(quiesce_value_define_accessor(object, eval("'twice'"), eval("(function () { return 4; })"),
                                   nullptr, QUIESCE_ENUMERABLE));
  EXPECT_EQ(printed(object), "{ '3': 'three', x: 1, twice: [Getter], [Symbol(s)]: true }");
  quiesce_value* value = nullptr;
  OK(quiesce_value_get(object, "twice", QUIESCE_NTS, &value));
  EXPECT_EQ(printed(kept(value)), "4");
  OK(quiesce_value_get_at(object, 3, &value));
  EXPECT_EQ(printed(kept(value)), "'three'");
  OK(quiesce_value_get_key(object, eval("Symbol.for('s')"), &value));
  EXPECT_EQ(printed(kept(value)), "true");
  int yes = 0;
  OK(quiesce_value_has(object, "hidden", QUIESCE_NTS, &yes));
  EXPECT_EQ(yes, 1);
  OK(quiesce_value_remove(object, "hidden", QUIESCE_NTS, &yes));
  EXPECT_EQ(yes, 0);
  OK(quiesce_value_remove(object, "x", QUIESCE_NTS, nullptr));
  OK(quiesce_value_keys(object, QUIESCE_KEYS_ALL, &value));
  EXPECT_EQ(printed(kept(value)), "[ '3', 'hidden', 'twice', Symbol(s) ]");
  EXPECT_EQ(quiesce_value_keys(object, static_cast<quiesce_keys>(9), &value),
            QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_value_set(eval("Object.freeze({})"), "x", 1, object), QUIESCE_JAVASCRIPT);
  EXPECT_EQ(quiesce_value_define(object, eval("'y'"), object, 8), QUIESCE_INVALID_ARGUMENT);
  EXPECT_EQ(quiesce_value_get(eval("1"), "x", 1, &value), QUIESCE_TYPE_MISMATCH);
  uint64_t length = 0;
  OK(quiesce_value_length(eval("[1, 2, 3]"), &length));
  EXPECT_EQ(length, 3u);
}

TEST_F(C, CallsAndConversions) {  // A7
  const quiesce_value* arguments[] = {eval("20"), eval("22")};
  quiesce_value* value = nullptr;
  OK(quiesce_value_call(eval("(a, b) => a + b"), nullptr, arguments, 2, &value));
  EXPECT_EQ(printed(kept(value)), "42");
  OK(quiesce_value_call(eval("(function () { return this.x; })"), eval("({x: 'this'})"), nullptr, 0,
                        &value));
  EXPECT_EQ(printed(kept(value)), "'this'");
  OK(quiesce_value_invoke(eval("[1, 2]"), "join", QUIESCE_NTS, arguments, 1, &value));
  EXPECT_EQ(printed(kept(value)), "'1202'");
  OK(quiesce_value_construct(eval("Array"), arguments, 2, &value));
  EXPECT_EQ(printed(kept(value)), "[ 20, 22 ]");
  OK(quiesce_value_call(eval("() => 1"), nullptr, nullptr, 0, nullptr));
  EXPECT_EQ(quiesce_value_call(arguments[0], nullptr, nullptr, 0, &value), QUIESCE_TYPE_MISMATCH);
  OK(quiesce_new_array(vm(), arguments, 2, &value));
  EXPECT_EQ(printed(kept(value)), "[ 20, 22 ]");
  double number = 0;
  OK(quiesce_value_to_number(eval("({valueOf: () => 5})"), &number));
  EXPECT_EQ(number, 5);
  quiesce_buffer* text = nullptr;
  OK(quiesce_value_to_text(eval("[1, [2, 3]]"), &text));
  EXPECT_EQ(taken(text), "1,2,3");
  OK(quiesce_vm_global(vm(), &value));
  OK(quiesce_value_copy(kept(value), &value));
  int equal = 0;
  OK(quiesce_value_strictly_equals(kept(value), eval("globalThis"), &equal));
  EXPECT_EQ(equal, 1);
}

}  // namespace
