// How console.log shows values of every kind.
console.log({ a: 1, "b-c": "text", [Symbol("d")]: [1, , 3], e: undefined, f: null, g: 5n });
console.log([["nested", ["deeper", ["deepest", ["hidden"]]]]], { a: { b: { c: { d: 1 } } } });
console.log(function named() {}, class A {}, class B extends Array {}, () => {}, async () => {},
  function* g() {});
console.log(new Map([["k", { v: 1 }]]), new Set([[1], "two"]), new Date(0), /re+/gi,
  [undefined, null]);
console.log(Promise.resolve(4), Promise.reject(5).catch(() => {}), new Promise(() => {}));
console.log(new (class Point { x = 1; #hidden = 2;
  get y() { return 3; } })(), Object.create(null), Object.create({ a: 1 }));
console.log({ get a() { return 1; }, set a(v) {}, get b() { return 1; }, set c(v) {} });
console.log([1.5, -0, NaN, "it's", 'say "hi"', "both ' and \"", `all ' " \``, "line\nbreak\u0000"]);
const ring = { name: "ring" };
ring.self = ring;
console.log(ring, [ring]);
console.log(new Uint8Array([1, 2]), new ArrayBuffer(3), new Number(3), Object("text"),
  new Boolean(false));
console.log(Array.from({ length: 120 }, (_, i) => i), "x".repeat(20),
  [["a".repeat(30), "b".repeat(30), "c".repeat(30)]]);
console.log(globalThis === this, Math, JSON, Symbol.iterator, [new Error("quiet").message], [[]],
  [{}], {}, []);
