// node:path, both kinds, over a list of odd paths.
import path, { posix, win32 } from 'node:path';
import * as posixModule from 'node:path/posix';
console.log(
  path === posix,
  posixModule.default === posix,
  path.sep,
  path.delimiter,
  win32.sep,
  win32.delimiter,
);
console.log(Object.keys(path).sort().join());
const paths = [
  '',
  '.',
  '..',
  '/',
  '//',
  '///',
  'a',
  'a/',
  '/a',
  '/a/',
  '//a',
  'a//b',
  './a',
  '../a',
  'a/..',
  'a/../..',
  '/..',
  '/../a',
  'a/b/../../c',
  'a/./b/.',
  '.hidden',
  'a.b.c',
  'a.',
  '.a.b',
  '..a',
  'a/.b',
  '/a/b.txt',
  '/a/b.txt/',
  'foo/bar.html//',
  'a\\b',
  'C:\\',
  'C:',
  'C:a',
  'C:\\a\\..\\b',
  'c:/a//b',
  '\\\\server\\share',
  '\\\\server\\share\\dir\\f.x',
  '\\a',
  'a\\',
  '...',
  '....',
  'x/...',
  'file.ext.',
  ' ',
];
for (const p of paths) {
  for (const [name, which] of [
    ['posix', posix],
    ['win32', win32],
  ]) {
    console.log(
      name,
      JSON.stringify(p),
      JSON.stringify([
        which.normalize(p),
        which.dirname(p),
        which.basename(p),
        which.extname(p),
        which.isAbsolute(p),
      ]),
    );
    console.log('  ', JSON.stringify(which.parse(p)), JSON.stringify(which.format(which.parse(p))));
  }
}
for (const args of [
  [],
  ['a', 'b'],
  ['/a', '../b'],
  ['a', '', 'b'],
  ['', ''],
  ['/', 'a/'],
  ['a/', '/b'],
  ['..', '..'],
  ['.', 'a', '.'],
  ['a', '../../b'],
]) {
  console.log(
    JSON.stringify(args),
    posix.join(...args),
    win32.join(...args),
    posix.resolve('/w', ...args),
    win32.resolve('C:\\w', ...args),
  );
}
for (const [a, b] of [
  ['/a/b/c', '/a/d'],
  ['/a', '/a'],
  ['/a/b', '/a/b/c/d'],
  ['/', '/x'],
  ['/x/y', '/'],
  ['/foo/bar', '/foo/barbaz'],
  ['/a/', '/a/b/'],
]) {
  console.log(posix.relative(a, b), '|', win32.relative(`C:${a}`, `C:${b}`));
}
for (const suffix of ['.txt', 'txt', 'b.txt', '', 'zzzzzzzzzzzzzz'])
  console.log(path.basename('/a/b.txt', suffix));
console.log(
  path.format({ dir: '/d', name: 'n', ext: 'e' }),
  path.format({ root: '/', base: 'b' }),
  path.format({ name: 'n', ext: '.e' }),
);
console.log(posix.toNamespacedPath('/a'), win32.toNamespacedPath('C:\\a'));
for (const f of [
  () => path.join('a', 1),
  () => path.dirname(null),
  () => path.basename('a', 5),
  () => path.format('x'),
  () => path.resolve({}),
]) {
  try {
    f();
  } catch (error) {
    console.log(error.name, error.code, error.message);
  }
}
