// What Node gives for each import, one line each:
//
//   node ask_node_imports.mjs PROJECT IMPORTS > answers
//
// IMPORTS has a line `import SPECIFIER` or `require SPECIFIER` for each; see probe.mjs.
import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [project, imports] = process.argv.slice(2);
process.noDeprecation = true;
const { ask } = await import(pathToFileURL(join(project, "probe.mjs")));
// Loaded one after the other into one realm: what a package reads it reads as it stands, and
// core-js, which changes the realm, comes last in the list.
for (const line of readFileSync(imports, "utf8").trimEnd().split("\n")) {
  const [kind, specifier] = line.split(" ");
  writeSync(1, `${JSON.stringify({ import: line, ...await ask(kind, specifier) })}\n`);
}
process.exit(0); // some package may have left a timer
