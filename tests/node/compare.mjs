// Compares two files of answers, line by line, and holds what differs against a list of what is
// known to differ:
//
//   node compare.mjs QUESTIONS NODE OURS EXPECTED ROOT [--all]
//
// EXPECTED has a rule a line, below a comment that gives the reason:
//
//   COUNT | KIND | NODE | QUIESCE | FROM | SPECIFIER
//
// It covers the questions of that KIND which Node answers with NODE and Quiesce with QUIESCE
// ("url", or an error code), asked by a file that matches FROM about a SPECIFIER that matches. A *
// stands for anything, <empty> for an empty text, \u0000 for NUL. COUNT says how many there are
// among all packages: more is a fault here, fewer a rule to be cut down. ROOT is where the packages
// lie, <root> in rules and in what is printed. Without --all, the questions are only part of the
// list, so that fewer is no fault.
import { readFileSync } from "node:fs";

const [questions_file, node_file, ours_file, expected_file, root, all] = process.argv.slice(2);
const kShownMax = Number(process.env.QUIESCE_NODE_SHOW ?? 3);

const lines = (file) => readFileSync(file, "utf8").trimEnd().split("\n");
const questions = lines(questions_file).map((line) => JSON.parse(line));
const node = lines(node_file).map((line) => JSON.parse(line));
const ours = lines(ours_file).map((line) => JSON.parse(line));
if (node.length !== questions.length || ours.length !== questions.length) {
  console.error(`${questions.length} questions, but ${node.length} answers of Node and ` +
                `${ours.length} of Quiesce`);
  process.exit(1);
}

const pattern_of = (text) =>
  new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^]*")}$`);
const parse_rule = (line) => {
  const [count, ...patterns] = line.split(" | ");
  if (patterns.length !== 5) throw new Error(`this rule has not six columns: ${line}`);
  const literals = patterns.map((text) => text.replace("<empty>", "").replaceAll("\\u0000", "\0"));
  return { line, count: Number(count), patterns: literals.map(pattern_of), found: 0 };
};
const rules = lines(expected_file).filter((line) => line && !line.startsWith("#")).map(parse_rule);

const short = (answer) => (answer.url !== undefined ? "url" : answer.code);
const same = (a, b) => (a.url !== undefined ? a.url === b.url : a.code === b.code);
const covers = (rule, { kind, from, specifier }, a, b) =>
  [kind, short(a), short(b), from.replace(root, "<root>"), specifier.replace(root, "<root>")]
    .every((text, i) => rule.patterns[i].test(text));

const cut = (text) => (text.length > 120 ? `${text.slice(0, 120)}...` : text);
const table_row = ({ specifier, from }, a, b) => [
  `    ${cut(JSON.stringify(specifier))} from ${from}`,
  `        Node     ${a.url ?? a.code}`,
  `        Quiesce  ${b.url ?? b.code}${b.text ? `: ${cut(b.text)}` : ""}`,
].join("\n").replaceAll(root, "<root>");

const groups = new Map();
let others = 0;
questions.forEach((question, i) => {
  if (same(node[i], ours[i])) return;
  const rule = rules.find((rule) => covers(rule, question, node[i], ours[i]));
  if (rule && ++rule.found <= rule.count) return;
  ++others;
  const group = `${question.kind}: Node ${short(node[i])}, Quiesce ${short(ours[i])}`;
  if (!groups.has(group)) groups.set(group, []);
  groups.get(group).push(table_row(question, node[i], ours[i]));
});
for (const [group, rows] of [...groups].sort((a, b) => b[1].length - a[1].length)) {
  console.log(`${group}: ${rows.length} times\n${rows.slice(0, kShownMax).join("\n")}`);
}

const stale = all === "--all" ? rules.filter((rule) => rule.found < rule.count) : [];
for (const rule of stale) {
  console.log(`This rule covers ${rule.found} now, write that or take it out: ${rule.line}`);
}
const known = rules.reduce((sum, rule) => sum + Math.min(rule.found, rule.count), 0);
console.log(`${questions.length} questions: ${questions.length - others - known} answers as Node ` +
            `gives them, ${known} known differences, ${others} others`);
process.exitCode = others > 0 || stale.length > 0 ? 1 : 0;
