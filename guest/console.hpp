// The console namespace (https://console.spec.whatwg.org), with the texts of Node.
//
// Each call that has something to say makes one call of the import host_log, with the whole text in
// UTF-8, indented by its groups, without a newline at its end. Levels: debug for console.debug;
// warn and error for those that Node writes to standard error (warn, error, assert, trace and
// complaints about labels); info for the rest.
//
// Values are printed by inspect, which runs no guest code. What the program asks to be converted is
// converted as the language says: a label, and the arguments of %s, %d, %i, %f and %j.
// Counters, timers and groups are part of a snapshot. console.time uses the clock of Date.now.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "inspect.hpp"
#include "quickjs.h"

/// Defines globalThis.console. False: an exception is pending.
bool install_console(JSContext* ctx);

namespace quiesce::guest {

/// Where finished texts go. In wasm the import host_log; tests on other machines bring their own.
void write_log(uint32_t level, const char* utf8, size_t bytes);

/// A function that formats as util.format does; undefined: format_log does. Borrowed.
JSValueConst builtin_format();

/// What console.log makes of its arguments. After a failure an exception is pending.
void format_log(Text& out, int count, JSValueConst* values);

/// The table of console.table; false: this value has none and is logged as it is.
bool format_table(Text& out, JSValueConst data, JSValueConst columns);

}  // namespace quiesce::guest
