// A weak reference lives as long as its target; a dead target is gone after a collection. Between
// jobs only: QuickJS frees at once, Node at the end of the job.
let strong = { name: "kept" };
const kept = new WeakRef(strong);
let ring = { name: "ring" };
ring.self = ring;  // only a collection finds that nobody needs it
const dropped = new WeakRef(ring);
const finalized = [];
const registry = new FinalizationRegistry((token) => finalized.push(token));
registry.register(ring, "ring");
registry.register(strong, "strong");
ring = undefined;

const turn = () => new Promise((wake) => setTimeout(wake, 1));
async function main() {
  await turn();
  gc();
  await turn();
  await turn();
  console.log(kept.deref()?.name, dropped.deref()?.name, finalized);
  console.log(Object.prototype.toString.call(kept), registry.unregister({}));
  try { new WeakRef(1); } catch (error) { console.log(error.name); }
  return strong.name;
}
main();
