// Spread and rest in calls, arrays and objects.
const numbers = [3, 1, 2];
console.log(Math.max(...numbers, 7, ...[5]), [...numbers, ...new Set([1, 1, 4])], [..."añ😀"]);
console.log({ ...{ a: 1, b: 2 }, b: 3, ...null, ...[9] });  // QuickJS spreads no string here
function tail(first, ...rest) { return [first, rest, arguments.length, tail.length]; }
console.log(tail(1, 2, 3), tail());
const shallow = { inner: { n: 1 } };
const copy = { ...shallow };
copy.inner.n++;
console.log(shallow.inner.n, copy !== shallow);
const getters = { get now() { return "computed"; } };
console.log(Object.getOwnPropertyDescriptor({ ...getters }, "now").value);
console.log(new Date(...[2026, 0, 2]).getUTCDate(), String(new Array(...[1, 2])), [...[, 1]]);
try { Math.max(...5); } catch (error) { console.log(error.name); }
