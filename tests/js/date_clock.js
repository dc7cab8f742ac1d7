// The clock is the host's: it stands still while JavaScript runs and moves with the timers.
const begin = Date.now();
for (let i = 0; i < 10000; i++);
console.log(Date.now() - begin, new Date().toISOString(), new Date().getTime() === begin);
async function main() {
  const deadlines = [250, 1000, 86_400_000];
  for (const ms of deadlines) {
    await new Promise((wake) => setTimeout(wake, ms));
    console.log(Date.now() - begin, new Date().toISOString());
  }
  return new Date().getUTCDate();
}
main();
