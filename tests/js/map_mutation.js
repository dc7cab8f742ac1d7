// Changing a Map or Set while something walks through it.
const map = new Map([[1, "a"], [2, "b"], [3, "c"]]);
const seen = [];
for (const [k] of map) {
  seen.push(k);
  if (k === 1) map.delete(2);
  if (k === 3) { map.set(4, "d"); map.delete(1); map.set(1, "again"); }
  if (k === 4) map.set(5, "e");
}
console.log(seen, [...map.keys()]);

const set = new Set([1, 2, 3]);
let turns = 0;
set.forEach((v) => { set.delete(v); if (turns++ < 5) set.add(v + 3); });
console.log([...set], turns);

const cleared = new Set([1, 2, 3]);
const walk = cleared.values();
walk.next();
cleared.clear();
cleared.add(9);
console.log(walk.next().value, walk.next().done);
cleared.add(10);
console.log(walk.next().done, "an exhausted iterator stays so");

let sum = 0;
const many = new Map();
for (let i = 0; i < 2000; i++) many.set(i % 700, i);
for (const [k, v] of many) { if (k % 3 === 0) many.delete(k); else sum += v; }
console.log(many.size, sum);
