// The npm package quickjs-wasi on Node: what Quiesce is measured against.
//
//   node quickjs_wasi.mjs NPM_FOLDER octane BUNDLE.js           `print` writes its lines of JSON
//   node quickjs_wasi.mjs NPM_FOLDER micro PROGRAMS [--quick]   one line {"what":…,"ns":…} each
//
// The module is compiled once and not in any figure. Everything runs for a third of a second to let
// V8 optimise, then for another one in which it is measured. What the times include is written down
// in docs/performance.md, so that the harnesses measure the same.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";

import { finish_order, make_order_vm } from "./wasi_programs.mjs";
import { load_package, number_of } from "./wasi_package.mjs";

const [npm_folder, what, input, mode] = process.argv.slice(2);
if (!input || !["octane", "micro"].includes(what) || (mode !== undefined && mode !== "--quick")) {
  console.error("usage: quickjs_wasi.mjs NPM_FOLDER octane BUNDLE.js | micro PROGRAMS [--quick]");
  process.exit(2);
}
const quick = mode === "--quick";
const kMeasureMs = quick ? 10 : 330;

const { QuickJS, wasm } = await load_package(npm_folder);

// ---- octane -------------------------------------------------------------------------------------

// The package's own clock has a resolution of a millisecond; the other engines read nanoseconds.
// SplayLatency squares such differences, so all engines get the same kind of clock.
const realtime_us = () => Math.round((performance.timeOrigin + performance.now()) * 1e3);
const exact_clock = (memory) => ({
  clock_time_get(id, precision, address) {
    const ns = id === 0 ? BigInt(realtime_us()) * 1000n : process.hrtime.bigint();
    new DataView(memory.buffer).setBigUint64(address, ns, true);
    return 0;
  },
});

async function run_octane(bundle) {
  const source = readFileSync(bundle, "utf8");
  const vm = await QuickJS.create({ wasm, wasi: exact_clock });
  vm.global.setProp("print", vm.newFunction("print", (text) => {
    process.stdout.write(text.toString() + "\n");
    return vm.undefined;
  }));
  vm.evalCode(source, "octane.js").dispose();
  const start = performance.now();
  vm.evalCode("run_octane()").dispose();
  console.log(JSON.stringify({ octane: "wall", wall_ms: performance.now() - start }));
}

// ---- single operations --------------------------------------------------------------------------

const report = (name, ns) => console.log(JSON.stringify({ what: name, ns }));
const report_bytes = (name, bytes) => console.log(JSON.stringify({ what: name, bytes }));
const program = (name) => readFileSync(join(input, name), "utf8");

/// Median time of `timed()`: the mean would hold the pauses of Node's collector, a third more. What
/// `timed` returns goes to `after`, which is in no figure.
async function measure(name, timed, after = () => {}) {
  let times_ms = [];
  for (const phase of ["warm-up", "measurement"]) {
    times_ms = [];
    for (const end = performance.now() + kMeasureMs; performance.now() < end || !times_ms.length;) {
      const start = performance.now();
      const result = await timed();
      times_ms.push(performance.now() - start);
      after(result);
    }
  }
  times_ms.sort((a, b) => a - b);
  report(name, times_ms[times_ms.length >> 1] * 1e6);
}

/// Mean time of operations too short for a clock each, and without an await in the loop.
function measure_short(name, timed, batch = 100) {
  let start = 0;
  let count = 0;
  for (const phase of ["warm-up", "measurement"]) {
    start = performance.now();
    for (count = 0; performance.now() - start < kMeasureMs; count += batch) {
      for (let i = 0; i < batch; i++) timed();
    }
  }
  report(name, ((performance.now() - start) / count) * 1e6);
}

function one_plus_one(vm) {
  if (number_of(vm, "1+1") !== 2) throw new Error("1+1");
}

async function measure_sleep() {
  const vm = await make_order_vm(QuickJS, wasm, program("order.js"));
  const asleep = vm.snapshot();
  const bytes = QuickJS.serializeSnapshot(asleep);
  const dispose = (awake) => awake.dispose();
  await measure("snapshot", () => vm.snapshot());
  await measure("snapshot_bytes", () => QuickJS.serializeSnapshot(vm.snapshot()));
  await measure("restore", () => QuickJS.restore(asleep, { wasm }), dispose);
  const wake_and_finish = async (snapshot) =>
    finish_order(await QuickJS.restore(snapshot, { wasm }));
  await measure("restore_run", () => wake_and_finish(asleep), dispose);
  await measure("restore_bytes_run",
    () => wake_and_finish(QuickJS.deserializeSnapshot(bytes)), dispose);
  report_bytes("stored", bytes.length);
  report_bytes("stored_gzip", gzipSync(bytes).length);
}

async function measure_heap() {
  const vm = await QuickJS.create({ wasm });
  vm.evalCode(program("heap.js")).dispose();
  const asleep = vm.snapshot();
  const bytes = QuickJS.serializeSnapshot(asleep);
  const fastest = { level: constants.Z_BEST_SPEED };
  const dispose = (awake) => awake.dispose();
  await measure("heap_snapshot", () => vm.snapshot());
  await measure("heap_snapshot_bytes", () => QuickJS.serializeSnapshot(vm.snapshot()));
  await measure("heap_snapshot_compressed",
    () => gzipSync(QuickJS.serializeSnapshot(vm.snapshot()), fastest));
  const awake = async (snapshot) => {
    const vm = await QuickJS.restore(snapshot, { wasm });
    if (number_of(vm, "orders[500].id") !== 500) throw new Error("heap.js");
    return vm;
  };
  await measure("heap_restore", () => awake(asleep), dispose);
  await measure("heap_restore_bytes", () => awake(QuickJS.deserializeSnapshot(bytes)), dispose);
  report_bytes("heap_memory", asleep.memory.byteLength);
  report_bytes("heap_stored", bytes.length);
  report_bytes("heap_stored_compressed", gzipSync(bytes, fastest).length);
}

async function run_micro() {
  await measure("create", () => QuickJS.create({ wasm }), (vm) => vm.dispose());
  await measure("create_eval", async () => {
    const vm = await QuickJS.create({ wasm });
    one_plus_one(vm);
    return vm;
  }, (vm) => vm.dispose());

  const vm = await QuickJS.create({ wasm });
  measure_short("eval", () => one_plus_one(vm));
  const object = vm.evalCode("({x: 1.5})");
  measure_short("property_get", () => object.getProp("x").consume((x) => x.toNumber()));
  measure_short("property_set", () => vm.newNumber(2.5).consume((x) => object.setProp("x", x)));

  const objects = vm.evalCode(program("data.js"));
  const data = vm.dump(objects);
  if (data.length !== 1000) throw new Error("data.js");
  measure_short("data_out", () => vm.dump(objects), 1);
  measure_short("data_in", () => vm.hostToHandle(data).dispose(), 1);

  const add = (left, right) => vm.newNumber(left.toNumber() + right.toNumber());
  vm.newFunction("add", add).consume((f) => vm.global.setProp("add", f));
  const turns = quick ? 10000 : 1000000;
  const loops = vm.evalCode(program("host_calls.js"));
  const call_ns = (method, count) => {
    const loop = loops.getProp(method);
    const start = performance.now();
    vm.callFunction(loop, vm.undefined, vm.newNumber(count)).dispose();
    return ((performance.now() - start) * 1e6) / count;
  };
  call_ns("calls", turns / 10);
  call_ns("bare", turns / 10);
  report("host_call", call_ns("calls", turns) - call_ns("bare", turns));

  await measure_sleep();
  await measure_heap();

  const start = performance.now();
  if (number_of(vm, program("loop.js")) !== 3e7) throw new Error("loop.js");
  report("loop", (performance.now() - start) * 1e6);
}

await (what === "octane" ? run_octane(input) : run_micro());
