// A call to the outside: the program waits for a promise that only the outside can settle.
async function main() {
  console.log(await quiesce.call("echo", "hello"));
  console.log(await quiesce.call("echo", { deep: [1, { er: null }], text: "é😀\n" }));
  let total = 0;
  for (let i = 1; i <= 5; i++) total += await quiesce.call("echo", i);
  console.log(total, await quiesce.call("echo"));
  const mutable = { when: "at the time of the call" };
  const promise = quiesce.call("echo", mutable);
  mutable.when = "later";
  console.log((await promise).when);
  const once = quiesce.call("echo", "once");
  const [a, b] = await Promise.all([once.then((s) => s + "!"), once.then((s) => s + "?")]);
  return `${a} ${b} ${await once}`;
}
main();
