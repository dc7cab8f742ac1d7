'use strict';

function isHex(c) {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102);
}

function unescapeBuffer(text, decodeSpaces) {
  const out = require('buffer').Buffer.allocUnsafe(text.length);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    let c = text.charCodeAt(i);
    if (c === 43 && decodeSpaces) c = 32;
    else if (c === 37 && isHex(text.charCodeAt(i + 1)) && isHex(text.charCodeAt(i + 2))) {
      c = parseInt(text.slice(i + 1, i + 3), 16);
      i += 2;
    }
    out[count++] = c;
  }
  return count === out.length ? out : out.slice(0, count);
}

function unescape_(text, decodeSpaces) {
  try {
    return decodeURIComponent(text);
  } catch {
    return unescapeBuffer(text, decodeSpaces).toString();
  }
}

function escape_(text) {
  if (typeof text !== 'string') {
    if (typeof text === 'object') text = String(text);
    else text += '';
  }
  try {
    return encodeURIComponent(text);
  } catch {
    throw new (require('internal/errors').codes.ERR_INVALID_URI)();
  }
}

function primitive(value) {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && isFinite(value)) return `${value}`;
  if (typeof value === 'bigint') return `${value}`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return '';
}

function stringify(object, separator, equals, options) {
  const sep = separator || '&';
  const eq = equals || '=';
  let encode = module.exports.escape;
  if (options && typeof options.encodeURIComponent === 'function')
    encode = options.encodeURIComponent;
  const convert = (value) => {
    const text = primitive(value);
    if (encode !== escape_ || typeof value === 'string')
      return text.length === 0 && encode === escape_ ? '' : encode(text);
    return typeof value === 'number' && Math.abs(value) < 1e21 ? text : encode(text);
  };
  if (object === null || typeof object !== 'object') return '';
  let fields = '';
  for (const key of Object.keys(object)) {
    const value = object[key];
    const before = convert(key) + eq;
    if (Array.isArray(value)) {
      for (const one of value) {
        if (fields) fields += sep;
        fields += before + convert(one);
      }
    } else {
      if (fields) fields += sep;
      fields += before + convert(value);
    }
  }
  return fields;
}

function parse(text, separator, equals, options) {
  const result = { __proto__: null };
  if (typeof text !== 'string' || text.length === 0) return result;
  const sep = separator ? `${separator}` : '&';
  const eq = equals ? `${equals}` : '=';
  let pairs = 1000;
  if (options && typeof options.maxKeys === 'number')
    pairs = options.maxKeys > 0 ? options.maxKeys : -1;
  let decode = module.exports.unescape;
  if (options && typeof options.decodeURIComponent === 'function')
    decode = options.decodeURIComponent;
  const isCustom = decode !== unescape_;
  const take = (part) => {
    part = part.replace(/\+/g, isCustom ? '%20' : ' ');
    if (!isCustom && !part.includes('%')) return part;
    try {
      return decode(part);
    } catch {
      return unescape_(part, true);
    }
  };
  for (const part of text.split(sep)) {
    if (part.length === 0) continue;
    if (pairs-- === 0) break;
    const at = part.indexOf(eq);
    const key = take(at < 0 ? part : part.slice(0, at));
    const value = at < 0 ? '' : take(part.slice(at + eq.length));
    const before = result[key];
    if (before === undefined) result[key] = value;
    else if (typeof before === 'string') result[key] = [before, value];
    else before.push(value);
  }
  return result;
}

module.exports = {
  unescapeBuffer,
  unescape: unescape_,
  escape: escape_,
  stringify,
  encode: stringify,
  parse,
  decode: parse,
};
Object.defineProperty(unescape_, 'name', { value: 'qsUnescape' });
Object.defineProperty(escape_, 'name', { value: 'qsEscape' });
