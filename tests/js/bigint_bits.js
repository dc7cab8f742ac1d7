// BigInts as bit strings: two's complement without end, cut to any width.
const wide = -(1n << 200n) + 12345678901234567890n;
console.log(wide & ((1n << 100n) - 1n));
console.log(wide | 1n, wide ^ -1n, ~wide);
console.log(wide >> 190n, wide << 3n, -5n >> 1n, -5n / 2n);
console.log(BigInt.asIntN(64, 2n ** 63n), BigInt.asUintN(64, -1n), BigInt.asIntN(3, 5n),
  BigInt.asUintN(200, -1n));
let crc = 0xffffffffn;
for (const letter of "123456789") {
  crc ^= BigInt(letter.charCodeAt(0));
  for (let i = 0; i < 8; i++) crc = crc & 1n ? (crc >> 1n) ^ 0xedb88320n : crc >> 1n;
}
console.log((crc ^ 0xffffffffn).toString(16));
console.log(Number(2n ** 53n + 1n), Number(-(2n ** 2000n)), parseInt("123n"), BigInt(2 ** 70));
console.log(0b101n, 0o17n, 0xffn, 1_000n);
