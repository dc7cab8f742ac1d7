'use strict';
const natives = internal('process');
const { nextTick: tick } = internal('tasks');
const EventEmitter = require('events');
const { codes } = require('internal/errors');
const types = require('internal/types');
const { validateFunction, validateString } = require('internal/validators');
const { isExtensible, keys } = Object; // as they are now, for a later beginning
const { set } = Reflect;

// What hosts have said, the latest last.
let given = {};
const inherited = {};
const configurations = natives.configurations();
for (let i = 0; i < configurations.length; i++) {
  given = configurations[i];
  Object.assign(inherited, given.environment);
}

function process() {}
Object.setPrototypeOf(process.prototype, EventEmitter.prototype);
const self = Object.create(process.prototype);
module.exports = self;
Object.defineProperty(self, Symbol.toStringTag, {
  __proto__: null,
  value: 'process',
  configurable: true,
});
Object.defineProperty(process, 'name', { value: 'process' });
EventEmitter.call(self);
for (const key of ['_events', '_eventsCount', '_maxListeners']) {
  Object.defineProperty(self, key, { enumerable: false });
}

let folder = given.folder ?? '/';

// Names and values are strings, as in an environment.
function environment(values) {
  return new Proxy(Object.assign({}, values), {
    set(target, key, value) {
      if (typeof key === 'symbol' || typeof value === 'symbol')
        throw new TypeError('Cannot convert a Symbol value to a string');
      return Reflect.defineProperty(target, key, {
        __proto__: null,
        value: `${value}`,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
    defineProperty(target, key, descriptor) {
      if (
        'value' in descriptor &&
        descriptor.configurable &&
        descriptor.writable &&
        descriptor.enumerable
      ) {
        return Reflect.defineProperty(target, key, { ...descriptor, value: `${descriptor.value}` });
      }
      const error = new TypeError(
        `'process.env' only accepts a configurable, writable, and enumerable data descriptor`,
      );
      error.code = 'ERR_INVALID_OBJECT_DEFINE_PROPERTY';
      throw error;
    },
  });
}

function nextTick(callback, ...args) {
  validateFunction(callback, 'callback');
  tick(callback, ...args);
}

function hrtime(before) {
  const now = natives.hrtime();
  const seconds = Number(now / 1000000000n);
  const nanoseconds = Number(now % 1000000000n);
  if (before === undefined) return [seconds, nanoseconds];
  if (!Array.isArray(before)) throw new codes.ERR_INVALID_ARG_TYPE('time', 'Array', before);
  if (before.length !== 2) throw new codes.ERR_OUT_OF_RANGE('time', 2, before.length);
  const difference = [seconds - before[0], nanoseconds - before[1]];
  if (difference[1] < 0) {
    difference[0]--;
    difference[1] += 1e9;
  }
  return difference;
}
hrtime.bigint = function bigint() {
  return natives.hrtime();
};

function memoryUsage() {
  const used = natives.memory();
  return { rss: used, heapTotal: used, heapUsed: used, external: 0, arrayBuffers: 0 };
}
memoryUsage.rss = () => natives.memory();

let exiting = false;
let exitCode;

function checkCode(code) {
  if (code === undefined || code === null) return;
  let value = code;
  if (typeof code === 'string' && code !== '') {
    value = +code;
    if (!Number.isInteger(value)) throw new codes.ERR_INVALID_ARG_TYPE('code', 'number', code);
  }
  require('internal/validators').validateInteger(value, 'code');
}

function emitBeforeExit() {
  self.emit('beforeExit', +(exitCode || 0));
  return 0;
}

function emitExit() {
  if (!exiting) {
    exiting = true;
    self.emit('exit', +(exitCode || 0));
  }
  return +(exitCode || 0) | 0;
}

// The program ends with an error that nobody caught: nothing can be done about another one now.
function emitFailedExit() {
  if (handlerThrew) return 7;
  if (!exiting) {
    exiting = true;
    exitCode = 1;
    try {
      self.emit('exit', 1);
    } catch {}
  }
  return +(exitCode ?? 1) | 0;
}

// The program was evaluated in another process, and goes on in this one. What it holds of that, it
// finds changed; names of the environment that nobody gives now stay.
function beginAgain() {
  const next = natives.configurations()[0];
  const { length } = next.arguments;
  if (length > 0) {
    const isOpen = Array.isArray(self.argv) && isExtensible(self.argv);
    const argv = isOpen ? self.argv : [];
    argv.length = 0;
    for (let i = 0; i < length; i++) argv[i] = next.arguments[i];
    if (!isOpen) set(self, 'argv', argv);
    set(self, 'argv0', argv[0]);
  }
  if (typeof self.env === 'object' && self.env !== null) {
    const names = keys(next.environment);
    for (let i = 0; i < names.length; i++) set(self.env, names[i], next.environment[names[i]]);
  }
  set(self, 'execPath', next.executable);
  folder = next.folder;
}
natives.onBeginning(beginAgain);

natives.onEnd(emitBeforeExit, emitExit, emitFailedExit);

// ---- errors that nobody catches -----------------------------------------------------------------

let captureCallback = null;
let handlerThrew = false;

function takeUncaught(error, isRejection) {
  const origin = isRejection ? 'unhandledRejection' : 'uncaughtException';
  try {
    self.emit('uncaughtExceptionMonitor', error, origin);
    if (captureCallback === null) return self.emit('uncaughtException', error, origin);
    captureCallback(error);
    return true;
  } catch (thrown) {
    handlerThrew = true;
    throw thrown;
  }
}

function describeReason(reason) {
  if (reason === null || typeof reason !== 'object') return String(reason);
  return reason instanceof Error ? reason.name : `#<${reason.constructor?.name || 'Object'}>`;
}

function errorOfReason(reason) {
  const isObject = typeof reason === 'object' && reason !== null;
  if (isObject && (types.isNativeError(reason) || Object.hasOwn(reason, 'stack'))) return reason;
  const error = new codes.ERR_UNHANDLED_REJECTION(describeReason(reason));
  Object.defineProperty(error, 'name', {
    __proto__: null,
    value: 'UnhandledPromiseRejection',
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return error;
}

function warnOfLateHandling() {
  const warning = new Error('Promise rejection was handled asynchronously');
  warning.name = 'PromiseRejectionHandledWarning';
  emitWarning(warning);
}

// What it throws nobody is asked about once more.
function takeRejection(reason, promise, isHandled) {
  let error;
  let isRejection = false;
  try {
    if (isHandled) {
      if (!self.emit('rejectionHandled', promise)) warnOfLateHandling();
      return;
    }
    if (self.emit('unhandledRejection', reason, promise)) return;
    isRejection = true;
    error = errorOfReason(reason);
  } catch (thrown) {
    error = thrown;
  }
  if (!takeUncaught(error, isRejection)) throw error;
}

function watchErrors() {
  const wantsUncaught =
    self.listenerCount('uncaughtException') > 0 ||
    self.listenerCount('uncaughtExceptionMonitor') > 0 ||
    captureCallback !== null;
  const wantsRejected = wantsUncaught || self.listenerCount('unhandledRejection') > 0;
  natives.onErrors(
    wantsUncaught ? takeUncaught : undefined,
    wantsRejected ? takeRejection : undefined,
  );
}

function wrapAdding(name) {
  const original = EventEmitter.prototype[name];
  Object.defineProperty(process.prototype, name, {
    __proto__: null,
    configurable: true,
    writable: true,
    enumerable: false,
    value: {
      [name](...args) {
        const result = Reflect.apply(original, this, args);
        if (this === self) watchErrors();
        return result;
      },
    }[name],
  });
}
for (const name of [
  'addListener',
  'on',
  'prependListener',
  'once',
  'prependOnceListener',
  'removeListener',
  'off',
  'removeAllListeners',
]) {
  wrapAdding(name);
}

function emitWarning(warning, type, code, constructor) {
  let detail;
  if (type !== null && typeof type === 'object' && !Array.isArray(type)) {
    ({ ctor: constructor, code, detail } = type);
    type = type.type || 'Warning';
  } else if (typeof type === 'function') {
    constructor = type;
    code = undefined;
    type = 'Warning';
  }
  if (type !== undefined) validateString(type, 'type');
  if (typeof code === 'function') {
    constructor = code;
    code = undefined;
  } else if (code !== undefined) {
    validateString(code, 'code');
  }
  if (typeof warning === 'string') {
    const text = warning;
    warning = new Error(text);
    warning.name = String(type || 'Warning');
    if (code !== undefined) warning.code = code;
    if (detail !== undefined) warning.detail = detail;
    Error.captureStackTrace(warning, constructor || emitWarning);
  } else if (!(warning instanceof Error)) {
    throw new codes.ERR_INVALID_ARG_TYPE('warning', ['Error', 'string'], warning);
  }
  if (warning.name === 'DeprecationWarning') {
    if (self.noDeprecation) return;
    if (self.throwDeprecation) {
      tick(() => {
        throw warning;
      });
      return;
    }
  }
  tick(() => self.emit('warning', warning));
}

function printWarning(warning) {
  if (!(warning instanceof Error)) return;
  const isDeprecation = warning.name === 'DeprecationWarning';
  if (isDeprecation && self.noDeprecation) return;
  let text = `(node:${self.pid}) `;
  if (warning.code) text += `[${warning.code}] `;
  text +=
    typeof warning.toString === 'function'
      ? `${warning.toString()}`
      : Error.prototype.toString.call(warning);
  if (typeof warning.detail === 'string') text += `\n${warning.detail}`;
  self.stderr.write(`${text}\n`);
}

let streams;
function stream(name) {
  streams ??= { __proto__: null };
  return (streams[name] ??= require('internal/standard_streams')[name]);
}

const version = 'v22.22.0';

Object.assign(self, {
  version,
  versions: { node: version.slice(1), quickjs: '0.17.0', quiesce: '0.1.0', modules: '127' },
  arch: 'wasm32',
  platform: 'linux',
  release: { name: 'node', lts: 'Jod' },
  moduleLoadList: [],
  title: 'quiesce',
  pid: 1,
  ppid: 0,
  execPath: given.executable ?? '/usr/local/bin/quiesce',
  debugPort: 9229,
  argv0: (given.arguments ?? ['quiesce'])[0] ?? 'quiesce',
  config: { target_defaults: {}, variables: {} },
  features: {
    inspector: false,
    debug: false,
    uv: false,
    ipv6: false,
    tls_alpn: false,
    tls_sni: false,
    tls_ocsp: false,
    tls: false,
    cached_builtins: true,
    require_module: true,
    typescript: false,
  },
  execArgv: [],
  env: environment(inherited),
  argv: given.arguments !== undefined && given.arguments.length > 0 ? given.arguments : ['quiesce'],
  nextTick,
  hrtime,
  memoryUsage,
  emitWarning,
  cwd() {
    return folder;
  },
  chdir(directory) {
    validateString(directory, 'directory');
    folder = require('path').resolve(folder, directory);
  },
  umask: () => 0o022,
  uptime: () => performance.now() / 1000,
  cpuUsage: () => ({ user: 0, system: 0 }),
  resourceUsage: () => ({ userCPUTime: 0, systemCPUTime: 0, maxRSS: 0 }),
  constrainedMemory: () => 0,
  availableMemory: () => 0,
  getuid: () => 0,
  geteuid: () => 0,
  getgid: () => 0,
  getegid: () => 0,
  getgroups: () => [0],
  exit(code) {
    checkCode(code);
    if (arguments.length > 0 && code !== undefined) self.exitCode = code;
    emitExit();
    natives.exit(+(exitCode || 0) | 0);
  },
  reallyExit(code) {
    natives.exit(+(code || 0) | 0);
  },
  abort() {
    natives.exit(134);
  },
  kill() {
    throw new codes.ERR_UNAVAILABLE('process.kill');
  },
  getBuiltinModule(name) {
    validateString(name, 'id');
    name = name.replace(/^node:/, '');
    if (name.startsWith('internal/')) return undefined;
    try {
      return require(name);
    } catch (error) {
      if (error?.code === 'ERR_UNKNOWN_BUILTIN_MODULE') return undefined;
      throw error;
    }
  },
  binding(name) {
    throw new Error(`No such module: ${name}`);
  },
  setUncaughtExceptionCaptureCallback(callback) {
    if (callback !== null) validateFunction(callback, 'fn');
    captureCallback = callback;
    watchErrors();
  },
  hasUncaughtExceptionCaptureCallback: () => captureCallback !== null,
  setSourceMapsEnabled() {},
  allowedNodeEnvironmentFlags: new Set(),
  report: { getReport: () => ({}) },
});
Object.defineProperty(self, '_exiting', {
  __proto__: null,
  configurable: true,
  enumerable: false,
  get: () => exiting,
  set(value) {
    exiting = value;
  },
});
Object.defineProperty(self, 'exitCode', {
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: () => exitCode,
  set(value) {
    checkCode(value);
    exitCode = value === null ? undefined : value;
  },
});
for (const name of ['stdout', 'stderr', 'stdin']) {
  Object.defineProperty(self, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => stream(name),
    set(value) {
      Object.defineProperty(self, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: true,
      });
    },
  });
}
EventEmitter.prototype.on.call(self, 'warning', printWarning);
