// The guard wall, as the generated code sees it. The segment register GS holds the base of the
// linear memory: an access is one instruction and needs no register for the base. What lies beyond
// the memory faults. The context lies right below the base, so functions need no parameter for it.
#pragma once

#define QW_ACCESS(type, address) (((struct qw_any_##type __seg_gs*)(uintptr_t)(address))->value)
#define QW_CONTEXT (*(struct qw_context __seg_gs*)(-(intptr_t)sizeof(struct qw_context)))
#define QW_GLOBAL(type, index)                           \
  QW_ACCESS(type, -(intptr_t)sizeof(struct qw_context) + \
                      (intptr_t)offsetof(struct qw_context, globals) + 8 * (index))

// Nothing is added to lists of parameters. The trailing _ stands for a comma.
#define QW_SELF_PARAMETER_
#define QW_SELF_PARAMETER void
#define QW_SELF_TYPE_
#define QW_SELF_TYPE void
#define QW_SELF_
#define QW_SELF

#define QW_CHECK(address, bytes) ((void)0)

// The guard pages of the native stack are larger than any frame.
#define QW_PROLOGUE ((void)0)
