'use strict';
const { inspect, format, formatWithOptions, colors } = require('internal/inspect');
const { codes } = require('internal/errors');
const { ERR_FALSY_VALUE_REJECTION, ERR_INVALID_ARG_TYPE } = codes;
const { defineLater, functionsFrom } = require('internal/lazy');
const {
  validateFunction,
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

function aborted(signal, resource) {
  if (signal === undefined) throw new ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateObject(resource, 'resource', { allowFunction: true });
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}

function getCallSites(frameCount, options) {
  return require('internal/call_sites').getCallSites(getCallSites, frameCount, options);
}

module.exports = {
  _errnoException(errno, syscall, original) {
    const name = module.exports.getSystemErrorName(errno);
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
  getCallSites,
  ...functionsFrom('internal/system_errors', [
    'getSystemErrorMap',
    'getSystemErrorName',
    'getSystemErrorMessage',
  ]),
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
  ...functionsFrom('internal/parse_args', ['parseArgs']),
  ...functionsFrom('internal/parse_env', ['parseEnv']),
  promisify,
  stripVTControlCharacters,
  styleText,
  toUSVString: (text) => `${text}`.toWellFormed(),
  transferableAbortController: () => new (require('internal/abort').AbortController)(),
  transferableAbortSignal: (signal) => signal,
};
defineLater(module.exports, 'MIMEParams', 'internal/mime', 'MIMEParams');
defineLater(module.exports, 'MIMEType', 'internal/mime', 'MIMEType');
defineLater(module.exports, 'TextDecoder', 'internal/encoding', 'TextDecoder');
defineLater(module.exports, 'TextEncoder', 'internal/encoding', 'TextEncoder');
defineLater(module.exports, 'types', 'internal/types');
