// A call that fails outside is a rejection inside, and try, catch and finally work as always.
const order = [];
async function ask(...args) {
  try {
    order.push("ask");
    return await quiesce.call(...args);
  } catch (error) {
    order.push("catch");
    return `${error.name}: ${error.message} ${error instanceof Error}`;
  } finally {
    order.push("finally");
  }
}
async function main() {
  console.log(await ask("fail", "no money"));
  console.log(await ask("echo", "money"));
  console.log(order.join(" "));
  const retry = async (times) => {
    for (let i = 0; ; i++) {
      try {
        return await quiesce.call(i < times ? "fail" : "echo", `attempt ${i}`);
      } catch (error) {
        console.log("again after", error.message);
        await new Promise((wake) => setTimeout(wake, 2 ** i * 1000));
      }
    }
  };
  console.log(await retry(3), new Date().toISOString());
  for (const bad of [() => quiesce.call("echo", 1n), () => quiesce.call("echo", circle())]) {
    await Promise.resolve().then(bad).catch((error) => console.log(error.name));
  }
  await quiesce.call("fail", "the end");
}
function circle() { const c = {}; c.c = c; return c; }
main();
