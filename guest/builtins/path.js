'use strict';
const { functionsFrom } = require('internal/lazy');
const { validateString } = require('internal/validators');
const {
  normalizeString,
  formatWith,
  lastSegment,
  baseName,
  extensionOf,
} = require('internal/path_common');

const onlySlash = (c) => c === 47;

const posix = {
  resolve(...paths) {
    let resolved = '';
    let absolute = false;
    for (let i = paths.length - 1; i >= -1 && !absolute; i--) {
      const path = i >= 0 ? paths[i] : require('process').cwd();
      validateString(path, `paths[${i}]`);
      if (path.length === 0) continue;
      resolved = `${path}/${resolved}`;
      absolute = path.charCodeAt(0) === 47;
    }
    resolved = normalizeString(resolved, !absolute, '/', onlySlash);
    if (absolute) return `/${resolved}`;
    return resolved.length > 0 ? resolved : '.';
  },
  normalize(path) {
    validateString(path, 'path');
    if (path.length === 0) return '.';
    const absolute = path.charCodeAt(0) === 47;
    const trailing = path.charCodeAt(path.length - 1) === 47;
    path = normalizeString(path, !absolute, '/', onlySlash);
    if (path.length === 0) {
      if (absolute) return '/';
      return trailing ? './' : '.';
    }
    if (trailing) path += '/';
    return absolute ? `/${path}` : path;
  },
  isAbsolute(path) {
    validateString(path, 'path');
    return path.length > 0 && path.charCodeAt(0) === 47;
  },
  join(...paths) {
    const parts = [];
    for (const path of paths) {
      validateString(path, 'path');
      if (path.length > 0) parts.push(path);
    }
    return parts.length === 0 ? '.' : posix.normalize(parts.join('/'));
  },
  relative(from, to) {
    validateString(from, 'from');
    validateString(to, 'to');
    if (from === to) return '';
    from = posix.resolve(from);
    to = posix.resolve(to);
    if (from === to) return '';
    const a = from.split('/').filter((part) => part !== '');
    const b = to.split('/').filter((part) => part !== '');
    let common = 0;
    while (common < a.length && common < b.length && a[common] === b[common]) common++;
    return [...a.slice(common).map(() => '..'), ...b.slice(common)].join('/');
  },
  toNamespacedPath: (path) => path,
  dirname(path) {
    validateString(path, 'path');
    if (path.length === 0) return '.';
    const absolute = path.charCodeAt(0) === 47;
    let [end] = lastSegment(path, 1, onlySlash);
    if (end <= 1) return absolute ? (path.slice(0, 2) === '//' && end === 2 ? '//' : '/') : '.';
    end--;
    if (end === 1 && absolute) return path.charCodeAt(1) === 47 ? '//' : path.slice(0, 1);
    return path.slice(0, end);
  },
  basename(path, suffix) {
    if (suffix !== undefined) validateString(suffix, 'suffix');
    validateString(path, 'path');
    return baseName(path, suffix, 0, onlySlash);
  },
  extname(path) {
    validateString(path, 'path');
    return extensionOf(baseName(path, undefined, 0, onlySlash));
  },
  format: (object) => formatWith('/', object),
  parse(path) {
    validateString(path, 'path');
    const result = { root: '', dir: '', base: '', ext: '', name: '' };
    if (path.length === 0) return result;
    const absolute = path.charCodeAt(0) === 47;
    if (absolute) result.root = '/';
    const [begin, end] = lastSegment(path, absolute ? 1 : 0, onlySlash);
    result.base = path.slice(begin, end);
    // For "/.." Node has this answer too.
    result.ext = absolute && begin === 1 && result.base === '..' ? '.' : extensionOf(result.base);
    result.name = result.ext ? result.base.slice(0, -result.ext.length) : result.base;
    if (begin > (absolute ? 1 : 0)) result.dir = path.slice(0, begin - 1);
    else if (absolute) result.dir = '/';
    return result;
  },
  matchesGlob: (path, pattern) => require('internal/glob').matchesGlob(path, pattern, '/'),
  sep: '/',
  delimiter: ':',
  win32: null,
  posix: null,
};

// Few programs on Linux call one of win32's functions.
const names = Object.keys(posix).filter((name) => typeof posix[name] === 'function');
const win32 = {
  ...functionsFrom('internal/path_win32', names),
  sep: '\\',
  delimiter: ';',
  win32: null,
  posix: null,
};

posix.win32 = win32.win32 = win32;
posix.posix = win32.posix = posix;
posix._makeLong = posix.toNamespacedPath;
win32._makeLong = win32.toNamespacedPath;

module.exports = posix;
