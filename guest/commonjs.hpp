// CommonJS: what guest/builtins/internal/cjs_loader.js needs of the engine, and CommonJS modules as
// ES modules see them.
#pragma once

#include "module_source.hpp"

/// A module that runs the function when it is evaluated, and has the exports that can be read off
/// the text. Null: the error is pending.
JSModuleDef* new_commonjs_module(JSAtom name, const ModuleSource& source);
