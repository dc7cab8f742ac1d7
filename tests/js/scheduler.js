// Threads made of generators, a mailbox for each, messages that cross while all of it may sleep.
const mail = new Map();
const threads = new Map();
const log = [];
function spawn(name, body) {
  mail.set(name, []);
  const thread = body(name);
  thread.next();  // up to the first message it waits for
  threads.set(name, thread);
}
function send(to, message) { mail.get(to)?.push(message); }
function round() {
  for (const [name, thread] of threads) {
    const box = mail.get(name);
    if (box.length === 0) continue;
    const { done, value } = thread.next(box.shift());
    if (done) threads.delete(name);
    if (done) log.push(`${name} ends, ${value}`);
  }
}
spawn("pong", function* () {
  for (;;) {
    const message = yield;
    if (message.stop) return "told to";
    send(message.from, { n: message.n ** 2 });
  }
});
spawn("ping", function* (self) {
  for (let i = 1; i <= 4; i++) {
    send("pong", { from: self, n: i });
    const { n } = yield;
    log.push(`${self} got ${n}`);
  }
  send("pong", { stop: true });
});
const start = Date.now();
const clock = setInterval(() => {
  round();
  if (threads.size > 0) return;
  clearInterval(clock);
  console.log(log.join("; "), Date.now() - start);
}, 5);
