// The texts of the built-in modules, as guest/builtins/assemble.mjs makes them.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct q_builtin_text {
  const char* name;
  uint32_t offset, bytes;  // in q_builtin_texts; a NUL follows
};

extern const struct q_builtin_text q_builtin_table[];  // by name
extern const uint32_t q_builtin_count;
extern const char q_builtin_texts[];

#ifdef __cplusplus
}
#endif
