// The programs of bench/programs/ that sleep, in quickjs-wasi.
import { number_of } from "./wasi_package.mjs";

/// A promise that can be settled after a restore: its resolve function stays in the heap.
const charge = (vm) => () =>
  vm.evalCode("new Promise((resolve) => { globalThis.settle = resolve; })");

/// Settles it and runs the job that waits.
function settle_charge(vm) {
  const settle = vm.global.getProp("settle");
  const receipt = vm.newString("ch_42");
  vm.callFunction(settle, vm.undefined, receipt).dispose();
  settle.dispose();
  receipt.dispose();
  vm.executePendingJobs();
}

// ---- the README's program -----------------------------------------------------------------------

const greet = (vm) => (who) => vm.newString("hello " + who.toString());

/// The README's program, asleep: `charge` has been called and waits.
export async function make_order_vm(QuickJS, wasm, source) {
  const vm = await QuickJS.create({ wasm });
  vm.newFunction("greet", greet(vm)).consume((f) => vm.global.setProp("greet", f));
  vm.newFunction("charge", charge(vm)).consume((f) => vm.global.setProp("charge", f));
  vm.evalCode(source).consume((order) => vm.global.setProp("order", order));
  vm.executePendingJobs();
  return vm;
}

/// Settles the call, runs the job that waits for it, reads the result.
export async function finish_order(vm) {
  vm.registerHostCallback("greet", greet(vm));
  settle_charge(vm);
  const order = vm.global.getProp("order");
  const { value } = await vm.resolvePromise(order);
  if (value.toString() !== "hello ch_42") throw new Error("the order ended otherwise");
  value.dispose();
  order.dispose();
  return vm;
}

// ---- a program of many steps --------------------------------------------------------------------

/// A VM that sleeps at every await, after `heap` was evaluated in it.
export async function make_stepper(QuickJS, wasm, heap, source) {
  const vm = await QuickJS.create({ wasm });
  vm.newFunction("charge", charge(vm)).consume((f) => vm.global.setProp("charge", f));
  vm.evalCode(heap).dispose();
  vm.evalCode(source).dispose();
  vm.executePendingJobs();
  if (number_of(vm, "steps") !== 0) throw new Error("steps.js");
  return vm;
}

export const step = settle_charge;

/// A VM woken from its snapshot, after its first job.
export async function wake_and_step(QuickJS, wasm, snapshot) {
  const vm = await QuickJS.restore(snapshot, { wasm });
  vm.registerHostCallback("charge", charge(vm));
  settle_charge(vm);
  const steps = vm.global.getProp("steps").consume((value) => value.toNumber());
  if (steps !== 1) throw new Error(`steps.js: ${steps}`);
  return vm;
}
