// A generator stays half way while the program waits again and again.
function* primes() {
  const found = [];
  for (let n = 2; ; n++) {
    if (found.every((p) => n % p !== 0)) {
      found.push(n);
      const skip = yield n;
      for (let i = 0; i < (skip ?? 0); i++) n++;
    }
  }
}

async function main() {
  const source = primes();
  const seen = [source.next().value];
  for (let i = 0; i < 8; i++) {
    await new Promise((wake) => setTimeout(wake, 60_000));
    seen.push(source.next(i % 2).value);
  }
  console.log(seen.join(" "));
  return new Date().toISOString();
}
main();
