// A module as wasm2c wrote it down in C, taken apart. Everything is a view of, or a number from,
// the text that was read; the text must outlive the module.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace adapt {

/// The input is not what this tool was written for. The build must stop.
class Unexpected : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// C types of parameters and result, as wasm2c names them: u32, u64, f32, f64; result also void.
struct Signature {
  std::string result;
  std::vector<std::string> parameters;

  bool operator==(const Signature&) const = default;
  std::string text() const;      // "ili>d", see struct qw_import
  std::uint64_t number() const;  // distinct for distinct signatures, never 0
};

struct Function {
  std::string_view name;  // as wasm2c wrote it
  Signature signature;
  std::vector<std::string_view> parameter_names;
  std::string_view body;  // between the outer braces
};

struct Import {
  std::string_view symbol, module, name;
  Signature signature;
};

struct Export {
  std::string_view name;
  std::string_view function;  // wasm2c's name
};

struct Global {
  std::string type;
  std::string_view initial;  // a C constant
};

struct Segment {
  std::string_view array;  // wasm2c's name of the array
  std::uint32_t address, bytes;
};

struct Element {
  std::uint32_t type;  // index into Module::types
  std::string_view function;
};

struct Module {
  std::string_view instance_type;  // wasm2c's name of the struct
  std::vector<Signature> types;
  std::vector<std::string_view> function_names;  // in order of declaration
  std::map<std::string_view, Function> functions;
  std::map<std::string_view, Import> imports;
  std::vector<std::string_view> import_order;
  std::vector<Export> exports;
  std::vector<std::string_view> global_names;
  std::map<std::string_view, Global> globals;
  std::string_view stack_pointer;  // empty: there is none
  std::string_view memory, table;  // wasm2c's names of the members
  std::uint32_t memory_pages = 0, memory_pages_max = 0;
  std::uint32_t table_size = 0, table_size_max = 0;
  std::map<std::string_view, std::string_view> arrays;  // data: name -> list of bytes
  std::vector<Segment> segments;
  std::map<std::string_view, std::vector<Element>> element_arrays;
  std::vector<Element> elements;  // of the table, from `first_element`
  std::uint32_t first_element = 0;
};

/// Throws Unexpected with the offending text.
Module read_module(std::string_view header, std::string_view source);

}  // namespace adapt
