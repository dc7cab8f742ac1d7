'use strict';
// URLs as RFC 3986 and old browsers have them, beside those of the URL Standard.
const {
  URL,
  URLSearchParams,
  fileURLToPath,
  pathToFileURL,
  urlToHttpOptions,
  toUnicode,
} = require('internal/url');
const { codes } = require('internal/errors');
const { validateString } = require('internal/validators');
const idna = require('internal/idna');

function Url() {
  this.protocol = null;
  this.slashes = null;
  this.auth = null;
  this.host = null;
  this.port = null;
  this.hostname = null;
  this.hash = null;
  this.search = null;
  this.query = null;
  this.pathname = null;
  this.path = null;
  this.href = null;
}

const hostless = new Set(['javascript', 'javascript:']);
const slashed = new Set();
for (const name of ['http', 'https', 'ftp', 'gopher', 'file', 'ws', 'wss'])
  slashed.add(name).add(`${name}:`);

// Characters that are never written as such in what follows the host.
const escapes = {
  '\t': '%09',
  '\n': '%0A',
  '\r': '%0D',
  ' ': '%20',
  '"': '%22',
  "'": '%27',
  '<': '%3C',
  '>': '%3E',
  '\\': '%5C',
  '^': '%5E',
  '`': '%60',
  '{': '%7B',
  '|': '%7C',
  '}': '%7D',
};
const autoEscape = (text) => text.replace(/[\t\n\r "'<>\\^`{|}]/g, (c) => escapes[c]);

function urlParse(url, parseQueryString, slashesDenoteHost) {
  if (url instanceof Url) return url;
  const object = new Url();
  object.parse(url, parseQueryString, slashesDenoteHost);
  return object;
}

function invalid(url) {
  const error = new codes.ERR_INVALID_URL();
  error.input = url;
  return error;
}

Url.prototype.parse = function parse(url, parseQueryString, slashesDenoteHost) {
  validateString(url, 'url');
  let rest = url.replace(/^[\s\uFEFF]+|[\s\uFEFF]+$/g, '');
  // Backslashes are slashes up to the query.
  const end = rest.search(/[?#]/);
  rest =
    (end < 0 ? rest : rest.slice(0, end)).replace(/\\/g, '/') + (end < 0 ? '' : rest.slice(end));
  const hasHash = rest.includes('#');
  const hasAt = rest.includes('@');

  if (!slashesDenoteHost && !hasHash && !hasAt) {
    const simple = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/.exec(rest);
    if (simple) {
      this.path = rest;
      this.href = rest;
      [, this.pathname] = simple;
      if (simple[2]) {
        this.search = simple[2];
        this.query = parseQueryString
          ? require('querystring').parse(this.search.slice(1))
          : this.search.slice(1);
      } else if (parseQueryString) {
        this.search = null;
        this.query = { __proto__: null };
      }
      return this;
    }
  }

  let lower;
  const proto = /^[a-z0-9.+-]+:/i.exec(rest)?.[0];
  if (proto) {
    lower = proto.toLowerCase();
    this.protocol = lower;
    rest = rest.slice(proto.length);
  }
  let slashes = false;
  if (slashesDenoteHost || proto || /^\/\/[^@/]+@[^@/]+/.test(rest)) {
    slashes = rest.startsWith('//');
    if (slashes && !(lower && hostless.has(lower))) {
      rest = rest.slice(2);
      this.slashes = true;
    }
  }
  if (!(lower && hostless.has(lower)) && (slashes || (proto && !slashed.has(proto)))) {
    // The host ends at the first of /?#, or at what no host may have; an @ before that ends the
    // auth.
    let hostEnd = -1;
    let atSign = -1;
    let nonHost = -1;
    for (let i = 0; i < rest.length; ++i) {
      const c = rest[i];
      if (c === '\t' || c === '\n' || c === '\r') {
        rest = rest.slice(0, i) + rest.slice(i + 1);
        i -= 1;
        continue;
      }
      if (' "%\';<>\\^`{|}'.includes(c)) {
        if (nonHost === -1) nonHost = i;
      } else if ('#/?'.includes(c)) {
        if (nonHost === -1) nonHost = i;
        hostEnd = i;
      } else if (c === '@') {
        atSign = i;
        nonHost = -1;
      }
      if (hostEnd !== -1) break;
    }
    let start = 0;
    if (atSign !== -1) {
      this.auth = decodeURIComponent(rest.slice(0, atSign));
      start = atSign + 1;
    }
    if (nonHost === -1) {
      this.host = rest.slice(start);
      rest = '';
    } else {
      this.host = rest.slice(start, nonHost);
      rest = rest.slice(nonHost);
    }
    const port = /:[0-9]*$/.exec(this.host)?.[0];
    if (port !== undefined) {
      if (port !== ':') this.port = port.slice(1);
      this.host = this.host.slice(0, this.host.length - port.length);
    }
    if (typeof this.hostname !== 'string') this.hostname = this.host;
    const { hostname } = this;
    const isIpv6 = hostname.startsWith('[') && hostname.endsWith(']');
    if (!isIpv6) {
      const bad = hostname.search(/[^a-zA-Z0-9.\-+_\x80-\uFFFF]/);
      if (bad >= 0) {
        if (/[\0-\x20#%/:<>?@[\\\]^|]/.test(hostname)) throw invalid(url);
        rest = `/${hostname.slice(bad)}${rest}`;
        this.hostname = hostname.slice(0, bad);
      }
    }
    this.hostname = this.hostname.length > 255 ? '' : this.hostname.toLowerCase();
    if (this.hostname !== '') {
      if (isIpv6) {
        if (/[\0\t\n\r #%/<>?@\\^|]/.test(this.hostname)) throw invalid(url);
      } else {
        const asAscii =
          /^[\0-\x7f]*$/.test(this.hostname) && !this.hostname.includes('xn--')
            ? this.hostname
            : idna.toASCII(this.hostname);
        if (asAscii === null || asAscii === '') throw invalid(url);
        this.hostname = asAscii;
        if (/[\0\t\n\r #%/:<>?@[\\\]^|]/.test(this.hostname)) throw invalid(url);
      }
    }
    const shown = this.port ? `:${this.port}` : '';
    this.host = (this.hostname || '') + shown;
    if (isIpv6) {
      this.hostname = this.hostname.slice(1, -1);
      if (rest[0] !== '/') rest = `/${rest}`;
    }
  }
  if (!(lower && hostless.has(lower))) rest = autoEscape(rest);

  const hashAt = rest.indexOf('#');
  if (hashAt >= 0) this.hash = rest.slice(hashAt);
  const beforeHash = hashAt >= 0 ? rest.slice(0, hashAt) : rest;
  const queryAt = beforeHash.indexOf('?');
  if (queryAt >= 0) {
    this.search = beforeHash.slice(queryAt);
    this.query = beforeHash.slice(queryAt + 1);
    if (parseQueryString) this.query = require('querystring').parse(this.query);
  } else if (parseQueryString) {
    this.search = null;
    this.query = { __proto__: null };
  }
  const pathname = queryAt >= 0 ? beforeHash.slice(0, queryAt) : beforeHash;
  if (pathname.length > 0) this.pathname = pathname;
  if (slashed.has(lower) && this.hostname && !this.pathname) this.pathname = '/';
  if (this.pathname || this.search) this.path = (this.pathname || '') + (this.search || '');
  this.href = this.format();
  return this;
};

function urlFormat(url, options) {
  if (typeof url === 'string') url = urlParse(url);
  else if (typeof url !== 'object' || url === null) {
    throw new codes.ERR_INVALID_ARG_TYPE('urlObject', ['Object', 'string'], url);
  } else if (url instanceof URL) {
    let fragment = true;
    let unicode = false;
    let search = true;
    let auth = true;
    if (options) {
      if (options.fragment != null) fragment = Boolean(options.fragment);
      if (options.unicode != null) unicode = Boolean(options.unicode);
      if (options.search != null) search = Boolean(options.search);
      if (options.auth != null) auth = Boolean(options.auth);
    }
    const copy = new URL(url.href);
    if (!fragment) copy.hash = '';
    if (!search) copy.search = '';
    if (!auth) {
      copy.username = '';
      copy.password = '';
    }
    if (!unicode || copy.hostname === '') return copy.href;
    return copy.href.replace(copy.hostname, toUnicode(copy.hostname));
  }
  return Url.prototype.format.call(url);
}

Url.prototype.format = function format() {
  let auth = this.auth || '';
  if (auth)
    auth = `${encodeURIComponent(auth)
      .replace(/%3A/i, ':')
      .replace(/%(21|27|28|29|2A)/gi, (m) => decodeURIComponent(m))}@`;
  let protocol = this.protocol || '';
  let pathname = this.pathname || '';
  let hash = this.hash || '';
  let host = '';
  let query = '';
  if (this.host) {
    host = auth + this.host;
  } else if (this.hostname) {
    host =
      auth +
      (this.hostname.includes(':') && !(this.hostname[0] === '[')
        ? `[${this.hostname}]`
        : this.hostname);
    if (this.port) host += `:${this.port}`;
  }
  if (this.query !== null && typeof this.query === 'object')
    query = require('querystring').stringify(this.query);
  let search = this.search || (query && `?${query}`) || '';
  if (protocol && protocol[protocol.length - 1] !== ':') protocol += ':';
  pathname = pathname.replace(/[#?]/g, (c) => (c === '#' ? '%23' : '%3F'));
  if (this.slashes || slashed.has(protocol)) {
    if (this.slashes || host) {
      if (pathname && pathname[0] !== '/') pathname = `/${pathname}`;
      host = `//${host}`;
    } else if (protocol.startsWith('file')) {
      host = '//';
    }
  }
  search = search.replace(/#/g, '%23');
  if (hash && hash[0] !== '#') hash = `#${hash}`;
  if (search && search[0] !== '?') search = `?${search}`;
  return protocol + host + pathname + search + hash;
};

function urlResolve(source, relative) {
  return urlParse(source, false, true).resolve(relative);
}
Url.prototype.resolve = function resolve(relative) {
  return this.resolveObject(urlParse(relative, false, true)).format();
};
function urlResolveObject(source, relative) {
  if (!source) return relative;
  return urlParse(source, false, true).resolveObject(relative);
}

Url.prototype.resolveObject = function resolveObject(relative) {
  if (typeof relative === 'string') {
    const parsed = new Url();
    parsed.parse(relative, false, true);
    relative = parsed;
  }
  const result = new Url();
  Object.assign(result, this);
  result.hash = relative.hash;
  if (relative.href === '') {
    result.href = result.format();
    return result;
  }
  if (relative.slashes && !relative.protocol) {
    for (const key of Object.keys(relative)) if (key !== 'protocol') result[key] = relative[key];
    if (slashed.has(result.protocol) && result.hostname && !result.pathname)
      result.path = result.pathname = '/';
    result.href = result.format();
    return result;
  }
  if (relative.protocol && relative.protocol !== result.protocol) {
    if (!slashed.has(relative.protocol)) {
      Object.assign(result, relative);
      result.href = result.format();
      return result;
    }
    result.protocol = relative.protocol;
    if (!relative.host && !/^file:?$/.test(relative.protocol) && !hostless.has(relative.protocol)) {
      const path = (relative.pathname || '').split('/');
      while (path.length && !(relative.host = path.shift()));
      if (!relative.host) relative.host = '';
      if (!relative.hostname) relative.hostname = '';
      if (path[0] !== '') path.unshift('');
      if (path.length < 2) path.unshift('');
      result.pathname = path.join('/');
    } else {
      result.pathname = relative.pathname;
    }
    result.search = relative.search;
    result.query = relative.query;
    result.host = relative.host || '';
    result.auth = relative.auth;
    result.hostname = relative.hostname || relative.host;
    result.port = relative.port;
    if (result.pathname || result.search)
      result.path = (result.pathname || '') + (result.search || '');
    result.slashes = result.slashes || relative.slashes;
    result.href = result.format();
    return result;
  }
  const isSourceAbsolute = result.pathname && result.pathname[0] === '/';
  const isRelativeAbsolute = relative.host || (relative.pathname && relative.pathname[0] === '/');
  let mustEndAbsolute =
    isRelativeAbsolute || isSourceAbsolute || (result.host && relative.pathname);
  const removeAllDots = mustEndAbsolute;
  let path = (result.pathname && result.pathname.split('/')) || [];
  const relativePath = (relative.pathname && relative.pathname.split('/')) || [];
  const noLeadingSlashes = result.protocol && !slashed.has(result.protocol);
  if (noLeadingSlashes) {
    result.hostname = '';
    result.port = null;
    if (result.host) {
      if (path[0] === '') path[0] = result.host;
      else path.unshift(result.host);
    }
    result.host = '';
    if (relative.protocol) {
      relative.hostname = null;
      relative.port = null;
      result.auth = null;
      if (relative.host) {
        if (relativePath[0] === '') relativePath[0] = relative.host;
        else relativePath.unshift(relative.host);
      }
      relative.host = null;
    }
    mustEndAbsolute = mustEndAbsolute && (relativePath[0] === '' || path[0] === '');
  }
  if (isRelativeAbsolute) {
    if (relative.host || relative.host === '') {
      if (result.host !== relative.host) result.auth = null;
      result.host = relative.host;
      result.port = relative.port;
    }
    if (relative.hostname || relative.hostname === '') {
      if (result.hostname !== relative.hostname) result.auth = null;
      result.hostname = relative.hostname;
    }
    result.search = relative.search;
    result.query = relative.query;
    path = relativePath;
  } else if (relativePath.length) {
    path.pop();
    path = path.concat(relativePath);
    result.search = relative.search;
    result.query = relative.query;
  } else if (relative.search !== null && relative.search !== undefined) {
    if (noLeadingSlashes) {
      result.hostname = result.host = path.shift();
      const authInHost = result.host && result.host.indexOf('@') > 0 && result.host.split('@');
      if (authInHost) {
        result.auth = authInHost.shift();
        result.host = result.hostname = authInHost.shift();
      }
    }
    result.search = relative.search;
    result.query = relative.query;
    if (result.pathname !== null || result.search !== null)
      result.path = (result.pathname || '') + (result.search || '');
    result.href = result.format();
    return result;
  }
  if (!path.length) {
    result.pathname = null;
    result.path = result.search ? `/${result.search}` : null;
    result.href = result.format();
    return result;
  }
  let last = path[path.length - 1];
  const hasTrailingSlash =
    ((result.host || relative.host || path.length > 1) && (last === '.' || last === '..')) ||
    last === '';
  let up = 0;
  for (let i = path.length - 1; i >= 0; i--) {
    last = path[i];
    if (last === '.') path.splice(i, 1);
    else if (last === '..') {
      path.splice(i, 1);
      up++;
    } else if (up) {
      path.splice(i, 1);
      up--;
    }
  }
  if (!mustEndAbsolute && !removeAllDots) while (up--) path.unshift('..');
  if (mustEndAbsolute && path[0] !== '' && (!path[0] || path[0][0] !== '/')) path.unshift('');
  if (hasTrailingSlash && path.join('/').slice(-1) !== '/') path.push('');
  const isAbsolute = path[0] === '' || (path[0] && path[0][0] === '/');
  if (noLeadingSlashes) {
    result.hostname = result.host = isAbsolute ? '' : path.length ? path.shift() : '';
    const authInHost = result.host && result.host.indexOf('@') > 0 ? result.host.split('@') : false;
    if (authInHost) {
      result.auth = authInHost.shift();
      result.host = result.hostname = authInHost.shift();
    }
  }
  mustEndAbsolute = mustEndAbsolute || (result.host && path.length);
  if (mustEndAbsolute && !isAbsolute) path.unshift('');
  if (!path.length) {
    result.pathname = null;
    result.path = null;
  } else {
    result.pathname = path.join('/');
  }
  if (result.pathname !== null || result.search !== null)
    result.path = (result.pathname || '') + (result.search || '');
  result.auth = relative.auth || result.auth;
  result.slashes = result.slashes || relative.slashes;
  result.href = result.format();
  return result;
};

module.exports = {
  Url,
  parse: urlParse,
  resolve: urlResolve,
  resolveObject: urlResolveObject,
  format: urlFormat,
  URL,
  URLSearchParams,
  domainToASCII(domain) {
    try {
      return new URL(`ws://${domain}`).hostname;
    } catch {
      return '';
    }
  },
  domainToUnicode(domain) {
    try {
      return toUnicode(new URL(`ws://${domain}`).hostname);
    } catch {
      return '';
    }
  },
  pathToFileURL,
  fileURLToPath,
  fileURLToPathBuffer: (url, options) => require('buffer').Buffer.from(fileURLToPath(url, options)),
  urlToHttpOptions,
};
