// Typed arrays: conversion on writing, views of one buffer, methods.
const bytes = new Uint8Array([1, 2, 300, -1, 3.9, "7", NaN]);
console.log([...bytes].join());
console.log([...new Uint8ClampedArray([300, -5, 1.5, 2.5, NaN])].join());
console.log([...new Int16Array([40000, -40000])].join());
console.log([...new Float32Array([1 / 3, 1e40, -0])].join(),
  Object.is(new Float32Array([-0])[0], -0));
console.log([...new BigUint64Array([2n ** 64n + 5n, -1n])].join());

const buffer = new ArrayBuffer(8);
new Float64Array(buffer)[0] = Math.PI;
console.log([...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, "0")).join(" "));
const middle = new Uint16Array(buffer, 2, 2);
middle.fill(0xabcd);
console.log(new Uint32Array(buffer)[1].toString(16), middle.byteOffset, middle.length);

const numbers = Float64Array.from({ length: 6 }, (_, i) => (i * 7) % 6);
console.log(numbers.toString(), numbers.slice().sort().join(), numbers.subarray(1, 3).join());
console.log(numbers.indexOf(1), numbers.at(-1), numbers.includes(NaN),
  numbers.findLast((n) => n > 2));
numbers.set([9, 9], 2);
numbers.copyWithin(0, 2, 4);
console.log(numbers.join(), numbers.with(0, 5)[0], numbers.toReversed().join());
numbers[10] = 1;
numbers["1.5"] = 1;
console.log(numbers.length, numbers[10], 10 in numbers, Object.keys(numbers).length);
for (const bad of [() => new Uint16Array(buffer, 1), () => new Uint8Array(-1),
  () => Uint8Array(1)]) {
  try { bad(); } catch (error) { console.log(error.name); }
}
