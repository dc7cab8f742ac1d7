// What `quiesce-bench --curves` and its peer have measured, as tables and plots.
import { plot } from "./plot.mjs";
import { format_figure, write_table } from "./table.mjs";

const plain = (tick) => String(tick).replace(/\B(?=(\d{3})+$)/g, ",");

const capture = { name: "capture", title: "Captured", unit: "ns" };
const encode = { name: "encode", title: "Encoded", unit: "ns" };
const stored = { name: "stored", title: "Stored", unit: "bytes" };

export const kCurves = [
  {
    curve: "heap", file: "heap.svg",
    title: "By size of the heap: asleep after one small step, and awake again",
    x: { label: "heap, MB", column: "heap, MB", ticks: [1, 4, 16, 64, 256], format: plain },
    panels: [capture, encode,
      { name: "restore", title: "Restored, first job run", unit: "ns" }],
    more: [stored],
  },
  {
    curve: "pages", file: "pages.svg",
    title: "By what has changed: pages written, of a heap of 64 MB",
    x: { label: "changed pages", column: "changed pages", ticks: [1, 10, 100, 1000, 10000],
      format: plain },
    panels: [capture, encode, stored], more: [],
  },
  {
    curve: "live", file: "live.svg",
    title: "By VMs alive: one application, each VM has answered one request",
    x: { label: "live VMs", column: "live VMs", ticks: [1, 10, 100, 1000, 10000], format: plain },
    panels: [{ name: "resident", title: "Memory of the process", unit: "bytes" },
      { name: "create", title: "One more VM and its first answer", unit: "ns" }],
    more: [],
  },
];

const kNames = { quiesce: "Quiesce", wasi: "quickjs-wasi" };

/// [x, y] of one engine, by x.
function points(figures, engine, curve, name) {
  const found = [];
  for (const [key, value] of figures[engine] ?? []) {
    const [, of, x, what] = /^(\S+) (\d+) (\S+)$/.exec(key) ?? [];
    if (of === curve && what === name) found.push([Number(x), value]);
  }
  return found.sort((a, b) => a[0] - b[0]);
}

/// {file, svg} of a curve.
export function draw({ curve, file, title, x, panels }, figures) {
  const lines = (name) => Object.keys(kNames)
    .map((engine) => ({ name: kNames[engine], points: points(figures, engine, curve, name) }))
    .filter((line) => line.points.length);
  return { file, svg: plot({ title, x, panels: panels.map((panel) =>
    ({ ...panel, lines: lines(panel.name) })) }) };
}

/// Markdown: a row for each x, two columns for each panel.
export function tabulate({ curve, x, panels, more }, figures) {
  const columns = [...panels, ...more].flatMap(({ name, title, unit }) =>
    Object.keys(kNames).map((engine) => ({ unit, head: `${title}: ${kNames[engine]}`,
      values: new Map(points(figures, engine, curve, name)) })));
  const xs = [...new Set(columns.flatMap(({ values }) => [...values.keys()]))];
  return write_table([
    [x.column, ...columns.map(({ head }) => head)],
    ...xs.sort((a, b) => a - b).map((at) => [x.format(at),
      ...columns.map(({ values, unit }) => format_figure(values.get(at), unit))]),
  ], () => false);
}
