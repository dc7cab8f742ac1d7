// node:fs and node:fs/promises, in a folder of their own.
import fs, { promises, constants } from 'node:fs';
import * as fsp from 'node:fs/promises';
import path from 'node:path';
const show = (...args) => console.log(...args);
const base = fs.mkdtempSync('/tmp/fs-');
const at = (...p) => path.join(base, ...p);
const hide = (t) => (typeof t === 'string' ? t.replaceAll(base, '<base>') : t);
const thrown = (f) => {
  try {
    show('no error', f());
  } catch (error) {
    show(
      error.name,
      error.code,
      error.errno,
      error.syscall,
      hide(error.path),
      hide(error.dest),
      hide(error.message),
    );
  }
};
show(/^\/tmp\/fs-\w{6}$/.test(base));
fs.writeFileSync(at('a.txt'), 'héllo');
show(
  fs.readFileSync(at('a.txt'), 'utf8'),
  fs.readFileSync(at('a.txt')),
  fs.readFileSync(at('a.txt'), { encoding: 'base64' }),
);
fs.appendFileSync(at('a.txt'), Buffer.from(' wörld'));
show(fs.readFileSync(at('a.txt'), 'latin1').length);
fs.writeFileSync(at('b'), new Uint8Array([1, 2, 3]));
fs.writeFileSync(at('b'), 'x', { flag: 'a' });
show(fs.readFileSync(new URL(`file://${at('b')}`)));
thrown(() => fs.writeFileSync(at('b'), 'x', { flag: 'wx' }));
const s = fs.statSync(at('a.txt'));
show(
  s.isFile(),
  s.isDirectory(),
  s.isSymbolicLink(),
  s.size,
  s.mode.toString(8).slice(0, 3),
  s.mtime instanceof Date,
  Math.abs(Date.now() - s.mtimeMs) < 60000,
  fs.statSync(base).isDirectory(),
  fs.statSync(at('a.txt'), { bigint: true }).size,
  s instanceof fs.Stats,
);
show(fs.statSync(at('none'), { throwIfNoEntry: false }));
for (const f of [
  () => fs.readFileSync(at('none')),
  () => fs.readFileSync(base),
  () => fs.statSync(at('none')),
  () => fs.lstatSync(at('none')),
  () => fs.readdirSync(at('none')),
  () => fs.readdirSync(at('b')),
  () => fs.mkdirSync(base),
  () => fs.mkdirSync(at('x', 'y')),
  () => fs.rmdirSync(at('b')),
  () => fs.unlinkSync(at('none')),
  () => fs.renameSync(at('none'), at('o')),
  () => fs.copyFileSync(at('none'), at('o')),
  () => fs.copyFileSync(at('a.txt'), at('b'), constants.COPYFILE_EXCL),
  () => fs.accessSync(at('none')),
  () => fs.accessSync(at('b'), constants.X_OK),
  () => fs.readlinkSync(at('b')),
  () => fs.realpathSync(at('none')),
  () => fs.truncateSync(at('none')),
  () => fs.utimesSync(at('none'), 1, 1),
  () => fs.openSync(at('none')),
  () => fs.closeSync(9999),
  () => fs.readSync(9999, Buffer.alloc(1)),
  () => fs.mkdtempSync(at('no', 'x')),
  () => fs.opendirSync(at('none')),
  () => fs.writeFileSync(base, 'x'),
  () => fs.writeFileSync(at('no', 'x'), 'x'),
  () => fs.rmSync(at('none')),
  () => fs.symlinkSync('x', at('b')),
  () => fs.writeFileSync(at('b', 'c'), ''),
])
  thrown(f);
for (const f of [
  () => fs.readFileSync(5.5),
  () => fs.readFileSync({}),
  () => fs.readFileSync('a\0b'),
  () => fs.writeFileSync(at('q'), {}),
  () => fs.readFileSync(at('b'), 'nope'),
  () => fs.openSync(at('b'), 'zz'),
  () => fs.readFile(at('b')),
  () => fs.existsSync(),
  () => fs.mkdirSync(at('q'), { recursive: 5 }),
  () => fs.closeSync('x'),
])
  thrown(f);
show(
  fs.mkdirSync(at('d')),
  hide(fs.mkdirSync(at('d', 'e', 'f', 'g'), { recursive: true })),
  fs.mkdirSync(at('d', 'e'), { recursive: true }),
);
fs.writeFileSync(at('d', 'e', 'file'), '1');
fs.symlinkSync('e/file', at('d', 'link'));
fs.symlinkSync('nowhere', at('d', 'broken'));
show(
  fs.readdirSync(at('d')).sort(),
  fs.readdirSync(at('d'), { recursive: true }).sort(),
  fs
    .readdirSync(at('d'), { withFileTypes: true })
    .map((e) => [e.name, e.isFile(), e.isDirectory(), e.isSymbolicLink(), hide(e.parentPath)])
    .sort(),
  fs.readdirSync(at('d'), 'buffer').length,
);
show(
  fs.readlinkSync(at('d', 'link')),
  fs.readFileSync(at('d', 'link'), 'utf8'),
  fs.lstatSync(at('d', 'link')).isSymbolicLink(),
  fs.existsSync(at('d', 'broken')),
  fs.existsSync(at('d', 'link')),
  hide(fs.realpathSync(at('d', 'link'))),
  hide(fs.realpathSync.native(at('d', '..', 'd', 'e'))),
);
thrown(() => fs.statSync(at('d', 'broken')));
fs.renameSync(at('d', 'e', 'file'), at('moved'));
show(fs.readFileSync(at('moved'), 'utf8'), fs.existsSync(at('d', 'e', 'file')));
fs.copyFileSync(at('moved'), at('copied'));
show(fs.readFileSync(at('copied'), 'utf8'));
fs.truncateSync(at('copied'), 0);
show(fs.statSync(at('copied')).size);
fs.truncateSync(at('copied'), 3);
show(fs.readFileSync(at('copied')));
fs.utimesSync(at('copied'), 1, 2);
show(fs.statSync(at('copied')).mtimeMs, fs.statSync(at('copied')).mtime);
fs.utimesSync(at('copied'), new Date(5000), new Date(6500));
show(fs.statSync(at('copied')).mtimeMs);
thrown(() => fs.rmdirSync(at('d')));
thrown(() => fs.rmSync(at('d')));
fs.rmSync(at('d'), { recursive: true });
show(fs.existsSync(at('d')), fs.rmSync(at('none'), { force: true }));
const fd = fs.openSync(at('h'), 'w+');
show(
  typeof fd,
  fs.writeSync(fd, 'hello world'),
  fs.writeSync(fd, Buffer.from('XYZ'), 1, 1, 0),
  fs.writeSync(fd, 'é', 20),
);
const buf = Buffer.alloc(8);
show(
  fs.readSync(fd, buf, 0, 5, 0),
  buf,
  fs.readSync(fd, buf, { position: 6, length: 3 }),
  buf,
  fs.fstatSync(fd).size,
  fs.readSync(fd, buf, 0, 8, 100),
);
fs.ftruncateSync(fd, 4);
show(fs.readFileSync(at('h'), 'utf8'));
fs.futimesSync(fd, 1, 1);
fs.closeSync(fd);
thrown(() => fs.closeSync(fd));
const ro = fs.openSync(at('h'));
thrown(() => fs.writeSync(ro, 'x'));
show(fs.readFileSync(ro, 'utf8'), fs.readFileSync(ro, 'utf8'));
fs.closeSync(ro);
const ap = fs.openSync(at('h'), 'a');
fs.writeSync(ap, '1');
fs.writeSync(ap, '2', 0);
fs.closeSync(ap);
show(fs.readFileSync(at('h'), 'utf8'));
const v = fs.openSync(at('v'), 'w+');
show(
  fs.writevSync(v, [Buffer.from('ab'), Buffer.from('cd')]),
  fs.readvSync(v, [Buffer.alloc(1), Buffer.alloc(9)], 0),
);
fs.closeSync(v);
const cb = (f, ...args) => new Promise((resolve) => f(...args, (...results) => resolve(results)));
show(
  await cb(fs.writeFile, at('cb'), 'cb'),
  await cb(fs.readFile, at('cb'), 'utf8'),
  (await cb(fs.readFile, at('none')))[0].code,
  await cb(fs.mkdir, at('cbd')),
  (await cb(fs.stat, at('cbd')))[1].isDirectory(),
  await cb(fs.exists.bind(fs), at('cb')),
  await cb(fs.access, at('cb')),
  (await cb(fs.readdir, base))[1].includes('cb'),
);
show(
  await fsp.readFile(at('cb'), 'utf8'),
  promises === fsp.default,
  fs.promises.readFile === fsp.readFile,
);
await fsp.writeFile(at('p'), ['a', 'b']);
await fsp.appendFile(at('p'), 'c');
show(await fsp.readFile(at('p'), { encoding: 'utf8' }));
await fsp.readFile(at('none')).catch((e) => show(e.code, e.syscall, hide(e.message)));
await fsp.access(at('none')).catch((e) => show(e.code));
const h = await fsp.open(at('fh'), 'w+');
show(
  typeof h.fd,
  (await h.write('abc')).bytesWritten,
  (await h.read(Buffer.alloc(3), 0, 3, 0)).bytesRead,
  (await h.stat()).size,
);
await h.writeFile('def');
await h.close();
show(await fsp.readFile(at('fh'), 'utf8'), h.fd);
for await (const line of (await fsp.open(at('fh'))).readLines()) show(line);
await fsp.mkdir(at('t', 'u'), { recursive: true });
await fsp.writeFile(at('t', 'u', '1'), '1');
await fsp.cp(at('t'), at('t2'), { recursive: true });
show((await fsp.readdir(at('t2'), { recursive: true })).sort());
for await (const e of await fsp.opendir(at('t2'))) show(e.name, e.isDirectory());
await fsp.rm(at('t2'), { recursive: true, force: true });
show(
  (await fsp.stat(at('t'))).isDirectory(),
  await fsp.rmdir(at('t2')).catch((e) => e.code),
  await fsp.rename(at('t'), at('t3')),
  await fsp.unlink(at('p')),
  hide(await fsp.realpath(at('t3'))),
);
const out = fs.createWriteStream(at('st'));
out.write('one ');
out.end('two');
await new Promise((r) => out.on('finish', r));
let all = '';
for await (const c of fs.createReadStream(at('st'), { encoding: 'utf8', start: 2, end: 4 }))
  all += c;
show(all, out.bytesWritten);
await new Promise((r) =>
  fs.createReadStream(at('none')).on('error', (e) => {
    show(e.code);
    r();
  }),
);
show(
  constants.O_RDONLY,
  constants.O_CREAT,
  fs.constants === constants,
  fs.F_OK,
  Object.keys(fs)
    .filter(
      (k) =>
        ![
          'ReadStream',
          'WriteStream',
          'FileReadStream',
          'FileWriteStream',
          'openAsBlob',
          'mkdtempDisposableSync',
          'Utf8Stream',
        ].includes(k),
    )
    .sort()
    .join(),
);
fs.rmSync(base, { recursive: true });
