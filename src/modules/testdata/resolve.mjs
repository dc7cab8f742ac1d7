// Writes resolve.json: what Node makes of odd specifiers and odd packages. Run with Node 24:
//   node --no-warnings src/modules/testdata/resolve.mjs > src/modules/testdata/resolve.json
//
// The files are made in a new folder, which the answers call "/r". A file whose content begins with
// "->" is a symbolic link.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

const files = {
  'package.json': {
    name: 'self',
    exports: {'.': './a.js', './s/*': './src/*.js', './n/*': null},
    imports: {
      '#a*': './a.js',
      '#ex': './a.js',
      '#fs': 'fs',
      '#p': 'p',
      '#p/*': 'p/*',
      '#none': 'nopkg',
      '#nf': './nf.js',
      '#url': 'https://x/',
      '#null': null,
      '#/x': './a.js',
      '#up': '../x.js',
      '#self': 'self',
      '#self/*': 'self/s/*',
      '#chain': '#ex',
      '#node': 'node:fs',
      '#pct/*': './src/*',
      '#cond': {require: './x.cjs', import: './y.mjs'},
      '#*/b': './src/x.js',
      '#arr': ['nopkg', './a.js'],
    },
  },
  'main.mjs': 'export const resolve = (s) => import.meta.resolve(s), load = (s) => import(s);',
  'a.js': '',
  'src/x.js': '',
  'ts.ts': '',
  'dir/index.js': '',
  'dir2/index.ts': '',
  'x.cjs': '',
  'y.mjs': '',
  'q?x.js': '',
  'h#x.js': '',
  'per%cent.js': '',
  'a b.js': '',
  'é.js': '',
  'c.json': '{}',
  'k.json': '{}',
  'k.node': '',
  'both.js': '',
  'both/index.js': '',
  'js.js/index.js': '',
  'link.js': '->a.js',
  'loop': '->loop',
  'ldir': '->dir',
  'dangling': '->nowhere',
  'elsewhere/index.js': '',
  'elsewhere/package.json': {name: 'lp', type: 'module'},
  'elsewhere/node_modules/near/index.js': '',
  'node_modules/lp': '->../elsewhere',
  'node_modules/p/package.json': {},
  'node_modules/p/index.js': '',
  'node_modules/p/sub/index.js': '',
  'node_modules/p/sub.json': '{}',
  'node_modules/p/node_modules/near/index.js': '',
  'node_modules/@s/q/package.json': {main: './lib/m'},
  'node_modules/@s/q/lib/m.js': '',
  'node_modules/imp/package.json': {imports: [], main: '../p'},
  'node_modules/pat/package.json': {
    exports: {
      './*': './lib/*.js',
      './a/*': './lib/a-*.js',
      './a/b*c': './lib/abc.js',
      './dir/': './lib/',
      './t*r*': './lib/x.js',
      './e/*': ['./lib/none-*.js', './lib/*.js'],
      './null/*': null,
      './*.js': './lib/*.js',
      './q/*': './lib/x.js?*',
      './star/*/x': './lib/*/*.js',
      './x*y': './lib/x.js',
      './pct/*': './lib/%78.js',
      './exact': './lib/x.js',
      './exact*': './lib/abc.js',
      './emp/': null,
    },
  },
  'node_modules/pat/lib/x.js': '',
  'node_modules/pat/lib/a-x.js': '',
  'node_modules/pat/lib/abc.js': '',
  'node_modules/pat/lib/k/k.js': '',
  'node_modules/cond/package.json': {
    exports: {
      '.': {browser: './b.js', 'module-sync': './ms.js', import: './i.js', require: './r.js'},
      './order': {default: './d.js', import: './i.js'},
      './nested': {node: {import: './i.js', nope: './n.js'}, default: './d.js'},
      './through': {import: {nope: './n.js'}, default: './d.js'},
      './stop': {import: null, default: './d.js'},
      './custom': {custom: './c.js', default: './d.js'},
      './none': {nope: './n.js'},
      './array': ['bad', {nope: './n.js'}, null, {require: './r.js'}, './d.js'],
      './number': {1: './d.js', default: './d.js'},
      './number2': {'01': './n.js', default: './d.js'},
      './big': {4294967295: './n.js', default: './d.js'},
    },
  },
  'node_modules/nomain/package.json': {main: 'none'},
  'node_modules/onlyfolder/x.js': '',
  'node_modules/file.js': '',
  'node_modules/fs/index.js': '',
  'node_modules/ob/a.js': '',
  'node_modules/ob/package.json': {exports: {'./a': './a.js'}},
  'node_modules/noself/package.json': {name: 'noself'},
  'node_modules/noself/main.mjs':
      'export const resolve = (s) => import.meta.resolve(s), load = (s) => import(s);',
};
for (const name of ['b', 'ms', 'i', 'r', 'd', 'c', 'n']) files[`node_modules/cond/${name}.js`] = '';

// Packages that differ in their package.json only.
const configs = {
  empty: '',
  blank: '  ',
  null: 'null',
  array: '[]',
  string: '"x"',
  cut: '{',
  comma: '{"a":1,}',
  comment: '{/*x*/}',
  bom: '\ufeff{"main":"m.js"}',
  bom2: '\ufeff\ufeff{}',
  after: '{"main":"m.js"} x',
  quotes: '{\'main\':\'m.js\'}',
  control: '{"main":"m\njs"}',
  duplicate: '{"main":"a.js","main":"m.js"}',
  duplicate_exports: '{"exports":"./a.js","exports":"./m.js"}',
  name_number: '{"name":1,"main":"m.js"}',
  main_number: '{"main":1}',
  main_null: '{"main":null}',
  type_number: '{"type":1,"main":"m.js"}',
  type_other: '{"type":"x","main":"m.js"}',
  key_only: '{"main"}',
  text: 'nope',
  nul: '{"main":"m.js\u0000"}',
  surrogate_key: '{"\\ud800":1,"main":"m.js"}',
  deep: `{"x":${'['.repeat(900)}${']'.repeat(900)},"main":"m.js"}`,
};
const exported = {
  null: null,
  false: false,
  number: 1,
  empty_text: '',
  empty_object: {},
  empty_array: [],
  no_dot: 'm.js',
  array: ['bad', './m.js'],
  array_null: [null],
  array_null2: [null, './m.js'],
  array_bad: ['bad', 'bad2'],
  array_none: [{x: './m.js'}],
  array_first: ['./none.js', './m.js'],
  array_of_number: [{0: './m.js'}, './m.js'],
  mixed: {'.': './m.js', import: './m.js'},
  numeric: {0: './m.js', default: './m.js'},
  up: './../m.js',
  modules: './node_modules/m.js',
  modules2: './NODE_MODULES/m.js',
  modules3: './n%6fde_modules/m.js',
  escaped_up: './%2e%2e/m.js',
  backslash: './a\\..\\m.js',
  dot: './.',
  dots: './a/./m.js',
  missing: './none.js',
  folder: './dir',
  slash: './dir/',
  root: './',
  escaped: './%6d.js',
  separator: './a%2fm.js',
  query: './m.js?x#y',
  absolute: '/m.js',
  url: 'https://x/',
  bare: 'fs',
  double: './a//m.js',
  true_target: {'.': true},
  proto: {__proto__: null, ['__proto__']: './m.js'},
  array_in: {'.': [[['./m.js']]]},
  surrogate: {'.': './m.js', './\ud800': './m.js'},
};
const mains = [
  'dir', '.', '', './', '/m', '../p/index.js', 'm.js?x', '%6d.js', 'm', 'j', 'n', 'dir/',
  'dir\\index.js', '#m.js', 'm.js/', './dir/index', '..'
];
for (const [name, text] of Object.entries(configs))
  files[`node_modules/c-${name}/package.json`] = text;
for (const [name, target] of Object.entries(exported))
  files[`node_modules/e-${name}/package.json`] = {exports: target, main: './m.js'};
mains.forEach((main, i) => (files[`node_modules/m-${i}/package.json`] = {main}));
const odd = [
  ...Object.keys(configs).map((name) => `c-${name}`),
  ...Object.keys(exported).map((name) => `e-${name}`), ...mains.map((_, i) => `m-${i}`)
];
for (const name of odd) {
  for (const file of ['m.js', 'index.js', 'a.js', 'dir/index.js', 'j.json', 'n.node', 'a/m.js']) {
    files[`node_modules/${name}/${file}`] = file.endsWith('json') ? '{}' : '';
  }
}

const specifiers = [
  'self',
  'self/s/x',
  'self/s/none',
  'self/n/x',
  'self/zzz',
  'self/s/',
  '#ab',
  '#a',
  '#abc',
  '#ex',
  '#fs',
  '#p',
  '#p/sub',
  '#p/sub.json',
  '#none',
  '#nf',
  '#url',
  '#null',
  '#/x',
  '#up',
  '#self',
  '#self/x',
  '#chain',
  '#node',
  '#pct/%78.js',
  '#pct/../a.js',
  '#cond',
  '#k/b',
  '#/b',
  '#arr',
  '#',
  '#x/',
  '#undefined',
  '#__proto__',
  './a.js/',
  './none/',
  './dir/',
  './dir',
  './dir/index',
  './a',
  './x',
  './y',
  './ts',
  './dir2',
  './q?x.js',
  './q%3Fx.js',
  './h#x.js',
  './h%23x.js',
  './per%cent.js',
  './per%25cent.js',
  './a b.js',
  './a%20b.js',
  './é.js',
  './%C3%A9.js',
  './%c3%a9.js',
  './c',
  './k',
  './k.node',
  './both',
  './both/',
  './js',
  './js.js',
  'p',
  'p/',
  'p/sub',
  'p/sub/',
  'p/sub.json',
  'p/package.json',
  'p/.',
  'p/..',
  'p/../pat',
  'p/./sub',
  'p/%73ub.json',
  'p/../../a.js',
  'p/node_modules/near',
  '@s/q',
  '@s/q/lib/m.js',
  '@s/q/lib/m',
  '@s/none',
  'near',
  'imp',
  'pat/x',
  'pat/a/x',
  'pat/a/bzc',
  'pat/dir/x',
  'pat/txr',
  'pat/e/x',
  'pat/null/x',
  'pat/x.js',
  'pat/',
  'pat',
  'pat/../x',
  'pat/%2e%2e/x',
  'pat/node_modules/x',
  'pat/a/',
  'pat/q/z',
  'pat/star/k/x',
  'pat//x',
  'pat/a//x',
  'pat/x?y',
  'pat/exact',
  'pat/exactly',
  'pat/xyy',
  'pat/pct/x',
  'pat/*',
  'pat/.',
  'pat/emp/',
  'pat/emp/x',
  'cond',
  'cond/order',
  'cond/nested',
  'cond/through',
  'cond/stop',
  'cond/custom',
  'cond/none',
  'cond/array',
  'cond/number',
  'cond/number2',
  'cond/big',
  'cond/i.js',
  'nomain',
  'onlyfolder',
  'onlyfolder/x',
  'onlyfolder/x.js',
  'file',
  'file.js',
  'ob',
  'ob/b',
  'ob/a',
  'ob/package.json',
  './link.js',
  './loop',
  './ldir/index.js',
  './ldir',
  './dangling',
  'lp',
  'lp/index.js',
  '.',
  '..',
  './',
  '../',
  '/',
  '.x',
  '..x',
  '@s',
  '@s/',
  '@/x',
  '@',
  'a%b',
  'node:fs',
  'fs',
  'node:nope',
  'node:',
  'fs/',
  'fs/promises',
  'fs/x',
  'test',
  'node:test',
  'data:text/javascript,1',
  'data:text/javascript,1?x#y',
  'http://x',
  'HTTPS://x/',
  'p?x',
  'p#x',
  '@a/../p',
  '@a/../../a.js',
  'p\\sub',
  'p/sub\\x',
  '\\p',
  ' p',
  'p ',
  ' ./a.js',
  './a.js ',
  './a.js#h',
  './a.js?',
  './a.js#',
  './a.js?x#y',
  'NODE:fs',
  './a.js%3F',
  './%61.js',
  './a%2fb',
  './a%5cb',
  './a%5Cb',
  './a%00',
  './%zz',
  './%ff',
  './node_modules/p/index.js',
  'constructor',
  '__proto__',
  'x:y',
  'file:',
  'file:x',
  'file://h/x',
  './a.js\n',
  '"',
  './\ud800',
  'p/\ud800',
  '\ud800',
  'punycode',
  'punycode/',
  'sys',
  'node:sqlite',
  'sqlite',
  '//p/x',
  '/./a',
  './/a.js',
  'toString',
  'a\tb',
  './js.js/',
  './dir/.',
  './dir/..',
  './dir/../a.js',
  'p/sub/.',
  '...',
  '.../x',
  './.../x',
  'file:///nope',
  'node:fs/promises',
  'node:test/reporters',
  ...odd,
];
const from_others = {
  'node_modules/noself/main.mjs': ['noself', '#x', 'p', 'self', './none', '..']
};

const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'resolve-')));
const texts = {};
for (const [name, content] of Object.entries(files)) {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  texts[name] = text;
  fs.mkdirSync(path.dirname(path.join(root, name)), {recursive: true});
  if (text.startsWith('->'))
    fs.symlinkSync(text.slice(2), path.join(root, name));
  else
    fs.writeFileSync(path.join(root, name), text);
}
const plain = (text) => text.replaceAll(root, '/r');
const late = new Set([
  'ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT', 'ERR_UNSUPPORTED_ESM_URL_SCHEME',
  'ERR_UNKNOWN_BUILTIN_MODULE'
]);
const import_answer = async ({resolve, load}, specifier) => {
  try {
    const url = resolve(specifier);
    const error = await load(specifier).then(() => null, (error) => error);
    return error && late.has(error.code) ? error.code : plain(url);
  } catch (error) {
    return error.code ?? error.name;
  }
};
const require_answer = (require, specifier) => {
  try {
    const found = require.resolve(specifier);
    if (!found.startsWith('/')) return found.startsWith('node:') ? found : `node:${found}`;
    return plain(pathToFileURL(found).href);
  } catch (error) {
    return error.code ?? error.name;
  }
};
const rows = [];
const ask = async (referrer, all) => {
  const file = path.join(root, referrer);
  const module = await import(pathToFileURL(file).href);
  const require = createRequire(file);
  for (const specifier of all)
    rows.push([
      referrer, specifier, await import_answer(module, specifier),
      require_answer(require, specifier)
    ]);
};
await ask('main.mjs', specifiers);
for (const [referrer, all] of Object.entries(from_others)) await ask(referrer, all);
fs.rmSync(root, {recursive: true});
const lines = (list) => list.map((item) => JSON.stringify(item)).join(',\n');
console.log(`{"files": [\n${lines(Object.entries(texts))}\n],\n"answers": [\n${lines(rows)}\n]}`);
