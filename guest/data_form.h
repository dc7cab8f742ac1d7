// The byte form in which a whole graph of JavaScript data crosses the wall, in one piece. The guest
// writes it for the host and reads what the host wrote; docs/guest-abi.md has it as tables.
// Compiled on both sides, plain C++ without headers of its own.
#pragma once

#include <stdint.h>

// A value is one of these bytes and what follows it. Numbers are little-endian; a `count` has seven
// bits per byte, the lowest first, and at most five bytes.
enum q_data_tag : uint8_t {
  Q_DATA_UNDEFINED = 0,
  Q_DATA_NULL,
  Q_DATA_FALSE,
  Q_DATA_TRUE,
  Q_DATA_HOLE,       // an element that an array does not have
  Q_DATA_INTEGER,    // 4 bytes, signed
  Q_DATA_NUMBER,     // 8 bytes, IEEE 754
  Q_DATA_LATIN1,     // count, bytes
  Q_DATA_UTF16,      // count of units, two bytes each
  Q_DATA_LATIN1_AT,  // address and count, 4 bytes each: guest to host only
  Q_DATA_UTF16_AT,
  Q_DATA_STRING,       // count n: the n-th long string of this message once more
  Q_DATA_BIGINT,       // count of 32-bit words, two's complement, lowest first
  Q_DATA_SYMBOL,       // of the registry: its key as a text
  Q_DATA_OBJECT,       // count n: object n of this message once more
  Q_DATA_NEW,          // q_data_kind and what it says there; the object has the next number
  Q_DATA_ACCESSOR,     // q_data_accessor: a property that was not read
  Q_DATA_SMALL = 128,  // and above: the integers from 0 to 127
};

// The first ones have a record: after the root value the records stand in the order of the objects'
// numbers, so that neither side recurses.
enum q_data_kind : uint8_t {
  Q_DATA_KIND_OBJECT = 0,  // record: layout, values
  Q_DATA_KIND_ARRAY,       // record: length, dense count, elements, count of properties, each
  Q_DATA_KIND_MAP,         // record: count, each key and value
  Q_DATA_KIND_SET,         // record: count, values
  Q_DATA_KIND_ERROR,       // q_data_error; record: q_data_error_parts, those, properties
  Q_DATA_KIND_PROMISE,     // record: q_promise_state, value
  Q_DATA_KIND_DATE,        // 8 bytes: ms since the epoch, or NaN
  Q_DATA_KIND_REGEXP,      // texts: source, flags
  Q_DATA_KIND_BUFFER,      // q_data_buffer, count of bytes, [greatest count], bytes or address
  Q_DATA_KIND_VIEW,        // q_class, q_data_view, buffer (a value), offset in bytes, elements
  Q_DATA_KIND_BOXED,       // a primitive value
  Q_DATA_KIND_PROXY,       // that was not looked through
  Q_DATA_KIND_COUNT,
};
#define Q_DATA_KIND_HAS_RECORD(kind) ((kind) <= Q_DATA_KIND_PROMISE)

enum q_data_accessor : uint8_t { Q_DATA_HAS_GETTER = 1, Q_DATA_HAS_SETTER = 2 };

enum q_data_buffer : uint8_t {
  Q_DATA_RESIZABLE = 1,
  Q_DATA_DETACHED = 2,
  Q_DATA_BYTES_AT = 4,  // 4 bytes: where they are; guest to host only
};

enum q_data_view : uint8_t {
  Q_DATA_TRACKS = 1,         // its length follows that of the buffer
  Q_DATA_OUT_OF_BOUNDS = 2,  // the buffer has become too short
};

enum q_data_error : uint8_t {
  Q_DATA_ERROR = 0,
  Q_DATA_EVAL_ERROR,
  Q_DATA_RANGE_ERROR,
  Q_DATA_REFERENCE_ERROR,
  Q_DATA_SYNTAX_ERROR,
  Q_DATA_TYPE_ERROR,
  Q_DATA_URI_ERROR,
  Q_DATA_INTERNAL_ERROR,
  Q_DATA_AGGREGATE_ERROR,
  Q_DATA_ERROR_COUNT,
};

enum q_data_error_parts : uint8_t {
  Q_DATA_ERROR_NAME = 1,
  Q_DATA_ERROR_MESSAGE = 2,
  Q_DATA_ERROR_STACK = 4,
  Q_DATA_ERROR_CAUSE = 8,
  Q_DATA_ERROR_ERRORS = 16,
};

// What q_data_encode is told to do.
enum q_data_flags : uint32_t {
  Q_DATA_RUN_GETTERS = 1,
  Q_DATA_RUN_PROXIES = 2,
  Q_DATA_REFUSE_FUNCTIONS = 4,
};

// A string of so many units or more is long: each has a number, and is written once.
#define Q_DATA_LONG_UNITS 64u
// From so many bytes on, strings and buffers are left where they are, and the host is told where.
#define Q_DATA_LEFT_BYTES 4096u
