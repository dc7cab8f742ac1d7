'use strict';
// URL and URLSearchParams of the URL Standard, with Node's errors and its way of printing them.
const usm = require('internal/packages/whatwg_url');
const { codes } = require('internal/errors');
const {
  ERR_ARG_NOT_ITERABLE,
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_ARG_VALUE,
  ERR_INVALID_FILE_URL_HOST,
  ERR_INVALID_FILE_URL_PATH,
  ERR_INVALID_THIS,
  ERR_INVALID_TUPLE,
  ERR_INVALID_URL,
  ERR_INVALID_URL_SCHEME,
  ERR_MISSING_ARGS,
} = codes;
const custom = Symbol.for('nodejs.util.inspect.custom');

const string = (value) => `${value}`.toWellFormed();

// ---- URLSearchParams ----------------------------------------------------------------------------

const lists = new WeakMap(); // of a URLSearchParams: [[name, value], ...]
const owners = new WeakMap(); // and the URL that it belongs to

function listOf(params) {
  const list = lists.get(params);
  if (list === undefined) throw new ERR_INVALID_THIS('URLSearchParams');
  return list;
}

function changed(params, list) {
  if (list !== undefined) lists.set(params, list);
  const url = owners.get(params);
  if (url === undefined) return;
  const text = usm.serializeUrlencoded(lists.get(params));
  states.get(url).query = text === '' ? null : text;
}

const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
const positions = new WeakMap();

const ParamsIteratorPrototype = Object.defineProperties(Object.create(IteratorPrototype), {
  next: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    writable: true,
    value: function next() {
      const at = positions.get(this);
      if (at === undefined) throw new ERR_INVALID_THIS('URLSearchParamsIterator');
      const list = lists.get(at.params);
      if (at.index >= list.length) return { value: undefined, done: true };
      const [name, value] = list[at.index++];
      return {
        value: at.kind === 'key' ? name : at.kind === 'value' ? value : [name, value],
        done: false,
      };
    },
  },
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'URLSearchParams Iterator' },
  [custom]: {
    __proto__: null,
    configurable: true,
    writable: true,
    value(depth, options, inspect) {
      if (depth != null && depth < 0) return '[Object]';
      const { params, kind, index } = positions.get(this);
      const rest = lists
        .get(params)
        .slice(index)
        .map(([name, value]) => (kind === 'key' ? name : kind === 'value' ? value : [name, value]));
      if (rest.length === 0) return 'URLSearchParams Iterator {  }';
      return `URLSearchParams Iterator ${inspect(rest, { ...options })
        .replace(/^\[/, '{')
        .replace(/\]$/, '}')}`;
    },
  },
});

function iterator(params, kind) {
  listOf(params);
  const object = Object.create(ParamsIteratorPrototype);
  positions.set(object, { params, kind, index: 0 });
  return object;
}

function pairsOf(init) {
  if (typeof init === 'object' || typeof init === 'function') {
    if (init === null) return [];
    if (lists.has(init) && init[Symbol.iterator] === URLSearchParams.prototype[Symbol.iterator]) {
      return lists.get(init).map(([name, value]) => [name, value]);
    }
    const method = init[Symbol.iterator];
    if (method != null) {
      if (typeof method !== 'function') throw new ERR_ARG_NOT_ITERABLE('Query pairs');
      const pairs = [];
      for (const pair of init) {
        if (pair == null) throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
        if (
          (typeof pair !== 'object' && typeof pair !== 'function') ||
          typeof pair[Symbol.iterator] !== 'function'
        ) {
          throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
        }
        const both = Array.from(pair);
        if (both.length !== 2) throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
        pairs.push([string(both[0]), string(both[1])]);
      }
      return pairs;
    }
    const record = new Map();
    for (const key of Reflect.ownKeys(init)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(init, key);
      if (descriptor?.enumerable) record.set(string(key), string(init[key]));
    }
    return Array.from(record);
  }
  const text = string(init);
  return usm.parseUrlencodedString(text[0] === '?' ? text.slice(1) : text);
}

class URLSearchParams {
  constructor(init = undefined) {
    lists.set(this, init === undefined ? [] : pairsOf(init));
  }
  get size() {
    return listOf(this).length;
  }
  append(name, value) {
    const list = listOf(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('name', 'value');
    list.push([string(name), string(value)]);
    changed(this);
  }
  delete(name, value = undefined) {
    const list = listOf(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    name = string(name);
    if (value !== undefined) value = string(value);
    changed(
      this,
      list.filter((pair) => pair[0] !== name || (value !== undefined && pair[1] !== value)),
    );
  }
  get(name) {
    const list = listOf(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    name = string(name);
    return list.find((pair) => pair[0] === name)?.[1] ?? null;
  }
  getAll(name) {
    const list = listOf(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    name = string(name);
    return list.filter((pair) => pair[0] === name).map((pair) => pair[1]);
  }
  has(name, value = undefined) {
    const list = listOf(this);
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
    name = string(name);
    if (value !== undefined) value = string(value);
    return list.some((pair) => pair[0] === name && (value === undefined || pair[1] === value));
  }
  set(name, value) {
    const list = listOf(this);
    if (arguments.length < 2) throw new ERR_MISSING_ARGS('name', 'value');
    name = string(name);
    value = string(value);
    const first = list.findIndex((pair) => pair[0] === name);
    if (first < 0) list.push([name, value]);
    else list[first][1] = value;
    changed(this, first < 0 ? undefined : list.filter((pair, i) => i <= first || pair[0] !== name));
  }
  sort() {
    listOf(this).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    changed(this);
  }
  forEach(callback, thisArg = undefined) {
    listOf(this);
    require('internal/validators').validateFunction(callback, 'callback');
    for (let i = 0; i < lists.get(this).length; ++i) {
      const [name, value] = lists.get(this)[i];
      Reflect.apply(callback, thisArg, [value, name, this]);
    }
  }
  entries() {
    return iterator(this, 'entry');
  }
  keys() {
    return iterator(this, 'key');
  }
  values() {
    return iterator(this, 'value');
  }
  toString() {
    return usm.serializeUrlencoded(listOf(this));
  }
  [custom](depth, options, inspect) {
    const list = listOf(this);
    if (typeof depth === 'number' && depth < 0) return '[Object]';
    const inner = { ...options };
    if (depth !== null) inner.depth = depth - 1;
    const output = list.map(
      ([name, value]) => `${inspect(name, inner)} => ${inspect(value, inner)}`,
    );
    const length = output.reduce((sum, text) => sum + text.length + 2, -2);
    if (length > options.breakLength)
      return `${this.constructor.name} {\n  ${output.join(',\n  ')} }`;
    return output.length
      ? `${this.constructor.name} { ${output.join(', ')} }`
      : `${this.constructor.name} {}`;
  }
}
for (const key of [
  'append',
  'delete',
  'get',
  'getAll',
  'has',
  'set',
  'sort',
  'entries',
  'forEach',
  'keys',
  'values',
  'toString',
  'size',
]) {
  Object.defineProperty(URLSearchParams.prototype, key, { enumerable: true });
}
Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, {
  __proto__: null,
  configurable: true,
  writable: true,
  value: URLSearchParams.prototype.entries,
});
Object.defineProperty(URLSearchParams.prototype, Symbol.toStringTag, {
  __proto__: null,
  configurable: true,
  value: 'URLSearchParams',
});

// ---- URL ----------------------------------------------------------------------------------------

const states = new WeakMap(); // of a URL: the record of whatwg-url
const params = new WeakMap();

function stateOf(url) {
  const state = states.get(url);
  if (state === undefined) throw new TypeError('Receiver must be an instance of class URL');
  return state;
}

function invalid(input, base) {
  const error = new ERR_INVALID_URL();
  error.input = input;
  if (base !== undefined) error.base = base;
  return error;
}

function parse(input, base) {
  let parsedBase = null;
  if (base !== undefined) {
    parsedBase = usm.basicURLParse(base);
    if (parsedBase === null) return null;
  }
  return usm.basicURLParse(input, { baseURL: parsedBase });
}

function queryChanged(url) {
  const own = params.get(url);
  if (own === undefined) return;
  const { query } = states.get(url);
  lists.set(own, query === null ? [] : usm.parseUrlencodedString(query));
}

// In the order in which a URL is printed.
const parts = [
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'searchParams',
  'hash',
];

class URL {
  constructor(input, base = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    input = string(input);
    if (base !== undefined) base = string(base);
    const state = parse(input, base);
    if (state === null) throw invalid(input, base);
    states.set(this, state);
  }
  static canParse(input, base = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    return parse(string(input), base === undefined ? undefined : string(base)) !== null;
  }
  static parse(input, base = undefined) {
    if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
    const state = parse(string(input), base === undefined ? undefined : string(base));
    if (state === null) return null;
    const url = Object.create(URL.prototype);
    states.set(url, state);
    return url;
  }
  static createObjectURL() {
    throw new codes.ERR_UNAVAILABLE('URL.createObjectURL');
  }
  static revokeObjectURL() {}
  get href() {
    return usm.serializeURL(stateOf(this));
  }
  set href(value) {
    stateOf(this);
    value = string(value);
    const state = usm.basicURLParse(value);
    if (state === null) throw invalid(value);
    states.set(this, state);
    queryChanged(this);
  }
  get origin() {
    return usm.serializeURLOrigin(stateOf(this));
  }
  get protocol() {
    return `${stateOf(this).scheme}:`;
  }
  set protocol(value) {
    usm.basicURLParse(`${string(value)}:`, { url: stateOf(this), stateOverride: 'scheme start' });
  }
  get username() {
    return stateOf(this).username;
  }
  set username(value) {
    const state = stateOf(this);
    if (!usm.cannotHaveAUsernamePasswordPort(state)) usm.setTheUsername(state, string(value));
  }
  get password() {
    return stateOf(this).password;
  }
  set password(value) {
    const state = stateOf(this);
    if (!usm.cannotHaveAUsernamePasswordPort(state)) usm.setThePassword(state, string(value));
  }
  get host() {
    const state = stateOf(this);
    if (state.host === null) return '';
    return state.port === null
      ? usm.serializeHost(state.host)
      : `${usm.serializeHost(state.host)}:${state.port}`;
  }
  set host(value) {
    const state = stateOf(this);
    if (!usm.hasAnOpaquePath(state))
      usm.basicURLParse(string(value), { url: state, stateOverride: 'host' });
  }
  get hostname() {
    const { host } = stateOf(this);
    return host === null ? '' : usm.serializeHost(host);
  }
  set hostname(value) {
    const state = stateOf(this);
    if (!usm.hasAnOpaquePath(state))
      usm.basicURLParse(string(value), { url: state, stateOverride: 'hostname' });
  }
  get port() {
    const { port } = stateOf(this);
    return port === null ? '' : `${port}`;
  }
  set port(value) {
    const state = stateOf(this);
    if (usm.cannotHaveAUsernamePasswordPort(state)) return;
    value = string(value);
    if (value === '') state.port = null;
    else usm.basicURLParse(value, { url: state, stateOverride: 'port' });
  }
  get pathname() {
    return usm.serializePath(stateOf(this));
  }
  set pathname(value) {
    const state = stateOf(this);
    if (usm.hasAnOpaquePath(state)) return;
    state.path = [];
    usm.basicURLParse(string(value), { url: state, stateOverride: 'path start' });
  }
  get search() {
    const { query } = stateOf(this);
    return query === null || query === '' ? '' : `?${query}`;
  }
  set search(value) {
    const state = stateOf(this);
    value = string(value);
    if (value === '') state.query = null;
    else {
      state.query = '';
      usm.basicURLParse(value[0] === '?' ? value.slice(1) : value, {
        url: state,
        stateOverride: 'query',
      });
    }
    queryChanged(this);
  }
  get searchParams() {
    const state = stateOf(this);
    let own = params.get(this);
    if (own === undefined) {
      own = new URLSearchParams();
      lists.set(own, state.query === null ? [] : usm.parseUrlencodedString(state.query));
      owners.set(own, this);
      params.set(this, own);
    }
    return own;
  }
  get hash() {
    const { fragment } = stateOf(this);
    return fragment === null || fragment === '' ? '' : `#${fragment}`;
  }
  set hash(value) {
    const state = stateOf(this);
    value = string(value);
    if (value === '') {
      state.fragment = null;
      return;
    }
    state.fragment = '';
    usm.basicURLParse(value[0] === '#' ? value.slice(1) : value, {
      url: state,
      stateOverride: 'fragment',
    });
  }
  toString() {
    return this.href;
  }
  toJSON() {
    return this.href;
  }
  [custom](depth, options, inspect) {
    if (!states.has(this) || (typeof depth === 'number' && depth < 0)) return this;
    const { constructor } = this;
    const shown = Object.create({ constructor: constructor ?? URL });
    for (const key of parts) shown[key] = this[key];
    return `${(constructor ?? URL).name} ${inspect(shown, options).replace(/^\w+ /, '')}`;
  }
}
for (const key of [...parts, 'toString', 'toJSON'])
  Object.defineProperty(URL.prototype, key, { enumerable: true });
for (const key of ['canParse', 'createObjectURL', 'revokeObjectURL', 'parse'])
  Object.defineProperty(URL, key, { enumerable: true });
Object.defineProperty(URL.prototype, Symbol.toStringTag, {
  __proto__: null,
  configurable: true,
  value: 'URL',
});

// ---- files --------------------------------------------------------------------------------------

const isURL = (value) =>
  Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);

function withInput(error, input) {
  error.input = input;
  return error;
}

function fileURLToPath(path, options = undefined) {
  const windows = options?.windows;
  if (typeof path === 'string') path = new URL(path);
  else if (!isURL(path)) throw new ERR_INVALID_ARG_TYPE('path', ['string', 'URL'], path);
  if (path.protocol !== 'file:') throw new ERR_INVALID_URL_SCHEME('file');
  if (windows) {
    let name = path.pathname;
    if (/%2f|%5c/i.test(name))
      throw withInput(
        new ERR_INVALID_FILE_URL_PATH('must not include encoded \\ or / characters'),
        path,
      );
    name = decodeURIComponent(name.replace(/\//g, '\\'));
    if (path.hostname !== '') return `\\\\${toUnicode(path.hostname)}${name}`;
    if (!/^\\[a-zA-Z]:/.test(name))
      throw withInput(new ERR_INVALID_FILE_URL_PATH('must be absolute'), path);
    return name.slice(1);
  }
  if (path.hostname !== '') throw new ERR_INVALID_FILE_URL_HOST('linux');
  if (/%2f/i.test(path.pathname))
    throw withInput(new ERR_INVALID_FILE_URL_PATH('must not include encoded / characters'), path);
  return decodeURIComponent(path.pathname);
}

const toUnicode = (domain) => require('internal/idna').toUnicode(domain).domain;

function pathToFileURL(path, options = undefined) {
  require('internal/validators').validateString(path, 'path');
  const { posix, win32 } = require('path');
  const windows = options?.windows;
  const encode = (text) =>
    text
      .replace(/%/g, '%25')
      .replace(/\\/g, windows ? '\\' : '%5C')
      .replace(/\n/g, '%0A')
      .replace(/\r/g, '%0D')
      .replace(/\t/g, '%09')
      .replace(/\?/g, '%3F')
      .replace(/#/g, '%23');
  if (windows && path.startsWith('\\\\')) {
    const url = new URL('file://');
    const [, host, rest] = /^\\\\([^\\]+)(\\.*)$/.exec(win32.normalize(path)) ?? [];
    if (host === undefined)
      throw new ERR_INVALID_ARG_VALUE('path', path, 'Missing UNC resource path');
    url.hostname = host;
    url.pathname = encode(rest.replace(/\\/g, '/'));
    return url;
  }
  let resolved = windows ? win32.resolve(path) : posix.resolve(path);
  const last = path.charCodeAt(path.length - 1);
  if ((last === 47 || (windows && last === 92)) && !resolved.endsWith(windows ? '\\' : '/'))
    resolved += '/';
  const url = new URL('file://');
  url.pathname = encode(windows ? resolved.replace(/\\/g, '/') : resolved);
  return url;
}

function urlToHttpOptions(url) {
  const { hostname, pathname, port, username, password, search } = url;
  const options = {
    __proto__: null,
    ...url,
    protocol: url.protocol,
    hostname: hostname && hostname[0] === '[' ? hostname.slice(1, -1) : hostname,
    hash: url.hash,
    search,
    pathname,
    path: `${pathname || ''}${search || ''}`,
    href: url.href,
  };
  if (port !== '') options.port = Number(port);
  if (username || password)
    options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

module.exports = {
  URL,
  URLSearchParams,
  fileURLToPath,
  pathToFileURL,
  urlToHttpOptions,
  isURL,
  toUnicode,
};
