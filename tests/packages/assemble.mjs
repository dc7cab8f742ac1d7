// Makes one script of a work and the libraries and texts that its first lines name, since a program
// is one file: the published bundles, unchanged, then `inputs`, then the work.
//
//   node assemble.mjs acorn.js NODE_MODULES > program.js
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [work, modules] = process.argv.slice(2);
const text = readFileSync(work, "utf8");
const named = (what) =>
  [...text.matchAll(new RegExp(`^// ${what}: (.+)$`, "gm"))].map(([, file]) => file);
const read = (file) => readFileSync(join(modules, file), "utf8");

const inputs = Object.fromEntries(named("input").map((file) => [file, read(file)]));
process.stdout.write([
  ...named("uses").map(read),
  `const inputs = ${JSON.stringify(inputs)};`,
  text,
].join("\n;\n"));
