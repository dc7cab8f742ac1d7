// The values the host holds. A handle is an index in a table; a number that names no value is a
// mistake of the host and traps, for nothing sensible can follow.
#pragma once

#include "machine.hpp"

/// Takes over `owned`. 0: no memory for a larger table; the value is freed and the error is
/// pending.
u32 handle_new(JSValue owned);
JSValueConst handle_get(u32 handle);
JSValue handle_take(u32 handle);  // the caller owns it, the handle is gone
void handle_free(u32 handle);
/// Puts another value of the same meaning in its place (a flat string for a rope).
void handle_replace(u32 handle, JSValue owned);
/// Room for one more without an allocation later. False: the error is pending.
bool handle_reserve();
void handles_clear();
