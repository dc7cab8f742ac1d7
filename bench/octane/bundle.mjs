// Makes one script of the Octane subset, the same text for every engine:
//
//   node bundle.mjs NPM_FOLDER OUTPUT.js [--quick]
//
// The files are taken from the npm package benchmark-octane as they are. What is added is a driver
// at the end, the function `run_octane`: it runs all suites in one VM, as Octane does, and calls
// `print` once per result with a line of JSON. `--quick` runs each benchmark twice instead of for a
// second: its scores show only that everything works.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const kSuites = [
  "richards", "deltablue", "crypto", "raytrace", "earley-boyer", "regexp", "splay", "navier-stokes",
];

const [npm_folder, output, mode] = process.argv.slice(2);
if (!npm_folder || !output || (mode !== undefined && mode !== "--quick")) {
  console.error("usage: node bundle.mjs NPM_FOLDER OUTPUT.js [--quick]");
  process.exit(2);
}

const source = (name) =>
  readFileSync(join(npm_folder, "node_modules/benchmark-octane/lib/octane", `${name}.js`), "utf8");

const quick = `
BenchmarkSuite.config.doWarmup = false;
BenchmarkSuite.config.doDeterministic = true;
BenchmarkSuite.suites.forEach(function (suite) {
  suite.benchmarks.forEach(function (benchmark) {
    benchmark.deterministicIterations = 2;
    benchmark.minIterations = 1;
  });
});
`;

// Octane rounds the scores that it reports; the ones kept in BenchmarkSuite.scores are exact, and
// the last of them belongs to the result that is being notified. The clocks that the scores come
// from are reported too, so that the harness can hold them against its own.
const driver = `
function run_octane() {
  var suites = 0;
  var date_start = Date.now();
  var performance_start = performance.now();
  BenchmarkSuite.RunSuites({
    NotifyResult: function (name) {
      suites++;
      var score = 100 * BenchmarkSuite.scores[BenchmarkSuite.scores.length - 1];
      print(JSON.stringify({ octane: name, score: score }));
    },
    NotifyError: function (name, error) {
      print(JSON.stringify({ octane: name, error: String(error) }));
    },
    NotifyScore: function () {
      print(JSON.stringify({
        octane: "all", results: suites,
        score: 100 * BenchmarkSuite.GeometricMean(BenchmarkSuite.scores),
        date_ms: Date.now() - date_start,
        performance_ms: performance.now() - performance_start
      }));
    }
  });
}
`;

const parts = [source("base"), ...kSuites.map(source), mode === "--quick" ? quick : "", driver];
writeFileSync(output, parts.join("\n"));
