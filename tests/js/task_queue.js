// A queue that runs three tasks at a time, with progress, failure and cancellation.
class Queue {
  #waiting = [];
  #running = 0;
  constructor(limit) { this.limit = limit; this.most = 0; }
  add(task) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      this.#next();
    });
  }
  #next() {
    while (this.#running < this.limit && this.#waiting.length > 0) {
      const { task, resolve, reject } = this.#waiting.shift();
      this.most = Math.max(this.most, ++this.#running);
      task().then(resolve, reject).finally(() => { this.#running--; this.#next(); });
    }
  }
  cancel() { for (const { reject } of this.#waiting.splice(0)) reject(new Error("cancelled")); }
}
const wait = (ms) => new Promise((wake) => setTimeout(wake, ms));
async function main() {
  const queue = new Queue(3);
  const started = [];
  const jobs = Array.from({ length: 9 }, (_, i) => queue.add(async () => {
    started.push(i);
    await wait(100 * ((i * 5) % 4 + 1));
    if (i === 4) throw new Error("part 4 failed");
    return i * 10;
  }));
  setTimeout(() => queue.cancel(), 450);
  const results = await Promise.allSettled(jobs);
  console.log(started.join(), queue.most);
  console.log(results.map((r) => r.value ?? r.reason.message).join(" | "));
  return `${Date.now() - Date.UTC(2026, 0, 1)} ms`;
}
main();
