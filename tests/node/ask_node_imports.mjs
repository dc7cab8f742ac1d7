// What Node gives for each import, one line each:
//
//   node ask_node_imports.mjs PROJECT IMPORTS > answers
//
// IMPORTS has a line `import SPECIFIER` or `require SPECIFIER` for each; see probe.mjs. Each is
// done in a worker of its own, as each has a VM of its own in Quiesce: packages change each other.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";

const ask_in_worker = async (data) => {
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  const [answer] = await once(worker, "message");
  await worker.terminate();
  return answer;
};

process.noDeprecation = true;
if (isMainThread) {
  const [project, imports] = process.argv.slice(2);
  const probe = pathToFileURL(join(project, "probe.mjs")).href;
  for (const line of readFileSync(imports, "utf8").trimEnd().split("\n")) {
    const [kind, specifier] = line.split(" ");
    const answer = await ask_in_worker({ probe, kind, specifier });
    process.stdout.write(`${JSON.stringify({ import: line, ...answer })}\n`);
  }
} else {
  const { ask } = await import(workerData.probe);
  parentPort.postMessage(await ask(workerData.kind, workerData.specifier));
}
