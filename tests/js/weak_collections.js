// WeakMap and WeakSet: private data beside objects, keys that are no objects refused.
const secrets = new WeakMap();
class Person {
  constructor(name) { secrets.set(this, { name, visits: 0 }); }
  visit() { return ++secrets.get(this).visits; }
  get name() { return secrets.get(this).name; }
}
const ada = new Person("Ada");
const bob = new Person("Bob");
ada.visit(); ada.visit(); bob.visit();
gc();
console.log(ada.name, ada.visit(), bob.name, bob.visit(), Object.keys(ada).length);
console.log(secrets.has(ada), secrets.has({}), secrets.delete(bob), secrets.has(bob));

const seen = new WeakSet();
const cycle = { inner: {} };
cycle.inner.outer = cycle;
const depth = (o) => (seen.has(o) ? 0 : (seen.add(o),
  1 + Math.max(0, ...Object.values(o).map(depth))));
console.log(depth(cycle));

for (const key of [1, "text", null, undefined, true, Symbol.for("registered")]) {
  try { secrets.set(key, 1); console.log("accepted"); } catch (error) { console.log(error.name); }
}

let chain = {};
for (let i = 0; i < 1000; i++) { const next = {}; secrets.set(next, chain); chain = next; }
gc();
let links = 0;
for (let at = chain; secrets.has(at); at = secrets.get(at)) links++;
console.log(links);
