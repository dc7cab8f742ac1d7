// node:stream.
import {
  Readable,
  Writable,
  Transform,
  PassThrough,
  Duplex,
  duplexPair,
  pipeline,
  finished,
} from 'node:stream';
import { pipeline as pipe } from 'node:stream/promises';
import { text, json, buffer } from 'node:stream/consumers';
const chunks = [];
await pipe(
  Readable.from(['a', 'b', 'c']),
  new Transform({
    transform(c, e, cb) {
      cb(null, c.toString().toUpperCase());
    },
  }),
  new Writable({
    write(c, e, cb) {
      chunks.push(c.toString());
      cb();
    },
  }),
);
console.log(chunks.join());
for await (const c of Readable.from([1, 2, 3])) console.log(c);
console.log(
  await text(Readable.from(['x', 'y'])),
  await json(Readable.from(['{"a":', '1}'])),
  await buffer(Readable.from([Buffer.from('z')])),
);
await new Promise((res) =>
  pipeline(
    new Readable({
      read() {
        this.destroy(new Error('bad'));
      },
    }),
    new PassThrough(),
    (error) => {
      console.log('pipeline', error.message);
      res();
    },
  ),
);
const r = new Readable({ read() {} });
r.push('data');
r.push(null);
r.setEncoding('utf8');
r.on('data', (d) => console.log('data', d));
r.on('end', () => console.log('end'));
finished(r, (error) => console.log('finished', error));
await new Promise((res) => r.on('close', res));
console.log(
  await Readable.from([1, 2, 3, 4])
    .filter((x) => x % 2)
    .map((x) => x * 10)
    .toArray(),
);
const d = new Duplex({
  read() {},
  write(c, e, cb) {
    this.push(c);
    cb();
  },
});
d.on('data', (x) => console.log('duplex', x.toString()));
d.write('w');
await new Promise((res) => setTimeout(res, 5));
const w = new Writable({
  write(c, e, cb) {
    cb();
  },
});
w.end();
w.on('error', (error) => console.log(error.code));
w.write('late');
await new Promise((res) => setTimeout(res, 5));

const [near, far] = duplexPair({ encoding: 'utf8' });
far.on('data', (chunk) => {
  console.log('far', chunk);
  far.write(`re: ${chunk}`);
});
far.on('end', () => far.end('bye'));
near.on('data', (chunk) => console.log('near', chunk));
near.on('end', () => console.log('end'));
near.write('one', () => console.log('written'));
near.end('two');
await new Promise((res) => setTimeout(res, 5));
console.log(Object.keys(near).includes('other'), near.destroyed, far.destroyed);
