'use strict';
// The constructors of Node's errors, by their codes. Nearly all built-ins need some and few
// programs see an error, so what makes one stands apart (internal/error_messages).

const codes = { __proto__: null };

function define(Base, names) {
  for (const code of names) {
    codes[code] = function NodeError(...args) {
      return require('internal/error_messages').newError(NodeError, Base, code, args);
    };
  }
}

define(TypeError, [
  'ERR_AMBIGUOUS_ARGUMENT',
  'ERR_ARG_NOT_ITERABLE',
  'ERR_ASYNC_CALLBACK',
  'ERR_ENCODING_INVALID_ENCODED_DATA',
  'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
  'ERR_ILLEGAL_CONSTRUCTOR',
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
  'ERR_INVALID_FILE_URL_HOST',
  'ERR_INVALID_FILE_URL_PATH',
  'ERR_INVALID_RETURN_VALUE',
  'ERR_INVALID_THIS',
  'ERR_INVALID_TUPLE',
  'ERR_INVALID_URL',
  'ERR_INVALID_URL_SCHEME',
  'ERR_MISSING_ARGS',
  'ERR_PARSE_ARGS_INVALID_OPTION_VALUE',
  'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL',
  'ERR_PARSE_ARGS_UNKNOWN_OPTION',
  'ERR_UNKNOWN_ENCODING',
]);
define(RangeError, [
  'ERR_BUFFER_OUT_OF_BOUNDS',
  'ERR_ENCODING_NOT_SUPPORTED',
  'ERR_INVALID_BUFFER_SIZE',
  'ERR_OUT_OF_RANGE',
]);
define(Error, [
  'ERR_DIR_CLOSED',
  'ERR_EVENT_RECURSION',
  'ERR_FALSY_VALUE_REJECTION',
  'ERR_FS_CP_DIR_TO_NON_DIR',
  'ERR_FS_CP_EEXIST',
  'ERR_FS_CP_EINVAL',
  'ERR_FS_CP_NON_DIR_TO_DIR',
  'ERR_FS_EISDIR',
  'ERR_NO_CRYPTO',
  'ERR_UNAVAILABLE',
  'ERR_UNHANDLED_ERROR',
  'ERR_UNHANDLED_REJECTION',
]);
define(URIError, ['ERR_INVALID_URI']);

module.exports = { codes };
