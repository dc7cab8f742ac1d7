// What Node answers to the questions of questions.mjs, one line for each, without loading anything:
//
//   node ask_node.mjs QUESTIONS > answers
//
//   {"url": "file:///..."} or {"code": "ERR_..."}
//
// An import is asked by a resolve hook, which may hand Node's own resolver any specifier and any
// parent. Paths that `require.resolve` gives become URLs.
import { readFileSync } from "node:fs";
import { createRequire, isBuiltin, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

process.noDeprecation = true;
const questions = readFileSync(process.argv[2],
  "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));

const answer = (resolve) => {
  try {
    return { url: resolve() };
  } catch (error) {
    return { code: error?.code ?? error?.name ?? String(error) };
  }
};

const requires = new Map();
const ask_require = (from, specifier) => {
  let require = requires.get(from);
  if (!require) requires.set(from, (require = createRequire(from)));
  const path = require.resolve(specifier);
  if (!isBuiltin(path)) return pathToFileURL(path).href;
  return path.startsWith("node:") ? path : `node:${path}`;
};

let answers;
const hooks = registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== "probe:all") return next(specifier, context);
    answers = questions.map(({ kind, from, specifier: asked }) => answer(() =>
      kind === "require" ? ask_require(from, asked)
        : next(asked, { ...context, parentURL: pathToFileURL(from).href }).url));
    return { url: "data:text/javascript,", format: "module", shortCircuit: true };
  },
});
await import("probe:all");
hooks.deregister();
process.stdout.write(answers.map((line) => `${JSON.stringify(line)}\n`).join(""));
