'use strict';
// fs.glob: the files that match patterns.
const files = internal('files');
const { codes } = require('internal/errors');
const { ERR_INVALID_ARG_TYPE } = codes;
const { validateObject, validateString } = require('internal/validators');
const { Dirent } = require('internal/fs_folders');
const { DIRECTORY, absolute, kindAt, pathOf } = require('internal/fs_common');
const { GLOBSTAR, matchesGlob, matchesSegment, patternsOf } = require('internal/glob');
const { dirname, basename, join } = require('path');

// (path, isResult, entry) => whether it and what is in it are left out. As in Node a function is
// not asked of what the last segment of a pattern names, unless ** stands before that.
function exclusion(exclude, withFileTypes) {
  if (exclude === undefined || exclude === null) return () => false;
  if (Array.isArray(exclude)) {
    return (path) =>
      exclude.some((glob) => matchesGlob(path, glob, '/') || matchesGlob(`${path}/`, glob, '/'));
  }
  if (typeof exclude !== 'function')
    throw new ERR_INVALID_ARG_TYPE('options.exclude', ['function', 'string[]'], exclude);
  return (path, isResult, entry) =>
    !isResult && exclude(withFileTypes ? entry() : basename(path));
}

class Walk {
  #root;
  #isExcluded;
  found = new Map(); // path -> how to make its Dirent

  constructor(root, isExcluded) {
    this.#root = root;
    this.#isExcluded = isExcluded;
  }
  #whole(path) {
    return absolute(path[0] === '/' ? path : join(this.#root ?? '', path));
  }
  #kind(path, follow) {
    return kindAt(this.#whole(path), follow);
  }
  #entry(path) {
    const parent = path[0] === '/' ? dirname(path) : join(this.#root ?? '', dirname(path));
    const name = path === '.' ? basename(this.#whole(path)) : basename(path);
    return new Dirent(name, path === '.' ? this.#root ?? '.' : parent, this.#kind(path, false));
  }
  #leaves(path, isResult = false) {
    return this.#isExcluded(path, isResult, () => this.#entry(path));
  }
  #add(path) {
    this.found.set(path, () => this.#entry(path));
  }
  #names(path) {
    const names = files.list(this.#whole(path === '' ? '.' : path));
    return typeof names === 'number' ? [] : names;
  }

  // What `pattern` matches from segment `at` on, in the folder `path`.
  in(path, pattern, at) {
    const wanted = pattern[at];
    const isLast = at === pattern.length - 1;
    const isResult = isLast && pattern[at - 1] !== GLOBSTAR;
    const below = (name) => (path === '' || path === '/' ? path + name : `${path}/${name}`);
    if (wanted === '') {
      if (isLast && this.#kind(path || '.') === DIRECTORY) this.#add(path || '.');
    } else if (wanted === GLOBSTAR) {
      if (isLast) this.#add(path || '.');
      else this.in(path, pattern, at + 1);
      for (const name of this.#names(path)) {
        const child = below(name);
        if (name[0] === '.' || this.#leaves(child)) continue;
        if (this.#kind(child, false) === DIRECTORY) this.in(child, pattern, at);
        else if (isLast) this.#add(child);
      }
    } else if (typeof wanted === 'string') {
      const child = below(wanted);
      if (this.#kind(child, false) < 0 || this.#leaves(child, isResult)) return;
      if (isLast) this.#add(child);
      else if (this.#kind(child, true) === DIRECTORY) this.in(child, pattern, at + 1);
    } else {
      for (const name of this.#names(path)) {
        const child = below(name);
        if (!matchesSegment(wanted, name) || this.#leaves(child, isResult)) continue;
        if (isLast) this.#add(child);
        else if (this.#kind(child, false) === DIRECTORY) this.in(child, pattern, at + 1);
      }
    }
  }
}

function glob(patterns, options = {}) {
  validateObject(options, 'options');
  const { exclude, withFileTypes = false } = options;
  const root = options.cwd === undefined ? undefined : pathOf(options.cwd, 'options.cwd');
  if (Array.isArray(patterns))
    patterns.forEach((one, i) => validateString(one, `patterns[${i}]`));
  else validateString(patterns, 'patterns');
  const walk = new Walk(root, exclusion(exclude, withFileTypes));
  for (const pattern of [patterns].flat().flatMap(patternsOf)) {
    if (pattern.length === 1 && ['', '.', '..'].includes(pattern[0])) continue;
    const parts = pattern.slice(pattern[0] === '.' ? 1 : 0);
    if (parts.length > 1 && parts[parts.length - 1] === '.') parts.pop();
    if (parts[0] === '') walk.in('/', parts, 1);
    else walk.in('', parts, 0);
  }
  return withFileTypes ? Array.from(walk.found.values(), (make) => make()) : [...walk.found.keys()];
}

module.exports = { glob };
