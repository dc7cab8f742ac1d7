// Math where the result is exact or the same on every machine.
console.log([0.5, 1.5, 2.5, -0.5, -1.5, 1e21].map(Math.round), Object.is(Math.round(-0.2), -0));
console.log([4.7, -4.7].map((x) => [Math.floor(x), Math.ceil(x), Math.trunc(x), Math.sign(x)]));
console.log(Math.max(), Math.min(), Math.max(1, NaN), Math.max(-0, 0), Math.hypot(3, 4),
  Math.hypot());
console.log(Math.imul(0xffffffff, 5), Math.clz32(1), Math.fround(5.5), Math.fround(5.05) === 5.05);
console.log(Math.sqrt(2), Math.cbrt(27), 2 ** -1074, 2 ** 1024, (-8) ** 3, Math.pow(NaN, 0),
  1 ** Infinity);
console.log(Math.abs(-7), Math.log2(8), Math.log10(1000), Math.exp(0), Math.sin(0),
  Math.atan2(0, -1));
console.log(0.1 + 0.2, 9007199254740993, 1 / 3, 5e-324, 1.7976931348623157e308,
  123456789012345680000, 1e21, 1e-7);
console.log(5 % 3, -5 % 3, 5 % -3, 5.5 % 2, -0 % 1, 1 / (-0 % 1), Infinity % 1, 7 % Infinity);
console.log(7 >> 1, -7 >> 1, -7 >>> 28, 1 << 31, 1 << 32, 5 & 6, 5 | 6, 5 ^ 6, ~5, 2 ** 32 >> 0,
  2 ** 32 + 5 | 0);
console.log(Number.EPSILON, Number.MAX_SAFE_INTEGER, Number.isInteger(5.0),
  Number.isSafeInteger(2 ** 53));
const close = (x, y) => Math.abs(x - y) < 1e-12;
console.log(close(Math.sin(1) ** 2 + Math.cos(1) ** 2, 1), close(Math.tan(Math.PI / 4), 1),
  close(Math.log(Math.E), 1));
