#include "rewrite.hpp"

#include <algorithm>
#include <set>
#include <span>

#include "lexer.hpp"
#include "names.hpp"

namespace adapt {
namespace {

using Tokens = std::span<const Token>;

const std::set<std::string_view> kLoads = {
    "i32_load",     "i64_load",     "f32_load",     "f64_load",    "i32_load8_s",
    "i32_load8_u",  "i32_load16_s", "i32_load16_u", "i64_load8_s", "i64_load8_u",
    "i64_load16_s", "i64_load16_u", "i64_load32_s", "i64_load32_u"};
const std::set<std::string_view> kStores = {"i32_store",  "i64_store",   "f32_store",
                                            "f64_store",  "i32_store8",  "i32_store16",
                                            "i64_store8", "i64_store16", "i64_store32"};
const std::set<std::string_view> kOperations = {"I32_CLZ",
                                                "I32_CTZ",
                                                "I64_CLZ",
                                                "I64_CTZ",
                                                "I32_POPCNT",
                                                "I64_POPCNT",
                                                "I32_ROTL",
                                                "I32_ROTR",
                                                "I64_ROTL",
                                                "I64_ROTR",
                                                "I32_DIV_S",
                                                "I32_REM_S",
                                                "I64_DIV_S",
                                                "I64_REM_S",
                                                "DIV_U",
                                                "REM_U",
                                                "FMIN",
                                                "FMAX",
                                                "f32_reinterpret_i32",
                                                "i32_reinterpret_f32",
                                                "f64_reinterpret_i64",
                                                "i64_reinterpret_f64",
                                                "wasm_quiet",
                                                "wasm_quietf",
                                                "wasm_floor",
                                                "wasm_ceil",
                                                "wasm_trunc",
                                                "wasm_nearbyint",
                                                "wasm_sqrt",
                                                "wasm_fabs",
                                                "wasm_floorf",
                                                "wasm_ceilf",
                                                "wasm_truncf",
                                                "wasm_nearbyintf",
                                                "wasm_sqrtf",
                                                "wasm_fabsf",
                                                "copysign",
                                                "copysignf",
                                                "I32_TRUNC_S_F32",
                                                "I32_TRUNC_S_F64",
                                                "I32_TRUNC_U_F32",
                                                "I32_TRUNC_U_F64",
                                                "I64_TRUNC_S_F32",
                                                "I64_TRUNC_S_F64",
                                                "I64_TRUNC_U_F32",
                                                "I64_TRUNC_U_F64",
                                                "I32_TRUNC_SAT_S_F32",
                                                "I32_TRUNC_SAT_S_F64",
                                                "I32_TRUNC_SAT_U_F32",
                                                "I32_TRUNC_SAT_U_F64",
                                                "I64_TRUNC_SAT_S_F32",
                                                "I64_TRUNC_SAT_S_F64",
                                                "I64_TRUNC_SAT_U_F32",
                                                "I64_TRUNC_SAT_U_F64"};
const std::set<std::string_view> kWords = {
    "if",  "else", "goto", "switch", "case", "default", "return", "u8",       "s8",         "u16",
    "s16", "u32",  "s32",  "u64",    "s64",  "f32",     "f64",    "INFINITY", "UNREACHABLE"};
constexpr std::string_view kPunctuation = "(){};:,=+-*/%&|^<>!?";

class Rewriter {
 public:
  Rewriter(const Module& module, const Function& function, const RewriteOptions& options)
      : module_(module), function_(function), options_(options) {}

  std::string run() {
    const std::vector<Token> tokens = tokens_of(function_.body);
    rewrite(tokens);
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(const std::string& what, Tokens where) const {
    std::string text = what + " in " + std::string(function_.name) + ":";
    for (const Token& token : where.first(std::min<std::size_t>(where.size(), 24)))
      text.append(" ").append(token.text);
    throw Unexpected(text);
  }

  void emit(const Token& token) {
    if (token.line_begins) {
      out_ += '\n';
    } else if (!out_.empty() && needs_blank(out_.back(), token)) {
      out_ += ' ';
    }
    out_ += token.text;
  }
  // Between words; between operators, so that `- -1` does not become `--1`.
  static bool needs_blank(char before, const Token& token) {
    const bool word = token.kind != Token::Kind::punctuation;
    const bool after_word = std::isalnum(static_cast<unsigned char>(before)) || before == '_';
    if (word && after_word) return true;
    return before == '-' && token.text == "-";
  }

  void rewrite(Tokens tokens) {
    while (!tokens.empty()) tokens = tokens.subspan(rewrite_one(tokens));
  }

  /// How many tokens it took.
  std::size_t rewrite_one(Tokens tokens) {
    const Token& token = tokens.front();
    if (token.kind == Token::Kind::number) {
      emit(token);
      return 1;
    }
    if (tokens.size() > 4 && token.is("(") && tokens[1].is("*") && tokens[3].is(")") &&
        tokens[4].is("(")) {
      return rewrite_import_call(tokens);
    }
    if (token.kind == Token::Kind::punctuation) {
      if (token.text.size() != 1 || kPunctuation.find(token.text) == std::string_view::npos) {
        fail("unexpected " + std::string(token.text), tokens);
      }
      emit(token);
      return 1;
    }
    if (token.is("FUNC_PROLOGUE") || token.is("FUNC_EPILOGUE")) {
      if (token.is("FUNC_PROLOGUE")) emit_text(token, "QW_PROLOGUE;");
      if (tokens.size() < 2 || !tokens[1].is(";")) fail("unexpected use of a macro", tokens);
      return 2;
    }
    if (token.is(names::kInstance)) return rewrite_member(tokens);
    if (kWords.contains(token.text)) {
      emit(token);
      return 1;
    }
    if (tokens.size() > 1 && tokens[1].is("(")) return rewrite_call(tokens);
    if (!token.text.starts_with(names::kLocal)) fail("unknown name", tokens);
    emit(token);
    return 1;
  }

  void emit_text(const Token& place, std::string_view text) {
    emit({Token::Kind::identifier, text, place.line_begins});
  }

  // instance->w2c_some_global, instance->w2c_memory.pages
  std::size_t rewrite_member(Tokens tokens) {
    if (tokens.size() < 3 || !tokens[1].is("->")) fail("unexpected use of the instance", tokens);
    if (tokens.size() > 4 && tokens[2].is(module_.memory) && tokens[3].is(".") &&
        tokens[4].is("pages")) {
      emit_text(tokens[0], "QW_MEMORY_PAGES");
      return 5;
    }
    const auto global = module_.globals.find(tokens[2].text);
    if (global == module_.globals.end()) fail("unknown member", tokens);
    const auto place =
        std::find(module_.global_names.begin(), module_.global_names.end(), tokens[2].text);
    emit_text(tokens[0], "QW_GLOBAL(" + global->second.type + ", " +
                             std::to_string(place - module_.global_names.begin()) + ")");
    return 3;
  }

  /// The arguments of a call, and where its closing parenthesis is.
  std::vector<Tokens> arguments_of(Tokens call, std::size_t& end) const {
    std::vector<Tokens> arguments;
    std::size_t depth = 0, begin = 2;
    for (std::size_t at = 1; at < call.size(); ++at) {
      if (call[at].is("(") || call[at].is("[")) ++depth;
      if (call[at].is(")") || call[at].is("]")) --depth;
      const bool closed = depth == 0;
      if (closed || (depth == 1 && call[at].is(","))) {
        if (at > begin) arguments.push_back(call.subspan(begin, at - begin));
        begin = at + 1;
      }
      if (closed) {
        end = at + 1;
        return arguments;
      }
    }
    fail("a call without an end", call);
  }

  bool matches(Tokens tokens, std::initializer_list<std::string_view> texts) const {
    return std::equal(tokens.begin(), tokens.end(), texts.begin(), texts.end(),
                      [](const Token& token, std::string_view text) { return token.is(text); });
  }
  void need_memory(Tokens argument) const {
    if (!matches(argument, {"&", names::kInstance, "->", module_.memory}))
      fail("another memory", argument);
  }
  void need_variable(Tokens argument) const {
    if (argument.size() != 1 || !argument[0].text.starts_with(names::kLocal))
      fail("not a variable", argument);
  }

  // (u64)(w2c_i0) or (u64)(w2c_i0) + 12u
  void need_address(Tokens argument) const {
    const bool with_offset = argument.size() == 8 && argument[6].is("+");
    if ((argument.size() != 6 && !with_offset) ||
        !matches(argument.first(4), {"(", "u64", ")", "("}) || !argument[5].is(")")) {
      fail("an address of another form", argument);
    }
    need_variable(argument.subspan(4, 1));
    if (with_offset && number_of(argument[7]) >= options_.offset_limit) {
      fail("an offset beyond the guard pages", argument);
    }
  }

  std::size_t rewrite_call(Tokens tokens) {
    const std::string_view name = tokens[0].text;
    std::size_t end = 0;
    const std::vector<Tokens> arguments = arguments_of(tokens, end);
    const auto need_count = [&](std::size_t count) {
      if (arguments.size() != count) fail("another number of arguments", tokens);
    };
    if (kLoads.contains(name) || kStores.contains(name)) {
      need_count(kLoads.contains(name) ? 2 : 3);
      need_memory(arguments[0]);
      need_address(arguments[1]);
      emit_call(tokens[0], name, arguments, 1);
    } else if (name == "memory_fill") {
      need_count(4);
      need_memory(arguments[0]);
      emit_call(tokens[0], name, arguments, 1);
    } else if (name == "memory_copy") {
      need_count(5);
      need_memory(arguments[0]);
      need_memory(arguments[1]);
      emit_call(tokens[0], name, arguments, 2);
    } else if (name == "wasm_rt_grow_memory") {
      need_count(2);
      need_memory(arguments[0]);
      emit_call(tokens[0], "QW_MEMORY_GROW", arguments, 1);
    } else if (name == "CALL_INDIRECT") {
      rewrite_indirect_call(tokens, arguments);
    } else if (kOperations.contains(name)) {
      emit_call(tokens[0], name, arguments, 0);
    } else {
      const auto function = module_.functions.find(name);
      if (function == module_.functions.end()) fail("a call of an unknown function", tokens);
      if (arguments.empty() || !matches(arguments[0], {names::kInstance}))
        fail("a call of another form", tokens);
      emit_direct_call(tokens[0], name, function->second.signature, arguments);
    }
    return end;
  }

  // (*Z_moduleZ_name)(instance->Z_module_instance, w2c_i0)
  std::size_t rewrite_import_call(Tokens tokens) {
    const auto import = module_.imports.find(tokens[2].text);
    if (import == module_.imports.end()) fail("a call of an unknown import", tokens);
    std::size_t end = 0;
    const std::vector<Tokens> arguments = arguments_of(tokens.subspan(3), end);
    if (arguments.empty() || arguments[0].size() != 3 || !arguments[0][0].is(names::kInstance)) {
      fail("a call of another form", tokens);
    }
    emit_direct_call(tokens[0], tokens[2].text, import->second.signature, arguments);
    return end + 3;
  }

  /// `name(` the arguments from `first` on `)`.
  void emit_call(const Token& place, std::string_view name, const std::vector<Tokens>& arguments,
                 std::size_t first) {
    emit_text(place, std::string(name) + "(");
    for (std::size_t i = first; i < arguments.size(); ++i) {
      if (i > first) out_ += ", ";
      rewrite(arguments[i]);
    }
    out_ += ')';
  }

  void emit_direct_call(const Token& place, std::string_view name, const Signature& signature,
                        const std::vector<Tokens>& arguments) {
    if (arguments.size() != signature.parameters.size() + 1)
      fail("another number of arguments", arguments[0]);
    emit_text(place, symbol_of(module_, name, options_) +
                         (arguments.size() == 1 ? "(QW_SELF" : "(QW_SELF_ "));
    emit_arguments(arguments, 1);
  }

  void emit_arguments(const std::vector<Tokens>& arguments, std::size_t first) {
    for (std::size_t i = first; i < arguments.size(); ++i) {
      if (i > first) out_ += ", ";
      need_variable(arguments[i]);
      out_ += arguments[i][0].text;
    }
    out_ += ')';
  }

  // CALL_INDIRECT(instance->w2c_table, u32 (*)(void*, u32), 3, w2c_i1,
  //               instance->w2c_table.data[w2c_i1].module_instance, w2c_i0)
  void rewrite_indirect_call(Tokens tokens, const std::vector<Tokens>& arguments) {
    if (arguments.size() < 5) fail("an indirect call of another form", tokens);
    if (!matches(arguments[0], {names::kInstance, "->", module_.table}))
      fail("another table", tokens);
    const unsigned long long type =
        arguments[2].size() == 1 ? number_of(arguments[2][0]) : module_.types.size();
    if (type >= module_.types.size()) fail("an unknown type", tokens);
    const Signature& signature = module_.types[type];
    std::vector<std::string_view> pointer = {signature.result, "(", "*", ")", "(", "void", "*"};
    for (const std::string& parameter : signature.parameters)
      pointer.insert(pointer.end(), {",", parameter});
    pointer.push_back(")");
    if (!std::equal(arguments[1].begin(), arguments[1].end(), pointer.begin(), pointer.end(),
                    [](const Token& token, std::string_view text) { return token.is(text); }) ||
        arguments.size() != signature.parameters.size() + 5) {
      fail("a call of another signature", tokens);
    }
    need_variable(arguments[3]);
    if (!matches(arguments[4], {names::kInstance, "->", module_.table, ".", "data", "[",
                                arguments[3][0].text, "]", ".", "module_instance"})) {
      fail("an indirect call of another form", tokens);
    }
    std::string text = "CALL_INDIRECT(" + signature.result + " (*)(QW_SELF_TYPE";
    for (std::size_t i = 0; i < signature.parameters.size(); ++i) {
      text += (i == 0 ? "_ " : ", ") + signature.parameters[i];
    }
    text += "), " + std::to_string(signature.number()) + "u, " + std::string(arguments[3][0].text) +
            ", ";
    emit_text(tokens[0], text + (signature.parameters.empty() ? "QW_SELF" : "QW_SELF_ "));
    emit_arguments(arguments, 5);
  }

  const Module& module_;
  const Function& function_;
  const RewriteOptions& options_;
  std::string out_;
};

}  // namespace

std::string symbol_of(const Module& module, std::string_view name, const RewriteOptions& options) {
  const auto import = std::find(module.import_order.begin(), module.import_order.end(), name);
  if (import != module.import_order.end()) {
    return options.prefix + "_import_" + std::to_string(import - module.import_order.begin());
  }
  return options.prefix + "_f_" + std::string(name.substr(names::kLocal.size()));
}

std::string rewrite_body(const Module& module, const Function& function,
                         const RewriteOptions& options) {
  return Rewriter(module, function, options).run();
}

}  // namespace adapt
