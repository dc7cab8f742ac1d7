// The engine as the build made it, and what answers its imports: host functions by the table of
// guest/abi.def, and WASI. Inner to src/guest.
#pragma once

#include "guest/sandbox.hpp"
#include "guest/wasm2c_abi.h"

namespace quiesce::guest {

const qw_module& engine_module() noexcept;

/// One handler per import of the engine, in its order. Their `host` is an Imports.
const ImportHandler* engine_imports();

/// What answers this import of a module; nullptr if it is one of "quiesce" that is not in the
/// table, or has another signature. Everything of WASI that is not supported is refused.
ImportHandler find_import(const qw_import& import);

}  // namespace quiesce::guest
