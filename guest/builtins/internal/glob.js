'use strict';
// Globs as Node takes them: *, ?, [...], @(a|b) and its like, {a,b}, {1..3}, and ** for any number
// of folders. Names that begin with a dot are matched by patterns that do.

const GLOBSTAR = Symbol('**');

// The end of the group that opens at `at`; -1: it does not close.
function closing(text, at, open, close) {
  let depth = 0;
  for (let i = at; i < text.length; ++i) {
    if (text[i] === open) ++depth;
    else if (text[i] === close && --depth === 0) return i;
  }
  return -1;
}

// The parts of a group between `separator`s that stand in no group within it.
function alternatives(text, separator, open, close) {
  const parts = [''];
  let depth = 0;
  for (const c of text) {
    if (c === open) ++depth;
    else if (c === close) --depth;
    if (c === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts;
}

// What {1..3} and {a..e..2} stand for.
function sequence(text) {
  const match = /^(?:(-?\d+)\.\.(-?\d+)|([a-zA-Z])\.\.([a-zA-Z]))(?:\.\.(-?\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, firstNumber, lastNumber, firstLetter, lastLetter, by] = match;
  const isNumber = firstNumber !== undefined;
  const first = isNumber ? Number(firstNumber) : firstLetter.charCodeAt(0);
  const last = isNumber ? Number(lastNumber) : lastLetter.charCodeAt(0);
  const step = Math.max(1, Math.abs(Number(by ?? 1))) * (first <= last ? 1 : -1);
  const isPadded = isNumber && /^-?0\d/.test(`${firstNumber} ${lastNumber}`);
  const width = isPadded ? Math.max(firstNumber.length, lastNumber.length) : 0;
  const items = [];
  for (let i = first; step > 0 ? i <= last : i >= last; i += step)
    items.push(isNumber ? `${i}`.padStart(width, '0') : String.fromCharCode(i));
  return items;
}

// The patterns without braces that `pattern` stands for.
function expand(pattern) {
  for (let at = pattern.indexOf('{'); at >= 0; at = pattern.indexOf('{', at + 1)) {
    const end = closing(pattern, at, '{', '}');
    if (end < 0) continue;
    const inner = pattern.slice(at + 1, end);
    const parts = alternatives(inner, ',', '{', '}');
    const items = parts.length > 1 ? parts.flatMap(expand) : sequence(inner);
    if (items === undefined) continue;
    const before = pattern.slice(0, at);
    return expand(pattern.slice(end + 1)).flatMap((after) =>
      items.map((item) => before + item + after),
    );
  }
  return [pattern];
}

const special = /[|\\{}()[\]^$+*?.]/g;
const classes = {
  __proto__: null,
  alpha: '\\p{L}\\p{Nl}',
  alnum: '\\p{L}\\p{Nl}\\p{Nd}',
  blank: '\\p{Zs}\\t',
  cntrl: '\\p{Cc}',
  digit: '\\p{Nd}',
  lower: '\\p{Ll}',
  print: '\\P{C}',
  punct: '\\p{P}',
  space: '\\p{Z}\\t\\r\\n\\v\\f',
  upper: '\\p{Lu}',
  word: '\\p{L}\\p{Nl}\\p{Nd}\\p{Pc}',
  xdigit: 'A-Fa-f0-9',
};

function classSource(text) {
  const isNot = /^[!^]/.test(text);
  const inner = (isNot ? text.slice(1) : text).replace(
    /\[:(\w+):\]|[\\[\]^&|~(){}/]/g,
    (found, name) => classes[name] ?? `\\${found}`,
  );
  return isNot ? `[^${inner}/]` : `[${inner}]`;
}

// The source of a regular expression for the rest of one segment.
function segmentSource(text) {
  let source = '';
  for (let i = 0; i < text.length; ++i) {
    const c = text[i];
    if ('@?*+!'.includes(c) && text[i + 1] === '(') {
      const end = closing(text, i + 1, '(', ')');
      if (end > 0) {
        const parts = alternatives(text.slice(i + 2, end), '|', '(', ')');
        const group = parts.map(segmentSource).join('|');
        if (c === '!') {
          const rest = segmentSource(text.slice(end + 1));
          return `${source}(?:(?!(?:${group})${rest}$)[^/]*?)${rest}`;
        }
        source += `(?:${group})${c === '@' ? '' : c}`;
        i = end;
        continue;
      }
    }
    const end = c === '[' ? /^\[[!^]?\]?(?:\[:\w+:\]|[^\]])*\]/u.exec(text.slice(i)) : null;
    if (end !== null) {
      source += classSource(end[0].slice(1, -1));
      i += end[0].length - 1;
    } else if (c === '*') {
      while (text[i + 1] === '*') ++i;
      source += '[^/]*?';
    } else if (c === '?') {
      source += '[^/]';
    } else {
      source += c.replace(special, '\\$&');
    }
  }
  return source;
}

// A string, a regular expression or GLOBSTAR.
function segment(text) {
  if (text === '**') return GLOBSTAR;
  if (!/[*?[]|[@+!]\(/.test(text)) return text;
  const noDot = /^[*?]|^[@+!]\(/.test(text) ? '(?!\\.)' : '';
  const some = text.startsWith('!(') ? '' : '(?=.)';
  return new RegExp(`^${some}${noDot}${segmentSource(text)}$`, 'u');
}

// Without empty segments, "." and "x/..", but for those at the ends.
function cleaned(parts) {
  const clean = [];
  parts.forEach((part, i) => {
    const isInner = i > 0 && i < parts.length - 1;
    const previous = clean[clean.length - 1];
    if (isInner && (part === '' || part === '.')) return;
    if (part === '**' && previous === '**') return;
    const canGo = previous !== undefined && !['', '.', '..', '**'].includes(previous);
    if (part === '..' && canGo) clean.pop();
    else clean.push(part);
  });
  return clean;
}

// Each as a list of segments.
const patternsOf = (glob) =>
  expand(glob.replace(/\\/g, '/')).map((pattern) => cleaned(pattern.split('/')).map(segment));

function matchesSegment(pattern, name) {
  if (typeof pattern === 'string') return pattern === name;
  return name !== '.' && name !== '..' && pattern.test(name);
}

function matches(names, pattern) {
  let n = 0;
  let p = 0;
  let retryAt = -1; // where the last ** may take one segment more
  let retryWith = -1;
  for (;;) {
    const isTail = p === pattern.length && n === names.length - 1 && names[n] === '' && n > 0;
    if (isTail || (n === names.length && p === pattern.length)) return true;
    if (p < pattern.length && pattern[p] === GLOBSTAR) {
      retryAt = n;
      retryWith = ++p;
      if (p === pattern.length && n === names.length) return false;
    } else if (n < names.length && p < pattern.length && matchesSegment(pattern[p], names[n])) {
      ++n;
      ++p;
    } else {
      if (retryAt < 0 || retryAt >= names.length || names[retryAt][0] === '.') return false;
      n = ++retryAt;
      p = retryWith;
    }
  }
}

function matchesGlob(path, glob, separator) {
  const names = cleaned((separator === '\\' ? path.replace(/\\/g, '/') : path).split('/'));
  return patternsOf(glob).some((pattern) => matches(names, pattern));
}

module.exports = { GLOBSTAR, matchesGlob, matchesSegment, patternsOf };
