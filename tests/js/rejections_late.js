// A rejection that is handled too late was reported, and its handler still runs.
const late = Promise.reject(new Error("handled late"));
setTimeout(() => late.catch((error) => console.log("at last:", error.message)), 100);

const failing = [1, 2, 3].map((n) => new Promise((_, reject) => setTimeout(reject, n * 10, n)));
async function oneByOne() {
  for (const promise of failing) {
    try { await promise; } catch (n) { console.log("caught", n); }
    await new Promise((wake) => setTimeout(wake, 12));
  }
}
oneByOne();
