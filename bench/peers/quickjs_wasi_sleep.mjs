// Sleep and waking in the npm package quickjs-wasi on Node: what quiesce-bench and quiesce-wake
// measure, under the same names.
//
//   node quickjs_wasi_sleep.mjs NPM_FOLDER PROGRAMS json [--quick]
//   node quickjs_wasi_sleep.mjs NPM_FOLDER PROGRAMS curves [--quick]
//   node quickjs_wasi_sleep.mjs NPM_FOLDER PROGRAMS store FILE MEGABYTES     gzipped
//   node quickjs_wasi_sleep.mjs NPM_FOLDER PROGRAMS wake FILE
//
// The module is compiled once and in no figure but that of the whole process; nor is the end of a
// VM. All operations run until V8 has optimised before they are measured.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

import { load_package, number_of } from "./wasi_package.mjs";
import {
  finish_order, make_order_vm, make_stepper, step, wake_and_step,
} from "./wasi_programs.mjs";

const [npm_folder, programs, what, ...words] = process.argv.slice(2);
const { QuickJS, wasm } = await load_package(npm_folder);
const quick = words[0] === "--quick";
const kMeasureMs = quick ? 5 : 300;
const kLiveSecondsMax = 5;

const program = (name) => readFileSync(join(programs, name), "utf8");

/// heap.js with as many objects as take about so many megabytes.
const heap_program = (megabytes) =>
  megabytes > 0 ? program("heap.js").replace("94000", Math.round((megabytes * 94000) / 24)) : "0";

const stepper = (megabytes) =>
  make_stepper(QuickJS, wasm, heap_program(megabytes), program("steps.js"));

// ---- measuring ----------------------------------------------------------------------------------

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

async function timed(operation) {
  const start = performance.now();
  const result = await operation();
  return { us: (performance.now() - start) * 1e3, result };
}

/// Calls `turn` for a while, and again; what it returned the second time. What takes long is
/// measured seldom.
async function repeat(turn) {
  let results = [];
  for (const turns_min of quick ? [1, 1] : [2, 5]) {
    results = [];
    const end = performance.now() + kMeasureMs;
    while (performance.now() < end || results.length < turns_min) results.push(await turn());
  }
  return results;
}

/// Median microseconds of `operation`, which makes a VM.
async function make_us(operation) {
  return median(await repeat(async () => {
    const { us, result } = await timed(operation);
    result.dispose();
    return us;
  }));
}

/// Medians over the steps of `touch(vm)`.
async function step_costs(vm, touch) {
  const turns = await repeat(async () => {
    touch(vm);
    const capture = await timed(() => vm.snapshot());
    const encode = await timed(() => QuickJS.serializeSnapshot(capture.result));
    return { capture: capture.us, encode: encode.us, stored: encode.result.length };
  });
  const of = (name) => median(turns.map((turn) => turn[name]));
  return { capture: of("capture"), encode: of("encode"), stored: of("stored") };
}

/// What of this process is in memory: see bench/sleep/resident.hpp.
function resident_bytes() {
  const bytes_of = (file, key) =>
    Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(readFileSync(file, "utf8"))[1]) * 1024;
  return bytes_of("/proc/self/smaps_rollup", "Pss") + bytes_of("/proc/self/status", "VmPTE");
}

/// A VM with the application, after its first request. Evaluating it anew takes less memory here
/// than a restore, which fills all of the VM's, and not more time.
async function handle_request(number) {
  const vm = await QuickJS.create({ wasm });
  vm.evalCode(program("service.js")).dispose();
  const promise = vm.evalCode(`handle(${number})`);
  vm.executePendingJobs();
  const { value } = await vm.resolvePromise(promise);
  if (!value.toString().startsWith("item ")) throw new Error("service.js");
  value.dispose();
  promise.dispose();
  return vm;
}

// ---- single figures -----------------------------------------------------------------------------

const print = (name, value, unit) => console.log(JSON.stringify({ name, value, unit }));

async function print_steps(size, megabytes) {
  const { capture, encode, stored } = await step_costs(await stepper(megabytes), step);
  print(`capture_${size}`, capture, "us");
  print(`encode_${size}`, encode, "us");
  print(`stored_${size}`, stored, "bytes");
}

/// First, while nothing else has left garbage behind.
async function print_resident() {
  const before = resident_bytes();
  const vms = [];
  while (vms.length < (quick ? 30 : 300)) vms.push(await handle_request(vms.length));
  const per_vm = (resident_bytes() - before) / vms.length;
  print("resident_10000", before + 10000 * per_vm, "bytes");
}

async function print_figures() {
  await print_resident();
  const fresh = await make_us(async () => {
    const vm = await QuickJS.create({ wasm });
    if (number_of(vm, "1+1") !== 2) throw new Error("1+1");
    return vm;
  });
  print("fresh_warm", fresh, "us");  // there is one way only
  print("fresh_cold", fresh, "us");
  const order = (await make_order_vm(QuickJS, wasm, program("order.js"))).snapshot();
  const restore = await make_us(async () => finish_order(await QuickJS.restore(order, { wasm })));
  print("restore_small", restore, "us");
  print("restore_cold", restore, "us");
  await print_steps("small", 0);
  await print_steps("24mb", 24);

  const parent = await stepper(24);
  const asleep = parent.snapshot();
  print("restore_24mb", await make_us(() => wake_and_step(QuickJS, wasm, asleep)), "us");
  // Copies of 24 MB would not fit: one by one, and as many as show what a thousand take.
  const fork_us = await make_us(() => wake_and_step(QuickJS, wasm, parent.snapshot()));
  print("forks_1000", fork_us, "ms");
}

// ---- curves -------------------------------------------------------------------------------------

const print_point = (curve, x, name, value, unit) =>
  console.log(JSON.stringify({ curve, x, name, value, unit }));

function print_step_points(curve, x, { capture, encode, stored }) {
  print_point(curve, x, "capture", capture, "us");
  print_point(curve, x, "encode", encode, "us");
  print_point(curve, x, "stored", stored, "bytes");
}

async function print_heap(megabytes) {
  const vm = await stepper(megabytes);
  const asleep = vm.snapshot();
  const restore = await make_us(() => wake_and_step(QuickJS, wasm, asleep));
  print_point("heap", megabytes, "restore", restore, "us");
  print_step_points("heap", megabytes, await step_costs(vm, step));
  vm.dispose();
}

async function print_changed_pages(pages) {
  const vm = await QuickJS.create({ wasm });
  vm.evalCode(program("pages.js")).dispose();
  const write = vm.global.getProp("write_pages");
  const touch = () => vm.callFunction(write, vm.undefined, vm.newNumber(pages)).dispose();
  print_step_points("pages", pages, await step_costs(vm, touch));
  vm.dispose();
}

/// Ends early where each VM takes longer the more there are.
async function print_live(counts) {
  const vms = [];
  let spent_us = 0;
  for (const count of counts) {
    if (spent_us > kLiveSecondsMax * 1e6) break;
    const before = vms.length;
    const { us } = await timed(async () => {
      while (vms.length < count) vms.push(await handle_request(vms.length));
    });
    spent_us = us;
    print_point("live", count, "create", us / (count - before), "us");
    print_point("live", count, "resident", resident_bytes(), "bytes");
  }
}

async function print_curves() {
  await print_live(quick ? [1, 30] : [1, 3, 10, 30, 100, 300, 1000, 3000, 10000]);
  const pages = quick ? [1, 100] : [1, 3, 10, 30, 100, 300, 1000, 3000, 10000];
  for (const count of pages) await print_changed_pages(count);
  const sizes = quick ? [1, 8] : [1, 2, 4, 8, 16, 32, 64, 128, 256];
  for (const megabytes of sizes) await print_heap(megabytes);
}

// ---- a process of its own -----------------------------------------------------------------------

async function store([file, megabytes]) {
  const vm = await stepper(Number(megabytes));
  writeFileSync(file, gzipSync(QuickJS.serializeSnapshot(vm.snapshot())));
}

async function wake([file]) {
  const snapshot = QuickJS.deserializeSnapshot(gunzipSync(readFileSync(file)));
  await wake_and_step(QuickJS, wasm, snapshot);
}

const parts = { json: print_figures, curves: print_curves, store, wake };
if (!parts[what]) {
  console.error("usage: quickjs_wasi_sleep.mjs NPM_FOLDER PROGRAMS json|curves|store|wake …");
  process.exit(2);
}
await parts[what](words);
