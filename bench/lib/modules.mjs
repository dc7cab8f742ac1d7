// The part `modules`: processes that import many modules, here and in Node. Both are measured by
// themselves, from the import on, and from outside, with the start and the end of the process.
import { spawnSync } from "node:child_process";

import { median, parse_single } from "./figures.mjs";

/// Runs it several times; each figure is the median of what the process says of itself, and
/// `<figure>_process` the median of what it took as a whole.
function processes(command, parameters, times, figure) {
  const runs = [];
  const wholes = [];
  for (let i = 0; i < times; i++) {
    const start = process.hrtime.bigint();
    const { status, signal, error, stdout } = spawnSync(command, parameters, {
      encoding: "utf8", stdio: ["ignore", "pipe", "inherit"],
    });
    wholes.push(Number(process.hrtime.bigint() - start));
    if (error) throw error;
    if (status !== 0) throw new Error(`${command} ended with ${signal ?? `status ${status}`}`);
    runs.push(parse_single(stdout));
  }
  const figures = new Map();
  for (const name of runs[0].keys()) figures.set(name, median(runs.map((run) => run.get(name))));
  if (figure) figures.set(`${figure}_process`, median(wholes));
  return figures;
}

/// `trees` are folders of bench/modules/make_tree.mjs: {many, few}.
export function measure_modules(command, first, { trees, npm, quick, sleeps }) {
  const times = quick ? 1 : 9;
  const run = (words, times, figure) => processes(command, [...first, ...words], times, figure);
  return new Map([
    ...run(["import", trees.many], times, "modules"),
    ...run(["lodash", npm], times),
    ...(sleeps ? run(["restore", trees.many, trees.few], quick ? 1 : 3) : []),
  ]);
}
