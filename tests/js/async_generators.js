// Async generators: for await, requests that queue up, leaving early.
async function* ticks(name, count) {
  try {
    for (let i = 1; i <= count; i++) {
      await new Promise((wake) => setTimeout(wake, 10));
      yield `${name}${i}`;
    }
  } finally {
    console.log(`${name} closed`);
  }
}

async function* both(left, right) {
  yield* left;
  yield* right;
}

async function main() {
  for await (const tick of both(ticks("a", 2), ticks("b", 5))) {
    console.log(tick);
    if (tick === "b2") break;
  }

  const queue = ticks("q", 2);
  const asked = [queue.next(), queue.next(), queue.next(), queue.next()];
  console.log((await Promise.all(asked)).map((r) => (r.done ? "done" : r.value)).join(" "));

  const failing = ticks("f", 9);
  await failing.next();
  try {
    await failing.throw(new Error("stop it"));
  } catch (error) {
    console.log(error.message, (await failing.next()).done);
  }

  const mixed = [];
  for await (const value of [1, Promise.resolve(2), new Promise((r) => setTimeout(r, 5, 3))]) {
    mixed.push(value);
  }
  return mixed;
}
main();
