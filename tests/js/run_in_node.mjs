// Runs one program of the corpus in Node and prints what it logged: this is how the .out files
// are made. The clock and the timers are the ones the C++ runner (tests/corpus_test.cpp) has: time
// begins at a fixed moment, stands still while JavaScript runs, and jumps to the next timer.
//
//   TZ=UTC node --expose-gc tests/js/run_in_node.mjs tests/js/timers.js
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { format } from "node:util";
import { runInThisContext } from "node:vm";

const print = (text) => process.stdout.write(text + "\n");

// ---- the console: its levels other than log are marked, as the runner marks them
for (const level of ["log", "info", "debug", "warn", "error"]) {
  const mark = level === "log" || level === "info" ? "" : `[${level}] `;
  console[level] = (...values) => print(mark + format(...values));
}

// ---- the clock
let now = Date.parse("2026-01-01T00:00:00Z");
const RealDate = Date;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, values, newTarget) =>
    Reflect.construct(target, values.length === 0 ? [now] : values, newTarget),
  apply: (target) => new target(now).toString(),
});
RealDate.now = () => now;
RealDate.prototype.constructor = globalThis.Date;

// ---- timers, as src/guest has them: by deadline, then immediates, then age
let timers = [];
let lastTimer = 0;
let lastOrder = 0;

function enqueue(timer) {
  timer.order = ++lastOrder;
  timers.push(timer);
  timers.sort((a, b) =>
    a.deadline - b.deadline || b.immediate - a.immediate || a.order - b.order);
}

function addTimer(callback, delay, repeats, values) {
  if (typeof callback !== "function") throw new TypeError("callback is not a function");
  const wait = Number(delay) >= 1 ? Math.trunc(Number(delay)) : 1;
  const id = ++lastTimer;
  const interval = repeats ? wait : 0;
  enqueue({ id, deadline: now + wait, interval, immediate: 0, callback, values });
  return id;
}

function cancel(id) {
  if (running && running.id === id) running.interval = 0;
  timers = timers.filter((timer) => timer.id !== id);
}

let running;
function runTimer(timer) {
  running = timer;
  try {
    timer.callback(...timer.values);
  } finally {
    running = undefined;
    if (timer.interval > 0) {
      timer.deadline = now + timer.interval;
      enqueue(timer);
    }
  }
}

const realImmediate = setImmediate;
globalThis.setTimeout = (callback, delay, ...values) => addTimer(callback, delay, false, values);
globalThis.setInterval = (callback, delay, ...values) => addTimer(callback, delay, true, values);
globalThis.setImmediate = (callback, ...values) => {
  const id = ++lastTimer;
  enqueue({ id, deadline: now, interval: 0, immediate: 1, callback, values });
  return id;
};
globalThis.clearTimeout = globalThis.clearInterval = globalThis.clearImmediate = cancel;

// ---- calls to the outside: the runner answers `echo` with its first argument and rejects `fail`
const calls = [];
globalThis.quiesce = {
  args: [],
  call: (name, ...values) => new Promise((resolve, reject) => {
    calls.push({ name, values: JSON.parse(JSON.stringify(values)), resolve, reject });
  }),
};

function answer({ name, values, resolve, reject }) {
  if (name === "echo") resolve(values[0]);
  else if (name === "fail") reject(new Error(String(values[0])));
  else throw new Error(`the runner answers echo and fail, not ${name}`);
}

// ---- the loop: jobs until none is ready, then one call, or else one timer
process.on("unhandledRejection", (reason) => print(`unhandled: ${String(reason)}`));
const jobs = () => new Promise((resolve) => realImmediate(resolve));

function guarded(run) {
  try {
    return run();
  } catch (error) {
    print(`uncaught: ${String(error)}`);
    return undefined;
  }
}

const file = process.argv[2];
const result = guarded(() =>
  runInThisContext(readFileSync(file, "utf8"), { filename: basename(file) }));
const isPromise = result instanceof Promise;
let outcome = "";
if (isPromise) {
  result.then(
    (value) => { if (value !== undefined) outcome = `=> ${String(value)}`; },
    (reason) => { outcome = `=> uncaught ${String(reason)}`; });
}
for (;;) {
  await jobs();
  if (calls.length > 0) {
    answer(calls.shift());
  } else if (timers.length > 0) {
    const timer = timers.shift();
    now = Math.max(now, timer.deadline);
    guarded(() => runTimer(timer));
  } else {
    break;
  }
}
if (outcome) print(outcome);
