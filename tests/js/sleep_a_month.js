// A month passes in the clock of the host. (Node cuts a delay above 2^31-1 ms down to 1 ms; here it
// counts, since a program may sleep for longer than that.)
const sleep = (days) => new Promise((wake) => setTimeout(wake, days * 24 * 3600 * 1000));

async function main() {
  console.log(new Date().toISOString());
  await sleep(31);
  console.log(new Date().toISOString());
  await Promise.all([sleep(10), sleep(28), sleep(0.5)]);
  return new Date().toISOString();
}
main();
