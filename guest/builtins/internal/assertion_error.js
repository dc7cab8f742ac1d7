'use strict';
// AssertionError with the difference in its message, as Node prints it.
const { inspect } = require('internal/inspect');

const titles = {
  __proto__: null,
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  partialDeepStrictEqual: 'Expected values to be partially and strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notIdentical: 'Values have same structure but are not reference-equal:',
  notDeepEqualUnequal: 'Expected values not to be loosely deep-equal:',
};

function show(value) {
  return inspect(value, {
    compact: false,
    customInspect: false,
    depth: 1000,
    maxArrayLength: Infinity,
    showHidden: false,
    showProxy: false,
    sorted: true,
    getters: true,
    breakLength: Infinity,
  });
}

// Longest common subsequence by Myers: [kind, line], kind -1 removed, 0 kept, 1 added.
function diff(actual, expected) {
  const n = actual.length;
  const m = expected.length;
  const max = n + m;
  const v = { 1: 0 };
  const trace = [];
  outer: for (let d = 0; d <= max; d++) {
    trace.push({ ...v });
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && v[k - 1] < v[k + 1]) ? v[k + 1] : v[k - 1] + 1;
      let y = x - k;
      while (x < n && y < m && actual[x] === expected[y]) {
        x++;
        y++;
      }
      v[k] = x;
      if (x >= n && y >= m) break outer;
    }
  }
  const out = [];
  let x = n;
  let y = m;
  for (let d = trace.length - 1; d >= 0; d--) {
    const before = trace[d];
    const k = x - y;
    const previous = k === -d || (k !== d && before[k - 1] < before[k + 1]) ? k + 1 : k - 1;
    const px = before[previous];
    const py = px - previous;
    while (x > px && y > py) {
      out.push([0, actual[x - 1]]);
      x--;
      y--;
    }
    if (d > 0) {
      if (x > px) {
        out.push([1, actual[x - 1]]);
        x--;
      } else {
        out.push([-1, expected[y - 1]]);
        y--;
      }
    }
  }
  return out.reverse();
}

function difference(actual, expected, operator) {
  const shownActual = show(actual);
  const shownExpected = show(expected);
  const a = shownActual.split('\n');
  const b = shownExpected.split('\n');
  const isSimple = (value) => typeof value !== 'object' || value === null;
  let header = titles[operator];
  if (
    operator === 'strictEqual' &&
    ((typeof actual === 'object' &&
      actual !== null &&
      typeof expected === 'object' &&
      expected !== null) ||
      (typeof actual === 'function' && typeof expected === 'function'))
  ) {
    header = titles.strictEqualObject;
  }
  if (shownActual === shownExpected) {
    header = titles.notIdentical;
    return `${header}\n\n${a.length > 50 ? `${a.slice(0, 50).join('\n')}\n...` : a.join('\n')}\n`;
  }
  if (
    a.length === 1 &&
    b.length === 1 &&
    isSimple(actual) &&
    isSimple(expected) &&
    (actual !== 0 || expected !== 0)
  ) {
    const length = shownActual.length + shownExpected.length;
    if (length <= 12) return `${header}\n\n${shownActual} !== ${shownExpected}\n`;
    if (typeof actual !== 'string' || typeof expected !== 'string' || length < 160) {
      let indicator = '';
      let i = 0;
      while (shownActual[i] === shownExpected[i]) i++;
      if (i > 2 && length < 80) indicator = `\n${' '.repeat(i + 2)}^`;
      return `${header}\n+ actual - expected\n\n+ ${shownActual}\n- ${shownExpected}${indicator}\n`;
    }
  }
  const { text, skipped } = printed(diff(a, b));
  return `${header}\n+ actual - expected${skipped ? '\n... Skipped lines' : ''}\n\n${text}\n`;
}

// Of a longer run of equal lines the first five, and the last before what differs.
function printed(lines) {
  const shownEqual = 5;
  let text = '';
  let skipped = false;
  let equal = 0;
  lines.forEach(([kind, line], i) => {
    if (kind !== 0 && equal > 0) {
      if (equal === shownEqual + 1) text += `  ${lines[i - 1][1]}\n`;
      else if (equal === shownEqual + 2) text += `  ${lines[i - 2][1]}\n  ${lines[i - 1][1]}\n`;
      else if (equal >= shownEqual + 3) {
        text += `...\n  ${lines[i - 1][1]}\n`;
        skipped = true;
      }
      equal = 0;
    }
    if (kind !== 0) text += `${kind > 0 ? '+' : '-'} ${line}\n`;
    else if (equal++ < shownEqual) text += `  ${line}\n`;
  });
  return { text: text.trimEnd(), skipped };
}

function negated(actual, operator) {
  let header = titles[operator];
  const lines = show(actual).split('\n');
  if (
    operator === 'notStrictEqual' &&
    ((typeof actual === 'object' && actual !== null) || typeof actual === 'function')
  ) {
    header = titles.notStrictEqualObject;
  }
  if (lines.length > 50) {
    lines[46] = '...';
    lines.length = 47;
  }
  if (lines.length === 1) return `${header}${lines[0].length > 5 ? '\n\n' : ' '}${lines[0]}`;
  return `${header}\n\n${lines.join('\n')}\n`;
}

function describe(actual, expected, operator) {
  if (
    operator === 'deepStrictEqual' ||
    operator === 'strictEqual' ||
    operator === 'partialDeepStrictEqual'
  ) {
    return difference(actual, expected, operator);
  }
  if (operator === 'notDeepStrictEqual' || operator === 'notStrictEqual')
    return negated(actual, operator);
  let a = show(actual);
  let b = show(expected);
  const known = titles[operator];
  if (operator === 'notDeepEqual' && a === b) {
    a = `${known}\n\n${a}`;
    return a.length > 1024 ? `${a.slice(0, 1021)}...` : a;
  }
  if (a.length > 512) a = `${a.slice(0, 509)}...`;
  if (b.length > 512) b = `${b.slice(0, 509)}...`;
  if (operator === 'deepEqual') return `${known}\n\n${a}\n\nshould loosely deep-equal\n\n${b}`;
  if (operator === 'notDeepEqual')
    return `${titles.notDeepEqualUnequal}\n\n${a}\n\nshould not loosely deep-equal\n\n${b}`;
  return `${a} ${operator} ${b}`;
}

class AssertionError extends Error {
  constructor(options) {
    require('internal/validators').validateObject(options, 'options');
    const { message, operator, stackStartFn, details, actual, expected } = options;
    if (message != null) super(String(message));
    else super(describe(actual, expected, operator));
    this.generatedMessage = !message;
    Object.defineProperty(this, 'name', {
      __proto__: null,
      value: 'AssertionError',
      enumerable: false,
      writable: true,
      configurable: true,
    });
    this.code = 'ERR_ASSERTION';
    if (details) {
      this.actual = undefined;
      this.expected = undefined;
      this.operator = undefined;
      details.forEach((one, i) => {
        this[`message ${i}`] = one.message;
        this[`actual ${i}`] = one.actual;
        this[`expected ${i}`] = one.expected;
        this[`operator ${i}`] = one.operator;
      });
    } else {
      this.actual = actual;
      this.expected = expected;
      this.operator = operator;
    }
    Error.captureStackTrace(this, stackStartFn || options.stackStartFunction || AssertionError);
    internal('types').markError(this);
  }
  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

module.exports = AssertionError;
