// Loading, linking and evaluating graphs of ES modules.
#pragma once

#include "machine.hpp"

/// Runs a module that is compiled and no more, as the entry of a program: the promise of its
/// namespace. One that cannot be loaded or linked is freed.
JSValue run_main_module(JSModuleDef* module);

/// The promise of the completion value of an async script, from what QuickJS makes of one.
JSValue unwrap_async(JSValue owned_promise);
