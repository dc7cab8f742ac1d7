// Objects that behave like promises, wherever one is awaited; classes with their own `then`.
class Later {
  constructor(value) { this.value = value; }
  then(resolve, reject) {
    setTimeout(() => (this.value instanceof Error ? reject(this.value) : resolve(this.value)), 10);
  }
}
async function main() {
  console.log(await new Later(5), await Promise.all([new Later(1), new Later(2)]));
  console.log(await Promise.resolve(new Later(new Later("twice"))));
  try { await new Later(new TypeError("refused")); } catch (error) { console.log(error.message); }
  const both = { then(resolve, reject) { resolve("first"); reject(new Error("ignored"));
    resolve("ignored"); throw 1; } };
  console.log(await both);
  const throwing = { get then() { throw new RangeError("then is a trap"); } };
  await Promise.resolve().then(() => throwing).catch((error) => console.log(error.message));
  let resolveSelf;
  const self = new Promise((resolve) => { resolveSelf = resolve; });
  resolveSelf(self);
  await self.catch((error) => console.log(error.name));
  return new Later("a thenable returned");
}
main();
