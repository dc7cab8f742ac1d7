'use strict';
// What posix and win32 paths have in common.
const { validateObject } = require('internal/validators');

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

module.exports = { normalizeString, formatWith, lastSegment, baseName, extensionOf };
