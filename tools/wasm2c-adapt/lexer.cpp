#include "lexer.hpp"

#include <cctype>
#include <charconv>
#include <string>

#include "module.hpp"

namespace adapt {
namespace {

bool is_name_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Exponents have signs: 1e-5, 0x1p+3. In hexadecimal an `e` is a digit like others.
std::size_t end_of_number(std::string_view text) {
  const std::string_view exponents = text.starts_with("0x") ? "pP" : "eE";
  std::size_t at = 1;
  while (at < text.size()) {
    const bool sign = (text[at] == '+' || text[at] == '-') &&
                      exponents.find(text[at - 1]) != std::string_view::npos;
    if (!is_name_character(text[at]) && text[at] != '.' && !sign) break;
    ++at;
  }
  return at;
}

}  // namespace

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  bool line_begins = true;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\n') line_begins = true;
    if (std::isspace(static_cast<unsigned char>(c))) {
      ++at;
      continue;
    }
    if (text.substr(at, 2) == "/*") {
      const std::size_t end = text.find("*/", at + 2);
      if (end == std::string_view::npos) throw Unexpected("a comment without an end");
      at = end + 2;
      continue;
    }
    std::size_t end = at + 1;
    Token::Kind kind = Token::Kind::punctuation;
    if (std::isdigit(static_cast<unsigned char>(c))) {
      kind = Token::Kind::number;
      end = at + end_of_number(text.substr(at));
    } else if (is_name_character(c)) {
      kind = Token::Kind::identifier;
      while (end < text.size() && is_name_character(text[end])) ++end;
    } else if (text.substr(at, 2) == "->") {
      end = at + 2;
    } else if (std::string_view("(){}[];:,=+-*/%&|^<>!~?.").find(c) == std::string_view::npos) {
      throw Unexpected("unknown character in: " + std::string(text.substr(at, 60)));
    }
    tokens.push_back({kind, text.substr(at, end - at), line_begins});
    line_begins = false;
    at = end;
  }
  return tokens;
}

unsigned long long number_of(const Token& token) {
  std::string_view digits = token.text;
  int base = 10;
  if (digits.starts_with("0x")) {
    digits.remove_prefix(2);
    base = 16;
  }
  unsigned long long value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  const std::string_view rest(end, static_cast<std::size_t>(digits.data() + digits.size() - end));
  if (token.kind != Token::Kind::number || error != std::errc() ||
      (rest != "" && rest != "u" && rest != "ull")) {
    throw Unexpected("not a number: " + std::string(token.text));
  }
  return value;
}

}  // namespace adapt
