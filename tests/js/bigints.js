// BigInts of hundreds of digits.
let factorial = 1n;
for (let i = 2n; i <= 200n; i++) factorial *= i;
console.log(String(factorial));
console.log(String(factorial).length, factorial % 10007n, factorial / 10n ** 300n);

function power(base, exponent, modulus) {
  let result = 1n;
  for (base %= modulus; exponent > 0n; exponent >>= 1n, base = (base * base) % modulus) {
    if (exponent & 1n) result = (result * base) % modulus;
  }
  return result;
}
const mersenne = 2n ** 521n - 1n;
console.log(power(3n, mersenne - 1n, mersenne) === 1n, mersenne.toString(36));

function root(n) {
  let x = 1n << BigInt(n.toString(2).length / 2 + 1 | 0);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}
console.log(root(2n * 10n ** 400n));
console.log(BigInt("0x" + "f".repeat(64)), BigInt("-0") === 0n, -(2n ** 64n) / 3n, -7n % 4n);
console.log(2n > 1, 1n == 1, 1n === 1, 2n + BigInt(3), typeof 1n, 0n ? "yes" : "no",
  [3n, 1, 2n].sort());
for (const bad of [() => 1n + 1, () => BigInt(1.5), () => BigInt("1.5"), () => 1n / 0n, () => +1n,
                   () => 2n ** -1n, () => Math.max(1n), () => JSON.stringify(1n)]) {
  try { bad(); } catch (error) { console.log(error.name); }
}
