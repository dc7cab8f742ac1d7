// Makes the script that erases types: node cut.mjs OUT MODULES
//
//   OUT       gets one script, whose completion value is the function of stripper.js
//   MODULES   the node_modules of package-lock.json: typescript and ts-blank-space
//
// TypeScript comes as one file of nine megabytes, whose statements are declarations for the most
// part. Of these, the script has the ones that the parser can reach: a declaration that names
// another needs it, whatever it does with it. So nothing that runs can be missing; what is left out
// is what no name leads to. The statements of that file that do something else than declare are of
// few kinds; one of an unknown kind ends the build, for a new version may have brought it.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [out, modules] = process.argv.slice(2).map((path) => resolve(path));
const whole = join(modules, 'typescript/lib/typescript.js');
const ts = createRequire(join(modules, 'x.js'))('typescript');
const { SyntaxKind } = ts;

function fail(text) {
  console.error(`tools/typescript/cut.mjs: ${text}`);
  process.exit(1);
}

// ---- what typescript.js declares ----

// What does something to the compiler as a service, to the system or to Node's `module`.
const dropped = [
  /^"use strict"/,
  /^__export\(typescript_exports,/,
  /^module\.exports = __toCommonJS\(/,
  /^(?:registerCodeFix|registerRefactor|setObjectAllocator)\(/,
  /^if \(sys && sys\./,
  /^if \(typeof console !== "undefined"\)/,
  /^\{\s*\}$/,
  /^0 && \(module\.exports = /,
];

// The function that the file calls with its `module`.
function bodyOf(source) {
  for (const statement of source.statements) {
    const call = ts.isExpressionStatement(statement) && statement.expression;
    if (!call || !ts.isCallExpression(call)) continue;
    const callee = call.expression;
    const f = ts.isParenthesizedExpression(callee) ? callee.expression : callee;
    if (ts.isArrowFunction(f) && ts.isBlock(f.body)) return f.body.statements;
  }
  return fail('typescript.js has another form than it had');
}

// The names in `node` that may mean something declared outside. `Diagnostics.x` is one name: its
// table is a quarter of what would be left.
function namesIn(node, found = new Set()) {
  if (ts.isPropertyAccessExpression(node)) {
    const { expression, name } = node;
    if (ts.isIdentifier(expression) && expression.text === 'Diagnostics') {
      found.add(`Diagnostics.${name.text}`);
    } else {
      namesIn(expression, found);
    }
  } else if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) {
    namesIn(node.initializer, found);
  } else if (ts.isIdentifier(node)) {
    found.add(node.text);
  } else {
    ts.forEachChild(node, (child) => void namesIn(child, found));
  }
  return found;
}

// What is changed by a statement that declares nothing: `__export(x, ...)`, `x.y = ...`, and
// `((x2) => {...})(x || (x = {}))`. It goes with that name.
function changedBy(text) {
  const found =
    /^__export\((\w+),/.exec(text) ??
    /^(\w+)(?:\.\w+)+ = /.exec(text) ??
    /\}\)\((\w+) \|\| \(\1 = \{\}\)\);$/.exec(text);
  return found?.[1];
}

class Part {
  constructor(node, text) {
    this.node = node;
    this.text = text;
    this.kept = false;
  }
  get names() {
    return namesIn(this.node);
  }
}

const text = readFileSync(whole, 'utf8');
const source = ts.createSourceFile(whole, text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS);
const parts = [];
const partsOf = new Map(); // of each name
let diagnostics;

function add(names, part) {
  parts.push(part);
  for (const name of names) {
    if (!partsOf.has(name)) partsOf.set(name, []);
    partsOf.get(name).push(part);
  }
}

for (const statement of bodyOf(source)) {
  const its = text.slice(ts.getTokenPosOfNode(statement, source), statement.end);
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
    add([statement.name.text], new Part(statement, its));
  } else if (ts.isVariableStatement(statement)) {
    const declared = statement.declarationList.declarations.map(({ name }) => name.text);
    if (declared.includes('typescript_exports')) continue;
    if (declared.includes('Diagnostics')) {
      diagnostics = new Part(statement, '');
      diagnostics.rows = [];
      parts.push(diagnostics);
      for (const row of statement.declarationList.declarations[0].initializer.properties) {
        const rowPart = new Part(row, text.slice(ts.getTokenPosOfNode(row, source), row.end));
        diagnostics.rows.push(rowPart);
        add([`Diagnostics.${row.name.text}`], rowPart);
      }
    } else {
      add(declared, new Part(statement, its));
    }
  } else if (!dropped.some((form) => form.test(its))) {
    const changed = changedBy(its);
    if (!changed) fail(`a statement of an unknown kind: ${its.slice(0, 200)}`);
    add([changed], new Part(statement, its));
  }
}
if (!diagnostics) fail('typescript.js has no table of diagnostics');

// ---- what uses it ----

const read = (path) => readFileSync(path, 'utf8');
function withoutModules(path) {
  const body = read(path)
    .replace(/^import \w+ from "[^"]+";$/gm, '')
    .replace(/^export (?:default )?(?=function|class)/gm, '');
  if (/^(?:import|export)\b/m.test(body)) fail(`${path} has another form than it had`);
  return body;
}
const blanker = withoutModules(join(modules, 'ts-blank-space/out/index.js'));
const stripper = read(join(here, 'stripper.js'));
for (const [, name] of blanker.matchAll(/(?<!\bscanner)\.(get[A-Z]\w*)\(/g)) {
  if (!new RegExp(`^  ${name}\\(`, 'm').test(stripper)) {
    fail(`ts-blank-space asks nodes for ${name}, which stripper.js does not have`);
  }
}
const user = [stripper, blanker].join('\n');
const used = [...new Set(user.match(/(?<=\btslib\.)\w+/g))].sort();

// ---- what is needed ----

const waiting = [...used];
for (const name of waiting) {
  if (!partsOf.has(name)) fail(`typescript.js does not declare ${name}`);
}
while (waiting.length > 0) {
  for (const part of partsOf.get(waiting.pop()) ?? []) {
    if (part.kept) continue;
    part.kept = true;
    waiting.push(...[...part.names].filter((name) => partsOf.has(name)));
  }
}
const rows = new Set(diagnostics.rows);
diagnostics.text = `var Diagnostics = {\n${diagnostics.rows
  .filter(({ kept }) => kept)
  .map((row) => row.text)
  .join(',\n')}\n};`;
diagnostics.kept = true;

const kept = parts.filter((part) => part.kept && !rows.has(part)).map((part) => part.text);
writeFileSync(
  out,
  `(() => {
"use strict";
const tslib = (() => {
${kept.join('\n')}
return {${used.join(', ')}};
})();
${user}
return strip;
})()
`,
);
