// The table of ratios: which rows it has, what is aimed at, and how it is written.

const kOctane = [
  "Richards", "DeltaBlue", "Crypto", "RayTrace", "EarleyBoyer", "RegExp", "Splay", "SplayLatency",
  "NavierStokes",
];

// `what` names the figure of each engine; `peer` is another name for it at quickjs-wasi. Of scores
// more is better, of times and bytes less. A target is a ratio to an engine, a largest figure, or
// how many times another figure of Quiesce it may be at most.
export const kRows = [
  { label: "Octane, geometric mean", what: "octane", unit: "score",
    targets: [{ engine: "native", ratio: 1.2 }, { engine: "wasi", ratio: 2.2 }] },
  ...kOctane.map((name) => ({ label: `· ${name}`, what: `octane ${name}`, unit: "score" })),
  { label: "`while` loop, 3e7 turns", what: "loop", unit: "ns" },
  { label: "new VM", what: "create", unit: "ns", targets: [{ engine: "wasi", ratio: 10 }] },
  { label: "new VM and its first `eval(\"1+1\")`", what: "create_eval", unit: "ns" },
  { label: "`eval(\"1+1\")` in a live VM", what: "eval", unit: "ns",
    targets: [{ engine: "wasi", ratio: 2 }] },
  { label: "host call with two numbers", what: "host_call", unit: "ns",
    targets: [{ max: 60 }, { engine: "wasi", ratio: 7 }] },
  { label: "property read by name", what: "property_get", unit: "ns", targets: [{ max: 100 }] },
  { label: "property written by name", what: "property_set", unit: "ns", targets: [{ max: 100 }] },
  { label: "1000 small objects out, as `Data`", what: "data_out", unit: "ns",
    targets: [{ engine: "wasi", ratio: 20 }] },
  { label: "1000 small objects in, from `Data`", what: "data_in", unit: "ns",
    targets: [{ engine: "wasi", ratio: 20 }] },
  { label: "order: snapshot", what: "snapshot", unit: "ns" },
  { label: "order: snapshot, as bytes to store", what: "snapshot_bytes", unit: "ns" },
  { label: "order: restore", what: "restore", unit: "ns" },
  { label: "order: restore, settle, run its job", what: "restore_run", unit: "ns" },
  { label: "order: the same from stored bytes", what: "restore_bytes_run", unit: "ns" },
  { label: "order: bytes stored", what: "stored", unit: "bytes", targets: [{ max: 40000 }] },
  { label: "order: bytes stored, theirs gzipped", what: "stored", peer: "stored_gzip",
    unit: "bytes" },
  { label: "24 MB heap: snapshot", what: "heap_snapshot", unit: "ns" },
  { label: "24 MB heap: snapshot, as bytes to store", what: "heap_snapshot_bytes", unit: "ns" },
  { label: "24 MB heap: the same, theirs gzipped (level 1)", what: "heap_snapshot_bytes",
    peer: "heap_snapshot_compressed", unit: "ns" },
  { label: "24 MB heap: restore and read one object", what: "heap_restore", unit: "ns" },
  { label: "24 MB heap: the same from stored bytes", what: "heap_restore_bytes", unit: "ns" },
  { label: "24 MB heap: linear memory", what: "heap_memory", unit: "bytes" },
  { label: "24 MB heap: bytes stored", what: "heap_stored", unit: "bytes" },
  { label: "24 MB heap: bytes stored, theirs gzipped (level 1)", what: "heap_stored",
    peer: "heap_stored_compressed", unit: "bytes" },
  ...[1, 16, 256].map((megabytes) => (
    { label: `${megabytes} MB heap in memory: restore, first call`,
      what: `restore_heap/${megabytes}`, unit: "ns", targets: [{ max: 1e6 }] })),
  ...[1, 10, 100].map((kilobytes) => ({ label: `types of ${kilobytes} kB of TypeScript erased`,
    what: `strip_types/${kilobytes}`, unit: "ns" })),
  { label: "1000 modules: resolve, load, evaluate", what: "modules_import", unit: "ns",
    targets: [{ engine: "node", ratio: 1 }] },
  { label: "1000 modules: a process that does it", what: "modules_process", unit: "ns",
    targets: [{ engine: "node", ratio: 1 }] },
  { label: "10 modules: restore", what: "modules_restore_few", unit: "ns" },
  { label: "1000 modules: restore", what: "modules_restore", unit: "ns",
    targets: [{ max: 1e6 }, { than: "modules_restore_few", times_max: 1.5 }] },
  { label: "10 modules: restore and call a function", what: "modules_restore_use_few",
    unit: "ns" },
  { label: "1000 modules: restore and call a function", what: "modules_restore_use", unit: "ns",
    targets: [{ max: 1e6 }] },
  { label: "1000 modules: restore from stored bytes", what: "modules_restore_bytes", unit: "ns" },
  { label: "`lodash-es`: import all of it", what: "lodash_import", unit: "ns",
    targets: [{ max: 150e6 }] },
  { label: "`lodash-es`: restore with it evaluated, call it", what: "lodash_awake", unit: "ns",
    targets: [{ max: 1e6 }] },
  { label: "build from a fresh clone, two cores", what: "build", unit: "ns",
    targets: [{ max: 240e9 }] },
];

export const kEngineNames = { native: "native QuickJS-NG", wasi: "quickjs-wasi", node: "Node" };

const three_digits = (number) => {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(number)));
  return number.toFixed(Math.min(digits, 2));
};

export function format_figure(figure, unit) {
  if (figure === undefined) return "";
  if (unit === "score") return figure.toFixed(0);
  if (unit === "bytes") return figure.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",") + " B";
  const scale = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]].find(([size]) => figure >= size);
  const [size, name] = scale ?? [1, "ns"];
  return `${three_digits(figure / size)} ${name}`;
}

/// The same in few letters, for axes and names: "1.2 ms", "69 kB".
export function format_short(figure, unit) {
  const units = unit === "bytes" ? [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"], [1, "B"]]
    : [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];
  const [size, name] = units.find(([size]) => figure >= size * 0.9995) ?? units.at(-1);
  return `${Number((figure / size).toPrecision(2))} ${name}`;
}

/// How many times better than `theirs`; more is always better. undefined: nothing to compare.
export function ratio(ours, theirs, unit) {
  if (ours === undefined || theirs === undefined) return undefined;
  return unit === "score" ? ours / theirs : theirs / ours;
}

const format_ratio = (number) => (number === undefined ? "" : three_digits(number));

/// One row with its figures and, for each target, whether it was reached (undefined: not measured).
export function evaluate(row, figures) {
  const ours = figures.quiesce?.get(row.what);
  const theirs = {
    native: figures.native?.get(row.what),
    wasi: figures.wasi?.get(row.peer ?? row.what),
    node: figures.node?.get(row.what),
  };
  const ratios = Object.fromEntries(Object.entries(theirs).map(([engine, figure]) =>
    [engine, ratio(ours, figure, row.unit)]));
  const reached = (row.targets ?? []).map((target) => {
    if (target.max !== undefined) return ours === undefined ? undefined : ours < target.max;
    if (target.than !== undefined) {
      const other = figures.quiesce?.get(target.than);
      if (ours === undefined || other === undefined) return undefined;
      return ours < other * target.times_max;
    }
    const reached_ratio = ratios[target.engine];
    return reached_ratio === undefined ? undefined : reached_ratio >= target.ratio;
  });
  return { ours, theirs, ratios, reached };
}

function target_text(target, unit) {
  if (target.max !== undefined) return `< ${format_figure(target.max, unit)}`;
  if (target.than !== undefined) {
    return `< ${target.times_max} × "${kRows.find((row) => row.what === target.than).label}"`;
  }
  return `${target.ratio} × ${kEngineNames[target.engine]}`;
}

const reached_text = (reached) => (reached === undefined ? "not measured" : reached ? "yes" : "no");

/// Markdown. Rows of which Quiesce has no figure are left out, unless something is aimed at; so are
/// columns of engines that were not measured.
export function render(figures, rows = kRows) {
  const engines = Object.keys(kEngineNames).filter((engine) => figures[engine]?.size > 0);
  const lines = [[
    "what", "Quiesce", ...engines.map((engine) => kEngineNames[engine]),
    ...engines.map((engine) => `× ${kEngineNames[engine].replace(" QuickJS-NG", "")}`),
    "target", "reached",
  ]];
  for (const row of rows) {
    const { ours, theirs, ratios, reached } = evaluate(row, figures);
    if (ours === undefined && !row.targets) continue;
    lines.push([
      row.label, format_figure(ours, row.unit),
      ...engines.map((engine) => format_figure(theirs[engine], row.unit)),
      ...engines.map((engine) => format_ratio(ratios[engine])),
      (row.targets ?? []).map((target) => target_text(target, row.unit)).join(", "),
      reached.map(reached_text).join(", "),
    ]);
  }
  return write_table(lines, (i) => i === 0 || i >= lines[0].length - 2);
}

/// Lists of cells as Markdown, the first of them the head; `is_text` says which columns begin on
/// the left.
export function write_table(lines, is_text) {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const pad = (cell, i) => (is_text(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i]));
  const written = lines.map((line) => `| ${line.map(pad).join(" | ")} |`);
  const dashes = (width, i) => "-".repeat(is_text(i) ? width : width - 1) + (is_text(i) ? "" : ":");
  const rule = widths.map(dashes);
  return [written[0], `| ${rule.join(" | ")} |`, ...written.slice(1)].join("\n");
}
