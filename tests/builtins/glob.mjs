// Globs: path.matchesGlob, fs.glob, fs.globSync, fsPromises.glob.
import fs from 'node:fs';
import * as fsp from 'node:fs/promises';
import path from 'node:path';
const show = (...args) => console.log(...args);
const globs =
  'a/** a/b {a,b} {1..3} {01..10} {c..a} {a..e..2} a{b,{c,d}}e {a} a?b * .* ?a [.]a !(y) +(a)b ' +
  '*(a)b ** a\\b #a !a [[:alpha:]] a@(b|c) a{ a,b} [a a/{b,c}/d a/**/c *.gz [a-] a b ./a a*b ' +
  '**/x.js **/*.js a/**/**/c a/../b a//b /a/* */ **/ [!a] [^a]b *.{js,ts} ?(a)b a/*/c **/b/** ' +
  '.*/** **/.x []a] a[b-d]e @(a|b*).js !(a|b).js a!(b)c /** / .. a.+b {,a}b x{1..2}{a,b} **a a** ' +
  'a**b *a* [[:digit:]]x a|b (a) a]';
const names =
  'a b a/ a/b a/b/ a/./b a//b 2 05 7 c {a} abe ace ade a.b .a .. . x y aab ab ac .a/b a\\b #a !a ' +
  'a{ a,b} [a a/c/d a/b/c a/c a/b/b/c x.tar.gz - A a/../b ./a a*b x.js a/x.js a/.b/x.js .x a/.x ' +
  'a/.x/c /a/b /a / /a/.b b/a/c ] a] a.js b1.js c.js abc adc axc a.+b aXb xa aa 1x x1a x2b a|b ' +
  '(a) é a/b/b b/b';
for (const glob of globs.split(' ')) {
  show(
    glob,
    ['', ...names.split(' ')].filter((name) => path.matchesGlob(name, glob)).join(' '),
    '|',
    ['a\\b', 'a\\b\\c', 'a/b'].filter((name) => path.win32.matchesGlob(name, glob)).join(' '),
  );
}

const base = fs.mkdtempSync('/tmp/glob-');
for (const folder of ['a/b/.h', '.dot', 'c'])
  fs.mkdirSync(path.join(base, folder), { recursive: true });
for (const file of
  'x.js y.ts a/x.js a/b/z.js a/b/.q.js a/b/.h/k.js .dot/d.js c/x.js .e.js'.split(' '))
  fs.writeFileSync(path.join(base, file), '');
fs.symlinkSync('a', path.join(base, 'link'));
const hide = (text) => text.replaceAll(base, '<base>').replaceAll(path.basename(base), '<name>');
const sorted = (found) => hide(found.sort().join(' '));
for (const pattern of [
  ...('*.js **/*.js ** * a/** a/* ./*.js {a,c}/x.js **/b/* a/b/../x.js nothing/* x.js missing.js ' +
    '[xy].* ?.js **/.* .*/* a/**/*.js **/x.js */ **/ link/* link/** l*/x.js a/{b,x.js} @(x|y).* ' +
    '!(x).js +(x).js x.js/ a//x.js **/** a/**/b [!x].* a\\* {1..3}.js . .. ./a a/.').split(' '),
  '',
  ['*.js', '*.ts'],
  `../${path.basename(base)}/*.js`,
  `${base}/*.js`,
  `${base}/**/b`,
])
  show(
    hide(`${pattern}`),
    '=>',
    sorted(fs.globSync(pattern, { cwd: base })),
  );
show(sorted(fs.globSync('*.js', { cwd: path.join(base, 'a') })));
show(sorted(fs.globSync('**/*.js', { cwd: base, exclude: (name) => name === 'b' })));
show(sorted(fs.globSync('**/*.js', { cwd: base, exclude: ['a/**'] })));
show(sorted(fs.globSync(['**/x.js', 'a/*'], { cwd: base, exclude: ['**/b', 'c'] })));
for (const name of ['c', 'b', 'x.js', 'z.js'])
  for (const pattern of ['*', '**', 'a/*', '**/*.js', 'c', 'c/x.js'])
    show(name, sorted(fs.globSync(pattern, { cwd: base, exclude: (one) => one === name })));
for (const pattern of ['*', 'a/**/*.js']) {
  const entries = fs.globSync(pattern, {
    cwd: base,
    withFileTypes: true,
    exclude: (entry) => entry.name === 'c',
  });
  show(
    sorted(
      entries.map((entry) =>
        [entry.parentPath, entry.name, entry.isDirectory(), entry.isSymbolicLink()].join(),
      ),
    ),
  );
}
for (const [pattern, options] of [
  [5],
  [['a', 5]],
  ['*', { cwd: base, exclude: 5 }],
  ['*', 5],
]) {
  try {
    fs.globSync(pattern, options);
    show('no error');
  } catch (error) {
    show(error.name, error.code, error.message);
  }
}
await new Promise((resolve) =>
  fs.glob('*.js', { cwd: base }, (error, found) => {
    show(error, sorted(found));
    resolve();
  }),
);
const found = [];
for await (const name of fsp.glob('**/*.js', { cwd: base })) found.push(name);
show(sorted(found), fsp.glob('*')[Symbol.toStringTag]);
fs.rmSync(base, { recursive: true });
