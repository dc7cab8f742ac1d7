// Every public name of the peers occurs in docs/coming-from.md, and no other name of theirs does.
//
//   node check.mjs FOLDER PAGE [--list]     FOLDER has their node_modules
//
// Read are the declarations that the packages publish: exported functions, classes, constants and
// options, with their public members. What is marked private or protected, begins with an
// underscore, or is the raw interface to their WebAssembly is not for their users.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, page, list] = process.argv.slice(2);

const internals = new Set([
  "QuickJSExports", "ModuleMemory", "ContextMemory", "HostRefMap", "QuickJSModuleCallbacks",
  "ContextCallbacks", "RuntimeCallbacks", "TypedArrayConstructor", "UsingDisposable",
  "AbstractDisposableResult", "DylinkInfo", "LoadedExtension",
]);

function namesOf(text) {
  const names = new Set();
  const lines = text.replace(/\/\*[^]*?\*\//g, "").split("\n");
  let block;  // of which class, interface or constant the lines are
  for (const line of lines) {
    const open = line.match(/^(?:export |declare |abstract )*(?:class|interface|const|type) (\w+)/);
    const opens = open !== null && /^[^;]*\{\s*$/.test(line);
    const free = line.match(/^(?:export )?declare (?:function|const) (\w+)/);
    if (free && !free[1].startsWith("errors_") && !/^awaitYield/.test(free[1])) names.add(free[1]);
    if (opens) block = open[1];
    else if (/^\S/.test(line)) block = undefined;
    else if (block !== undefined && !internals.has(block)) {
      const member = line.match(
        /^ {4}(?!private |protected )(?:static |readonly |abstract |get |set )*(\w+)\??\s*[<(:]/);
      if (member && !member[1].startsWith("_") && member[1] !== "constructor") names.add(member[1]);
    }
    if (opens && /^[a-z ]*class /.test(line) && !internals.has(open[1])) names.add(open[1]);
  }
  return names;
}

const files = {
  "quickjs-wasi": ["dist/index.d.ts", "dist/extensions.d.ts", "dist/version.d.ts"],
  "quickjs-emscripten-core": ["dist/index.d.ts"],
  "quickjs-emscripten": ["dist/index.d.ts"],
};
const text = readFileSync(page, "utf8");
const words = new Set(text.match(/`[^`\n]*`/g)?.join(" ").match(/\w+/g));
let missing = 0;
let count = 0;
for (const [name, paths] of Object.entries(files)) {
  const package_ = join(folder, "node_modules", name);
  const names = new Set(paths.flatMap(path =>
    [...namesOf(readFileSync(join(package_, path), "utf8"))]));
  if (list) console.log(name, [...names].join(" "));
  for (const member of names) {
    ++count;
    if (words.has(member)) continue;
    ++missing;
    console.log(`${name}: ${member} is not on the page`);
  }
}
console.log(`${count} names, ${missing} missing`);
if (count < 300) throw new Error("too few names: the declarations are not read right");
process.exit(missing ? 1 : 0);
