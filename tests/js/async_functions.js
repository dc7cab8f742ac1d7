// await inside try, finally, loops, arguments, templates and destructuring.
const later = (value, ms = 1) => new Promise((resolve) => setTimeout(resolve, ms, value));
const fail = async (text) => { await later(0); throw new TypeError(text); };

async function nested() {
  try {
    try {
      await fail("inner");
    } finally {
      console.log("finally", await later("waits"));
    }
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

async function finallyWins() {
  try { return "try"; } finally { await later(0); return "finally"; }
}

async function main() {
  console.log(await nested());
  console.log(await finallyWins());
  let sum = 0;
  for (const part of [1, 2, 3]) sum += await later(part);
  do { sum -= await later(1); } while (sum > (await later(3)));
  console.log(sum, `${await later("in a template")}`, Math.max(await later(3), await later(7)));
  const { a = await later("default"), b } = await later({ b: [await later(5)] });
  console.log(a, b);
  const object = { async method() { return this.name; }, name: "this is kept", v: await later(2) };
  console.log(await object.method(), object.v ** (await later(10)));
  const results = await Promise.all([3, 1, 2].map(async (n) => { await later(0, n); return n; }));
  console.log(results);
  label: for (let i = 0; ; i++) {
    for (let j = 0; j < 3; j++) {
      if ((await later(i * j)) === 4) { console.log("left at", i, j); break label; }
    }
  }
  return (await Promise.allSettled([fail("out")]))[0].reason.message;
}
main();
