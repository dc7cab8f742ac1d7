// Ends and errors of a program, as node:process tells of them.
#pragma once

#include "machine.hpp"

/// Where an error comes from that nobody caught.
enum class Uncaught : u32 { exception, rejection };

/// Gives the pending exception to the program's `uncaughtException`. False: it is pending still, or
/// what the program threw at it, for the host.
bool handle_uncaught(JSContext* ctx, Uncaught origin);

/// What a job, tick or timer answers to the host, whose result this was: what it threw goes to the
/// program first.
wire outcome_of_task(JSValue owned_result);

/// Whether the program is told of a rejection next: it listens, and no job and no tick is left.
bool rejection_is_due();
/// Tells it of the oldest. An exception: it is pending, and the program was asked about it already.
JSValue tell_rejection(JSContext* ctx);
