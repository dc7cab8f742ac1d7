// node --test bench/lib
import assert from "node:assert/strict";
import test from "node:test";

import { draw, kCurves, tabulate } from "./curves.mjs";
import {
  combine, median, parse_google_benchmark, parse_named, parse_octane, parse_single,
} from "./figures.mjs";
import { kSleepRows } from "./sleep.mjs";
import { evaluate, format_figure, format_short, kRows, render } from "./table.mjs";

const row = (what) => kRows.find((candidate) => candidate.what === what);

test("median", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.throws(() => median([]));
});

test("figures carry their unit and three digits", () => {
  assert.equal(format_figure(1832, "ns"), "1.83 µs");
  assert.equal(format_figure(0.512, "ns"), "0.51 ns");
  assert.equal(format_figure(640e6, "ns"), "640 ms");
  assert.equal(format_figure(1376284, "bytes"), "1,376,284 B");
  assert.equal(format_figure(2087.4, "score"), "2087");
});

test("less time and a higher score are both better", () => {
  const figures = {
    quiesce: new Map([["create", 2e3], ["octane", 2000]]),
    native: new Map([["create", 60e3], ["octane", 1800]]),
    wasi: new Map([["create", 600e3], ["octane", 900]]),
  };
  assert.deepEqual(evaluate(row("create"), figures).ratios,
    { native: 30, wasi: 300, node: undefined });
  assert.deepEqual(evaluate(row("create"), figures).reached, [true]);
  assert.deepEqual(evaluate(row("octane"), figures).reached, [false, true]);
  assert.deepEqual(evaluate(row("build"), figures).reached, [undefined]);
  assert.match(render(figures), /\| yes +\|/);
});

test("a figure can be aimed at another one of ours", () => {
  const reached = (many) => evaluate(row("modules_restore"), {
    quiesce: new Map([["modules_restore", many], ["modules_restore_few", 100e3]]),
  }).reached;
  assert.deepEqual(reached(120e3), [true, true]);
  assert.deepEqual(reached(200e3), [true, false]);
  assert.deepEqual(evaluate(row("modules_restore"), {}).reached, [undefined, undefined]);
});

test("only engines that were measured have columns", () => {
  const table = render({
    quiesce: new Map([["modules_import", 5e6]]), node: new Map([["modules_import", 50e6]]),
  });
  assert.match(table, /\| Quiesce +\| +Node \| +× Node \|/);
  assert.doesNotMatch(table, /\| quickjs-wasi \|/);
});

const octane_lines = (change = {}) => {
  const length = change.suites ?? 9;
  const scores = Array.from({ length }, (_, i) => ({ octane: `S${i}`, score: 100 }));
  const all = { octane: "all", date_ms: 20000, performance_ms: 20000, ...change.all };
  return [...scores, ...(change.extra ?? []), all, { octane: "wall", wall_ms: 20050 }]
    .map((line) => JSON.stringify(line)).join("\n");
};

test("an Octane run must be whole and its clock right", () => {
  assert.equal(Math.round(combine([parse_octane(octane_lines())]).get("octane")), 100);
  assert.throws(() => parse_octane(octane_lines({ suites: 8 })), /8 Octane results/);
  assert.throws(() => parse_octane(octane_lines({ all: { date_ms: 15000 } })), /wall clock/);
  assert.throws(() => parse_octane(octane_lines({ extra: [{ octane: "S", error: "no" }] })), /no/);
});

test("names and counters of Google Benchmark", () => {
  const entry = { name: "loop/iterations:1", real_time: 5, time_unit: "ns", stored: 2900 };
  const run = parse_google_benchmark(JSON.stringify({ benchmarks: [entry] }));
  assert.deepEqual([...run], [["loop", 5], ["stored", 2900]]);
  const sized = { name: "restore_heap/64", real_time: 6, time_unit: "ns" };
  const named = parse_google_benchmark(JSON.stringify({ benchmarks: [sized] }));
  assert.deepEqual([...named], [["restore_heap/64", 6]]);
  const failed = { ...entry, error_occurred: true, error_message: "wrong" };
  assert.throws(() => parse_google_benchmark(JSON.stringify({ benchmarks: [failed] })), /wrong/);
});

test("a figure that is no figure is refused", () => {
  assert.throws(() => parse_single('{"what":"create","ns":0}'), /create is 0/);
});

test("lines of named figures, times in nanoseconds", () => {
  const run = parse_named([
    '{"name":"fresh_warm","value":2.5,"unit":"us"}',
    '{"name":"forks_1000","value":90,"unit":"ms"}',
    '{"curve":"heap","x":16,"name":"stored","value":700,"unit":"bytes"}',
  ].join("\n"));
  assert.deepEqual([...run], [["fresh_warm", 2500], ["forks_1000", 90e6], ["heap 16 stored", 700]]);
  assert.throws(() => parse_named('{"name":"a","value":1,"unit":"ns"}'), /unit ns/);
  assert.throws(() => parse_named('{"name":"a","value":0,"unit":"us"}'), /a is 0/);
});

test("each figure of sleep is held against what is asked", () => {
  const table = render({ quiesce: new Map([["fresh_warm", 5e3], ["wake_process", 50e6]]),
    wasi: new Map([["wake_process", 200e6]]) }, kSleepRows).split("\n");
  assert.equal(table.length, 2 + kSleepRows.length);
  assert.match(table[2], /5.00 µs .* yes +\|$/);
  assert.match(table.find((line) => line.includes("a process that wakes it")), / no +\|$/);
  assert.match(table[3], / not measured +\|$/);
});

test("few letters", () => {
  assert.equal(format_short(1234567, "ns"), "1.2 ms");
  assert.equal(format_short(1000, "ns"), "1 µs");
  assert.equal(format_short(68943, "bytes"), "69 kB");
  assert.equal(format_short(120, "bytes"), "120 B");
});

test("curves as plot and table", () => {
  const heap = kCurves.find(({ curve }) => curve === "heap");
  const points = (times) => new Map(["capture", "encode", "restore", "stored"].flatMap((name) =>
    [[`heap 1 ${name}`, 1000 * times], [`heap 256 ${name}`, 50000 * times]]));
  const figures = { quiesce: points(1), wasi: points(100) };
  const { file, svg } = draw(heap, figures);
  assert.equal(file, "heap.svg");
  assert.equal(svg.match(/<polyline/g).length, 6, "three panels, two engines");
  assert.match(svg, />Quiesce 50 µs</);
  assert.match(svg, />quickjs-wasi 5 ms</);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  const rows = tabulate(heap, figures).split("\n");
  assert.equal(rows.length, 4);
  assert.match(rows[3], /^\| +256 \| +50\.0 µs \| +5\.00 ms \|/);
});
