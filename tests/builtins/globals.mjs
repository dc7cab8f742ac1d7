// The globals of Node.
const show = (...args) => console.log(...args);
show(
  global === globalThis,
  typeof process,
  typeof Buffer,
  typeof URL,
  typeof URLSearchParams,
  typeof TextEncoder,
  typeof TextDecoder,
  typeof structuredClone,
  typeof setImmediate,
  typeof queueMicrotask,
  typeof AbortController,
  typeof AbortSignal,
  typeof Event,
  typeof EventTarget,
  typeof atob,
  typeof btoa,
  typeof performance,
  typeof Blob,
  typeof File,
  typeof CustomEvent,
  typeof crypto,
  typeof navigator,
);
show(
  Object.keys(globalThis).includes('Buffer'),
  Object.getOwnPropertyDescriptor(globalThis, 'URL').enumerable,
  'process' in globalThis,
);
for (const v of [
  1,
  'x',
  null,
  [1, [2]],
  { a: { b: 1 } },
  new Date(5),
  /r/gi,
  new Map([[1, { a: 1 }]]),
  new Set([1]),
  new Uint8Array([1, 2]),
  Object(1),
  undefined,
  5n,
  {
    get g() {
      return 1;
    },
  },
  [1, , 3],
])
  show(structuredClone(v));
for (const e of [new Error('m'), new RangeError('r', { cause: 1 })]) {
  const k = structuredClone(e);
  show(k.name, k.message, k.constructor === e.constructor, k.cause, 'cause' in k, typeof k.stack);
}
const c = { a: 1 };
c.c = c;
const k = structuredClone(c);
show(
  k !== c,
  k.c === k,
  structuredClone(
    new (class A {
      x = 1;
    })(),
  ),
  Object.getPrototypeOf(structuredClone(new (class A {})())) === Object.prototype,
);
for (const bad of [() => 1, Symbol('s'), { f() {} }, new WeakMap()])
  try {
    structuredClone(bad);
  } catch (error) {
    show(error.name, error.code, error.message, error instanceof DOMException);
  }
const buffer = new ArrayBuffer(4);
const moved = structuredClone(buffer, { transfer: [buffer] });
show(buffer.byteLength, moved.byteLength);
show(crypto.randomUUID().length, crypto.getRandomValues(new Uint8Array(4)).length);
globalThis.Buffer = 5;
show(Buffer);
