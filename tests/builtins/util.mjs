// node:util.
import path from 'node:path';
import util, {
  format,
  inspect,
  promisify,
  callbackify,
  inherits,
  deprecate,
  isDeepStrictEqual,
  types,
  parseArgs,
  stripVTControlCharacters,
  styleText,
  toUSVString,
  TextDecoder,
  TextEncoder,
  MIMEType,
} from 'node:util';
const show = (...args) => console.log(...args);
const thrown = (f) => {
  try {
    show('no error', f());
  } catch (error) {
    show(error.name, error.code, error.message);
  }
};
for (const args of [
  ['%s %s', 'a'],
  ['%d %i %f', '42.5', '42.5', '42.5'],
  ['%j', { a: [1] }],
  ['%o', { f() {} }],
  ['%O', { a: { b: { c: { d: 1 } } } }],
  ['%%', 1],
  ['%c styled', 'x'],
  ['%s', Symbol('q')],
  ['%s', 5n],
  ['%d', 5n],
  ['%s', -0],
  [
    '%s',
    {
      toString() {
        return 'own';
      },
    },
  ],
  ['%s', [1, [2, [3]]]],
  ['%s', null],
  ['%s', undefined],
  ['%s', () => 1],
  ['%s', class A {}],
  ['%s', new Error('m').message],
  ['a', 'b', { c: 1 }],
  [1, 2, '3'],
  ['%x', 1],
  ['%', 1],
  [],
  ['%s%s%s', 1],
  ['%i', 'zz'],
  ['%s', new Date(0)],
  ['%d', {}],
  ['100%', 'x'],
])
  show(JSON.stringify(format(...args)));
const o = {
  a: 1,
  b: { c: { d: { e: 1 } } },
  [Symbol('s')]: 2,
  get g() {
    return 5;
  },
  f() {},
  'odd key': [1, , 3],
  u: undefined,
  n: null,
};
for (const options of [
  undefined,
  { depth: 0 },
  { depth: null },
  { compact: false },
  { compact: true },
  { breakLength: 20 },
  { sorted: true },
  { showHidden: true },
  { colors: true },
  { colors: true, compact: false },
])
  show(inspect(o, options));
show(
  inspect([1, 2, 3], { maxArrayLength: 1 }),
  inspect('x'.repeat(20), { maxStringLength: 5 }),
  inspect(1234567.891, { numericSeparator: true }),
  inspect(new Proxy({ a: 1 }, {}), { showProxy: true }),
);
for (const v of [
  new Map([[{ a: 1 }, 'v']]),
  new Set([1, 'a']),
  /re/g,
  new Date(0),
  new Error('e').message,
  Symbol('x'),
  10n,
  -0,
  "it's",
  [undefined, null],
  new (class Foo {
    x = 1;
  })(),
  Object.create(null),
  Promise.resolve(5),
  new Uint8Array(3),
  () => {},
  class A extends Map {},
  function* g() {},
  async () => {},
  new WeakMap(),
  [, 'x'],
  { __proto__: { y: 1 } },
]) {
  show(inspect(v));
  show(inspect(v, { colors: true }));
}
class Custom {
  [inspect.custom](depth, options, i) {
    return `<custom ${depth} ${options.stylize('x', 'special')} ${i === inspect}>`;
  }
}
class CustomObject {
  [inspect.custom]() {
    return { inner: true };
  }
}
class Lines {
  [inspect.custom]() {
    return 'one\ntwo';
  }
}
show(
  inspect(new Custom()),
  inspect({ a: new Custom(), b: [new Custom()] }),
  inspect(new CustomObject()),
  inspect({ l: new Lines() }),
  inspect(new Custom(), { customInspect: false }),
);
console.log('%s|%o', new Custom(), new Custom(), new Custom());
show(inspect({ a: { b: new Custom() } }, { depth: 5 }), inspect(new Map([[new Custom(), 1]])));
show(util.inspect.defaultOptions, inspect.styles, Object.keys(inspect.colors).length > 40);
const p = promisify((x, cb) => cb(x < 0 ? new Error('neg') : null, x * 2));
show(await p(4));
await p(-1).catch((error) => show(error.message));
show(promisify(setTimeout).name, await promisify((cb) => cb(null, 'a', 'b'))());
const withCustom = () => {};
withCustom[promisify.custom] = async () => 'custom';
show(await promisify(withCustom)());
thrown(() => promisify(5));
const cb = callbackify(async (x) => {
  if (x) throw x;
  return 'ok';
});
await new Promise((r) =>
  cb(null, (error, v) => {
    show(error, v);
    r();
  }),
);
await new Promise((r) =>
  cb(new Error('bad'), (error, v) => {
    show(error.message, v);
    r();
  }),
);
await new Promise((r) =>
  callbackify(() => Promise.reject(null))((error) => {
    show(error.code, error.message, error.reason);
    r();
  }),
);
function A() {}
function B() {}
inherits(B, A);
show(B.super_ === A, new B() instanceof A);
thrown(() => inherits(B, undefined));
const pairs = [
  [{ a: 1 }, { a: 1 }],
  [{ a: 1 }, { a: '1' }],
  [
    [1, [2]],
    [1, [2]],
  ],
  [new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]])],
  [new Set([{ a: 1 }]), new Set([{ a: 1 }])],
  [NaN, NaN],
  [0, -0],
  [new Date(1), new Date(1)],
  [/a/g, /a/i],
  [new Error('a'), new Error('a')],
  [Object(1), Object(1)],
  [
    [1, , 3],
    [1, undefined, 3],
  ],
  [new Uint8Array([1]), new Uint8Array([1])],
  [{ a: undefined }, {}],
  [{}, []],
  [null, {}],
  ['a', 'a'],
  [Symbol.for('x'), Symbol.for('x')],
  [new Set([1, 2]), new Set([2, 1])],
  [
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
    new Map([
      ['b', 2],
      ['a', 1],
    ]),
  ],
];
for (const [a, b] of pairs) show(isDeepStrictEqual(a, b));
const c1 = { x: 1 };
c1.self = c1;
const c2 = { x: 1 };
c2.self = c2;
show(isDeepStrictEqual(c1, c2));
const values = [
  new Date(),
  /x/,
  new Map(),
  new Set(),
  Promise.resolve(),
  new Proxy({}, {}),
  new Error(),
  Object(1),
  Object('s'),
  Object(true),
  Object(1n),
  Object(Symbol()),
  new Uint8Array(),
  new Float64Array(),
  new ArrayBuffer(1),
  new DataView(new ArrayBuffer(1)),
  (function () {
    return arguments;
  })(),
  async () => {},
  function* () {},
  (function* () {})(),
  new Map().keys(),
  new Set().values(),
  new WeakMap(),
  new WeakSet(),
  {},
  [],
  1,
  null,
  undefined,
  new BigInt64Array(),
];
for (const name of Object.keys(types).sort())
  show(
    name,
    values
      .map((v) => {
        try {
          return types[name](v) ? 1 : 0;
        } catch {
          return 'x';
        }
      })
      .join(''),
  );
thrown(() => parseArgs({ args: ['--foo'] }));
thrown(() => parseArgs({ args: ['pos'] }));
thrown(() => parseArgs({ args: ['--n'], options: { n: { type: 'string' } } }));
thrown(() => parseArgs({ args: ['--b=1'], options: { b: { type: 'boolean' } } }));
thrown(() => parseArgs({ options: { a: { type: 'x' } } }));
show(
  parseArgs({
    args: ['-f', '--bar', 'b', '-xyz', '--', 'p', '-q'],
    options: {
      f: { type: 'boolean', short: 'f' },
      bar: { type: 'string' },
      x: { type: 'boolean', short: 'x' },
      y: { type: 'boolean', short: 'y' },
      z: { type: 'boolean', short: 'z' },
      d: { type: 'string', default: 'dd' },
    },
    allowPositionals: true,
    tokens: true,
  }),
);
show(
  parseArgs({
    args: ['-a1', '-a', '2', '--a=3'],
    options: { a: { type: 'string', short: 'a', multiple: true } },
  }).values,
  parseArgs({ args: ['--no-color', 'x', '--any=1', '-u'], strict: false }),
  parseArgs({ args: ['--no-color'], options: { color: { type: 'boolean' } }, allowNegative: true })
    .values,
);
show(
  stripVTControlCharacters('\u001b[31mred\u001b[39m'),
  JSON.stringify(styleText('red', 'x')),
  JSON.stringify(styleText(['bold', 'underline'], 'y')),
  JSON.stringify(toUSVString('a\ud800')),
);
thrown(() => styleText('nocolor', 'x'));
const enc = new TextEncoder();
show(enc.encode('é€😀\ud800'), enc.encodeInto('a€b', new Uint8Array(3)), enc.encoding, enc);
for (const label of ['utf-8', 'UTF8', 'utf-16le', 'latin1', 'ascii'])
  show(new TextDecoder(label).encoding);
thrown(() => new TextDecoder('nope'));
thrown(() => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255])));
const d = new TextDecoder();
show(
  JSON.stringify([
    d.decode(new Uint8Array([0xef, 0xbb, 0xbf, 97])),
    d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }),
    d.decode(new Uint8Array([0xac, 98])),
    d.decode(new Uint8Array([0xf0, 0x9f, 0x41, 0xc3])),
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 97])),
    new TextDecoder('utf-16le').decode(new Uint8Array([97, 0, 0, 0xd8])),
    new TextDecoder('latin1').decode(new Uint8Array([128, 233])),
  ]),
);
const m = new MIMEType('Text/HTML; charset="utf-8";q=1');
show(m.essence, m.params.get('charset'), String(m));
thrown(() => new MIMEType('bad'));
show(
  util.getSystemErrorName(-2),
  util.getSystemErrorMap().get(-2),
  util.types.isDate(new Date()),
  util.isArray([]),
  Object.keys(util)
    .filter(
      (k) =>
        ![
          'getCallSite',
          '_exceptionWithHostPort',
          'setTraceSigInt',
          'diff',
          'isDeepEqual',
        ].includes(k),
    )
    .sort()
    .join(),
);
show(
  util.inspect(new Error('with code', { cause: 'c' })).split('\n')[0],
  util.deprecate(function named(a, b) {
    return a + b;
  }, 'old')(1, 2),
);
show(util.aborted.length, util._extend({ a: 1 }, { b: 2 }));

// Columns are where each engine puts them.
const place = (site) => [site.functionName, path.basename(site.scriptName), site.lineNumber];
const mine = (sites) => sites.filter((site) => site.scriptName.startsWith('file:')).map(place);
function inner(...args) {
  return util.getCallSites(...args);
}
function outer(...args) {
  return inner(...args);
}
const isHere = (sites) => mine(sites).map(([name]) => name).join();
show(isHere(outer()), isHere(outer(1)), isHere(outer(2, { sourceMap: true })), outer(1).length);
show(Object.keys(outer()[0]).join(), Object.getPrototypeOf(outer()[0]));
const [first, second] = mine(outer());
show(second[2] - first[2], first[1] === second[1]);
for (const args of [[0], [201], ['x'], [true], [1, 5], [{ sourceMap: 1 }]]) {
  try {
    outer(...args);
    show('no error');
  } catch (error) {
    show(error.name, error.code, error.message);
  }
}
