#include "module.hpp"

#include <algorithm>
#include <span>

#include "lexer.hpp"
#include "names.hpp"

namespace adapt {
namespace {

[[noreturn]] void fail(const std::string& what, std::string_view where) {
  throw Unexpected(what + ": " + std::string(where.substr(0, 200)));
}

std::size_t kind_of(std::string_view type, std::string_view where) {
  constexpr std::string_view kTypes[] = {"u32", "u64", "f32", "f64"};
  const auto found = std::find(std::begin(kTypes), std::end(kTypes), type);
  if (found == std::end(kTypes)) fail("unknown type", where);
  return static_cast<std::size_t>(found - std::begin(kTypes));
}

/// Walks over tokens; every expectation that fails names the item.
class Cursor {
 public:
  Cursor(std::span<const Token> tokens, std::string_view where) : tokens_(tokens), where_(where) {}

  bool at_end() const { return at_ == tokens_.size(); }
  const Token& peek(std::size_t ahead = 0) const {
    static const Token kNone{Token::Kind::punctuation, ""};
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : kNone;
  }
  const Token& next() {
    if (at_end()) fail("unexpected end", where_);
    return tokens_[at_++];
  }
  bool take(std::string_view text) {
    if (!peek().is(text)) return false;
    ++at_;
    return true;
  }
  /// Blanks separate the tokens that must follow.
  void expect(std::string_view texts) {
    while (!texts.empty()) {
      const std::size_t end = std::min(texts.find(' '), texts.size());
      const std::string_view text = texts.substr(0, end);
      texts.remove_prefix(std::min(end + 1, texts.size()));
      if (!take(text))
        fail("expected " + std::string(text) + " instead of " + std::string(peek().text) + " in",
             where_);
    }
  }
  std::string_view identifier() {
    const Token& token = next();
    if (token.kind != Token::Kind::identifier) fail("expected a name in", where_);
    return token.text;
  }
  std::uint32_t number() {
    const unsigned long long value = number_of(next());
    if (value > 0xffffffffu) fail("number too large in", where_);
    return static_cast<std::uint32_t>(value);
  }
  std::string_view where() const { return where_; }

 private:
  std::span<const Token> tokens_;
  std::string_view where_;
  std::size_t at_ = 0;
};

/// An item at the top level: from its first line to the line that closes it.
struct Item {
  std::string_view text;
  std::string_view comment;  // the line before it, if that is a comment
};

std::vector<Item> items_of(std::string_view text) {
  std::vector<Item> items;
  std::string_view comment;
  std::size_t begin = std::string_view::npos;  // none is open
  bool block = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const bool open = begin != std::string_view::npos;
    if (!open && line.starts_with("/*")) {
      comment = line;
    } else if (!open && !line.empty()) {
      begin = at;
    }
    if (begin != std::string_view::npos) {
      block = block || line.ends_with('{');
      if (block ? line.starts_with('}') : line.ends_with(';')) {
        items.push_back({text.substr(begin, end - begin), comment});
        begin = std::string_view::npos;
        block = false;
        comment = {};
      }
    }
    at = end + 1;
  }
  if (begin != std::string_view::npos) fail("an item without an end", text.substr(begin));
  return items;
}

// The two quoted names of: /* import: 'module' 'name' */ and the one of: /* export: 'name' */
std::vector<std::string_view> quoted(std::string_view comment) {
  std::vector<std::string_view> names;
  for (std::size_t at = comment.find('\''); at != std::string_view::npos;
       at = comment.find('\'', at)) {
    const std::size_t end = comment.find('\'', at + 1);
    if (end == std::string_view::npos) fail("a quote without an end", comment);
    names.push_back(comment.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return names;
}

class Reader {
 public:
  Reader(std::string_view header, std::string_view source) : header_(header), source_(source) {}

  Module read() {
    read_header();
    const std::size_t prelude = source_.find(names::kEndOfPrelude);
    if (prelude == std::string_view::npos) fail("no end of wasm2c's prelude", source_);
    for (const Item& item : items_of(source_.substr(prelude + names::kEndOfPrelude.size()))) {
      read_item(item);
    }
    check();
    return std::move(module_);
  }

 private:
  // The header has the struct of the instance and the imports.
  void read_header() {
    const std::size_t end = header_.find("/* export:");
    for (std::size_t at = header_.find("/* import:"); at < end;
         at = header_.find("/* import:", at + 1)) {
      const std::size_t line = header_.find('\n', at);
      const std::vector<std::string_view> names = quoted(header_.substr(at, line - at));
      const std::string_view text = header_.substr(line + 1, header_.find(';', line) - line);
      const std::vector<Token> tokens = tokens_of(text);
      Cursor cursor(tokens, text);
      Import import;
      import.signature.result = cursor.identifier();
      import.symbol = cursor.identifier();
      cursor.expect("( struct");
      cursor.identifier();
      cursor.expect("*");
      read_types(cursor, import.signature);
      if (names.size() != 2) fail("an import without a name", text);
      import.module = names[0];
      import.name = names[1];
      if (!module_.imports.emplace(import.symbol, import).second) fail("imported twice", text);
      module_.import_order.push_back(import.symbol);
    }
    const std::string_view start = "typedef struct ";
    const std::size_t at = header_.find(start);
    if (at == std::string_view::npos) fail("no struct of the instance", header_);
    const std::size_t name = at + start.size();
    module_.instance_type = header_.substr(name, header_.find(' ', name) - name);
    const std::size_t open = header_.find('{', at);
    const std::string_view members = header_.substr(open + 1, header_.find('}', open) - open - 1);
    const std::vector<Token> tokens = tokens_of(members);
    read_members(Cursor(tokens, members));
  }

  void read_members(Cursor cursor) {
    while (!cursor.at_end()) {
      if (cursor.take("struct")) {  // where wasm2c keeps the other side of the imports
        cursor.identifier();
        cursor.expect("*");
        cursor.identifier();
      } else if (cursor.take("wasm_rt_memory_t")) {
        if (!module_.memory.empty()) fail("more than one memory", cursor.where());
        module_.memory = cursor.identifier();
      } else if (cursor.take("wasm_rt_funcref_table_t")) {
        if (!module_.table.empty()) fail("more than one table", cursor.where());
        module_.table = cursor.identifier();
      } else {
        Global global{std::string(cursor.identifier()), {}};
        kind_of(global.type, cursor.where());
        const std::string_view name = cursor.identifier();
        module_.globals.emplace(name, global);
        module_.global_names.push_back(name);
        if (name.substr(names::kLocal.size()) == names::kStackPointer) module_.stack_pointer = name;
      }
      cursor.expect(";");
    }
  }

  // ", u32, u64)" or ")", without names
  void read_types(Cursor& cursor, Signature& signature) {
    while (!cursor.take(")")) {
      cursor.expect(",");
      signature.parameters.emplace_back(cursor.identifier());
      kind_of(signature.parameters.back(), cursor.where());
    }
    if (signature.result != "void") kind_of(signature.result, cursor.where());
  }

  void read_item(const Item& item) {
    const std::string_view text = item.text;
    if (item.comment.starts_with("/* export:")) return read_export(item);
    if (!item.comment.empty()) fail("unknown comment", item.comment);
    const auto is = [&](std::string_view start) { return text.starts_with(start); };
    if (is("static u32 func_types[")) return;
    if (is("static void init_func_types(")) return read_func_types(text);
    if (is("static void init_globals(")) return read_globals(text);
    if (is("static const u8 ")) return read_array(text);
    if (is("static void init_memories(")) return read_memories(text);
    if (is("static const wasm_elem_segment_expr_t ")) return read_elements(text);
    if (is("static void init_tables(")) return read_tables(text);
    if (is("static void init_data_instances(") || is("static void init_elem_instances(")) {
      if (text.substr(text.find('{')) != "{\n}") fail("passive segments are not supported", text);
      return;
    }
    // What wasm2c calls to set an instance up: our runtime does that from the tables.
    if (is("static void init_instance_import(") || !is("static ")) return;
    read_function(text);
  }

  void read_func_types(std::string_view text) {
    const std::vector<Token> tokens = tokens_of(text);
    Cursor cursor(tokens, text);
    cursor.expect("static void init_func_types ( void ) {");
    while (!cursor.take("}")) {
      cursor.expect("func_types [");
      if (cursor.number() != module_.types.size()) fail("types out of order", text);
      cursor.expect("] = wasm_rt_register_func_type (");
      const std::uint32_t parameters = cursor.number();
      cursor.expect(",");
      const std::uint32_t results = cursor.number();
      if (results > 1) fail("more than one result", text);
      Signature signature{"void", {}};
      for (std::uint32_t i = 0; i < parameters + results; ++i) {
        cursor.expect(",");
        const std::string_view name = cursor.identifier();
        std::string type = name == "WASM_RT_I32"   ? "u32"
                           : name == "WASM_RT_I64" ? "u64"
                           : name == "WASM_RT_F32" ? "f32"
                           : name == "WASM_RT_F64" ? "f64"
                                                   : "";
        if (type.empty()) fail("unknown type", name);
        (i < parameters ? signature.parameters.emplace_back() : signature.result) = std::move(type);
      }
      cursor.expect(") ;");
      module_.types.push_back(std::move(signature));
    }
  }

  void read_globals(std::string_view text) {
    const std::vector<Token> tokens = tokens_of(text);
    Cursor cursor(tokens, text);
    cursor.expect("static void init_globals (");
    cursor.expect(module_.instance_type);
    cursor.expect("* instance ) {");
    while (!cursor.take("}")) {
      cursor.expect("instance ->");
      const auto global = module_.globals.find(cursor.identifier());
      cursor.expect("=");
      const Token& value = cursor.next();
      number_of(value);
      if (global == module_.globals.end()) fail("a value for no global", text);
      global->second.initial = value.text;
      cursor.expect(";");
    }
  }

  void read_array(std::string_view text) {
    const std::size_t name = std::string_view("static const u8 ").size();
    const std::size_t open = text.find("[] = {");
    if (open == std::string_view::npos || !text.ends_with("};"))
      fail("not an array of bytes", text);
    const std::string_view bytes = text.substr(open + 6, text.size() - open - 8);
    if (bytes.find_first_not_of("0123456789abcdefx, \n") != std::string_view::npos)
      fail("not an array of bytes", text);
    module_.arrays.emplace(text.substr(name, open - name), bytes);
  }

  void read_memories(std::string_view text) {
    const std::vector<Token> tokens = tokens_of(text);
    Cursor cursor(tokens, text);
    cursor.expect("static void init_memories (");
    cursor.expect(module_.instance_type);
    cursor.expect("* instance ) { wasm_rt_allocate_memory ( & instance ->");
    cursor.expect(module_.memory);
    cursor.expect(",");
    module_.memory_pages = cursor.number();
    cursor.expect(",");
    module_.memory_pages_max = cursor.number();
    cursor.expect(") ;");
    while (!cursor.take("}")) {
      cursor.expect("LOAD_DATA ( instance ->");
      cursor.expect(module_.memory);
      cursor.expect(",");
      Segment segment{};
      segment.address = cursor.number();
      cursor.expect(",");
      segment.array = cursor.identifier();
      cursor.expect(",");
      segment.bytes = cursor.number();
      cursor.expect(") ;");
      if (!module_.arrays.contains(segment.array)) fail("no such array", segment.array);
      module_.segments.push_back(segment);
    }
  }

  void read_elements(std::string_view text) {
    const std::vector<Token> tokens = tokens_of(text);
    Cursor cursor(tokens, text);
    cursor.expect("static const wasm_elem_segment_expr_t");
    std::vector<Element>& elements = module_.element_arrays[cursor.identifier()];
    cursor.expect("[ ] = {");
    while (!cursor.take("}")) {
      Element element{};
      cursor.expect("{");
      element.type = cursor.number();
      cursor.expect(", ( wasm_rt_function_ptr_t )");
      cursor.take("&");
      element.function = cursor.identifier();
      cursor.expect(",");
      if (!cursor.take("0")) {  // an import: where wasm2c would find its instance
        cursor.expect("offsetof (");
        cursor.expect(module_.instance_type);
        cursor.expect(",");
        cursor.identifier();
        cursor.expect(")");
      }
      cursor.expect("} ,");
      elements.push_back(element);
    }
  }

  void read_tables(std::string_view text) {
    const std::vector<Token> tokens = tokens_of(text);
    Cursor cursor(tokens, text);
    cursor.expect("static void init_tables (");
    cursor.expect(module_.instance_type);
    cursor.expect("* instance ) {");
    if (cursor.take("}")) return;
    cursor.expect("wasm_rt_allocate_funcref_table ( & instance ->");
    cursor.expect(module_.table);
    cursor.expect(",");
    module_.table_size = cursor.number();
    cursor.expect(",");
    module_.table_size_max = cursor.number();
    cursor.expect(") ;");
    if (cursor.take("}")) return;
    cursor.expect("funcref_table_init ( & instance ->");
    cursor.expect(module_.table);
    cursor.expect(",");
    const auto array = module_.element_arrays.find(cursor.identifier());
    if (array == module_.element_arrays.end()) fail("no such elements", text);
    module_.elements = array->second;
    cursor.expect(",");
    const std::uint32_t count = cursor.number();
    cursor.expect(",");
    module_.first_element = cursor.number();
    cursor.expect(", 0 ,");
    if (cursor.number() != count || count != module_.elements.size())
      fail("a part of the elements", text);
    cursor.expect(", instance , func_types ) ; }");  // one segment of elements is what lld makes
  }

  void read_function(std::string_view text) {
    const std::size_t open = text.find("{\n");
    const std::string_view head =
        text.substr(0, open == std::string_view::npos ? text.size() : open);
    const std::vector<Token> tokens = tokens_of(head);
    Cursor cursor(tokens, head);
    cursor.expect("static");
    Function function;
    function.signature.result = cursor.identifier();
    function.name = cursor.identifier();
    if (!function.name.starts_with(names::kLocal)) fail("unknown item", text);
    cursor.expect("(");
    cursor.expect(module_.instance_type);
    cursor.expect("*");
    if (open == std::string_view::npos) {
      read_types(cursor, function.signature);
      cursor.expect(";");
      module_.function_names.push_back(function.name);
      if (!module_.functions.emplace(function.name, function).second) fail("declared twice", text);
      return;
    }
    cursor.expect(names::kInstance);
    while (!cursor.take(")")) {
      cursor.expect(",");
      function.signature.parameters.emplace_back(cursor.identifier());
      function.parameter_names.push_back(cursor.identifier());
    }
    const auto declared = module_.functions.find(function.name);
    if (declared == module_.functions.end() ||
        !(declared->second.signature == function.signature)) {
      fail("not declared like this", head);
    }
    function.body = text.substr(open + 2, text.size() - open - 3);
    declared->second = std::move(function);
  }

  // A function that calls the exported one, or gives the address of a member of the instance.
  void read_export(const Item& item) {
    const std::vector<std::string_view> names = quoted(item.comment);
    if (names.size() != 1) fail("an export without a name", item.comment);
    const std::size_t open = item.text.find("{\n");
    if (open == std::string_view::npos) fail("not an export", item.text);
    const std::vector<Token> tokens = tokens_of(item.text.substr(open));
    Cursor cursor(tokens, item.text);
    cursor.expect("{ return");
    if (cursor.take("&")) {
      cursor.expect("instance ->");
      const std::string_view member = cursor.identifier();
      if (names[0] == names::kStackPointer) module_.stack_pointer = member;
      return;
    }
    const std::string_view function = cursor.identifier();
    if (!module_.functions.contains(function)) fail("exports what is not declared", item.text);
    module_.exports.push_back({names[0], function});
  }

  void check() const {
    for (const auto& [name, function] : module_.functions) {
      if (function.body.empty()) fail("a function without a body", name);
    }
    for (const auto& [name, global] : module_.globals) {
      if (global.initial.empty()) fail("a global without a value", name);
    }
    for (const Element& element : module_.elements) {
      const auto function = module_.functions.find(element.function);
      const auto import = module_.imports.find(element.function);
      const Signature* const signature =
          function != module_.functions.end() ? &function->second.signature
          : import != module_.imports.end()   ? &import->second.signature
                                              : nullptr;
      if (element.type >= module_.types.size() || !signature ||
          !(*signature == module_.types[element.type])) {
        fail("an element of another type", element.function);
      }
    }
    if (module_.first_element > module_.table_size ||
        module_.elements.size() > module_.table_size - module_.first_element) {
      fail("elements beyond the table", module_.table);
    }
  }

  std::string_view header_, source_;
  Module module_;
};

}  // namespace

std::string Signature::text() const {
  constexpr char kLetters[] = {'i', 'l', 'f', 'd'};
  std::string text;
  for (const std::string& parameter : parameters) text += kLetters[kind_of(parameter, parameter)];
  text += '>';
  text += result == "void" ? 'v' : kLetters[kind_of(result, result)];
  return text;
}

std::uint64_t Signature::number() const {
  if (parameters.size() > 24) fail("too many parameters", text());
  std::uint64_t number = 1;  // a mark above the first parameter
  for (const std::string& parameter : parameters)
    number = number * 4 + kind_of(parameter, parameter);
  return number * 5 + (result == "void" ? 0 : 1 + kind_of(result, result));
}

Module read_module(std::string_view header, std::string_view source) {
  return Reader(header, source).read();
}

}  // namespace adapt
