// Compares what strip-files made with what Node and TypeScript make of the same files:
//
//   node compare.mjs LIST OUT        in a folder with node_modules
//
// A file that is erased must have the syntax tree that Node's stripTypeScriptTypes gives it, and
// that of TypeScript's transpileModule; empty statements apart. It must keep its length and its
// line breaks, and compile in the engine. What is refused must be refused by Node, with the same
// code.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

const [list, out] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), 'x.js'));
const acorn = require('acorn');
const ts = require('typescript');

const lines = (path) => readFileSync(path, 'utf8').trimEnd().split('\n');
const counts = { files: 0, erased: 0, refused: 0 };
let findings = 0;
function finding(path, what, ...more) {
  findings += 1;
  if (findings <= 20) console.log(`${path}: ${what}`, ...more);
}

const kDropped = new Set(['start', 'end', 'raw']);
// `export {}` is what is left of a module that exports types only.
const isEmpty = (node) =>
  node?.type === 'EmptyStatement' ||
  (node?.type === 'ExportNamedDeclaration' &&
    !node.declaration &&
    !node.source &&
    node.specifiers.length === 0);
function tree(text) {
  const options = { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true };
  return JSON.stringify(acorn.parse(text, options), (key, value) => {
    if (kDropped.has(key)) return undefined;
    if (typeof value === 'bigint') return `${value}n`;
    return Array.isArray(value) ? value.filter((node) => !isEmpty(node)) : value;
  });
}
function inNode(text) {
  try {
    return { text: stripTypeScriptTypes(text) };
  } catch (error) {
    return { code: error.code };
  }
}
function inTypeScript(text) {
  const compilerOptions = {
    target: 'esnext',
    module: 'esnext',
    verbatimModuleSyntax: true,
    useDefineForClassFields: true,
  };
  const { outputText } = ts.transpileModule(text, { fileName: 'x.ts', compilerOptions });
  return outputText.replace(/^"use strict";\n/, ''); // of scripts
}
function difference(ours, theirs) {
  let at = 0;
  while (ours[at] === theirs[at]) at += 1;
  return `\n  ours   ${ours.slice(at - 60, at + 60)}\n  theirs ${theirs.slice(at - 60, at + 60)}`;
}
const withoutText = (text) => text.replace(/[^\r\n\u2028\u2029]/g, ' ');

const results = lines(join(out, 'index'));
lines(list).forEach((path, n) => {
  counts.files += 1;
  const text = readFileSync(path, 'utf8');
  const node = inNode(text);
  const result = results[n];
  if (result !== 'ok' && !existsSync(join(out, `${n}.js`))) {
    counts.refused += 1;
    if (node.code !== result) finding(path, `refused with ${result}; Node: ${node.code}`);
    return;
  }
  counts.erased += 1;
  if (result !== 'ok') finding(path, result);
  const ours = readFileSync(join(out, `${n}.js`), 'utf8');
  if (withoutText(ours) !== withoutText(text)) finding(path, 'positions are not the same');
  if (node.code) return finding(path, `erased; Node: ${node.code}`);
  try {
    const mine = tree(ours);
    const nodes = tree(node.text);
    if (mine !== nodes) finding(path, 'not what Node makes of it', difference(mine, nodes));
    const compilers = tree(inTypeScript(text));
    if (mine !== compilers)
      finding(path, 'not what TypeScript makes of it', difference(mine, compilers));
  } catch (error) {
    finding(path, error.message);
  }
});

console.log(counts, `${findings} findings`);
if (counts.erased < 900 || counts.refused < 20) finding(list, 'hardly anything was compared');
process.exit(findings > 0 ? 1 : 0);
