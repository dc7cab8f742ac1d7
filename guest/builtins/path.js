'use strict';
const { validateObject, validateString } = require('internal/validators');

const isSlash = (c) => c === 47 || c === 92;
const isLetter = (c) => (c >= 65 && c <= 90) || (c >= 97 && c <= 122);

// Takes "." and ".." out. `isSeparator` says of a character code whether it divides segments.
function normalizeString(path, allowAboveRoot, separator, isSeparator) {
  const out = [];
  let above = 0;
  let begin = 0;
  for (let i = 0; i <= path.length; i++) {
    if (i < path.length && !isSeparator(path.charCodeAt(i))) continue;
    const segment = path.slice(begin, i);
    begin = i + 1;
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') out.push(segment);
    else if (out.length > above) out.pop();
    else if (allowAboveRoot) {
      out.push('..');
      above++;
    }
  }
  return out.join(separator);
}

function formatWith(separator, object) {
  validateObject(object, 'pathObject');
  const dir = object.dir || object.root;
  const extension = object.ext ? `${object.ext[0] === '.' ? '' : '.'}${object.ext}` : '';
  const base = object.base || `${object.name || ''}${extension}`;
  if (!dir) return base;
  return dir === object.root ? `${dir}${base}` : `${dir}${separator}${base}`;
}

// The last segment between `from` and trailing separators.
function lastSegment(path, from, isSeparator) {
  let end = path.length;
  while (end > from && isSeparator(path.charCodeAt(end - 1))) end--;
  let begin = end;
  while (begin > from && !isSeparator(path.charCodeAt(begin - 1))) begin--;
  return [begin, end];
}

function baseName(path, suffix, from, isSeparator) {
  const [begin, end] = lastSegment(path, from, isSeparator);
  const base = path.slice(begin, end);
  if (suffix === undefined || suffix.length === 0 || suffix.length > path.length) return base;
  if (suffix === path) return '';
  if (base !== suffix && base.endsWith(suffix)) return base.slice(0, base.length - suffix.length);
  return base;
}

function extensionOf(base) {
  const dot = base.lastIndexOf('.');
  if (dot <= 0 || base === '..') return '';
  return base.slice(dot);
}

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
  format: formatWith.bind(null, '/'),
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

// ---- win32 --------------------------------------------------------------------------------------

// {device, end of the root, whether the root ends with a separator}
function rootOf(path) {
  const { length } = path;
  const none = { device: '', end: 0, absolute: false };
  if (length === 0) return none;
  const first = path.charCodeAt(0);
  if (length === 1) return isSlash(first) ? { device: '', end: 1, absolute: true } : none;
  if (isSlash(first)) {
    if (!isSlash(path.charCodeAt(1))) return { device: '', end: 1, absolute: true };
    let j = 2;
    let last = j;
    while (j < length && !isSlash(path.charCodeAt(j))) j++;
    if (j < length && j !== last) {
      const server = path.slice(last, j);
      last = j;
      while (j < length && isSlash(path.charCodeAt(j))) j++;
      if (j < length && j !== last) {
        last = j;
        while (j < length && !isSlash(path.charCodeAt(j))) j++;
        if (j === length || j !== last) {
          if (server !== '.' && server !== '?') {
            return {
              device: `\\\\${server}\\${path.slice(last, j)}`,
              end: j,
              absolute: true,
              unc: true,
              whole: j === length,
            };
          }
          return { device: `\\\\${server}`, end: 4, absolute: true };
        }
      }
    }
    return { device: '', end: 1, absolute: true };
  }
  if (isLetter(first) && path.charCodeAt(1) === 58) {
    if (length > 2 && isSlash(path.charCodeAt(2)))
      return { device: path.slice(0, 2), end: 3, absolute: true };
    return { device: path.slice(0, 2), end: 2, absolute: false };
  }
  return none;
}

const win32 = {
  resolve(...paths) {
    let device = '';
    let tail = '';
    let absolute = false;
    for (let i = paths.length - 1; i >= -1; i--) {
      let path;
      if (i >= 0) {
        path = paths[i];
        validateString(path, `paths[${i}]`);
        if (path.length === 0) continue;
      } else if (device.length === 0) {
        path = require('process').cwd();
      } else {
        path = `${device}\\`;
      }
      const root = rootOf(path);
      if (root.device.length > 0) {
        if (device.length > 0) {
          if (root.device.toLowerCase() !== device.toLowerCase()) continue;
        } else {
          device = root.device;
        }
      }
      if (absolute) {
        if (device.length > 0) break;
      } else {
        tail = `${path.slice(root.end)}\\${tail}`;
        absolute = root.absolute;
        if (absolute && device.length > 0) break;
      }
    }
    tail = normalizeString(tail, !absolute, '\\', isSlash);
    return absolute ? `${device}\\${tail}` : `${device}${tail}` || '.';
  },
  normalize(path) {
    validateString(path, 'path');
    const { length } = path;
    if (length === 0) return '.';
    const root = rootOf(path);
    if (length === 1) return isSlash(path.charCodeAt(0)) ? '\\' : path;
    if (root.unc && root.whole) return `${root.device}\\`;
    let tail =
      root.end < length ? normalizeString(path.slice(root.end), !root.absolute, '\\', isSlash) : '';
    if (tail.length === 0 && !root.absolute) tail = '.';
    if (tail.length > 0 && isSlash(path.charCodeAt(length - 1))) tail += '\\';
    if (!root.absolute && root.device === '' && path.includes(':')) {
      if (tail.length >= 2 && isLetter(tail.charCodeAt(0)) && tail.charCodeAt(1) === 58)
        return `.\\${tail}`;
    }
    if (root.device === '') return root.absolute ? `\\${tail}` : tail;
    return root.absolute ? `${root.device}\\${tail}` : `${root.device}${tail}`;
  },
  isAbsolute(path) {
    validateString(path, 'path');
    if (path.length === 0) return false;
    const c = path.charCodeAt(0);
    return (
      isSlash(c) ||
      (path.length > 2 && isLetter(c) && path.charCodeAt(1) === 58 && isSlash(path.charCodeAt(2)))
    );
  },
  join(...paths) {
    let joined;
    let first;
    for (const path of paths) {
      validateString(path, 'path');
      if (path.length === 0) continue;
      if (joined === undefined) joined = first = path;
      else joined += `\\${path}`;
    }
    if (joined === undefined) return '.';
    let replace = true;
    let slashes = 0;
    if (isSlash(first.charCodeAt(0))) {
      ++slashes;
      if (first.length > 1 && isSlash(first.charCodeAt(1))) {
        ++slashes;
        if (first.length > 2) {
          if (isSlash(first.charCodeAt(2))) ++slashes;
          else replace = false;
        }
      }
    }
    if (replace) {
      while (slashes < joined.length && isSlash(joined.charCodeAt(slashes))) slashes++;
      if (slashes >= 2) joined = `\\${joined.slice(slashes)}`;
    }
    return win32.normalize(joined);
  },
  relative(from, to) {
    validateString(from, 'from');
    validateString(to, 'to');
    if (from === to) return '';
    const fromFull = win32.resolve(from);
    const toFull = win32.resolve(to);
    if (fromFull === toFull) return '';
    if (fromFull.toLowerCase() === toFull.toLowerCase()) return '';
    const a = fromFull.split('\\').filter((part) => part !== '');
    const b = toFull.split('\\').filter((part) => part !== '');
    let common = 0;
    while (
      common < a.length &&
      common < b.length &&
      a[common].toLowerCase() === b[common].toLowerCase()
    )
      common++;
    if (common === 0) return toFull;
    return [...a.slice(common).map(() => '..'), ...b.slice(common)].join('\\');
  },
  toNamespacedPath(path) {
    if (typeof path !== 'string' || path.length === 0) return path;
    const resolved = win32.resolve(path);
    if (resolved.length <= 2) return path;
    if (resolved.startsWith('\\\\')) {
      const c = resolved.charCodeAt(2);
      if (c !== 63 && c !== 46) return `\\\\?\\UNC\\${resolved.slice(2)}`;
    } else if (
      isLetter(resolved.charCodeAt(0)) &&
      resolved.charCodeAt(1) === 58 &&
      resolved.charCodeAt(2) === 92
    ) {
      return `\\\\?\\${resolved}`;
    }
    return resolved;
  },
  dirname(path) {
    validateString(path, 'path');
    const { length } = path;
    if (length === 0) return '.';
    if (length === 1) return isSlash(path.charCodeAt(0)) ? path : '.';
    const root = rootOf(path);
    if (root.unc && root.whole) return path;
    let from = root.end;
    if (root.unc) from = root.end + 1;
    let [end] = lastSegment(path, from, isSlash);
    if (end > from) end--;
    else if (end === from) return from > 0 ? path.slice(0, from) : '.';
    if (end <= from) return path.slice(0, Math.max(from, end)) || '.';
    return path.slice(0, end);
  },
  basename(path, suffix) {
    if (suffix !== undefined) validateString(suffix, 'suffix');
    validateString(path, 'path');
    const from =
      path.length >= 2 && isLetter(path.charCodeAt(0)) && path.charCodeAt(1) === 58 ? 2 : 0;
    return baseName(path, suffix, from, isSlash);
  },
  extname(path) {
    validateString(path, 'path');
    return extensionOf(win32.basename(path));
  },
  format: formatWith.bind(null, '\\'),
  parse(path) {
    validateString(path, 'path');
    const result = { root: '', dir: '', base: '', ext: '', name: '' };
    const { length } = path;
    if (length === 0) return result;
    const root = rootOf(path);
    let rootEnd = root.end;
    if (root.unc && !root.whole) rootEnd++;
    result.root = path.slice(0, rootEnd);
    if (rootEnd >= length) {
      result.dir = result.root;
      if (root.end === 0 || (!root.absolute && root.device === '')) result.dir = '';
      return result;
    }
    const [begin, end] = lastSegment(path, rootEnd, isSlash);
    result.base = path.slice(begin, end);
    result.ext = extensionOf(result.base);
    result.name = result.ext ? result.base.slice(0, -result.ext.length) : result.base;
    result.dir = begin > rootEnd ? path.slice(0, begin - 1) : result.root;
    return result;
  },
  matchesGlob: (path, pattern) => require('internal/glob').matchesGlob(path, pattern, '\\'),
  sep: '\\',
  delimiter: ';',
  win32: null,
  posix: null,
};

posix.win32 = win32.win32 = win32;
posix.posix = win32.posix = posix;
posix._makeLong = posix.toNamespacedPath;
win32._makeLong = win32.toNamespacedPath;
for (const path of [posix, win32]) {
  Object.defineProperty(path.format, 'name', { value: 'format' });
}

module.exports = posix;
