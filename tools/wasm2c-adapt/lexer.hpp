// Tokens of C, as far as generated code needs them.
#pragma once

#include <string_view>
#include <vector>

namespace adapt {

struct Token {
  enum class Kind { identifier, number, punctuation } kind;
  std::string_view text;
  bool line_begins = false;  // the first token of its line

  bool is(std::string_view other) const { return text == other; }
};

/// Comments are left out. Throws Unexpected at strings, preprocessor lines and unknown characters.
std::vector<Token> tokens_of(std::string_view text);

/// The number that a token such as 12u, 0x1full or 7 stands for. Throws Unexpected.
unsigned long long number_of(const Token& token);

}  // namespace adapt
