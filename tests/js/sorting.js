// Sorting is stable, puts undefined last, and lives with odd comparators.
const people = Array.from({ length: 60 }, (_, i) => ({ age: (i * 37) % 5, place: i }));
people.sort((a, b) => a.age - b.age);
let stable = true;
for (let i = 1; i < people.length; i++) {
  if (people[i - 1].age === people[i].age && people[i - 1].place > people[i].place) stable = false;
}
console.log(stable, people.slice(0, 14).map((p) => `${p.age}:${p.place}`).join(" "));
console.log([10, 9, 1, undefined, 2, , 33].sort(), ["B", "a", "C"].sort());
console.log([3, 1, 2].toSorted((a, b) => b - a), [5, 1, 4].sort(() => 0));
console.log([NaN, 3, -0, 0, -Infinity].sort((a, b) => a - b).length, ["é", "z", "e"].sort());
console.log(new Float64Array([3, -0, NaN, 0, -1]).sort().join(),
  Object.is(new Float64Array([0, -0]).sort()[0], -0));
let compared = 0;
const big = Array.from({ length: 500 }, (_, i) => (i * 7919) % 500);
big.sort((a, b) => { compared++; return a - b; });
console.log(big.every((n, i) => n === i), compared < 6000);
try { [2, 1].sort(() => { throw new Error("no order"); });
  } catch (error) { console.log(error.message); }
try { [1].sort("by name"); } catch (error) { console.log(error.name); }
