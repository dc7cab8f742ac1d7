// Every function that crosses the wall, declared from the table: q_<name> for the host to call, and
// the host's functions for the guest to call.
#pragma once

#include <stdint.h>

#include "abi.h"

using u32 = uint32_t;
using u64 = uint64_t;
using i32 = int32_t;
using i64 = int64_t;
using f64 = double;
using wire = q_wire;

#define QUIESCE_EXPORT(result, name, ...) \
  extern "C" __attribute__((export_name("q_" #name))) result q_##name(__VA_ARGS__);
#define QUIESCE_IMPORT(result, name, ...) \
  extern "C" __attribute__((import_module("quiesce"), import_name(#name))) result name(__VA_ARGS__);
#include "abi.def"
#undef QUIESCE_EXPORT
#undef QUIESCE_IMPORT
