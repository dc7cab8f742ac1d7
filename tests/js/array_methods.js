// Arrays: searching, cutting, flattening, holes, copies that leave the original alone.
const numbers = [5, 3, 8, 1];
console.log(numbers.at(-1), numbers.find((n) => n > 5), numbers.findLastIndex((n) => n > 3));
console.log(numbers.with(1, 0), numbers.toSpliced(1, 2, "x"), numbers.toReversed(), numbers);
console.log([[1, [2, [3, [4]]]]].flat(Infinity), [1, 2].flatMap((n) => [n, [n]]), [1, , 3].flat());
const list = ["a", "b", "c", "d", "e"];
console.log(list.splice(1, 2, "B"), list, list.copyWithin(0, 2), list.fill("-", 1, 2));
console.log([1, 2, 3].reduceRight((text, n) => text + n, ""), [3, 4].entries().next().value);
const holes = [0, , 2];
console.log(holes, holes.length, 1 in holes, holes.map((n) => n + 1), holes.indexOf(undefined),
  holes.includes(undefined));
holes.length = 5;
holes[7] = 7;
delete holes[0];
console.log(holes, Object.keys(holes));
console.log(Array.from("abc", (c, i) => c + i), Array.from({ length: 2 }), Array.of(7),
  Array(3).length);
console.log([1, [2, [3, null]], undefined].toString(), [null, [undefined]].join("+"), [] + []);
const likeArray = { 0: "x", 1: "y", length: 2 };
console.log(Array.prototype.map.call(likeArray, (s) => s + s),
  Array.prototype.push.call(likeArray, "z"), likeArray);
try { [].reduce((a, b) => a); } catch (error) { console.log(error.name); }
try { numbers.length = -1; } catch (error) { console.log(error.name); }
const grown = [];
for (let i = 0; i < 3000; i++) grown.unshift(i), i % 3 === 0 && grown.pop();
console.log(grown.length, grown[0], grown.at(-1),
  grown.every((n, i) => i === 0 || n < grown[i - 1]));
console.log(numbers.lastIndexOf(3), numbers.some(Number.isNaN), numbers.keys().next(),
  numbers.concat(1, [2]));
