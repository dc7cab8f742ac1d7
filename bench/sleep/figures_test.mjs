// node figures_test.mjs QUIESCE_BENCH QUIESCE_WAKE
//
// quiesce-bench --json says what docs/performance.md promises, in that form, and nothing else; the
// curves have their points, and a process wakes what another one has written.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [bench, wake] = process.argv.slice(2);
const lines_of = (...words) =>
  execFileSync(bench, [...words, "--quick"], { encoding: "utf8" }).trim().split("\n")
    .map((line) => JSON.parse(line));

// The most that is still no mistake, on a slow machine that does much else, with sanitizers.
const kMost = { us: 10e6, ms: 100e3, bytes: 100e9 };
function check(line, keys) {
  assert.deepEqual(Object.keys(line), keys);
  assert.equal(typeof line.value, "number");
  assert.ok(line.value > 0 && line.value < kMost[line.unit], JSON.stringify(line));
}

const kUnits = {
  fresh_cold: "us", fresh_warm: "us", end_warm: "us", restore_cold: "us", restore_small: "us",
  restore_24mb: "us",
  capture_small: "us", encode_small: "us", stored_small: "bytes",
  capture_24mb: "us", encode_24mb: "us", stored_24mb: "bytes",
  resident_10000: "bytes", forks_1000: "ms",
};
const figures = lines_of("--json");
for (const line of figures) check(line, ["name", "value", "unit"]);
const units = Object.fromEntries(figures.map(({ name, unit }) => [name, unit]));
assert.deepEqual(units, kUnits);
assert.equal(figures.length, Object.keys(kUnits).length, "no name twice");

const value = (name) => figures.find((line) => line.name === name).value;
assert.ok(value("stored_small") > 100, "a delta has a head");
assert.ok(value("stored_24mb") < 1e6, "and not the whole heap");
assert.ok(value("resident_10000") > 10000 * 4096, "each VM has written something");

const points = lines_of("--curves");
for (const line of points) check(line, ["curve", "x", "name", "value", "unit"]);
const names = new Set(points.map(({ curve, name }) => `${curve} ${name}`));
assert.deepEqual([...names].sort(), [
  "heap capture", "heap encode", "heap restore", "heap stored", "live create", "live resident",
  "pages capture", "pages encode", "pages stored",
]);

const folder = mkdtempSync(join(tmpdir(), "quiesce-bench-"));
try {
  const file = join(folder, "asleep.qsnap");
  execFileSync(wake, ["store", file, "1"]);
  execFileSync(wake, ["wake", file]);
} finally {
  rmSync(folder, { recursive: true });
}
