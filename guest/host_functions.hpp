// Functions of the guest that are the host's.
#pragma once

#include "machine.hpp"

/// What the host answered, or an exception that is pending. `index` is that of a name, or
/// Q_CALLBACK.
JSValue call_host_function(u32 index, JSValueConst self, int count, JSValueConst* arguments);

/// The index of the name, which is added if it is new. UINT32_MAX: the error is pending.
u32 host_function_index(JSValueConst name);

/// Calls the host's function `host_name`; JavaScript sees it under `shown_name`.
JSValue new_host_function(JSValueConst host_name, JSValueConst shown_name, u32 arity);
