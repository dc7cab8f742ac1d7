// wasm2c-adapt: makes wasm2c's output fit our runtime, and splits it so that it compiles in
// parallel.
//
//   wasm2c-adapt --source engine.raw.c --header engine.raw.h --prefix quiesce_engine --parts 6
//                --offset-limit 67108864 --out folder
//
// Writes <prefix>.h, <prefix>_0.c ... and <prefix>_data.c. Part 0 holds the largest function alone:
// the interpreter's loop, which takes longest and has compiler flags of its own. It fails rather
// than pass on anything that it does not know.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "constants.hpp"
#include "dispatch.hpp"
#include "module.hpp"
#include "rewrite.hpp"

namespace adapt {
namespace {

struct Arguments {
  std::string source, header, out;
  std::size_t parts = 1;
  RewriteOptions rewrite;
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--source")
      arguments.source = value;
    else if (name == "--header")
      arguments.header = value;
    else if (name == "--out")
      arguments.out = value;
    else if (name == "--prefix")
      arguments.rewrite.prefix = value;
    else if (name == "--parts")
      arguments.parts = std::stoul(value);
    else if (name == "--offset-limit")
      arguments.rewrite.offset_limit = std::stoull(value);
    else
      throw std::runtime_error("unknown argument " + std::string(name));
  }
  if (argc % 2 == 0 || arguments.source.empty() || arguments.header.empty() ||
      arguments.out.empty() || arguments.rewrite.prefix.empty() ||
      arguments.rewrite.offset_limit == 0 || arguments.parts == 0) {
    throw std::runtime_error("needs --source --header --out --prefix --parts --offset-limit");
  }
  return arguments;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) throw std::runtime_error("cannot read " + path);
  return text.str();
}

/// Leaves a file alone that is right already, so that what depends on it need not be built again.
void write_file(const std::filesystem::path& path, const std::string& text) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored) && read_file(path) == text) return;
  std::ofstream file(path, std::ios::binary);
  if (!(file << text) || !file.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string parameters(const Signature& signature, const std::vector<std::string_view>* names) {
  if (signature.parameters.empty()) return "(QW_SELF_PARAMETER)";
  std::string text = "(QW_SELF_PARAMETER_ ";
  for (std::size_t i = 0; i < signature.parameters.size(); ++i) {
    if (i > 0) text += ", ";
    text += signature.parameters[i];
    if (names) text.append(" ").append((*names)[i]);
  }
  return text + ")";
}

class Writer {
 public:
  Writer(const Module& module, const Arguments& arguments)
      : module_(module), arguments_(arguments), constants_(module) {}

  void write() const {
    std::filesystem::create_directories(arguments_.out);
    write_file(path(".h"), header());
    const std::vector<std::vector<const Function*>> parts = split();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::string text = include();
      for (const Function* const function : parts[i]) text += definition(*function);
      write_file(path("_" + std::to_string(i) + ".c"), text);
    }
    write_file(path("_data.c"), data());
  }

 private:
  std::filesystem::path path(const std::string& ending) const {
    return std::filesystem::path(arguments_.out) / (arguments_.rewrite.prefix + ending);
  }
  std::string include() const { return "#include \"" + arguments_.rewrite.prefix + ".h\"\n"; }
  std::string symbol(std::string_view name) const {
    return symbol_of(module_, name, arguments_.rewrite);
  }

  std::string header() const {
    std::string text =
        "#pragma once\n#include \"guest/wasm2c_prelude.h\"\n#pragma GCC visibility push(hidden)\n";
    for (const std::string_view name : module_.import_order) {
      const Signature& signature = module_.imports.at(name).signature;
      text += signature.result + " " + symbol(name) + parameters(signature, nullptr) + ";\n";
    }
    for (const std::string_view name : module_.function_names) {
      const Signature& signature = module_.functions.at(name).signature;
      text += signature.result + " " + symbol(name) + parameters(signature, nullptr) + ";\n";
    }
    text += "extern const struct qw_module " + arguments_.rewrite.prefix + "_module;\n";
    return text + "#pragma GCC visibility pop\n";
  }

  std::string definition(const Function& function) const {
    const std::string body =
        thread_dispatch(rewrite_body(module_, function, arguments_.rewrite), constants_);
    return "\n" + function.signature.result + " " + symbol(function.name) +
           parameters(function.signature, &function.parameter_names) + " {" + body + "\n}\n";
  }

  // Neighbours stay together; the parts are about equally long.
  std::vector<std::vector<const Function*>> split() const {
    std::vector<const Function*> all;
    std::size_t total = 0;
    for (const std::string_view name : module_.function_names) {
      all.push_back(&module_.functions.at(name));
      total += all.back()->body.size();
    }
    std::vector<std::vector<const Function*>> parts(arguments_.parts);
    const auto largest = std::max_element(
        all.begin(), all.end(),
        [](const Function* a, const Function* b) { return a->body.size() < b->body.size(); });
    if (parts.size() > 1 && largest != all.end()) {
      parts[0].push_back(*largest);
      total -= (*largest)->body.size();
      all.erase(largest);
    }
    const std::size_t first = parts.size() > 1 ? 1 : 0, count = parts.size() - first;
    std::size_t done = 0;
    for (const Function* const function : all) {
      parts[first + std::min(done * count / std::max<std::size_t>(total, 1), count - 1)].push_back(
          function);
      done += function->body.size();
    }
    return parts;
  }

  static std::string to_slot(const std::string& type, const std::string& value) {
    if (type == "f64") return "i64_reinterpret_f64(" + value + ")";
    if (type == "f32") return "i32_reinterpret_f32(" + value + ")";
    return value;
  }
  static std::string from_slot(const std::string& type, const std::string& slot) {
    if (type == "f64") return "f64_reinterpret_i64(" + slot + ")";
    if (type == "f32") return "f32_reinterpret_i32((u32)" + slot + ")";
    return "(" + type + ")" + slot;
  }

  std::string import_definition(std::size_t index) const {
    const Import& import = module_.imports.at(module_.import_order[index]);
    const std::vector<std::string>& types = import.signature.parameters;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < types.size(); ++i) names.push_back("p" + std::to_string(i));
    const std::vector<std::string_view> views(names.begin(), names.end());
    std::string text = "\n" + import.signature.result + " " + symbol(import.symbol) +
                       parameters(import.signature, &views) + " {\n  u64 slots[" +
                       std::to_string(std::max<std::size_t>(types.size(), 1)) + "];\n";
    for (std::size_t i = 0; i < types.size(); ++i) {
      text += "  slots[" + std::to_string(i) + "] = " + to_slot(types[i], names[i]) + ";\n";
    }
    text += "  quiesce_leave_guest(QW_CONTEXT.activation, QW_EVENT_IMPORT + " +
            std::to_string(index) + ", slots);\n";
    if (import.signature.result != "void")
      text += "  return " + from_slot(import.signature.result, "slots[0]") + ";\n";
    return text + "}\n";
  }

  std::string entry_name(const Export& item) const {
    return arguments_.rewrite.prefix + "_entry_" + std::string(item.name);
  }
  std::string entry_definition(const Export& item) const {
    const Signature& signature = module_.functions.at(item.function).signature;
    std::string call =
        symbol(item.function) + (signature.parameters.empty() ? "(QW_SELF" : "(QW_SELF_ ");
    for (std::size_t i = 0; i < signature.parameters.size(); ++i) {
      if (i > 0) call += ", ";
      call += from_slot(signature.parameters[i], "slots[" + std::to_string(i) + "]");
    }
    call += ")";
    if (signature.result != "void") call = "slots[0] = " + to_slot(signature.result, call);
    return "\nvoid " + entry_name(item) + "(struct qw_context* self, u64* slots);\nvoid " +
           entry_name(item) +
           "(struct qw_context* self, u64* slots) {\n  (void)self;\n  (void)slots;\n  " + call +
           ";\n}\n";
  }

  /// An array that may be empty, and what points to it.
  static std::string array(const std::string& type, const std::string& name,
                           const std::string& items) {
    return "\nstatic const " + type + " " + name + "[] = {\n" +
           (items.empty() ? "  {0},\n" : items) + "};\n";
  }

  std::string data() const {
    std::string text = include() + "#pragma GCC visibility push(hidden)\n";
    for (const auto& [name, bytes] : module_.arrays) {
      text.append("\nstatic const u8 ").append(name).append("[] = {").append(bytes).append("};\n");
    }
    for (std::size_t i = 0; i < module_.import_order.size(); ++i) text += import_definition(i);
    for (const Export& item : module_.exports) text += entry_definition(item);

    std::string items;
    for (const Segment& segment : module_.segments) {
      items += "  {" + std::to_string(segment.address) + "u, " + std::to_string(segment.bytes) +
               "u, " + std::string(segment.array) + "},\n";
    }
    text += array("struct qw_segment", "segments", items);
    items.clear();
    for (std::size_t i = 0; i < module_.elements.size(); ++i) {
      const Element& element = module_.elements[i];
      items += "  [" + std::to_string(module_.first_element + i) + "] = {(void (*)(void))" +
               symbol(element.function) + ", " +
               std::to_string(module_.types[element.type].number()) + "u},\n";
    }
    if (module_.table_size > module_.first_element + module_.elements.size()) {
      items += "  [" + std::to_string(module_.table_size - 1) + "] = {0, 0},\n";
    }
    text += array("struct qw_slot", "table", items);
    items.clear();
    for (const std::string_view name : module_.import_order) {
      const Import& import = module_.imports.at(name);
      items += "  {\"" + std::string(import.module) + "\", \"" + std::string(import.name) +
               "\", \"" + import.signature.text() + "\"},\n";
    }
    text += array("struct qw_import", "imports", items);
    items.clear();
    for (const Export& item : module_.exports) {
      items += "  {\"" + std::string(item.name) + "\", \"" +
               module_.functions.at(item.function).signature.text() + "\", " + entry_name(item) +
               "},\n";
    }
    text += array("struct qw_export", "exports", items);
    items.clear();
    for (const std::string_view name : module_.global_names) {
      items += "  " + std::string(module_.globals.at(name).initial) + ",\n";
    }
    text += "\nstatic const u64 globals[] = {\n" + (items.empty() ? "  0,\n" : items) + "};\n";
    return text + description() + "#pragma GCC visibility pop\n";
  }

  std::string description() const {
    const auto member = [](const std::string& name, std::size_t value) {
      return "  ." + name + " = " + std::to_string(value) + "u,\n";
    };
    const auto stack_pointer =
        std::find(module_.global_names.begin(), module_.global_names.end(), module_.stack_pointer);
    std::string text = "\nconst struct qw_module " + arguments_.rewrite.prefix + "_module = {\n";
    text += member("memory_pages", module_.memory_pages) +
            member("memory_pages_max", module_.memory_pages_max);
    text +=
        member("table_size", module_.table_size) + member("table_size_max", module_.table_size_max);
    text += stack_pointer == module_.global_names.end()
                ? std::string("  .stack_pointer = QW_NO_GLOBAL,\n")
                : member("stack_pointer",
                         static_cast<std::size_t>(stack_pointer - module_.global_names.begin()));
    text += member("global_count", module_.global_names.size()) +
            member("segment_count", module_.segments.size()) +
            member("import_count", module_.import_order.size()) +
            member("export_count", module_.exports.size());
    text +=
        "  .globals = globals,\n  .segments = segments,\n  .table = table,\n  .imports = "
        "imports,\n  .exports = exports,\n};\n";
    text += "_Static_assert(" + std::to_string(module_.global_names.size()) +
            " <= QW_GLOBALS_MAX, \"too many globals\");\n";
    return text;
  }

  const Module& module_;
  const Arguments& arguments_;
  const Constants constants_;
};

int run(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  const std::string header = read_file(arguments.header), source = read_file(arguments.source);
  const Module module = read_module(header, source);
  Writer(module, arguments).write();
  return 0;
}

}  // namespace
}  // namespace adapt

int main(int argc, char** argv) {
  try {
    return adapt::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "wasm2c-adapt: " << error.what() << '\n';
    return 1;
  }
}
