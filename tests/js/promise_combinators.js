// all, allSettled, race, any, and what each does with failure and with nothing.
const later = (value, ms) => new Promise((resolve) => setTimeout(resolve, ms, value));
const failing = (text, ms) =>
  new Promise((_, reject) => setTimeout(() => reject(new Error(text)), ms));

async function main() {
  console.log(await Promise.all([later("slow", 30), "plain", later("quick", 10)]));
  console.log(await Promise.race([later("slow", 30), later("quick", 10)]));
  console.log(await Promise.any([failing("no", 5), later("yes", 20)]));
  await Promise.all([later(1, 10), failing("one failed", 5)])
    .catch((error) => console.log(error.message));
  const settled = await Promise.allSettled([later(1, 10), failing("bad", 5), 3]);
  console.log(settled.map((s) => `${s.status}:${s.value ?? s.reason.message}`).join(" "));
  await Promise.any([failing("first", 1), failing("second", 2)])
    .catch((error) => console.log(error.name, error.errors.map((e) => e.message)));
  console.log(await Promise.all([]), await Promise.allSettled([]));
  await Promise.any([]).catch((error) => console.log(error.errors.length));
  console.log(await Promise.resolve(1).finally(() => 2));
  await Promise.resolve(1).finally(() => { throw new Error("finally wins"); })
    .catch((error) => console.log(error.message));

  class Counted extends Promise {
    static made = 0;
    constructor(executor) { super(executor); Counted.made++; }
  }
  await Counted.resolve(1).then(() => {}).catch(() => {});
  console.log(Counted.made >= 3, Counted.all([]) instanceof Counted);
}
main();
