// node:querystring, string_decoder, os.constants, punycode, diagnostics_channel, constants.
import qs from 'node:querystring';
import { StringDecoder } from 'node:string_decoder';
import dc from 'node:diagnostics_channel';
import os from 'node:os';
import constants from 'node:constants';
import dns from 'node:dns';
import util from 'node:util';
import { AsyncLocalStorage } from 'node:async_hooks';
const show = (...args) => console.log(...args);
const thrown = (f) => {
  try {
    show('no error', f());
  } catch (error) {
    show(error.name, error.code, error.message);
  }
};
for (const text of [
  'a=1&b=2',
  'a=1&a=2&a=3',
  'a',
  '=b',
  '&&',
  'a=b=c',
  'a+b=c+d',
  '%20=%zz',
  'é=%C3%A9',
  'a=%FF',
  '__proto__=1',
  '',
])
  show(qs.parse(text));
show(
  qs.parse('a:1;b:2', ';', ':'),
  qs.parse('a=1&b=2&c=3', null, null, { maxKeys: 2 }),
  qs.parse('a=x', null, null, { decodeURIComponent: (s) => `<${s}>` }),
);
for (const object of [
  { a: 1, b: 'x y', c: true, d: null, e: undefined, f: NaN, g: Infinity },
  { a: [1, 'é', {}] },
  { 'k k': '&=' },
  {},
  null,
  'str',
  { n: -1.5, big: 5n, l: 1e21 },
])
  show(JSON.stringify(qs.stringify(object)));
show(
  qs.stringify({ a: [1, 2], b: 3 }, ';', ':'),
  qs.escape("a b&c'(*)!~"),
  qs.unescape('%41+%zz'),
  qs.stringify({ a: 'x' }, null, null, { encodeURIComponent: (s) => s.toUpperCase() }),
);
thrown(() => qs.escape('\ud800'));
for (const encoding of ['utf8', 'utf16le', 'base64', 'base64url', 'hex', 'latin1', 'ascii']) {
  const d = new StringDecoder(encoding);
  const out = [];
  for (const byte of Buffer.from('a€😀z', 'utf8')) out.push(d.write(Buffer.from([byte])));
  out.push(d.end());
  show(d.encoding, JSON.stringify(out));
}
const d = new StringDecoder();
show(
  JSON.stringify([
    d.write(Buffer.from([0xe2, 0x82])),
    d.end(),
    d.write(Buffer.from([0xf0, 0x9f])),
    d.write(Buffer.from([0x41])),
    d.end(Buffer.from([0xc3])),
  ]),
  d.write('text'),
);
thrown(() => new StringDecoder('nope'));
thrown(() => d.write(5));
const channel = dc.channel('c');
show(channel.hasSubscribers, dc.hasSubscribers('c'), channel.name);
const sub = (m, n) => show('got', m, n);
channel.subscribe(sub);
channel.publish({ a: 1 });
show(channel.hasSubscribers, channel.unsubscribe(sub), channel.unsubscribe(sub));
channel.publish('nobody');
const als = new AsyncLocalStorage();
channel.bindStore(als, (data) => ({ data }));
channel.runStores('ctx', () => show(als.getStore()));
const tracing = dc.tracingChannel('t');
tracing.subscribe({
  start: (m) => show('start', m),
  end: (m) => show('end', m.result, m.id),
  error: (m) => show('error', m.error.message),
  asyncStart: (m) => show('asyncStart', m.result),
  asyncEnd: () => show('asyncEnd'),
});
show(tracing.traceSync((x) => x * 2, { id: 1 }, null, 21));
try {
  tracing.traceSync(() => {
    throw new Error('traced');
  }, {});
} catch (error) {
  show(error.message);
}
show(await tracing.tracePromise(async () => 'p', { id: 2 }));
show(
  os.EOL === '\n',
  os.constants.signals.SIGINT,
  os.constants.errno.ENOENT,
  os.devNull,
  os.type(),
  os.endianness(),
);
for (const part of ['dlopen', 'errno', 'priority', 'signals']) show(os.constants[part]);
show(Array.from(util.getSystemErrorMap()).join(';'));
show(util.getSystemErrorName(-99), util.getSystemErrorMessage(-3001));
// What stands there for ciphers is another VM's.
const isOfCiphers = /^(DH_|ENGINE_|OPENSSL|POINT_|RSA_|SSL_|TLS1|defaultC)/;
show(
  Object.entries(constants)
    .filter(([name]) => !isOfCiphers.test(name))
    .join(),
);
show(
  Object.entries(dns)
    .filter(([, value]) => typeof value === 'string')
    .sort()
    .join(),
  Object.entries(dns.promises)
    .filter(([, value]) => typeof value === 'string')
    .sort()
    .join(),
);
