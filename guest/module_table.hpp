// The table of modules: see module_state.hpp.
#pragma once

#include "machine.hpp"

/// The entry that an import of this name and attributes means; null: none, or `failed`, with the
/// error pending.
ModuleEntry* find_module(JSAtom name, JSValueConst attributes, bool& failed);

/// A new entry in state `asked`. Null: the error is pending.
ModuleEntry* new_module_entry(JSAtom name, JSValueConst attributes);

/// Frees an entry that no graph has, with its module.
void drop_module_entry(ModuleEntry* entry);

/// The n-th name in no order; undefined: no more. Borrowed.
JSValueConst module_text(uint32_t index);

/// Remembers a CommonJS module that require() has loaded. False: the error is pending.
bool remember_commonjs(JSAtom file_name, JSAtom url);

/// Borrowed: the URL of code that says it is in `file_name`.
JSAtom url_of_code(JSAtom file_name);
