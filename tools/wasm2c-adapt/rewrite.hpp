// One function body of wasm2c's C, made to fit src/guest/wasm2c_prelude.h.
//
// Only what is known passes: a call of an unknown function, an access to memory in another form, an
// offset that reaches beyond the guard pages, an unknown name or operator throws Unexpected.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "module.hpp"

namespace adapt {

struct RewriteOptions {
  std::string prefix;              // of every symbol that is emitted
  std::uint64_t offset_limit = 0;  // static offsets must be below
};

/// The C name of a function of the module, or of an import.
std::string symbol_of(const Module& module, std::string_view name, const RewriteOptions& options);

std::string rewrite_body(const Module& module, const Function& function,
                         const RewriteOptions& options);

}  // namespace adapt
