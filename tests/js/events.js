// An emitter: listeners once and always, removal while emitting, waiting for the next event.
class Emitter {
  #listeners = new Map();
  on(event, f) { this.#of(event).add(f); return () => this.#of(event).delete(f); }
  once(event, f) { const off = this.on(event, (...args) => { off(); f(...args); }); return off; }
  next(event) { return new Promise((resolve) => this.once(event, resolve)); }
  emit(event, ...args) { for (const f of [...this.#of(event)]) f(...args);
    return this.#of(event).size; }
  #of(event) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    return this.#listeners.get(event);
  }
}
const door = new Emitter();
const log = [];
const off = door.on("open", (who) => log.push(`hello ${who}`));
door.once("open", (who) => log.push(`${who} is the first`));
door.on("open", () => off());
console.log(door.emit("open", "Ada"), door.emit("open", "Bob"), door.emit("close"), log);

async function main() {
  setTimeout(() => door.emit("knock", "Eve"), 3_600_000);
  setTimeout(() => door.emit("knock", "Dan"), 7_200_000);
  const first = await door.next("knock");
  const second = await door.next("knock");
  return `${first} before ${second}, ${new Date().toISOString()}`;
}
main();
