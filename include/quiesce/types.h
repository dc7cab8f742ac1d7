// The types of quiesce.h: statuses, kinds of values, options, what a host function looks like.
//
// Included by quiesce.h, which is the one to include; there stand ownership, threads and versions.
#ifndef QUIESCE_TYPES_H
#define QUIESCE_TYPES_H
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
/** In C++ the enumerations have a type, so that a number of no name can be refused. */
#define QUIESCE_INT : int
extern "C" {
#else
#define QUIESCE_INT
#endif

/** The version of this header. A library works with it if quiesce_abi_version() is not less. */
#define QUIESCE_ABI_VERSION 1u

/** As the length of a text: it ends at its first NUL. */
#define QUIESCE_NTS SIZE_MAX

/** A number without limit: memory, fuel. */
#define QUIESCE_UNLIMITED UINT64_MAX

/** The outside world that VMs may reach. */
typedef struct quiesce_host quiesce_host;
/** One isolated JavaScript machine. */
typedef struct quiesce_vm quiesce_vm;
/** A JavaScript value. */
typedef struct quiesce_value quiesce_value;
/** A call of a host function, during that call. */
typedef struct quiesce_call quiesce_call;
/** The host's half of a promise. */
typedef struct quiesce_deferred quiesce_deferred;
/** A VM at rest. */
typedef struct quiesce_snapshot quiesce_snapshot;
/** Engines that a program knows, and folders in which to look for more. */
typedef struct quiesce_engines quiesce_engines;
/** Bytes or text that a function gave you. */
typedef struct quiesce_buffer quiesce_buffer;
/** What stops VMs from any thread. */
typedef struct quiesce_stop quiesce_stop;
/** A list of texts or of pending calls. */
typedef struct quiesce_list quiesce_list;

/** What came of a call: QUIESCE_OK, or what went wrong, named by what you can do next. The numbers
 * are those of quiesce::Errc. */
typedef enum quiesce_status QUIESCE_INT {
  QUIESCE_OK = 0,
  QUIESCE_INVALID_ARGUMENT = 1,  /**< the call makes no sense; the text says which argument */
  QUIESCE_TYPE_MISMATCH = 2,     /**< a value is not of the type that was asked for */
  QUIESCE_JAVASCRIPT = 3,        /**< JavaScript threw: see quiesce_vm_take_thrown */
  QUIESCE_LIMIT = 4,             /**< a limit was reached: see quiesce_last_error_limit */
  QUIESCE_POISONED = 5,          /**< this VM is lost; an older snapshot still restores */
  QUIESCE_DEAD_VM = 6,           /**< the VM of this value or pending call was freed */
  QUIESCE_FOREIGN_VALUE = 7,     /**< a value of another VM */
  QUIESCE_BUSY = 8,              /**< not while guest code is on the stack */
  QUIESCE_UNKNOWN_CALL = 9,      /**< no pending call has this id, or it is settled */
  QUIESCE_MISSING_FUNCTION = 10, /**< the snapshot needs host functions that are not there */
  QUIESCE_SNAPSHOT = 11,         /**< no snapshot, a damaged one, or one of another engine */
  QUIESCE_IO = 12,               /**< a file could not be read or written */
  QUIESCE_ENCODING = 13,         /**< text that is not valid UTF-8 */
  QUIESCE_RESOURCES = 14,        /**< the operating system refused memory or address space */
  QUIESCE_STOPPED = 15,          /**< somebody asked for it; the VM is usable */
  QUIESCE_NOT_CLONEABLE = 16,    /**< this cannot travel as data */
  QUIESCE_MISSING_RESOURCE = 17, /**< the snapshot needs host objects that are not there */
  QUIESCE_BYTECODE = 18,         /**< not bytecode, or that of another engine */
  QUIESCE_WRONG_THREAD = 19,     /**< two threads are in one VM (found in debug builds) */
  QUIESCE_MODULE_ERROR = 20,     /**< a module cannot be found, read or understood */
  QUIESCE_FILE = 21,             /**< a file is not there, or may not be written */
  QUIESCE_ARCHIVE = 22,          /**< not an archive that can be unpacked */
  QUIESCE_EXITED = 23,           /**< the program ended itself; the VM is usable */
  QUIESCE_ENGINE = 24,           /**< no engine for this build, or one that lacks what was asked */
  QUIESCE_UNTRUSTED = 25,        /**< a snapshot is not sealed as it has to be */
  QUIESCE_INTERNAL = 255         /**< a defect of the library; please report it */
} quiesce_status;

/** Which limit was reached. */
typedef enum quiesce_limit QUIESCE_INT {
  QUIESCE_LIMIT_NONE = 0,
  QUIESCE_LIMIT_MEMORY = 1,
  QUIESCE_LIMIT_STACK = 2,
  QUIESCE_LIMIT_TIME = 3,
  QUIESCE_LIMIT_FUEL = 4
} quiesce_limit;

/** ECMA-262 language types, with functions told apart from other objects. */
typedef enum quiesce_type QUIESCE_INT {
  QUIESCE_TYPE_UNDEFINED = 0,
  QUIESCE_TYPE_NULL = 1,
  QUIESCE_TYPE_BOOLEAN = 2,
  QUIESCE_TYPE_NUMBER = 3,
  QUIESCE_TYPE_STRING = 4,
  QUIESCE_TYPE_SYMBOL = 5,
  QUIESCE_TYPE_BIGINT = 6,
  QUIESCE_TYPE_OBJECT = 7,
  QUIESCE_TYPE_FUNCTION = 8
} quiesce_type;

/** What kind of object; QUIESCE_CLASS_NONE for a value that is no object. */
typedef enum quiesce_class QUIESCE_INT {
  QUIESCE_CLASS_NONE = 0,
  QUIESCE_CLASS_OBJECT = 1,
  QUIESCE_CLASS_ARRAY = 2,
  QUIESCE_CLASS_FUNCTION = 3,
  QUIESCE_CLASS_ERROR = 4,
  QUIESCE_CLASS_PROMISE = 5,
  QUIESCE_CLASS_DATE = 6,
  QUIESCE_CLASS_REGEXP = 7,
  QUIESCE_CLASS_MAP = 8,
  QUIESCE_CLASS_SET = 9,
  QUIESCE_CLASS_PROXY = 10,
  QUIESCE_CLASS_ARRAY_BUFFER = 11,
  QUIESCE_CLASS_SHARED_ARRAY_BUFFER = 12,
  QUIESCE_CLASS_DATA_VIEW = 13,
  QUIESCE_CLASS_UINT8_CLAMPED_ARRAY = 14,
  QUIESCE_CLASS_INT8_ARRAY = 15,
  QUIESCE_CLASS_UINT8_ARRAY = 16,
  QUIESCE_CLASS_INT16_ARRAY = 17,
  QUIESCE_CLASS_UINT16_ARRAY = 18,
  QUIESCE_CLASS_INT32_ARRAY = 19,
  QUIESCE_CLASS_UINT32_ARRAY = 20,
  QUIESCE_CLASS_BIGINT64_ARRAY = 21,
  QUIESCE_CLASS_BIGUINT64_ARRAY = 22,
  QUIESCE_CLASS_FLOAT16_ARRAY = 23,
  QUIESCE_CLASS_FLOAT32_ARRAY = 24,
  QUIESCE_CLASS_FLOAT64_ARRAY = 25
} quiesce_class;

/** The state of a promise. */
typedef enum quiesce_promise_state QUIESCE_INT {
  QUIESCE_PENDING = 0,
  QUIESCE_FULFILLED = 1,
  QUIESCE_REJECTED = 2
} quiesce_promise_state;

/** How a promise that was watched ended. */
typedef enum quiesce_settlement QUIESCE_INT {
  QUIESCE_SETTLED_FULFILLED = 0,
  QUIESCE_SETTLED_REJECTED = 1,
  QUIESCE_SETTLED_LOST = 2 /**< it never will: the VM is gone */
} quiesce_settlement;

/** Why a run came back. */
typedef enum quiesce_run_end QUIESCE_INT {
  QUIESCE_RUN_SETTLED = 0,    /**< the promise was fulfilled */
  QUIESCE_RUN_IDLE = 1,       /**< no job is ready and no timer is due */
  QUIESCE_RUN_FUEL_SLICE = 2, /**< the slice is used up; call again to go on */
  QUIESCE_RUN_VM_ENDED = 3    /**< the VM ended meanwhile */
} quiesce_run_end;

/** How a pending call is settled. */
typedef enum quiesce_settle QUIESCE_INT { QUIESCE_RESOLVE = 0, QUIESCE_REJECT = 1 } quiesce_settle;

/** What a source is, and so what evaluating it gives. */
typedef enum quiesce_source_type QUIESCE_INT {
  QUIESCE_SCRIPT = 0,       /**< the completion value */
  QUIESCE_ASYNC_SCRIPT = 1, /**< a script with top-level await: the promise of that value */
  QUIESCE_MODULE = 2        /**< an ES module: the promise of its namespace */
} quiesce_source_type;

/** What the source of a module is. */
typedef enum quiesce_module_format QUIESCE_INT {
  QUIESCE_MODULE_JAVASCRIPT = 0,
  QUIESCE_MODULE_JSON = 1,
  QUIESCE_MODULE_TEXT = 2,
  QUIESCE_MODULE_BYTES = 3
} quiesce_module_format;

/** What bytecode leaves out of the program's text. */
typedef enum quiesce_strip QUIESCE_INT {
  QUIESCE_STRIP_NOTHING = 0,
  QUIESCE_STRIP_SOURCE = 1,
  QUIESCE_STRIP_SOURCE_AND_DEBUG = 2
} quiesce_strip;

/** What VMs may be made without, to be added up; see quiesce::Intrinsic. */
enum {
  QUIESCE_INTRINSIC_EVAL = 1 << 0,
  QUIESCE_INTRINSIC_DATE = 1 << 1,
  QUIESCE_INTRINSIC_REGEXP = 1 << 2,
  QUIESCE_INTRINSIC_JSON = 1 << 3,
  QUIESCE_INTRINSIC_PROXY = 1 << 4,
  QUIESCE_INTRINSIC_REFLECT = 1 << 5,
  QUIESCE_INTRINSIC_MAP_AND_SET = 1 << 6,
  QUIESCE_INTRINSIC_TYPED_ARRAYS = 1 << 7,
  QUIESCE_INTRINSIC_PROMISE = 1 << 8,
  QUIESCE_INTRINSIC_BIGINT = 1 << 9,
  QUIESCE_INTRINSIC_WEAKREF = 1 << 10,
  QUIESCE_INTRINSIC_PERFORMANCE = 1 << 11,
  QUIESCE_INTRINSIC_DOMEXCEPTION = 1 << 12,
  QUIESCE_INTRINSIC_BASE64 = 1 << 13,
  QUIESCE_INTRINSIC_CONSOLE = 1 << 14,
  QUIESCE_INTRINSIC_TIMERS = 1 << 15
};

/** Which keys quiesce_value_keys lists. */
typedef enum quiesce_keys QUIESCE_INT {
  QUIESCE_KEYS_ENUMERABLE_STRINGS = 0,
  QUIESCE_KEYS_STRINGS = 1,
  QUIESCE_KEYS_SYMBOLS = 2,
  QUIESCE_KEYS_ALL = 3
} quiesce_keys;

/** Attributes of a property, to be added up. */
enum { QUIESCE_WRITABLE = 1, QUIESCE_ENUMERABLE = 2, QUIESCE_CONFIGURABLE = 4 };

/** The console's levels; console.log is INFO. */
typedef enum quiesce_log_level QUIESCE_INT {
  QUIESCE_LOG_DEBUG = 0,
  QUIESCE_LOG_INFO = 1,
  QUIESCE_LOG_WARN = 2,
  QUIESCE_LOG_ERROR = 3
} quiesce_log_level;

/** How much a VM may use; see quiesce::Limits. */
typedef struct quiesce_limits {
  size_t struct_size;        /**< sizeof(quiesce_limits); quiesce_limits_init sets it */
  uint64_t memory_bytes_max; /**< bytes that JavaScript may allocate */
  uint64_t fuel_max;         /**< steps left to the VM in all; QUIESCE_UNLIMITED: not counted */
  int64_t time_ns_max;       /**< wall-clock time of one call into the VM; 0: no limit */
  uint32_t stack_bytes_max;  /**< 16 KiB to 2 MiB */
} quiesce_limits;

/** How quiesce_vm_eval treats its source. */
typedef struct quiesce_eval_options {
  size_t struct_size;       /**< sizeof(quiesce_eval_options); quiesce_eval_options_init sets it */
  const char* file_name;    /**< shown in stacks; NULL: "<eval>" */
  size_t file_name_length;  /**< or QUIESCE_NTS */
  quiesce_source_type type; /**< QUIESCE_SCRIPT, unless you say otherwise */
  int strict;               /**< not 0: as if the source began with "use strict" */
  int backtrace_barrier;    /**< not 0: stacks do not show who called eval */
} quiesce_eval_options;

/** How quiesce_vm_restore wakes a VM. */
typedef struct quiesce_restore_options {
  size_t struct_size; /**< sizeof(quiesce_restore_options); quiesce_restore_options_init sets it */
  const quiesce_limits* limits; /**< NULL: those of the snapshot */
  int allow_missing_functions;  /**< not 0: a missing function throws when it is called */
  int reseed;                   /**< not 0: Math.random goes on differently than in other VMs */
} quiesce_restore_options;

/** How a snapshot is read. */
typedef struct quiesce_load_options {
  size_t struct_size;        /**< sizeof(quiesce_load_options); quiesce_load_options_init sets it */
  uint64_t memory_bytes_max; /**< one that would need more is refused; 4 GiB unless you say so */
  const char* ancestors_folder;     /**< where those lie that it is relative to; NULL: in the folder
                                         of the file, and from bytes in none */
  size_t ancestors_folder_length;   /**< or QUIESCE_NTS */
  const quiesce_snapshot* ancestor; /**< one that it may be relative to; may be NULL */
  const quiesce_engines* engines;   /**< those that it may belong to; NULL: the built-in one */
  const char* const* keys;          /**< what it has to be sealed with: lines as `quiesce key new`
                                         writes them; NULL: nothing */
  size_t key_count;                 /**< how many */
} quiesce_load_options;

/** What the engine has allocated. */
typedef struct quiesce_memory_usage {
  size_t struct_size;           /**< sizeof(quiesce_memory_usage), set by you before the call */
  uint64_t linear_bytes;        /**< size of the linear memory */
  uint64_t used_bytes;          /**< allocated in it by the engine */
  uint64_t allocations;         /**< blocks allocated by the engine */
  uint64_t objects;             /**< objects, functions and arrays included */
  uint64_t strings;             /**< strings that are values */
  uint64_t atoms;               /**< property names and symbols */
  uint64_t handles;             /**< values that the host holds on to */
  uint64_t object_bytes;        /**< bytes of the objects themselves */
  uint64_t properties;          /**< properties of all objects */
  uint64_t property_bytes;      /**< bytes of those */
  uint64_t shapes;              /**< layouts, which objects of one kind share */
  uint64_t shape_bytes;         /**< bytes of those */
  uint64_t string_bytes;        /**< bytes of strings that are values */
  uint64_t atom_bytes;          /**< bytes of property names and symbols */
  uint64_t functions;           /**< functions written in JavaScript */
  uint64_t function_bytes;      /**< bytes of those without code and line tables */
  uint64_t bytecode_bytes;      /**< bytes of compiled code */
  uint64_t line_table_bytes;    /**< bytes of the tables from code to lines */
  uint64_t native_functions;    /**< functions that are built in or call the host */
  uint64_t arrays;              /**< arrays */
  uint64_t fast_arrays;         /**< of those: with elements one after the other */
  uint64_t fast_array_elements; /**< elements of those */
  uint64_t buffers;             /**< ArrayBuffers */
  uint64_t buffer_bytes;        /**< bytes of those */
} quiesce_memory_usage;

/** One call that the guest made to the outside and that is not settled yet. The texts belong to the
 * list. */
typedef struct quiesce_pending_call {
  size_t struct_size;           /**< sizeof(quiesce_pending_call), set by you before the call */
  uint64_t id;                  /**< for quiesce_vm_deferred; never used twice */
  const char* name;             /**< what the guest called it; a NUL follows */
  size_t name_length;           /**< in bytes */
  const char* arguments_json;   /**< a JSON array; a NUL follows */
  size_t arguments_json_length; /**< in bytes */
  int64_t since_ns;             /**< when it was made, since 1970 */
} quiesce_pending_call;

/** A host function. Read the arguments from `call`, answer with quiesce_call_return or
 * quiesce_call_throw, and return QUIESCE_OK. Any other status becomes a JavaScript error:
 * QUIESCE_JAVASCRIPT throws on what the last failed call on this VM threw, others make an error
 * with the text of this thread's last error. `call` is valid until you return. */
typedef quiesce_status (*quiesce_function)(void* user, quiesce_call* call);
/** One module that is wanted. The texts and the list are valid until the callback returns. */
typedef struct quiesce_module_request {
  size_t struct_size;             /**< sizeof(quiesce_module_request) of the library */
  const char* name;               /**< to resolve: as it is written; to load: as it was resolved */
  size_t name_length;             /**< in bytes */
  const char* referrer;           /**< to resolve: who imports it; to load: empty */
  size_t referrer_length;         /**< in bytes */
  const quiesce_list* attributes; /**< what follows `with`: key, value, key, value... */
  int is_dynamic;                 /**< to resolve: not 0 for import() */
} quiesce_module_request;

/** Says what a specifier means: hands out a name in a buffer of quiesce_buffer_new, which the
 * library then owns; NULL: there is no such module. Other results are as those of a
 * quiesce_function. */
typedef quiesce_status (*quiesce_resolve_module)(void* user, quiesce_vm* vm,
                                                 const quiesce_module_request* request,
                                                 quiesce_buffer** name);
/** Gives the source of a module in the same way. */
typedef quiesce_status (*quiesce_load_module)(void* user, quiesce_vm* vm,
                                              const quiesce_module_request* request,
                                              quiesce_module_format* format,
                                              quiesce_buffer** source);
/** Called once when a watched promise has settled, from a run of its VM; or when the VM is freed,
 * with QUIESCE_SETTLED_LOST and NULL. `value` is valid until you return, and not yours. */
typedef void (*quiesce_settled)(void* user, quiesce_settlement how, quiesce_value* value);
/** Called once for each `user` that you gave, when nothing can use it any more; may be NULL. */
typedef void (*quiesce_destroy)(void* user);
/** Takes what the console prints, without the newline. */
typedef void (*quiesce_log)(void* user, quiesce_log_level level, const char* text, size_t length);
/** Nanoseconds since 1970-01-01T00:00:00Z. */
typedef int64_t (*quiesce_clock)(void* user);
/** Fills `bytes` with unpredictable bytes, or predictable ones in tests. */
typedef void (*quiesce_entropy)(void* user, uint8_t* bytes, size_t count);
/** Minutes that local time is ahead of UTC at that moment. */
typedef int32_t (*quiesce_timezone)(void* user, int64_t time_ns);

#ifdef __cplusplus
}
#endif
#endif
