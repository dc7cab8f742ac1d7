// Two async functions take turns; each await gives way once.
const log = [];
async function worker(name, turns) {
  for (let i = 1; i <= turns; i++) {
    log.push(name + i);
    await undefined;
  }
  return name;
}
async function returnsPromise() { return Promise.resolve("p"); }
async function returnsAwaited() { return await Promise.resolve("w"); }

worker("a", 4).then((name) => log.push(`${name} ends`));
worker("b", 3).then((name) => log.push(`${name} ends`));
returnsPromise().then(() => log.push("promise returned"));
returnsAwaited().then(() => log.push("awaited returned"));
setTimeout(() => console.log(log.join(", ")), 1);
