// Runs an assembled program in Node: quiesce.call settles at once, and nobody falls asleep.
//
//   node run_in_node.mjs program.js
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

globalThis.quiesce = { args: [], call: async () => null };
runInThisContext(readFileSync(process.argv[2], "utf8"), { filename: process.argv[2] });
