'use strict';
const { inspect, format, formatWithOptions, colors } = require('internal/inspect');
const { codes } = require('internal/errors');
const { ERR_FALSY_VALUE_REJECTION, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } = codes;
const {
  validateFunction,
  validateNumber,
  validateString,
  validateAbortSignal,
  validateObject,
  validateOneOf,
} = require('internal/validators');

const kCustomPromisify = Symbol.for('nodejs.util.promisify.custom');
const kCustomPromisifyArgs = Symbol.for('nodejs.util.promisify.customArgs');

function promisify(original) {
  validateFunction(original, 'original');
  if (original[kCustomPromisify]) {
    const fn = original[kCustomPromisify];
    validateFunction(fn, 'util.promisify.custom');
    return Object.defineProperty(fn, kCustomPromisify, {
      __proto__: null,
      value: fn,
      enumerable: false,
      writable: false,
      configurable: true,
    });
  }
  const names = original[kCustomPromisifyArgs];
  function fn(...args) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [
        ...args,
        (error, ...values) => {
          if (error) return reject(error);
          if (names !== undefined && values.length > 1) {
            const result = {};
            for (let i = 0; i < names.length; i++) result[names[i]] = values[i];
            resolve(result);
          } else {
            resolve(values[0]);
          }
          return undefined;
        },
      ]);
    });
  }
  Object.setPrototypeOf(fn, Object.getPrototypeOf(original));
  Object.defineProperty(fn, kCustomPromisify, {
    __proto__: null,
    value: fn,
    enumerable: false,
    writable: false,
    configurable: true,
  });
  const descriptors = Object.getOwnPropertyDescriptors(original);
  for (const key of Reflect.ownKeys(descriptors)) {
    try {
      Object.defineProperty(fn, key, descriptors[key]);
    } catch {
      // One that a function has already and that cannot be changed.
    }
  }
  return fn;
}
promisify.custom = kCustomPromisify;

function callbackify(original) {
  validateFunction(original, 'original');
  function callbackified(...args) {
    const callback = args.pop();
    validateFunction(callback, 'last argument');
    const { nextTick } = require('process');
    Reflect.apply(original, this, args).then(
      (value) => nextTick(callback.bind(this), null, value),
      (reason) => {
        if (!reason) {
          const error = new ERR_FALSY_VALUE_REJECTION();
          error.reason = reason;
          reason = error;
        }
        nextTick(callback.bind(this), reason);
      },
    );
  }
  const descriptors = Object.getOwnPropertyDescriptors(original);
  if (typeof descriptors.length.value === 'number') descriptors.length.value++;
  if (typeof descriptors.name.value === 'string') descriptors.name.value += 'Callbackified';
  for (const key of Reflect.ownKeys(descriptors)) {
    try {
      Object.defineProperty(callbackified, key, descriptors[key]);
    } catch {
      // As above.
    }
  }
  return callbackified;
}

function inherits(constructor, superConstructor) {
  if (constructor === undefined || constructor === null)
    throw new ERR_INVALID_ARG_TYPE('ctor', 'Function', constructor);
  if (superConstructor === undefined || superConstructor === null)
    throw new ERR_INVALID_ARG_TYPE('superCtor', 'Function', superConstructor);
  if (superConstructor.prototype === undefined)
    throw new ERR_INVALID_ARG_TYPE('superCtor.prototype', 'Object', superConstructor.prototype);
  Object.defineProperty(constructor, 'super_', {
    __proto__: null,
    value: superConstructor,
    writable: true,
    configurable: true,
  });
  Object.setPrototypeOf(constructor.prototype, superConstructor.prototype);
}

const warnedCodes = new Set();
function deprecate(fn, message, code) {
  if (code !== undefined) validateString(code, 'code');
  let warned = false;
  function deprecated(...args) {
    if (!warned) {
      warned = true;
      if (code === undefined || !warnedCodes.has(code)) {
        if (code !== undefined) warnedCodes.add(code);
        require('process').emitWarning(message, 'DeprecationWarning', code, deprecated);
      }
    }
    if (new.target) return Reflect.construct(fn, args, new.target);
    return Reflect.apply(fn, this, args);
  }
  Object.setPrototypeOf(deprecated, fn);
  if (fn.prototype) deprecated.prototype = fn.prototype;
  Object.defineProperty(deprecated, 'length', { ...Object.getOwnPropertyDescriptor(fn, 'length') });
  return deprecated;
}

const logs = new Map();
function debuglog(set, callback) {
  set = `${set}`.toUpperCase();
  let enabled;
  const isEnabled = () => {
    if (enabled === undefined) {
      const wanted = require('process').env.NODE_DEBUG;
      const pattern = wanted
        ? wanted
            .replace(/[|\\{}()[\]^$+?.]/g, '\\$&')
            .replaceAll('*', '.*')
            .replaceAll(',', '$|^')
        : '';
      enabled = wanted ? new RegExp(`^${pattern}$`, 'i').test(set) : false;
    }
    return enabled;
  };
  let log = logs.get(set);
  const logger = (...args) => {
    if (!isEnabled()) return;
    if (log === undefined) {
      const { pid, stderr } = require('process');
      log = (...values) => stderr.write(`${set} ${pid}: ${format(...values)}\n`);
      logs.set(set, log);
      if (typeof callback === 'function') callback(log);
    }
    log(...args);
  };
  Object.defineProperty(logger, 'enabled', {
    __proto__: null,
    get: isEnabled,
    configurable: true,
    enumerable: true,
  });
  return logger;
}

function stripVTControlCharacters(text) {
  validateString(text, 'str');
  return text.replace(ansi, '');
}
const ansi = new RegExp(
  '[\\u001B\\u009B][[\\]()#;?]*' +
    '(?:(?:(?:(?:;[-a-zA-Z\\d\\/\\#&.:=?%@~_]+)*' +
    '|[a-zA-Z\\d]+(?:;[-a-zA-Z\\d\\/\\#&.:=?%@~_]*)*)?(?:\\u0007|\\u001B\\u005C|\\u009C))' +
    '|(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-nq-uy=><~]))',
  'g',
);

function styleText(style, text, options = undefined) {
  validateString(text, 'text');
  if (options !== undefined) validateObject(options, 'options');
  const { validateStream = true, stream = require('process').stdout } = options ?? {};
  const styles = Array.isArray(style) ? style : [style];
  let before = '';
  let after = '';
  for (const name of styles) {
    const codes_ = colors[name];
    if (codes_ === undefined) {
      if (name === 'none') continue;
      validateOneOf(name, 'format', Object.keys(colors));
    }
    before += `\u001b[${codes_[0]}m`;
    after = `\u001b[${codes_[1]}m${after}`;
  }
  return validateStream && !stream?.isTTY ? text : `${before}${text}${after}`;
}

// errno, name, text: those of Linux.
const systemErrors = [
  [-7, 'E2BIG', 'argument list too long'],
  [-13, 'EACCES', 'permission denied'],
  [-98, 'EADDRINUSE', 'address already in use'],
  [-11, 'EAGAIN', 'resource temporarily unavailable'],
  [-9, 'EBADF', 'bad file descriptor'],
  [-16, 'EBUSY', 'resource busy or locked'],
  [-125, 'ECANCELED', 'operation canceled'],
  [-103, 'ECONNABORTED', 'software caused connection abort'],
  [-111, 'ECONNREFUSED', 'connection refused'],
  [-104, 'ECONNRESET', 'connection reset by peer'],
  [-17, 'EEXIST', 'file already exists'],
  [-14, 'EFAULT', 'bad address in system call argument'],
  [-27, 'EFBIG', 'file too large'],
  [-4, 'EINTR', 'interrupted system call'],
  [-22, 'EINVAL', 'invalid argument'],
  [-5, 'EIO', 'i/o error'],
  [-21, 'EISDIR', 'illegal operation on a directory'],
  [-40, 'ELOOP', 'too many symbolic links encountered'],
  [-24, 'EMFILE', 'too many open files'],
  [-31, 'EMLINK', 'too many links'],
  [-36, 'ENAMETOOLONG', 'name too long'],
  [-23, 'ENFILE', 'file table overflow'],
  [-2, 'ENOENT', 'no such file or directory'],
  [-12, 'ENOMEM', 'not enough memory'],
  [-28, 'ENOSPC', 'no space left on device'],
  [-38, 'ENOSYS', 'function not implemented'],
  [-20, 'ENOTDIR', 'not a directory'],
  [-39, 'ENOTEMPTY', 'directory not empty'],
  [-95, 'ENOTSUP', 'operation not supported on socket'],
  [-1, 'EPERM', 'operation not permitted'],
  [-32, 'EPIPE', 'broken pipe'],
  [-34, 'ERANGE', 'result too large'],
  [-30, 'EROFS', 'read-only file system'],
  [-3, 'ESRCH', 'no such process'],
  [-110, 'ETIMEDOUT', 'connection timed out'],
  [-18, 'EXDEV', 'cross-device link not permitted'],
  [-4095, 'EOF', 'end of file'],
];

function getSystemErrorName(number) {
  validateNumber(number, 'err');
  if (number >= 0 || !Number.isSafeInteger(number))
    throw new ERR_OUT_OF_RANGE('err', 'a negative integer', number);
  return systemErrors.find(([errno]) => errno === number)?.[1] ?? `Unknown system error ${number}`;
}

function aborted(signal, resource) {
  if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateObject(resource, 'resource', { allowFunction: true });
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}

class MIMEParams {
  #entries = new Map();
  delete(name) {
    this.#entries.delete(name);
  }
  get(name) {
    return this.#entries.get(name) ?? null;
  }
  has(name) {
    return this.#entries.has(name);
  }
  set(name, value) {
    this.#entries.set(`${name}`, `${value}`);
  }
  *entries() {
    yield* this.#entries.entries();
  }
  *keys() {
    yield* this.#entries.keys();
  }
  *values() {
    yield* this.#entries.values();
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString() {
    return Array.from(
      this.#entries,
      ([name, value]) => {
        const isToken = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/.test(value);
        return `${name}=${isToken ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
      },
    ).join(';');
  }
  toJSON() {
    return this.toString();
  }
}

class MIMEType {
  #type;
  #subtype;
  #params = new MIMEParams();
  constructor(text) {
    text = `${text}`;
    const blanks = '[\\t\\n\\f\\r ]*';
    const token = "([!#$%&'*+\\-.^_`|~A-Za-z0-9]+)";
    const match = new RegExp(`^${blanks}${token}/${token}${blanks}(;[^]*)?$`).exec(text);
    if (match === null) {
      const error = new TypeError(
        `The MIME syntax for a ${/\//.test(text) ? 'subtype' : 'type'} in ` +
          `${JSON.stringify(text)} is invalid`,
      );
      error.code = 'ERR_INVALID_MIME_SYNTAX';
      throw error;
    }
    this.#type = match[1].toLowerCase();
    this.#subtype = match[2].toLowerCase();
    const pattern = /;[\t\n\f\r ]*([^;=]*)(?:=(?:"((?:[^"\\]|\\.)*)"[^;]*|([^;]*)))?/g;
    for (const [, name, quoted, plain] of (match[3] ?? '').matchAll(pattern)) {
      const key = name.trim().toLowerCase();
      const value = quoted !== undefined ? quoted.replace(/\\(.)/g, '$1') : plain?.trim();
      if (
        !key ||
        value === undefined ||
        (quoted === undefined && value === '') ||
        this.#params.has(key)
      )
        continue;
      this.#params.set(key, value);
    }
  }
  get type() {
    return this.#type;
  }
  set type(value) {
    this.#type = `${value}`.toLowerCase();
  }
  get subtype() {
    return this.#subtype;
  }
  set subtype(value) {
    this.#subtype = `${value}`.toLowerCase();
  }
  get essence() {
    return `${this.#type}/${this.#subtype}`;
  }
  get params() {
    return this.#params;
  }
  toString() {
    const params = this.#params.toString();
    return params ? `${this.essence};${params}` : this.essence;
  }
  toJSON() {
    return this.toString();
  }
}

module.exports = {
  _errnoException(errno, syscall, original) {
    const name = getSystemErrorName(errno);
    const error = new Error(original ? `${syscall} ${name} ${original}` : `${syscall} ${name}`);
    error.errno = errno;
    error.code = name;
    error.syscall = syscall;
    return error;
  },
  _extend(target, source) {
    if (source === null || typeof source !== 'object') return target;
    return Object.assign(target, source);
  },
  aborted,
  callbackify,
  debug: debuglog,
  debuglog,
  deprecate,
  format,
  formatWithOptions,
  getCallSites: () => [],
  getSystemErrorMap: () =>
    new Map(systemErrors.map(([errno, name, text]) => [errno, [name, text]])),
  getSystemErrorName,
  getSystemErrorMessage: (errno) => systemErrors.find((one) => one[0] === errno)?.[2],
  inherits,
  inspect,
  isArray: Array.isArray,
  isBoolean: (value) => typeof value === 'boolean',
  isBuffer: (value) => require('buffer').Buffer.isBuffer(value),
  isDate: (value) => module.exports.types.isDate(value),
  isDeepStrictEqual: (a, b) => require('internal/comparisons').isDeepStrictEqual(a, b),
  isError: (value) => module.exports.types.isNativeError(value) || value instanceof Error,
  isFunction: (value) => typeof value === 'function',
  isNull: (value) => value === null,
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNumber: (value) => typeof value === 'number',
  isObject: (value) => value !== null && typeof value === 'object',
  isPrimitive: (value) =>
    value === null || (typeof value !== 'object' && typeof value !== 'function'),
  isRegExp: (value) => module.exports.types.isRegExp(value),
  isString: (value) => typeof value === 'string',
  isSymbol: (value) => typeof value === 'symbol',
  isUndefined: (value) => value === undefined,
  log(...args) {
    const now = new Date();
    const two = (n) => `${n}`.padStart(2, '0');
    const months = [
      'Jan',
      'Feb',
      'Mar',
      'Apr',
      'May',
      'Jun',
      'Jul',
      'Aug',
      'Sep',
      'Oct',
      'Nov',
      'Dec',
    ];
    console.log(
      '%s - %s',
      `${now.getDate()} ${months[now.getMonth()]} ` +
        `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`,
      format(...args),
    );
  },
  MIMEParams,
  MIMEType,
  promisify,
  stripVTControlCharacters,
  styleText,
  toUSVString: (text) => `${text}`.toWellFormed(),
  transferableAbortController: () => new (require('internal/abort').AbortController)(),
  transferableAbortSignal: (signal) => signal,
};
function lazy(name, from, key) {
  Object.defineProperty(module.exports, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() {
      const value = key === undefined ? require(from) : require(from)[key];
      Object.defineProperty(module.exports, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: true,
      });
      return value;
    },
    set(value) {
      Object.defineProperty(module.exports, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: true,
      });
    },
  });
}
lazy('parseArgs', 'internal/parse_args', 'parseArgs');
lazy('parseEnv', 'internal/parse_env', 'parseEnv');
lazy('TextDecoder', 'internal/encoding', 'TextDecoder');
lazy('TextEncoder', 'internal/encoding', 'TextEncoder');
lazy('types', 'internal/types');
