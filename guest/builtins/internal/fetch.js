'use strict';
// Headers, Request, Response and fetch of the Fetch Standard. Bodies are there as a whole: there
// are no streams. What is asked goes to the host as one object, which sleeps as a pending call.
const bytes = internal('bytes');
const { URL, URLSearchParams } = require('internal/url');
const { UTF8, BASE64, isAnyArrayBuffer } = require('internal/bytes');
const custom = Symbol.for('nodejs.util.inspect.custom');

const fail = (text) => {
  throw new TypeError(text);
};

// ---- headers ------------------------------------------------------------------------------------

const isToken = (text) => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
const trimmed = (text) => text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');

function headerName(method, name) {
  const text = `${name}`;
  if (!isToken(text)) fail(`Headers.${method}: ${text} is an invalid header name.`);
  return text.toLowerCase();
}

function headerValue(method, value) {
  const text = trimmed(`${value}`);
  // eslint-disable-next-line no-control-regex
  if (/[\0\r\n]|[^\0-\u00ff]/.test(text))
    fail(`Headers.${method}: ${text} is an invalid header value.`);
  return text;
}

class Headers {
  #list = new Map();  // by name: all values; of set-cookie one each
  #isFixed = false;

  constructor(init = undefined) {
    if (init === undefined) return;
    if ((typeof init !== 'object' && typeof init !== 'function') || init === null)
      fail('Headers constructor: init is neither an object nor a sequence of pairs.');
    if (typeof init[Symbol.iterator] === 'function') {
      for (const pair of init) {
        const both = typeof pair === 'object' && pair !== null ? Array.from(pair) : [];
        if (both.length !== 2)
          fail('Headers constructor: expected name/value pair to be length 2, found ' +
            `${both.length}.`);
        this.append(both[0], both[1]);
      }
    } else {
      for (const name of Reflect.ownKeys(init)) {
        const property = Reflect.getOwnPropertyDescriptor(init, name);
        if (property?.enumerable) this.append(name, init[name]);
      }
    }
  }
  // Of a response that came from outside nothing can be changed.
  static fix(headers) {
    headers.#isFixed = true;
    return headers;
  }
  #change() {
    if (this.#isFixed) fail('immutable');
  }
  append(name, value) {
    if (arguments.length < 2) fail("Headers.append: 2 arguments required, but only " +
      `${arguments.length} present.`);
    const key = headerName('append', name);
    const text = headerValue('append', value);
    this.#change();
    if (!this.#list.has(key)) this.#list.set(key, []);
    this.#list.get(key).push(text);
  }
  delete(name) {
    const key = headerName('delete', name);
    this.#change();
    this.#list.delete(key);
  }
  get(name) {
    return this.#list.get(headerName('get', name))?.join(', ') ?? null;
  }
  getSetCookie() {
    return this.#list.get('set-cookie')?.slice() ?? [];
  }
  has(name) {
    return this.#list.has(headerName('has', name));
  }
  set(name, value) {
    if (arguments.length < 2) fail("Headers.set: 2 arguments required, but only " +
      `${arguments.length} present.`);
    const key = headerName('set', name);
    const text = headerValue('set', value);
    this.#change();
    this.#list.set(key, [text]);
  }
  // Sorted; what stands there several times is one, but for cookies.
  #sorted() {
    const pairs = [];
    for (const name of Array.from(this.#list.keys()).sort()) {
      const values = this.#list.get(name);
      if (name === 'set-cookie') for (const value of values) pairs.push([name, value]);
      else pairs.push([name, values.join(', ')]);
    }
    return pairs;
  }
  *entries() {
    for (let i = 0, all; i < (all = this.#sorted()).length; ++i) yield all[i];
  }
  *keys() {
    for (const [name] of this.entries()) yield name;
  }
  *values() {
    for (const [, value] of this.entries()) yield value;
  }
  forEach(callback, self = undefined) {
    if (typeof callback !== 'function')
      fail("Failed to execute 'forEach' on 'Headers': parameter 1 is not of type 'Function'.");
    for (const [name, value] of this.entries()) Reflect.apply(callback, self, [value, name, this]);
  }
  [custom](depth, options, inspect) {
    const shown = {};
    for (const [name, values] of this.#list) {
      shown[name] = name === 'set-cookie' && values.length > 1 ? values : values.join(', ');
    }
    return `Headers ${inspect(shown, options)}`;
  }
}
const fixed = Headers.fix;
delete Headers.fix;

// ---- bodies -------------------------------------------------------------------------------------

const bytesOfView = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

// Its bytes and its type; neither is there when there is none.
function bodyOf(init) {
  if (init === null || init === undefined) return { data: null, type: null };
  if (init instanceof URLSearchParams) {
    return {
      data: bytes.encode(`${init}`, UTF8),
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
    };
  }
  if (isAnyArrayBuffer(init)) return { data: new Uint8Array(init).slice(), type: null };
  if (ArrayBuffer.isView(init))
    return { data: bytesOfView(init).slice(), type: null };
  if (typeof init === 'object') {
    const { dataOfBlob } = require('internal/blob');
    const data = dataOfBlob(init);
    if (data !== undefined) return { data, type: init.type || null };
  }
  return {
    data: bytes.encode(`${init}`.toWellFormed(), UTF8),
    type: 'text/plain;charset=UTF-8',
  };
}

class Body {
  #data = null;
  #isUsed = false;

  static set(of, data) {
    of.#data = data;
  }
  static data(of) {
    return of.#data;
  }
  get bodyUsed() {
    return this.#isUsed;
  }
  // What can be waited for with `for await`; there is no more of a stream.
  get body() {
    if (this.#data === null) return null;
    const all = this;
    return {
      async *[Symbol.asyncIterator]() {
        const data = all.#take();
        if (data.length > 0) yield data;
      },
    };
  }
  #take() {
    if (this.#isUsed) fail('Body is unusable: Body has already been read');
    this.#isUsed = this.#data !== null;
    return this.#data ?? new Uint8Array(0);
  }
  async arrayBuffer() {
    return this.#take().slice().buffer;
  }
  async blob() {
    const { Blob } = require('internal/blob');
    return new Blob([this.#take()], { type: this.headers.get('content-type') ?? '' });
  }
  async bytes() {
    return this.#take().slice();
  }
  async json() {
    return JSON.parse(withoutMark(bytes.decode(this.#take(), UTF8)));
  }
  async text() {
    return withoutMark(bytes.decode(this.#take(), UTF8));
  }
}
const { set: setData, data: dataOf } = Body;
delete Body.set;
delete Body.data;

const withoutMark = (text) => (text.startsWith('\ufeff') ? text.slice(1) : text);

// ---- requests -----------------------------------------------------------------------------------

function parsed(url) {
  try {
    return new URL(url);
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${url}`, { cause });
  }
}

function methodOf(method) {
  const text = `${method}`;
  const upper = text.toUpperCase();
  if (!isToken(text) || /^(CONNECT|TRACE|TRACK)$/.test(upper))
    fail(`'${text}' is not a valid HTTP method.`);
  return /^(DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT)$/.test(upper) ? upper : text;
}

const choices = {
  redirect: ['follow', 'error', 'manual'],
  credentials: ['same-origin', 'omit', 'include'],
  cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
  mode: ['cors', 'no-cors', 'same-origin'],
};

function choiceOf(name, init, from) {
  const value = init[name] ?? from?.[name] ?? choices[name][0];
  if (!choices[name].includes(`${value}`))
    fail(`Request constructor: ${value} is not an accepted type. Expected one of ` +
      `${choices[name].join(', ')}.`);
  return `${value}`;
}

class Request extends Body {
  #url;
  #method;
  #headers;
  #signal;
  #choices = {};

  constructor(input, init = undefined) {
    if (arguments.length < 1) fail('Request constructor: 1 argument required, but only 0 present.');
    super();
    const options = init ?? {};
    const from = typeof input === 'object' && input !== null && #url in input ? input : undefined;
    this.#url = from ? from.#url : parsed(`${input}`);
    if (this.#url.username || this.#url.password)
      fail(`Request cannot be constructed from a URL that includes credentials: ${input}`);
    this.#method = methodOf(options.method ?? from?.method ?? 'GET');
    for (const name of Object.keys(choices))
      this.#choices[name] = choiceOf(name, options, from);
    this.#headers = new Headers(options.headers ?? from?.headers);
    this.#signal = signalOf(options.signal === undefined ? from?.signal : options.signal);
    const isNew = options.body !== undefined && options.body !== null;
    const body = isNew ? bodyOf(options.body) : { data: from ? taken(from) : null, type: null };
    if (body.data !== null && /^(GET|HEAD)$/.test(this.#method))
      fail('Request with GET/HEAD method cannot have body.');
    setData(this, body.data);
    if (body.type !== null && !this.#headers.has('content-type'))
      this.#headers.append('content-type', body.type);
  }
  get method() {
    return this.#method;
  }
  get url() {
    return this.#url.href;
  }
  get headers() {
    return this.#headers;
  }
  get redirect() {
    return this.#choices.redirect;
  }
  get credentials() {
    return this.#choices.credentials;
  }
  get cache() {
    return this.#choices.cache;
  }
  get mode() {
    return this.#choices.mode;
  }
  get destination() {
    return '';
  }
  get referrer() {
    return 'about:client';
  }
  get referrerPolicy() {
    return '';
  }
  get integrity() {
    return '';
  }
  get keepalive() {
    return false;
  }
  get duplex() {
    return 'half';
  }
  get signal() {
    this.#signal ??= new (require('internal/abort').AbortController)().signal;
    return this.#signal;
  }
  [custom](depth, options, inspect) {
    if (depth !== null && depth < 0) return '[Request]';
    const { method, url, headers, body, bodyUsed, redirect, signal } = this;
    const shown = { method, url, headers, body, bodyUsed, redirect, signal };
    return `Request ${inspect(shown, options)}`;
  }
  clone() {
    if (this.bodyUsed) fail('Request.clone: Body has already been consumed.');
    const { method } = this;
    const copy = new Request(this.url, { ...this.#choices, method, signal: this.#signal });
    copy.#headers = new Headers(this.#headers);
    setData(copy, dataOf(this));
    return copy;
  }
}

// A request that another is made of gives its body away.
function taken(request) {
  const data = dataOf(request);
  if (data === null) return null;
  if (request.bodyUsed)
    fail('Cannot construct a Request with a Request object that has already been used.');
  request.bytes();
  return data;
}

function signalOf(signal) {
  if (signal === undefined || signal === null) return undefined;
  if (!(signal instanceof require('internal/abort').AbortSignal))
    fail("Request constructor: Expected signal to be an instance of AbortSignal.");
  return signal;
}

// ---- responses ----------------------------------------------------------------------------------

const hasNoBody = (status) => [101, 103, 204, 205, 304].includes(status);

class Response extends Body {
  #status = 200;
  #statusText = '';
  #headers;
  #type = 'default';
  #url = '';
  #isRedirected = false;

  constructor(body = null, init = undefined) {
    super();
    const { status = 200, statusText = '', headers } = init ?? {};
    const number = Math.trunc(Number(status)) & 0xffff;
    if (number < 200 || number > 599)
      throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
    if (/[^\t\u0020-\u007e\u0080-\u00ff]/.test(`${statusText}`)) fail('Invalid statusText');
    this.#status = number;
    this.#statusText = `${statusText}`;
    this.#headers = new Headers(headers);
    const { data, type } = bodyOf(body);
    if (data !== null && hasNoBody(number))
      fail(`Response constructor: Invalid response status code ${number}`);
    setData(this, data);
    if (type !== null && !this.#headers.has('content-type'))
      this.#headers.append('content-type', type);
  }
  static error() {
    const response = new Response();
    response.#type = 'error';
    response.#status = 0;
    fixed(response.#headers);
    return response;
  }
  static json(data, init = {}) {
    const text = JSON.stringify(data);
    if (text === undefined) fail('Value is not JSON serializable');
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.append('content-type', 'application/json');
    return new Response(text, { ...init, headers });
  }
  static redirect(url, status = 302) {
    const to = parsed(`${url}`);
    if (![301, 302, 303, 307, 308].includes(status))
      throw new RangeError(`Invalid status code ${status}`);
    const response = new Response(null, { status, headers: { location: to.href } });
    fixed(response.#headers);
    return response;
  }
  // What the host has answered.
  static received(answer, url) {
    const { status = 200, statusText = '', headers = [], body = null } = Object(answer);
    const last = `${Object(answer).url ?? url}`;
    const data = hasNoBody(status) ? null : receivedData(body);
    const response = new Response(null, { status, statusText, headers });
    setData(response, data);
    response.#type = 'basic';
    response.#url = last.replace(/#.*$/s, '');
    response.#isRedirected = response.#url !== url;
    fixed(response.#headers);
    return response;
  }
  get type() {
    return this.#type;
  }
  get url() {
    return this.#url;
  }
  get redirected() {
    return this.#isRedirected;
  }
  get status() {
    return this.#status;
  }
  get ok() {
    return this.#status >= 200 && this.#status <= 299;
  }
  get statusText() {
    return this.#statusText;
  }
  get headers() {
    return this.#headers;
  }
  clone() {
    if (this.bodyUsed) fail('Response.clone: Body has already been consumed.');
    const copy = new Response(null, { statusText: this.#statusText, headers: this.#headers });
    copy.#status = this.#status;
    copy.#type = this.#type;
    copy.#url = this.#url;
    copy.#isRedirected = this.#isRedirected;
    setData(copy, dataOf(this));
    return copy;
  }
  [custom](depth, options, inspect) {
    if (depth !== null && depth < 0) return '[Response]';
    const { status, statusText, headers, body, bodyUsed, ok, redirected, type, url } = this;
    const shown = { status, statusText, headers, body, bodyUsed, ok, redirected, type, url };
    return `Response ${inspect(shown, options)}`;
  }
}
const { received } = Response;
delete Response.received;

// A text, bytes, or bytes as JSON can have them.
function receivedData(body) {
  if (typeof body === 'object' && body !== null && typeof body.base64 === 'string')
    return bytes.encode(body.base64, BASE64);
  return bodyOf(body).data;
}

for (const [type, names] of [
  [Headers, 'append delete get has set getSetCookie forEach keys values entries'],
  [Body, 'body bodyUsed arrayBuffer blob bytes json text'],
  [
    Request,
    'method url headers redirect credentials cache mode destination referrer referrerPolicy ' +
      'integrity keepalive duplex signal clone',
  ],
  [Response, 'type url redirected status ok statusText headers clone'],
]) {
  for (const name of names.split(' '))
    Object.defineProperty(type.prototype, name, { enumerable: true });
  if (type === Body) continue;
  Object.defineProperty(type.prototype, Symbol.toStringTag, {
    __proto__: null,
    value: type.name,
    configurable: true,
  });
}
Object.defineProperty(Headers.prototype, Symbol.iterator, {
  __proto__: null,
  value: Headers.prototype.entries,
  writable: true,
  configurable: true,
});
// As in the standard, bodies are not a class of their own that programs could see.
for (const type of [Request, Response]) {
  for (const name of ['body', 'bodyUsed', 'arrayBuffer', 'blob', 'bytes', 'json', 'text']) {
    const property = Object.getOwnPropertyDescriptor(Body.prototype, name);
    Object.defineProperty(type.prototype, name, property);
  }
}

// ---- fetch --------------------------------------------------------------------------------------

// What the host is asked: plain values, so that they can be written down while the call is pending.
function question(request) {
  const data = dataOf(request);
  let body = null;
  if (data !== null) {
    const text = bytes.decode(data, UTF8);
    body = text.includes('\ufffd') ? { base64: bytes.decode(data, BASE64) } : text;
  }
  const { method, redirect } = request;
  const url = request.url.replace(/#.*$/s, '');
  return { method, url, headers: Array.from(request.headers), body, redirect };
}

async function fetchThrough(ask, input, init) {
  const request = new Request(input, init);
  const { signal } = request;
  signal.throwIfAborted();
  const asked = question(request);
  if (dataOf(request) !== null) await request.bytes();  // it is used now
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    const failed = (cause) => reject(new TypeError('fetch failed', { cause }));
    const answered = (answer) => {
      try {
        resolve(received(answer, asked.url));
      } catch (cause) {
        failed(cause);
      }
    };
    try {
      Promise.resolve(ask(asked))
        .then(answered, failed)
        .finally(() => signal.removeEventListener('abort', giveUp));
    } catch (cause) {
      failed(cause);
    }
  });
}

module.exports = { Headers, Request, Response, fetchThrough };
