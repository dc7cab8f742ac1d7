'use strict';
// util.inspect and util.format over the engine's printer. What objects print of themselves is asked
// for first; the printer runs no code of the program.
const natives = internal('inspect');

const custom = Symbol.for('nodejs.util.inspect.custom');

const inspectDefaultOptions = Object.seal({
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
});

const styles = {
  __proto__: null,
  special: 'cyan',
  number: 'yellow',
  bigint: 'yellow',
  boolean: 'yellow',
  undefined: 'grey',
  null: 'bold',
  string: 'green',
  symbol: 'green',
  date: 'magenta',
  regexp: 'red',
  module: 'underline',
};

const colors = {
  __proto__: null,
  reset: [0, 0],
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  blink: [5, 25],
  inverse: [7, 27],
  hidden: [8, 28],
  strikethrough: [9, 29],
  doubleunderline: [21, 24],
  black: [30, 39],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  white: [37, 39],
  bgBlack: [40, 49],
  bgRed: [41, 49],
  bgGreen: [42, 49],
  bgYellow: [43, 49],
  bgBlue: [44, 49],
  bgMagenta: [45, 49],
  bgCyan: [46, 49],
  bgWhite: [47, 49],
  framed: [51, 54],
  overlined: [53, 55],
  gray: [90, 39],
  redBright: [91, 39],
  greenBright: [92, 39],
  yellowBright: [93, 39],
  blueBright: [94, 39],
  magentaBright: [95, 39],
  cyanBright: [96, 39],
  whiteBright: [97, 39],
  bgGray: [100, 49],
  bgRedBright: [101, 49],
  bgGreenBright: [102, 49],
  bgYellowBright: [103, 49],
  bgBlueBright: [104, 49],
  bgMagentaBright: [105, 49],
  bgCyanBright: [106, 49],
  bgWhiteBright: [107, 49],
};
for (const [alias, name] of [
  ['grey', 'gray'],
  ['blackBright', 'gray'],
  ['bgGrey', 'bgGray'],
  ['bgBlackBright', 'bgGray'],
  ['faint', 'dim'],
  ['crossedout', 'strikethrough'],
  ['strikeThrough', 'strikethrough'],
  ['crossedOut', 'strikethrough'],
  ['conceal', 'hidden'],
  ['swapColors', 'inverse'],
  ['swapcolors', 'inverse'],
  ['doubleUnderline', 'doubleunderline'],
]) {
  Object.defineProperty(colors, alias, {
    __proto__: null,
    configurable: true,
    enumerable: false,
    get() {
      return this[name];
    },
    set(value) {
      this[name] = value;
    },
  });
}

function stylizeWithColor(text, style) {
  const name = inspect.styles[style];
  if (name === undefined) return text;
  const color = inspect.colors[name];
  return color === undefined ? text : `\u001b[${color[0]}m${text}\u001b[${color[1]}m`;
}

function number(value, otherwise) {
  if (value === null) return Infinity;
  return typeof value === 'number' ? value : otherwise;
}

function print(value, options, texts) {
  const { compact } = options;
  const flags =
    (options.showHidden ? 1 : 0) |
    (options.showProxy ? 2 : 0) |
    (options.sorted ? 4 : 0) |
    (options.numericSeparator ? 8 : 0) |
    (compact === true ? 16 : 0) |
    (options.colors ? 32 : 0);
  return natives.inspect(
    value,
    flags,
    number(options.depth === undefined ? null : options.depth, 2),
    number(options.breakLength, 80),
    number(options.maxArrayLength, 100),
    number(options.maxStringLength, 10000),
    compact === true ? 3 : compact === false ? 0 : number(compact, 3),
    texts,
  );
}

// What `object` prints of itself; `level` objects stand around it.
function ownText(object, level, options) {
  const depth =
    options.depth === undefined || options.depth === null ? Infinity : options.depth - level;
  const given = { ...options };
  if (options.colors) given.stylize = stylizeWithColor;
  else given.stylize = (text) => `${text}`;
  given.depth = depth;
  const text = object[custom](depth, given, inspect);
  if (text === object) return undefined;
  if (typeof text !== 'object' || text === null) return `${text}`;
  return formatValue(text, { ...options, depth });
}

function formatValue(value, options) {
  let texts;
  if (options.customInspect && (typeof value === 'object' || typeof value === 'function')) {
    const found = natives.findCustom(
      value,
      custom,
      number(options.depth === undefined ? null : options.depth, 2),
      number(options.maxArrayLength, 100),
      options.showHidden,
    );
    if (found.length > 0) {
      texts = [];
      for (let i = 0; i < found.length; i += 2) {
        if (found[i][custom] === inspect) continue;
        const text = ownText(found[i], found[i + 1], options);
        if (text !== undefined) {
          texts[texts.length] = found[i];
          texts[texts.length] = text;
        }
      }
    }
  }
  return print(value, options, texts);
}

function inspect(value, options) {
  const all = { ...inspectDefaultOptions };
  if (arguments.length > 1) {
    if (arguments.length > 2) {
      if (arguments[2] !== undefined) all.depth = arguments[2];
      if (arguments.length > 3 && arguments[3] !== undefined) all.colors = arguments[3];
    }
    if (typeof options === 'boolean') {
      all.showHidden = options;
    } else if (options) {
      for (const key of Object.keys(options)) {
        if (Object.hasOwn(inspectDefaultOptions, key)) all[key] = options[key];
      }
    }
  }
  if (all.maxArrayLength === null) all.maxArrayLength = Infinity;
  if (all.maxStringLength === null) all.maxStringLength = Infinity;
  return formatValue(value, all);
}
inspect.custom = custom;
inspect.colors = colors;
inspect.styles = styles;
Object.defineProperty(inspect, 'defaultOptions', {
  __proto__: null,
  get() {
    return inspectDefaultOptions;
  },
  set(options) {
    require('internal/validators').validateObject(options, 'options');
    return Object.assign(inspectDefaultOptions, options);
  },
});

// ---- format -------------------------------------------------------------------------------------

function hasBuiltInToString(value) {
  const details = internal('types').proxyDetails(value);
  if (details !== undefined) value = details[0];
  if (value === null || value === undefined) return true;
  if (!Object.hasOwn(value, 'toString') === false || Object.hasOwn(value, Symbol.toPrimitive)) {
    return false;
  }
  if (typeof value.toString !== 'function') return true;
  let pointer = value;
  do {
    pointer = Object.getPrototypeOf(pointer);
    if (pointer === null) return true;
  } while (!Object.hasOwn(pointer, 'toString'));
  const descriptor = Object.getOwnPropertyDescriptor(pointer, 'constructor');
  return (
    descriptor !== undefined &&
    typeof descriptor.value === 'function' &&
    Object.hasOwn(primordials, descriptor.value.name) &&
    primordials[descriptor.value.name] === descriptor.value
  );
}

function formatNumber(value, separator) {
  return print(value, { numericSeparator: separator, depth: 2 });
}

function tryStringify(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error?.name === 'TypeError' && /circular/.test(error.message)) return '[Circular]';
    throw error;
  }
}

const forFormat = { __proto__: null, ...inspectDefaultOptions, breakLength: 80 };

function formatWithOptions(options, ...args) {
  return formatAll(options, args);
}
function format(...args) {
  return formatAll(undefined, args);
}

function with_(options, more) {
  return { ...forFormat, ...options, ...more };
}

function formatAll(options, args) {
  const first = args[0];
  let at = 0;
  let text = '';
  let join = '';
  if (typeof first === 'string') {
    if (args.length === 1) return first;
    let last = 0;
    for (let i = 0; i < first.length - 1; i++) {
      if (first[i] !== '%') continue;
      const next = first[++i];
      if (at + 1 !== args.length) {
        let piece;
        const value = args[at + 1];
        switch (next) {
          case 's':
            if (typeof value === 'number' || typeof value === 'bigint')
              piece = formatNumber(value, options?.numericSeparator);
            else if (typeof value !== 'object' || value === null || !hasBuiltInToString(value))
              piece = String(value);
            else piece = inspect(value, with_(options, { depth: 0, colors: false, compact: 3 }));
            break;
          case 'j':
            piece = tryStringify(value);
            break;
          case 'd':
            if (typeof value === 'bigint') piece = formatNumber(value, options?.numericSeparator);
            else if (typeof value === 'symbol') piece = 'NaN';
            else piece = formatNumber(Number(value), options?.numericSeparator);
            break;
          case 'O':
            piece = inspect(value, with_(options));
            break;
          case 'o':
            piece = inspect(value, with_(options, { showHidden: true, showProxy: true, depth: 4 }));
            break;
          case 'i':
            if (typeof value === 'bigint') piece = formatNumber(value, options?.numericSeparator);
            else if (typeof value === 'symbol') piece = 'NaN';
            else piece = formatNumber(parseInt(value), options?.numericSeparator);
            break;
          case 'f':
            if (typeof value === 'symbol') piece = 'NaN';
            else piece = formatNumber(parseFloat(value), options?.numericSeparator);
            break;
          case 'c':
            piece = '';
            break;
          case '%':
            text += first.slice(last, i);
            last = i + 1;
            continue;
          default:
            continue;
        }
        if (last !== i - 1) text += first.slice(last, i - 1);
        text += piece;
        last = i + 1;
        at++;
      } else if (next === '%') {
        text += first.slice(last, i);
        last = i + 1;
      }
    }
    if (last !== 0) {
      at++;
      join = ' ';
      if (last < first.length) text += first.slice(last);
    }
  }
  while (at < args.length) {
    const value = args[at];
    text += join;
    text += typeof value !== 'string' ? inspect(value, with_(options)) : value;
    join = ' ';
    at++;
  }
  return text;
}

module.exports = {
  inspect,
  format,
  formatWithOptions,
  stylizeWithColor,
  colors,
};
