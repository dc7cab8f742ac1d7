// From the lines that the harnesses print to one figure per operation and engine.
//
// A run is a Map from a name ("create", "octane Richards", "stored") to a number. Rounds are lists
// of runs; the figure of a name is the median over the rounds.

export const kOctaneResults = 9;  // eight suites, and the latency of Splay

export function median(numbers) {
  if (numbers.length === 0) throw new Error("a median of nothing");
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/// As Octane combines its results.
export function geometric_mean(numbers) {
  return Math.exp(numbers.reduce((sum, number) => sum + Math.log(number), 0) / numbers.length);
}

/// Lines {"what":…,"ns":…} or {"what":…,"bytes":…} of the harnesses for single operations.
export function parse_single(output) {
  const run = new Map();
  for (const line of output.trim().split("\n").map((text) => JSON.parse(text))) {
    run.set(line.what, line.ns ?? line.bytes);
  }
  return checked(run);
}

const kNanoseconds = { us: 1e3, ms: 1e6 };

/// Lines {"name":…,"value":…,"unit":…} of quiesce-bench --json, and those of its --curves, which
/// have a curve and an x too: "heap 16 capture". Times in nanoseconds.
export function parse_named(output) {
  const run = new Map();
  for (const line of output.trim().split("\n").map((text) => JSON.parse(text))) {
    if (line.unit !== "bytes" && !kNanoseconds[line.unit]) throw new Error(`unit ${line.unit}`);
    const name = line.curve ? `${line.curve} ${line.x} ${line.name}` : line.name;
    run.set(name, line.value * (kNanoseconds[line.unit] ?? 1));
  }
  return checked(run);
}

/// The JSON of Google Benchmark. Its counters become figures of their own.
export function parse_google_benchmark(output) {
  const run = new Map();
  for (const entry of JSON.parse(output).benchmarks) {
    if (entry.error_occurred) throw new Error(`${entry.name}: ${entry.error_message}`);
    if (entry.time_unit !== "ns") throw new Error(`${entry.name} is not in nanoseconds`);
    // "restore_heap/64" has an argument; "host_call/iterations:1/manual_time" has none.
    run.set(entry.name.replace(/\/\D.*$/, ""), entry.real_time);
    for (const counter of ["stored", "heap_memory", "heap_stored"]) {
      if (counter in entry) run.set(counter, entry[counter]);
    }
  }
  return checked(run);
}

/// Lines of the Octane driver. Throws when a suite failed, is missing, or when the clock that the
/// scores were made with is not the wall clock that the harness saw.
export function parse_octane(output) {
  const lines = output.trim().split("\n").map((text) => JSON.parse(text));
  const run = new Map();
  for (const { octane, score, error } of lines) {
    if (error !== undefined) throw new Error(`Octane ${octane}: ${error}`);
    if (octane !== "wall" && octane !== "all") run.set(`octane ${octane}`, score);
  }
  if (run.size !== kOctaneResults) throw new Error(`${run.size} Octane results`);
  const all = lines.find((line) => line.octane === "all");
  const wall = lines.find((line) => line.octane === "wall");
  for (const clock of ["date_ms", "performance_ms"]) {
    const difference_ms = wall.wall_ms - all[clock];
    if (!(Math.abs(difference_ms) < 250 + 0.01 * wall.wall_ms)) {
      throw new Error(`Octane: ${clock} is ${all[clock]}, the wall clock ${wall.wall_ms}`);
    }
  }
  return checked(run);
}

function checked(run) {
  for (const [name, figure] of run) {
    if (!Number.isFinite(figure) || figure <= 0) throw new Error(`${name} is ${figure}`);
  }
  return run;
}

/// Medians over the rounds, and the geometric mean of the Octane medians as "octane".
export function combine(runs) {
  const names = new Set(runs.flatMap((run) => [...run.keys()]));
  const figures = new Map();
  for (const name of names) {
    figures.set(name, median(runs.filter((run) => run.has(name)).map((run) => run.get(name))));
  }
  const octane = [...figures].filter(([name]) => name.startsWith("octane "));
  if (octane.length) figures.set("octane", geometric_mean(octane.map(([, score]) => score)));
  return figures;
}
