// Random numbers: in range, spread out, not repeated; a host's seed fixes them (another test).
const numbers = Array.from({ length: 5000 }, Math.random);
console.log(numbers.every((n) => n >= 0 && n < 1), new Set(numbers).size === numbers.length);
const buckets = new Array(10).fill(0);
for (const n of numbers) buckets[Math.floor(n * 10)]++;
console.log(buckets.every((b) => b > 350 && b < 650), buckets.reduce((a, b) => a + b));

setTimeout(() => {
  const later = Array.from({ length: 1000 }, Math.random);
  console.log(later.some((n) => numbers.includes(n)));
}, 1000);
