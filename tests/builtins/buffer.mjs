// node:buffer.
import buffer, { Buffer, Blob, File, constants, isUtf8, isAscii, transcode } from 'node:buffer';
const show = (...args) => console.log(...args);
const thrown = (f) => {
  try {
    show('no error', f());
  } catch (error) {
    show(error.name, error.code, error.message);
  }
};
const encodings = [
  'utf8',
  'utf-8',
  'UTF8',
  'ucs2',
  'utf16le',
  'latin1',
  'binary',
  'ascii',
  'base64',
  'base64url',
  'hex',
];
const texts = [
  '',
  'a',
  'ab',
  'abc',
  'héllo',
  '€uro',
  '😀',
  '\ud800x',
  'Zm9v',
  'Zm9vYg==',
  'Zm9v_-8',
  '48656c6c6f',
  '4865zz',
  'abc\0d',
  '  YQ = =',
  '\u00ff\u0100',
];
for (const encoding of encodings)
  for (const text of texts)
    show(
      encoding,
      JSON.stringify(text),
      Buffer.from(text, encoding),
      Buffer.byteLength(text, encoding),
    );
const bytes = Buffer.from([
  0, 1, 65, 127, 128, 195, 169, 226, 130, 172, 240, 159, 152, 128, 255, 254, 237, 160, 128, 193,
  224, 128,
]);
for (const encoding of encodings)
  show(
    encoding,
    JSON.stringify(bytes.toString(encoding)),
    JSON.stringify(bytes.toString(encoding, 3, 9)),
  );
show(
  Buffer.from([1.9, -1, 256, '7', 'x', null]),
  Buffer.from({ length: 3, 0: 1, 1: 2 }),
  Buffer.from(new Uint16Array([1, 256, 300])),
  Buffer.from(Buffer.from('copy')),
);
show(
  Buffer.from(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2),
  Buffer.from({ type: 'Buffer', data: [9, 8] }),
  Buffer.from(new String('boxed')),
  Buffer.from({ [Symbol.toPrimitive]: () => 'prim' }),
);
for (const value of [5, null, undefined, {}, true, Symbol('x'), () => 1, 5n])
  thrown(() => Buffer.from(value));
thrown(() => Buffer.from('a', 'nope'));
thrown(() => Buffer.alloc(-1));
thrown(() => Buffer.alloc('5'));
thrown(() => Buffer.concat('x'));
thrown(() => Buffer.concat(['x']));
thrown(() => Buffer.from(new ArrayBuffer(4), 5));
thrown(() => Buffer.from(new ArrayBuffer(4), 1, 9));
show(
  Buffer.alloc(5),
  Buffer.alloc(5, 'ab'),
  Buffer.alloc(5, 7),
  Buffer.alloc(4, 'YQ==', 'base64'),
  Buffer.alloc(3, ''),
  Buffer.allocUnsafe(2).length,
);
show(
  Buffer.concat([Buffer.from('ab'), Buffer.from('cd')]),
  Buffer.concat([Buffer.from('abc')], 2),
  Buffer.concat([Buffer.from('abc')], 5),
  Buffer.concat([]),
);
show(
  Buffer.isBuffer(bytes),
  Buffer.isBuffer(new Uint8Array()),
  Buffer.isEncoding('UTF-8'),
  Buffer.isEncoding('x'),
  Buffer.isEncoding(5),
);
show(
  Buffer.compare(Buffer.from('a'), Buffer.from('b')),
  Buffer.from('b').compare(Buffer.from('a')),
  Buffer.from('abc').compare(Buffer.from('xabcx'), 1, 4),
  Buffer.from('a').equals(Buffer.from('a')),
);
const b = Buffer.from('this is a buffer this');
for (const args of [
  ['is'],
  ['is', 4],
  ['this', 1],
  [Buffer.from('a buffer')],
  [97],
  [99999],
  ['is', -4],
  ['zz'],
  [''],
  ['', 5],
  ['', 99],
  ['t', NaN],
  [97 + 256],
])
  show(b.indexOf(...args), b.lastIndexOf(...args), b.includes(...args));
show(
  Buffer.from('\u039a\u0391\u03a3', 'utf16le').indexOf('\u0391', 0, 'utf16le'),
  Buffer.from('abcdef').indexOf('ZGU=', 'base64'),
);
thrown(() => b.indexOf({}));
const s = Buffer.from('abcdef');
const part = s.slice(1, 4);
part[0] = 88;
show(
  s.toString(),
  part,
  s.subarray(-3, -1).toString(),
  s.slice(3, 1).length,
  part.parent === s.buffer,
  part.byteOffset - s.byteOffset,
);
show(
  Buffer.from('abcdef').fill('xy', 1, 5),
  Buffer.alloc(4).fill(0x161),
  Buffer.alloc(4).fill('é'),
  Buffer.alloc(6).fill('0102', 'hex'),
  Buffer.alloc(3).fill(Buffer.from([1, 2])),
);
thrown(() => Buffer.alloc(2).fill('zz', 'hex'));
thrown(() => Buffer.alloc(2).fill('a', 5));
thrown(() => Buffer.alloc(2).fill('a', 0, 1, 'foo'));
const w = Buffer.alloc(10);
show(
  w.write('héllo'),
  w.write('xyz', 7),
  w.write('abcdef', 8),
  w.write('ff00', 1, 'hex'),
  w.write('abc', 2, 2),
  w.write('€', 9),
  w,
);
thrown(() => w.write('a', 11));
thrown(() => w.write(5));
thrown(() => w.write('a', -1));
show(
  JSON.stringify(Buffer.from('hi')),
  Buffer.from('abcd').swap16(),
  Buffer.from('abcd').swap32(),
  Buffer.from('abcdefgh').swap64(),
);
thrown(() => Buffer.from('abc').swap16());
const t = Buffer.alloc(5);
show(
  Buffer.from('hello').copy(t, 1, 2),
  t,
  Buffer.from('hello').copy(t, 9),
  Buffer.from('hello').copy(t, 0, 0, 99),
  t,
);
thrown(() => s.copy(t, -1));
thrown(() => s.copy(t, 0, 99));
const n = Buffer.alloc(8);
for (const name of [
  'UInt8',
  'Int8',
  'UInt16LE',
  'UInt16BE',
  'Int16LE',
  'Int16BE',
  'UInt32LE',
  'UInt32BE',
  'Int32LE',
  'Int32BE',
  'FloatLE',
  'FloatBE',
  'DoubleLE',
  'DoubleBE',
]) {
  n.fill(0);
  show(name, n[`write${name}`](100.5, 0), n, n[`read${name}`](0));
  thrown(() => n[`write${name}`](1e20, 0));
  thrown(() => n[`write${name}`](1, 8));
  thrown(() => n[`read${name}`](8));
  thrown(() => n[`read${name}`](1.5));
  thrown(() => n[`read${name}`]('0'));
  if (name.startsWith('Int')) {
    n[`write${name}`](-5);
    show(n, n[`read${name}`]());
    thrown(() => n[`write${name}`](-1e10));
  }
}
for (const name of ['BigInt64LE', 'BigInt64BE', 'BigUInt64LE', 'BigUInt64BE']) {
  show(name, n[`write${name}`](0x1234567890n), n, n[`read${name}`]());
  thrown(() => n[`write${name}`](2n ** 65n));
  thrown(() => n[`write${name}`](-(2n ** 64n)));
}
for (const size of [1, 2, 3, 4, 5, 6]) {
  n.fill(0);
  show(
    n.writeUIntBE(97, 0, size),
    n.writeIntLE(-3, 1, size),
    n,
    n.readUIntBE(0, size),
    n.readIntLE(1, size),
  );
  thrown(() => n.writeUIntLE(2 ** 48, 0, size));
  thrown(() => n.writeIntBE(-(2 ** 47) - 1, 0, size));
}
thrown(() => n.readUIntBE(0, 7));
thrown(() => n.readUIntBE(0));
thrown(() => n.readIntLE());
thrown(() => n.readUIntLE(7, 2));
show(
  typeof n.readUint8,
  n.readBigUint64LE === n.readBigUInt64LE,
  n.readUint16LE === n.readUInt16LE,
);
show(
  Buffer.from('x'.repeat(60)),
  Buffer.from(''),
  Object.assign(Buffer.from('ab'), { extra: 1 }),
  [Buffer.from('in')],
  { b: Buffer.from('ob') },
);
show(
  constants.MAX_STRING_LENGTH > 0,
  isUtf8(Buffer.from('é')),
  isUtf8(Buffer.from([255])),
  isAscii(Buffer.from('a')),
  transcode(Buffer.from('€é'), 'utf8', 'latin1'),
  transcode(Buffer.from('é'), 'utf8', 'utf16le'),
);
show(
  Object.keys(Buffer).sort().join(),
  buffer.btoa('abc'),
  buffer.atob('YWJj'),
  Buffer.of(1, 2),
  Buffer.copyBytesFrom(new Uint16Array([1, 2, 3]), 1, 1),
);
show(
  [...Buffer.from('abc').entries()],
  [...Buffer.from('ab').values()],
  Buffer.from('abc').map((x) => x + 1),
  Buffer.from('abc').filter((x) => x > 97),
  Buffer.from('cab').sort(),
  Buffer.from('abc').at(-1),
  Buffer.from('abc').reverse(),
);
show(
  Buffer.from('abc') instanceof Uint8Array,
  Buffer.from('abc').constructor.name,
  Buffer.name,
  Buffer.length,
);
show(Buffer(3), Buffer('é'), new Buffer([1, 2]));
const blob = new Blob(['ab', Buffer.from('cd'), new Blob(['€'])], { type: 'Text/Plain' });
show(
  blob,
  blob.size,
  blob.type,
  await blob.text(),
  await blob.slice(1, 3).text(),
  new Uint8Array(await blob.arrayBuffer()),
);
const file = new File(['x'], 'n.txt', { lastModified: 5, type: 'text/html' });
show(
  file.name,
  file.lastModified,
  file.size,
  file instanceof Blob,
  Object.prototype.toString.call(file),
);
