// Many calls wait at once; answers come one by one, oldest first, and find their own promises.
const log = [];
const ask = (name, ms) => quiesce.call("echo", { name, ms }).then((answer) => {
  log.push(answer.name);
  return new Promise((wake) => setTimeout(wake, answer.ms, answer.name));
});

async function* answers(names) {
  for (const name of names) yield await quiesce.call("echo", name);
}

async function main() {
  const all = Promise.all([ask("a", 300), ask("b", 100), ask("c", 200)]);
  const first = await Promise.race([ask("d", 50), ask("e", 40), quiesce.call("echo", "f")]);
  console.log(first, log.join(""));
  console.log(await all, log.join(""));
  const text = [];
  for await (const answer of answers(["x", "y", "z"])) text.push(answer);
  console.log(text.join("-"));
  const settled = await Promise.allSettled(
    [1, 2, 3, 4].map((n) => quiesce.call(n % 2 ? "fail" : "echo", n)));
  return settled.map((s) => s.value ?? s.reason.message).join(" ");
}
main();
