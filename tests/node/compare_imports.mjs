// Compares what imports gave in Node and here:
//
//   node compare_imports.mjs NODE OURS EXPECTED [--all]
//
// EXPECTED lists what fails, a line `import SPECIFIER` or `require SPECIFIER` each, below a comment
// that gives the reason. What is listed and does not fail is a fault too: the list only shrinks.
import { readFileSync } from "node:fs";

const [node_file, ours_file, expected_file, all] = process.argv.slice(2);
const kImportedMin = 80; // packages that must be imported as Node imports them
const kNamesShownMax = 8;

const lines = (file) => readFileSync(file, "utf8").split("\n").filter((line) => line);
const answers = (file) =>
  new Map(lines(file).map((line) => JSON.parse(line)).map((answer) => [answer.import, answer]));
const node = answers(node_file);
const ours = answers(ours_file);
const expected = new Set(lines(expected_file).filter((line) => !line.startsWith("#")));

const only_in = (where, names, others) => {
  const only = names.filter((name) => !others.includes(name));
  if (only.length === 0) return "";
  const rest = only.length > kNamesShownMax ? `, and ${only.length - kNamesShownMax} more` : "";
  return `\n    only in ${where}: ${only.slice(0, kNamesShownMax).join(", ")}${rest}`;
};

// What is different; an empty text: nothing.
const difference = (theirs, mine) => {
  if (!mine) return "\n    no answer";
  if (theirs.error || mine.error) {
    if (theirs.error === mine.error) return "";
    const text = mine.error ? `: ${mine.text.slice(0, 600).replaceAll("\n", "\n        ")}` : "";
    return `\n    Node     ${theirs.error ?? "imports it"}` +
           `\n    Quiesce  ${mine.error ?? "imports it"}${text}`;
  }
  return only_in("Node", theirs.names, mine.names) + only_in("Quiesce", mine.names, theirs.names);
};

const package_of = (line) => /^\w+ ((@[^/]+\/)?[^/]+)/.exec(line)[1];
const packages = new Set();
const faults = [];
for (const [line, answer] of node) {
  const text = difference(answer, ours.get(line));
  if (text !== "") {
    if (!expected.has(line)) faults.push(line + text);
    continue;
  }
  if (expected.has(line)) faults.push(`${line}: is as in Node now; take it off the list`);
  if (!answer.error && line.startsWith("import ")) packages.add(package_of(line));
}
if (all === "--all") {
  const unknown = [...expected].filter((line) => !node.has(line));
  faults.push(...unknown.map((line) => `${line}: is on the list, and nobody imports it`));
  if (packages.size < kImportedMin) faults.push(`fewer than ${kImportedMin} packages as in Node`);
}
if (faults.length > 0) console.log(faults.join("\n"));
const known = [...expected].filter((line) => node.has(line)).length;
console.log(`${node.size} imports, ${packages.size} packages with the exports that they have in ` +
            `Node, ${known} known failures, ${faults.length} others`);
process.exitCode = faults.length > 0 ? 1 : 0;
