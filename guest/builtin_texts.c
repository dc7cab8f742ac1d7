#include "builtin_texts.h"

#define BUILTIN(name, offset, bytes) {name, offset, bytes},
const struct q_builtin_text q_builtin_table[] = {
#include "builtins.inc"
};

const uint32_t q_builtin_count = sizeof(q_builtin_table) / sizeof(q_builtin_table[0]);

const char q_builtin_texts[] = {
#embed "builtins.bin"
};
