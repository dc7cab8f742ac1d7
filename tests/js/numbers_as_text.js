// Numbers to text and back, in every base and with every rounding.
console.log((1234.5678).toFixed(2), (0.000001).toFixed(7), (1e21).toFixed(2), (-1.5).toFixed(0),
  (2.5).toFixed(0), (1.005).toFixed(2));
console.log((1234.5678).toPrecision(2), (0.00001).toPrecision(1), (123).toPrecision(30),
  (0).toPrecision(3));
console.log((1234.5678).toExponential(), (1234.5678).toExponential(2), (0).toExponential(1),
  (-1e-10).toExponential(3));
console.log((255).toString(16), (-255).toString(36), (0.5).toString(2), (343).toString(7),
  (0.1).toString(3));
console.log([0, -0, 1e5, 1e20, 1e21, 1e-6, 1e-7, 123e-20, NaN, -Infinity].map(String).join(" "));
console.log([1e23, 4.35, 0.1 + 0.7, 5e-324, 2 ** 53, 1.1e-5, 100].map(String).join(" "));
console.log(["1e1000", "-1e-400", "0x10", "0o17", "0b2", "1.", ".e1", "١"].map(Number).join(" "));
console.log(0.1.toFixed(20), (1.45).toFixed(1), (8.345).toFixed(2), (10.235).toFixed(2),
  (1e-10).toFixed(2));
for (const bad of [() => (1).toFixed(101), () => (1).toPrecision(0), () => (1).toString(37)]) {
  try { bad(); } catch (error) { console.log(error.name); }
}
