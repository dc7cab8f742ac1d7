// Ends and errors of a program, as node:process tells of them.
#pragma once

#include "machine.hpp"

/// Gives the pending exception of a job or timer to the program's `uncaughtException`. False: it is
/// pending still, for the host.
bool handle_uncaught(JSContext* ctx);
