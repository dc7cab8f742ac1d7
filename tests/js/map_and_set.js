// Map and Set: order, keys of every kind, what counts as equal.
const map = new Map([["one", 1], [NaN, "not a number"], [0, "zero"]]);
const key = {};
map.set(key, "object").set(-0, "minus zero is zero").set("one", "once more");
console.log([...map.values()], map.size, map.get(NaN), map.has({}));
console.log(Object.is([...map.keys()][2], 0));
map.delete("one");
map.set("one", "now last");
console.log([...map].at(-1));

const set = new Set("mississippi");
console.log([...set].join(""), set.has("s"), set.add("m").size);
console.log([...new Set([1, "1", 1n, true, null, undefined, 1])].length);

const byLength = new Map();
for (const word of ["tree", "a", "bird", "I", "cat"]) {
  byLength.set(word.length, [...(byLength.get(word.length) ?? []), word]);
}
console.log(Object.fromEntries(byLength));

class DefaultMap extends Map {
  constructor(make, ...rest) { super(...rest); this.make = make; }
  get(k) { if (!this.has(k)) this.set(k, this.make(k)); return super.get(k); }
}
const squares = new DefaultMap((n) => n * n, [[3, "three"]]);
console.log(squares.get(2), squares.get(3), squares.size, squares instanceof Map);
try { Map.prototype.get.call({}, 1); } catch (error) { console.log(error.name); }
console.log(map, set);
