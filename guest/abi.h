// What guest and host agree on besides the table of functions: how a JavaScript value looks while
// it crosses the wall, and the block of memory that both sides write. Plain C++ without headers,
// for it is compiled on both sides. docs/guest-abi.md tells it with examples.
#pragma once

#include <stdint.h>

// A JavaScript value on its way through the wall, NaN-boxed. Every bit pattern up to
// kWireLastNumber is an IEEE 754 double (NaN always as 0x7ff8000000000000). Above it, bits 32-47
// are a q_kind and bits 0-31 its payload. Integers travel as doubles.
typedef uint64_t q_wire;

#define Q_WIRE_BOX 0xFFF9000000000000ull
#define Q_WIRE_NAN 0x7FF8000000000000ull

enum q_kind : uint32_t {
  Q_UNDEFINED = 0,
  Q_NULL = 1,
  Q_BOOLEAN = 2,  // payload 0 or 1
  Q_STRING = 3,   // payload of this and the following four: a handle, never 0
  Q_SYMBOL = 4,
  Q_BIGINT = 5,
  Q_OBJECT = 6,
  Q_FUNCTION = 7,   // an object that can be called
  Q_EXCEPTION = 8,  // payload: handle of what was thrown; 0 if memory did not suffice for one
  Q_ABSENT = 9,     // no value at all: not found, none left
};

#ifdef __cplusplus
static inline q_wire q_wire_make(uint32_t kind, uint32_t payload) {
  return Q_WIRE_BOX | uint64_t{kind} << 32 | payload;
}
static inline int q_wire_is_number(q_wire wire) { return wire < Q_WIRE_BOX; }
static inline uint32_t q_wire_kind(q_wire wire) {
  return static_cast<uint32_t>(wire >> 32) & 0xFFFF;
}
static inline uint32_t q_wire_payload(q_wire wire) { return static_cast<uint32_t>(wire); }
#endif

enum q_encoding : uint32_t { Q_LATIN1 = 0, Q_UTF16 = 1, Q_UTF8 = 2 };

enum q_class : uint32_t {
  Q_CLASS_NONE = 0,  // not an object
  Q_CLASS_OBJECT,    // any object that no other line names
  Q_CLASS_ARRAY,
  Q_CLASS_FUNCTION,
  Q_CLASS_ERROR,
  Q_CLASS_PROMISE,
  Q_CLASS_DATE,
  Q_CLASS_REGEXP,
  Q_CLASS_MAP,
  Q_CLASS_SET,
  Q_CLASS_PROXY,
  Q_CLASS_ARRAY_BUFFER,
  Q_CLASS_SHARED_ARRAY_BUFFER,
  Q_CLASS_DATA_VIEW,
  Q_CLASS_UINT8_CLAMPED_ARRAY,
  Q_CLASS_INT8_ARRAY,
  Q_CLASS_UINT8_ARRAY,
  Q_CLASS_INT16_ARRAY,
  Q_CLASS_UINT16_ARRAY,
  Q_CLASS_INT32_ARRAY,
  Q_CLASS_UINT32_ARRAY,
  Q_CLASS_BIGINT64_ARRAY,
  Q_CLASS_BIGUINT64_ARRAY,
  Q_CLASS_FLOAT16_ARRAY,
  Q_CLASS_FLOAT32_ARRAY,
  Q_CLASS_FLOAT64_ARRAY,
};

enum q_error_class : uint32_t {
  Q_ERROR = 0,
  Q_RANGE_ERROR,
  Q_REFERENCE_ERROR,
  Q_SYNTAX_ERROR,
  Q_TYPE_ERROR,
  Q_URI_ERROR,
  Q_INTERNAL_ERROR,
  Q_EVAL_ERROR,
  Q_AGGREGATE_ERROR,
};

// How q_bind puts a host function on a class.
enum q_bind_kind : uint32_t {
  Q_BIND_METHOD = 0,
  Q_BIND_GETTER = 1,
  Q_BIND_SETTER = 2,
  Q_BIND_DISPOSE = 3,  // the method [Symbol.dispose]; its key is not looked at
};

// The number by which host_call knows a callback: q_shared.callback has its id.
#define Q_CALLBACK 0xFFFFFFFFu

enum q_eval_flags : uint32_t {
  Q_EVAL_MODULE = 1,  // ES module: the result is the promise of its namespace
  Q_EVAL_STRICT = 2,
  Q_EVAL_ASYNC = 4,    // script with top-level await: the promise of its completion value
  Q_EVAL_BARRIER = 8,  // stacks end here and do not show who called
};

enum q_compile_flags : uint32_t {  // beside q_eval_flags
  Q_COMPILE_STRIP_SOURCE = 256,    // Function.prototype.toString has no text
  Q_COMPILE_STRIP_DEBUG = 512,     // stacks have no lines
};

enum q_source_format : uint32_t {
  Q_SOURCE_JAVASCRIPT = 0,
  Q_SOURCE_JSON = 1,
  Q_SOURCE_TEXT = 2,
  Q_SOURCE_BYTES = 3,
  Q_SOURCE_COMMONJS = 4,
};

// Who asks what a specifier means.
enum q_import_kind : uint32_t {
  Q_IMPORT_STATIC = 0,
  Q_IMPORT_DYNAMIC = 1,
  Q_IMPORT_REQUIRE = 2,
  Q_IMPORT_META_RESOLVE = 3,
};

// What a VM may be without, each a bit.
enum q_intrinsic : uint32_t {
  Q_INTRINSIC_EVAL = 1u << 0,  // eval and the constructors of functions stay, and throw EvalError
  Q_INTRINSIC_DATE = 1u << 1,
  Q_INTRINSIC_REGEXP = 1u << 2,  // with the literals
  Q_INTRINSIC_JSON = 1u << 3,
  Q_INTRINSIC_PROXY = 1u << 4,
  Q_INTRINSIC_REFLECT = 1u << 5,
  Q_INTRINSIC_MAP_SET = 1u << 6,
  Q_INTRINSIC_TYPED_ARRAYS = 1u << 7,  // with ArrayBuffer, SharedArrayBuffer, DataView
  Q_INTRINSIC_PROMISE = 1u << 8,
  Q_INTRINSIC_BIGINT = 1u << 9,  // with the literals
  Q_INTRINSIC_WEAK_REF = 1u << 10,
  Q_INTRINSIC_PERFORMANCE = 1u << 11,
  Q_INTRINSIC_DOM_EXCEPTION = 1u << 12,
  Q_INTRINSIC_BASE64 = 1u << 13,
  Q_INTRINSIC_CONSOLE = 1u << 14,
  Q_INTRINSIC_TIMERS = 1u << 15,
};

enum q_define_flags : uint32_t {
  Q_DEFINE_CONFIGURABLE = 1,
  Q_DEFINE_WRITABLE = 2,
  Q_DEFINE_ENUMERABLE = 4,
  Q_DEFINE_HAS_VALUE = 8,
  Q_DEFINE_HAS_GETTER = 16,
  Q_DEFINE_HAS_SETTER = 32,
};

enum q_keys_flags : uint32_t { Q_KEYS_STRINGS = 1, Q_KEYS_SYMBOLS = 2, Q_KEYS_ENUMERABLE_ONLY = 4 };

// What q_look can tell. Lists are arrays, made for the host.
enum q_look : uint32_t {
  Q_LOOK_PROXY_TARGET,  // null: revoked
  Q_LOOK_PROXY_HANDLER,
  Q_LOOK_MAP_ENTRIES,  // Map: keys and values in turn
  Q_LOOK_SET_VALUES,
  Q_LOOK_WEAK_MAP_ENTRIES,
  Q_LOOK_WEAK_SET_VALUES,
  Q_LOOK_WEAK_TARGET,  // undefined: it is gone
  Q_LOOK_DATE,         // ms since the epoch
  Q_LOOK_REGEXP_SOURCE,
  Q_LOOK_REGEXP_FLAGS,
  Q_LOOK_BUFFER,  // list: bytes, most bytes (null: fixed), detached, shared
  Q_LOOK_VIEW,    // list: buffer, offset in bytes, elements, tracks, out of bounds
  Q_LOOK_CLASS_NAME,
  Q_LOOK_FUNCTION,  // list: name, q_function_kind, is native, is class
  Q_LOOK_BOUND_TARGET,
  Q_LOOK_OWN_KEYS,  // strings, then symbols
  Q_LOOK_PROTOTYPE,
  Q_LOOK_IDENTITY,
  Q_LOOK_BOXED,
};

enum q_function_kind : uint32_t { Q_FUNCTION_GENERATOR = 1, Q_FUNCTION_ASYNC = 2 };

// A string at the top stands unquoted, as console.log prints it.
enum q_inspect_flags : uint32_t { Q_INSPECT_PLAIN_STRING = 1 };

enum q_promise_state : uint32_t {
  Q_PENDING = 0,
  Q_FULFILLED = 1,
  Q_REJECTED = 2,
  Q_NOT_A_PROMISE = 3
};

enum q_log_level : uint32_t {
  Q_LOG_DEBUG = 0,
  Q_LOG_INFO = 1,
  Q_LOG_WARN = 2,
  Q_LOG_ERROR = 3,
  Q_LOG_STDOUT = 4,
  Q_LOG_STDERR = 5
};

// What end_process tells the program.
enum q_end : uint32_t {
  Q_END_IDLE = 0,    // nothing is left to do: `beforeExit`
  Q_END_LAST = 1,    // it ends: `exit`
  Q_END_FAILED = 2,  // it ends with an error that nobody caught: `exit`
};

// What a program draws from that is different the next time.
enum q_draw : uint32_t { Q_DRAW_CLOCK, Q_DRAW_ENTROPY, Q_DRAW_RANDOM, Q_DRAWS };

enum q_stop : uint32_t { Q_STOP_NONE = 0, Q_STOP_HOST = 1, Q_STOP_FUEL = 2, Q_STOP_EXIT = 3 };

// Why an operation on files was refused: Q_FILE_ENOENT and so on.
enum q_file_error : uint32_t {
  Q_FILE_OK = 0,
#define QUIESCE_FILE_ERROR(name, number, meaning) Q_FILE_##name = number,
#include "file_errors.def"
#undef QUIESCE_FILE_ERROR
  Q_FILE_THREW = 255,  // what a FileSystem threw: host_file_exception has it
};

enum q_file_kind : uint32_t { Q_FILE_NONE = 0, Q_FILE_FILE, Q_FILE_DIRECTORY, Q_FILE_LINK };

// What host_file asks of a mount.
enum q_file_ask : uint32_t {
  Q_ASK_STATUS,  // q_shared.file: kind, size, time; of a link the link itself
  Q_ASK_READ,    // and the content
  Q_ASK_LIST,    // names, each with a NUL behind it
  Q_ASK_LINK,    // where a link points
};

// What file_look and file_change do.
enum q_file_look : uint32_t {
  Q_LOOK_STATUS,
  Q_LOOK_LINK_STATUS,
  Q_LOOK_CONTENT,
  Q_LOOK_NAMES,
  Q_LOOK_TARGET,
  Q_LOOK_REAL_PATH,
};
enum q_file_change : uint32_t {
  Q_FILE_WRITE,
  Q_FILE_APPEND,
  Q_FILE_CREATE,    // there must be none
  Q_FILE_WRITE_AT,  // number: where
  Q_FILE_RESIZE,    // number: bytes
  Q_FILE_MAKE_DIRECTORY,
  Q_FILE_MAKE_DIRECTORIES,
  Q_FILE_MAKE_LINK,
  Q_FILE_REMOVE,
  Q_FILE_REMOVE_ALL,
  Q_FILE_RENAME,
  Q_FILE_SET_MODIFIED,  // number: ns since the epoch
};

enum q_mount_flags : uint32_t {
  Q_MOUNT_KEEPS_WRITES = 1,  // what is written stays in the VM
  Q_MOUNT_BY_DIGEST = 2,     // nothing is recorded
  Q_MOUNT_TRY = 4,           // says whether it could be mounted, and changes nothing
};

#define Q_FILE_PATH_MAX 4095u
#define Q_FILE_NAME_MAX 255u
#define Q_MOUNTS_MAX 1024u
#define Q_MOUNT_NAME_MAX 4096u

// What a block of the heap is part of: a row of the census. Beside one of these stand flags.
enum q_census_kind : uint32_t {
  Q_CENSUS_FREE_LARGE = 0,  // free for the C library
  Q_CENSUS_FREE_END,        // the same, behind all that is in use
  Q_CENSUS_FREE_SMALL,      // free in a page of small blocks
  Q_CENSUS_OVERHEAD,        // of the allocators
  Q_CENSUS_OBJECT,          // name: its class
  Q_CENSUS_STRING,
  Q_CENSUS_BIGINT,
  Q_CENSUS_NAME,      // property names and symbols, and their table
  Q_CENSUS_SHAPE,     // layouts of objects
  Q_CENSUS_CODE,      // name: the file
  Q_CENSUS_FRAME,     // of a function that is suspended; name: the function's
  Q_CENSUS_VARIABLE,  // that a closure has captured
  Q_CENSUS_MODULE,    // name: the module's
  Q_CENSUS_JOB,
  Q_CENSUS_FILE,    // of the tree of files
  Q_CENSUS_TABLE,   // of pending calls, timers, kept values and the like
  Q_CENSUS_ENGINE,  // what the engine has in any program
  Q_CENSUS_KINDS,
  Q_CENSUS_KIND = 0xFF,
  Q_CENSUS_COUNTS = 0x100,  // one more of its kind; without it, a further part
  Q_CENSUS_MORE = 0x200,    // a string that is made of others: census_more has them
  Q_CENSUS_ROPE = 0x400,    // and is a rope
};

// In the mailbox, one after the other, when host_seen is called from census.
struct q_census_row {
  uint32_t address, bytes;
  uint32_t kind;  // q_census_kind and flags
  uint32_t name;  // a string for census_text; 0: none
};

// What a pending promise leads to when it is fulfilled, or what it is kept by.
enum q_wait_kind : uint32_t {
  Q_WAIT_ASYNC_FUNCTION = 0,  // function and place where it is suspended
  Q_WAIT_ASYNC_GENERATOR,
  Q_WAIT_CALLBACK,  // given to `then`: function and where it begins
  Q_WAIT_CATCH,     // nothing but what a rejection calls
  Q_WAIT_FINALLY,
  Q_WAIT_ALL,  // Promise.all
  Q_WAIT_ALL_SETTLED,
  Q_WAIT_ANY,
  Q_WAIT_RESOLVES,  // another promise, directly
  Q_WAIT_MODULE,    // file: whose evaluation it is
  Q_WAIT_IMPORT,    // import()
  Q_WAIT_HOST,      // the host is told
  // Where stacks begin:
  Q_WAIT_CALL,   // id of a pending call
  Q_WAIT_TIMER,  // id, ms: when it is due; a promise that it resolves, or its function
  // Where they end:
  Q_WAIT_KEPT,  // function: the name of a root
  // And what has no promise:
  Q_WAIT_JOB,     // one that is ready
  Q_WAIT_GLOBAL,  // function: the name of a global
  Q_WAIT_KINDS,
};

// In the mailbox, when host_seen is called from waits.
struct q_wait_row {
  uint32_t kind;            // q_wait_kind
  uint32_t promise, next;   // addresses, to tell promises apart; 0: none
  uint32_t function, file;  // strings for census_text; 0: none
  uint32_t line, column;    // 0: not known
  uint32_t padding;
  uint64_t id;
  double ms;  // since the epoch
};

#define Q_RELEASE_MAX 256u
#define Q_MAILBOX_BYTES 16384u

// A piece of the linear memory. Valid until the guest runs again.
struct q_view {
  uint32_t address;
  uint32_t count;  // units
  uint32_t width;  // bytes per unit: 1 Latin-1 or bytes, 2 UTF-16
};

// The block that both sides write. The host believes nothing it reads here: every address and
// count is checked against the linear memory before it is used.
struct q_shared {
  uint32_t release_count;           // handles the host has put on the release list
  uint32_t release[Q_RELEASE_MAX];  // drained by the guest at the start of an export and after a
                                    // host call
  uint32_t stop;  // q_stop: why the running code was interrupted; the host clears it

  struct q_view view;

  struct {
    q_wire name, message, stack;  // strings, or undefined
  } described;

  struct {
    uint64_t id;
    double since;  // ms since the epoch when the call was made
    struct q_view name;
    struct q_view arguments;  // the arguments as a JSON array, fixed when the call was made
  } pending;

  struct {
    q_wire promise, reason;
  } rejection;

  struct {
    uint32_t format;   // q_source_format
    uint32_t address;  // from q_allocate, with room for a NUL behind the bytes
    uint32_t count;
  } source;

  struct {
    uint64_t used_bytes, used_count;  // allocations of the engine
    uint64_t objects, object_bytes, properties, property_bytes, shapes, shape_bytes;
    uint64_t strings, string_bytes, atoms, atom_bytes;
    uint64_t functions, function_bytes, bytecode_bytes, line_bytes, native_functions;
    uint64_t arrays, fast_arrays, fast_elements, buffers, buffer_bytes, handles;
  } usage;

  struct {  // what the last refusal refused; never cleared while the VM is awake
    uint64_t memory_wanted, memory_limit;  // bytes: all that there would have been
    uint64_t stack_used, stack_limit;      // bytes: when the next frame did not fit
  } refused;

  // An instance of a host class: at the start of a host call that of `this`, after the exports that
  // say so the one they are about. Number 0: none. host_class leaves 1 in `row` if the class is
  // new.
  struct {
    uint64_t number;
    uint32_t row;  // what the exports know it by, until dead_resources has named it
    uint32_t class_index;
    struct q_view class_name;
    struct q_view key;  // width 0: the class has no keys, or the host was not asked yet
  } resource;
  uint32_t dead_resources;  // how many numbers dead_resources has to tell

  // What is at a path. After host_file: kind, size and time, and the bytes that were asked for,
  // from q_allocate, which are the guest's; after file_look: the bytes are `view`, and those at
  // `address` are the host's, for q_deallocate (0: none).
  struct {
    uint32_t kind;  // q_file_kind
    uint32_t address, count;
    uint32_t padding;
    uint64_t size, id;
    int64_t modified_ns;
  } file;

  struct {
    struct q_view path, name, digest;  // digest: 64 hexadecimal digits, if Q_MOUNT_BY_DIGEST
    uint32_t flags;                    // q_mount_flags
  } mount;

  struct {
    uint64_t steps_left;               // of the walk that is under way
    uint32_t rows;                     // in the mailbox
    uint32_t is_over;                  // it was given up
    uint32_t heap_start, heap_end;     // addresses: between them the C library allocates
    uint64_t used_bytes, used_blocks;  // of the C library
  } census;

  int32_t exit_status;  // of process.exit, if stop is Q_STOP_EXIT

  struct {
    struct q_view file;     // width 0: it is not known, or the program did not draw
    uint32_t line, column;  // from 1
  } draw;

  uint64_t callback;  // id of the callback that is called, or was just made

  uint8_t mailbox[Q_MAILBOX_BYTES];  // where the host puts texts and argument lists that fit
};
