// Who imported what could not be had: lines behind the stack of the error.
#pragma once

#include "machine.hpp"

/// Of an error of the engine's or the host's making, while `entry` belongs to its graphs. `steps`:
/// how many of those that lead to it the error names itself.
void tell_importers(ModuleEntry* entry, u32 steps, JSValueConst error);

/// The same for a graph that could not be linked, in `module`; it is null if the reason is another.
void tell_importers_of(ModuleGraph* graph, const JSModuleDef* module, JSValueConst error);
