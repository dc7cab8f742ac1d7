'use strict';
// Errors as Node throws them: class, code, message. Run when the first of them is thrown.

const natives = internal('types');

function kindOf(value) {
  if (value == null) return ` Received ${value}`;
  if (typeof value === 'function') return ` Received function ${value.name}`;
  if (typeof value === 'object') {
    if (value.constructor?.name) return ` Received an instance of ${value.constructor.name}`;
    return ` Received ${require('internal/inspect').inspect(value, { depth: -1 })}`;
  }
  let text = require('internal/inspect').inspect(value, { colors: false });
  if (text.length > 28) text = `${text.slice(0, 25)}...`;
  return ` Received type ${typeof value} (${text})`;
}

function list(names, word) {
  if (names.length < 2) return `${names[0]}`;
  if (names.length === 2) return `${names[0]} ${word} ${names[1]}`;
  return `${names.slice(0, -1).join(', ')}, ${word} ${names[names.length - 1]}`;
}

const primitives = [
  'string',
  'function',
  'number',
  'object',
  'Function',
  'Object',
  'boolean',
  'bigint',
  'symbol',
];

function invalidArgType(name, expected, actual) {
  if (!Array.isArray(expected)) expected = [expected];
  let text = 'The ';
  if (name.endsWith(' argument')) text += `${name} `;
  else text += `"${name}" ${name.includes('.') ? 'property' : 'argument'} `;
  text += 'must be ';
  const types = [];
  const instances = [];
  const others = [];
  for (const value of expected) {
    if (primitives.includes(value)) types.push(value.toLowerCase());
    else if (/^([A-Z][a-z0-9]*)+$/.test(value)) instances.push(value);
    else others.push(value);
  }
  if (instances.length > 0 && types.includes('object')) {
    types.splice(types.indexOf('object'), 1);
    instances.push('Object');
  }
  if (types.length > 0) {
    text += `${types.length > 1 ? 'one of type' : 'of type'} ${list(types, 'or')}`;
    if (instances.length > 0 || others.length > 0) text += ' or ';
  }
  if (instances.length > 0) {
    text += `an instance of ${list(instances, 'or')}`;
    if (others.length > 0) text += ' or ';
  }
  if (others.length > 0) {
    if (others.length > 1) text += `one of ${list(others, 'or')}`;
    else {
      if (others[0].toLowerCase() !== others[0]) text += 'an ';
      text += others[0];
    }
  }
  return `${text}.${kindOf(actual)}`;
}

function separated(digits) {
  let text = '';
  let i = digits.length;
  const start = digits[0] === '-' ? 1 : 0;
  for (; i >= start + 4; i -= 3) text = `_${digits.slice(i - 3, i)}${text}`;
  return digits.slice(0, i) + text;
}

function outOfRange(name, range, input, replaceDefault = false) {
  let received;
  if (Number.isInteger(input) && Math.abs(input) > 2 ** 32) received = separated(String(input));
  else if (typeof input === 'bigint') {
    received = String(input);
    const limit = 2n ** 32n;
    if (input > limit || input < -limit) received = separated(received);
    received += 'n';
  } else received = require('internal/inspect').inspect(input);
  const text = replaceDefault ? name : `The value of "${name}" is out of range.`;
  return `${text} It must be ${range}. Received ${received}`;
}

// What is given to the error's constructor makes the text.
const messages = {
  __proto__: null,
  ERR_AMBIGUOUS_ARGUMENT: (name, reason) => `The "${name}" argument is ambiguous. ${reason}`,
  ERR_ASYNC_CALLBACK: (name) => `${name} must be a function`,
  ERR_ARG_NOT_ITERABLE: (name) => `${name} must be iterable`,
  ERR_BUFFER_OUT_OF_BOUNDS: (name) =>
    name
      ? `"${name}" is outside of buffer bounds`
      : 'Attempt to access memory outside buffer bounds',
  ERR_DIR_CLOSED: () => 'Directory handle was closed',
  ERR_ENCODING_INVALID_ENCODED_DATA: (encoding) =>
    `The encoded data was not valid for encoding ${encoding}`,
  ERR_ENCODING_NOT_SUPPORTED: (name) => `The "${name}" encoding is not supported`,
  ERR_EVENT_RECURSION: (type) => `The event "${type}" is already being dispatched`,
  ERR_FALSY_VALUE_REJECTION: () => 'Promise was rejected with falsy value',
  ERR_FEATURE_UNAVAILABLE_ON_PLATFORM: (name) =>
    `The feature ${name} is unavailable on the current platform, which is being used to run ` +
      `Node.js`,
  ERR_FS_CP_DIR_TO_NON_DIR: (text) => text,
  ERR_FS_CP_EEXIST: (text) => text,
  ERR_FS_CP_EINVAL: (text) => text,
  ERR_FS_CP_NON_DIR_TO_DIR: (text) => text,
  ERR_FS_EISDIR: (text) => text,
  ERR_ILLEGAL_CONSTRUCTOR: () => 'Illegal constructor',
  ERR_INVALID_ARG_TYPE: invalidArgType,
  ERR_INVALID_ARG_VALUE: (name, value, reason = 'is invalid') => {
    let text = require('internal/inspect').inspect(value);
    if (text.length > 128) text = `${text.slice(0, 128)}...`;
    const type = name.includes('.') ? 'property' : 'argument';
    return `The ${type} '${name}' ${reason}. Received ${text}`;
  },
  ERR_INVALID_BUFFER_SIZE: (size) => `Buffer size must be a multiple of ${size}`,
  ERR_INVALID_FILE_URL_HOST: (platform) =>
    `File URL host must be "localhost" or empty on ${platform}`,
  ERR_INVALID_FILE_URL_PATH: (reason) => `File URL path ${reason}`,
  ERR_INVALID_RETURN_VALUE: (input, name, value) =>
    `Expected ${input} to be returned from the "${name}" function but ` +
      `got${kindOf(value).slice(9)}.`,
  ERR_INVALID_THIS: (type) => `Value of "this" must be of type ${type}`,
  ERR_INVALID_TUPLE: (name, type) => `${name} must be an iterable ${type} tuple`,
  ERR_INVALID_URI: () => 'URI malformed',
  ERR_INVALID_URL: () => 'Invalid URL',
  ERR_INVALID_URL_SCHEME: (expected) =>
    `The URL must be of scheme ${Array.isArray(expected) ? expected.join(' or ') : expected}`,
  ERR_MISSING_ARGS: (...names) => {
    const shown = names.map((name) =>
      Array.isArray(name) ? name.map((one) => `"${one}"`).join(' or ') : `"${name}"`,
    );
    return `The ${list(shown, 'and')} argument${names.length > 1 ? 's' : ''} must be specified`;
  },
  ERR_NO_CRYPTO: () => 'This VM has no cryptography of its own',
  ERR_OUT_OF_RANGE: outOfRange,
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: (text) => text,
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: (argument) =>
    `Unexpected argument '${argument}'. This command does not take positional arguments`,
  ERR_PARSE_ARGS_UNKNOWN_OPTION: (option, allowPositionals) => {
    const suggest =
      (allowPositionals && /^--?[^-]/.test(option)) || allowPositionals
        ? `. To specify a positional argument starting with a '-', place it at the end of ` +
          `the command ` +
          `after '--', as in '-- ${JSON.stringify(option)}`
        : '';
    return `Unknown option '${option}'${suggest}`;
  },
  ERR_UNAVAILABLE: (what) => `${what} is not available: a VM reaches nothing but its host`,
  ERR_UNHANDLED_ERROR: (error) => `Unhandled error. (${error})`,
  ERR_UNHANDLED_REJECTION: (reason) =>
    'This error originated either by throwing inside of an async function without a catch ' +
    'block, or by rejecting a promise which was not handled with .catch(). The promise ' +
    `rejected with the reason "${reason}".`,
  ERR_UNKNOWN_ENCODING: (name) => `Unknown encoding: ${name}`,
};

// By `new constructor(...args)`, where the stack begins.
function newError(constructor, Base, code, args) {
  const error = Reflect.construct(Base, [messages[code](...args)]);
  Object.defineProperty(error, 'toString', {
    __proto__: null,
    value() {
      return `${this.name} [${code}]: ${this.message}`;
    },
    configurable: true,
    enumerable: false,
    writable: true,
  });
  Error.captureStackTrace(error, constructor);
  error.code = code;
  natives.markError(error);
  return error;
}

module.exports = { newError };
