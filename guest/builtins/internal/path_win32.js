'use strict';
// The functions of path.win32.
const { validateString } = require('internal/validators');
const {
  normalizeString,
  formatWith,
  lastSegment,
  baseName,
  extensionOf,
} = require('internal/path_common');

const isSlash = (c) => c === 47 || c === 92;
const isLetter = (c) => (c >= 65 && c <= 90) || (c >= 97 && c <= 122);

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
  format: (object) => formatWith('\\', object),
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
};

module.exports = win32;
