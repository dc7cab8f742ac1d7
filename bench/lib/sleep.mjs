// The part `sleep`: what sleep and waking are required to cost, and how that grows.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { median, parse_named } from "./figures.mjs";

function process_ns(command, parameters) {
  const start = process.hrtime.bigint();
  execFileSync(command, parameters, { stdio: ["ignore", "ignore", "inherit"] });
  return Number(process.hrtime.bigint() - start);
}

/// One round of one engine; the curves are drawn from the first. `figures`, `curves`, `store` and
/// `wake` are commands, each a list of words; the last two lack the file's name, and `store` the
/// megabytes after it.
export function measure_sleep({ figures, curves, store, wake }, file, { quick, round }) {
  const flags = quick ? ["--quick"] : [];
  const run_named = ([command, ...words]) => parse_named(execFileSync(command,
    [...words, ...flags], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
  const run = new Map([...run_named(figures), ...(round === 0 ? run_named(curves) : [])]);
  execFileSync(store[0], [...store.slice(1), file, "24"]);
  const times = Array.from({ length: quick ? 2 : 9 }, () =>
    process_ns(wake[0], [...wake.slice(1), file]));
  return run.set("wake_process", median(times));
}

/// For both engines; `npm` is the folder with the package quickjs-wasi.
export function sleep_commands({ binaries, peers, npm, programs }) {
  const bench = join(binaries, "quiesce-bench");
  const wake = join(binaries, "quiesce-wake");
  const wasi = [process.execPath, join(peers, "quickjs_wasi_sleep.mjs"), npm, programs];
  return {
    quiesce: { figures: [bench, "--json"], curves: [bench, "--curves"], store: [wake, "store"],
      wake: [wake, "wake"] },
    wasi: { figures: [...wasi, "json"], curves: [...wasi, "curves"], store: [...wasi, "store"],
      wake: [...wasi, "wake"] },
  };
}

// What is aimed at; docs/performance.md says what each figure contains.
export const kSleepRows = [
  { label: "new VM in a warm slot, first `eval`", what: "fresh_warm", unit: "ns", max: 6e3 },
  { label: "new VM, cold, first `eval`", what: "fresh_cold", unit: "ns", max: 80e3 },
  { label: "a VM's end that leaves a warm slot", what: "end_warm", unit: "ns" },
  { label: "small program: restored in a warm slot, first job", what: "restore_small", unit: "ns",
    max: 8e3 },
  { label: "small program: restored cold, first job", what: "restore_cold", unit: "ns",
    max: 90e3 },
  { label: "24 MB heap: restored, first job", what: "restore_24mb", unit: "ns", max: 150e3 },
  { label: "24 MB heap: a process that wakes it from a compressed file", what: "wake_process",
    unit: "ns", ratio: 5 },
  { label: "small heap, after a step: captured", what: "capture_small", unit: "ns", max: 20e3 },
  { label: "small heap, after a step: encoded", what: "encode_small", unit: "ns", max: 120e3 },
  { label: "small heap, after a step: stored", what: "stored_small", unit: "bytes", max: 4000 },
  { label: "24 MB heap, after a step: captured", what: "capture_24mb", unit: "ns", max: 100e3 },
  { label: "24 MB heap, after a step: encoded", what: "encode_24mb", unit: "ns", max: 200e3 },
  { label: "24 MB heap, after a step: stored", what: "stored_24mb", unit: "bytes", max: 16000 },
  { label: "10,000 live VMs from one image: resident", what: "resident_10000", unit: "bytes",
    max: 2 ** 30 },
  { label: "1,000 forks of 24 MB, each with a job", what: "forks_1000", unit: "ns", max: 100e6 },
].map(({ label, what, unit, max, ratio }) =>
  ({ label, what, unit, targets: ratio ? [{ engine: "wasi", ratio }] : max ? [{ max }] : [] }));
