// The rounds of bench/run, which has built everything before. See there for the options.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { draw, kCurves, tabulate } from "./curves.mjs";
import { combine, parse_google_benchmark, parse_octane, parse_single } from "./figures.mjs";
import { describe_machine } from "./machine.mjs";
import { measure_modules } from "./modules.mjs";
import { parse_options } from "./options.mjs";
import { kSleepRows, measure_sleep, sleep_commands } from "./sleep.mjs";
import { render } from "./table.mjs";

const kRoot = join(dirname(fileURLToPath(import.meta.url)), "../..");
const kOutput = join(kRoot, "build/bench");
const kNpm = join(kOutput, "npm");
const kPrograms = join(kRoot, "bench/programs");
const kDocument = join(kRoot, "docs/performance.md");
const kPlots = join(kRoot, "docs/performance");

/// Its standard output. A program that fails ends the run: half a table would mislead.
function output_of(command, parameters) {
  const { status, signal, error, stdout } = spawnSync(command, parameters, {
    encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${signal ?? `status ${status}`}`);
  return stdout;
}

/// For each part and each engine that takes part in it: what gives its figures.
function measurements({ bundle, trees }, { quick, build }) {
  const binaries = join(build ? resolve(build) : join(kRoot, "build/release"), "bin");
  const flags = quick ? ["--quick"] : [];
  const peers = join(kRoot, "bench/peers");
  const wasi = join(peers, "quickjs_wasi.mjs");
  const run = (parse, command, parameters) => () => parse(output_of(command, parameters));
  const modules = { trees, npm: kNpm, quick };
  const sleep = sleep_commands({ binaries, peers, npm: kNpm, programs: kPrograms });
  return {
    single: {
      quiesce: run(parse_google_benchmark, join(binaries, "quiesce-bench"),
        ["--benchmark_format=json", `--benchmark_min_time=${quick ? 0.01 : 0.33}`]),
      native: run(parse_single, join(binaries, "native-quickjs"), ["micro", kPrograms, ...flags]),
      wasi: run(parse_single, process.execPath, [wasi, kNpm, "micro", kPrograms, ...flags]),
    },
    modules: {
      quiesce: () =>
        measure_modules(join(binaries, "quiesce-modules"), [], { ...modules, sleeps: true }),
      node: () => measure_modules(process.execPath, [join(peers, "node_modules.mjs")], modules),
    },
    sleep: {
      quiesce: (round) =>
        measure_sleep(sleep.quiesce, join(kOutput, "asleep.qsnap"), { quick, round }),
      wasi: (round) => measure_sleep(sleep.wasi, join(kOutput, "asleep.gz"), { quick, round }),
    },
    octane: {
      quiesce: run(parse_octane, join(binaries, "quiesce-octane"), [bundle]),
      native: run(parse_octane, join(binaries, "native-quickjs"), ["octane", bundle]),
      wasi: run(parse_octane, process.execPath, [wasi, kNpm, "octane", bundle]),
    },
  };
}

/// The engines take turns, and another one begins each round, so that a machine that becomes
/// slower or faster meanwhile does so for all of them.
function measure(options, inputs) {
  const runs = { quiesce: [], native: [], wasi: [], node: [] };
  const all = measurements(inputs, options);
  for (let round = 0; round < options.rounds; round++) {
    for (const part of options.parts) {
      const engines = Object.keys(all[part]);
      for (let turn = 0; turn < engines.length; turn++) {
        const engine = engines[(round + turn) % engines.length];
        console.error(`round ${round + 1} of ${options.rounds}: ${part}, ${engine}`);
        runs[engine].push(all[part][engine](round));
      }
    }
  }
  return runs;
}

/// Octane of each round alone shows how far the medians can be trusted.
function spread(runs) {
  const score = (run) => combine([run]).get("octane");
  const per_round = (engine) => runs[engine].map(score).filter((number) => number !== undefined);
  const [ours, native, wasi] = ["quiesce", "native", "wasi"].map(per_round);
  if (!ours.length) return "";
  const ratios = (theirs) => ours.map((number, i) => (number / theirs[i]).toFixed(2)).join(", ");
  return `Octane round by round: ${ratios(native)} × native QuickJS-NG; ` +
    `${ratios(wasi)} × quickjs-wasi.`;
}

/// What is recorded about sleep: the figures asked for, and each curve as plot and table. The plots
/// are written to `folder`.
function render_sleep(machine, figures, folder) {
  mkdirSync(folder, { recursive: true });
  const curves = kCurves.map((curve) => {
    const { file, svg } = draw(curve, figures);
    writeFileSync(join(folder, file), svg);
    return `![${curve.title}](performance/${file})\n\n${tabulate(curve, figures)}`;
  });
  return [machine, render(figures, kSleepRows), ...curves].join("\n\n");
}

/// Replaces what stands between the marks of a section of the document.
function record(section, text) {
  const [begin, end] = [`<!-- ${section}:begin -->`, `<!-- ${section}:end -->`];
  const document = readFileSync(kDocument, "utf8");
  const [start, stop] = [document.indexOf(begin), document.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`${kDocument} lacks the marks ${begin} ${end}`);
  const head = document.slice(0, start + begin.length);
  writeFileSync(kDocument, `${head}\n${text}\n${document.slice(stop)}`);
}

process.on("uncaughtException", (error) => {
  console.error(`bench/run: ${error.message}`);
  process.exit(1);
});

const options = parse_options(process.argv.slice(2));
if (options.quick) execFileSync(process.execPath, ["--test", join(kRoot, "bench/lib")]);
if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error("bench/run: the targets are for Node 20, this is " + process.versions.node);
}
if (!options.quick && os.loadavg()[0] > 0.5) {
  console.error(`bench/run: the machine is busy (load ${os.loadavg()[0].toFixed(1)})`);
}

mkdirSync(kOutput, { recursive: true });
const bundle = join(kOutput, options.quick ? "octane-quick.js" : "octane.js");
const bundler = join(kRoot, "bench/octane/bundle.mjs");
output_of(process.execPath, [bundler, kNpm, bundle, ...(options.quick ? ["--quick"] : [])]);
const trees = { many: join(kOutput, "tree-1000"), few: join(kOutput, "tree-10") };
const make_tree = join(kRoot, "bench/modules/make_tree.mjs");
output_of(process.execPath, [make_tree, trees.many, "1000"]);
output_of(process.execPath, [make_tree, trees.few, "10"]);

const machine = describe_machine(kNpm).map((line) => `- ${line}`).join("\n");
const runs = measure(options, { bundle, trees });
if (options.record && options.parts.length > 1) {
  console.error("build from a fresh clone");
  const line = output_of(join(kRoot, "bench/build-time"), []).trim().split("\n").pop();
  runs.quiesce.push(parse_single(line));
}

const for_each_engine = (f) =>
  Object.fromEntries(Object.entries(runs).map(([engine, list]) => [engine, f(list)]));
const raw = { machine, options, runs: for_each_engine((list) => list.map(Object.fromEntries)) };
writeFileSync(join(kOutput, "results.json"), JSON.stringify(raw, null, 2));

const figures = for_each_engine(combine);
const sections = new Map();
if (options.parts.some((part) => part !== "sleep")) {
  sections.set("bench", [machine, "", render(figures), "", spread(runs)].join("\n").trimEnd());
}
if (options.parts.includes("sleep")) {
  const { quiesce, wasi } = figures;
  const folder = options.record ? kPlots : kOutput;
  sections.set("sleep", render_sleep(machine, { quiesce, wasi }, folder));
}
console.log([...sections.values()].join("\n\n"));
if (options.quick) console.log("\nA quick run: the figures mean nothing.");
if (options.record) sections.forEach((text, section) => record(section, text));
