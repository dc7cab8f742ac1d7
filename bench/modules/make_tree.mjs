// Makes a program of N small modules in folders and packages:
//
//   node make_tree.mjs FOLDER N
//
// FOLDER/main.mjs imports the first module; each imports up to four others, by a relative path or a
// subpath of a package, until each is imported once, some of them twice. One module in five lies in
// one of N/50 packages with `exports`. Every `sum` is the number of the module and the sums below
// it, so that main.mjs has the sum of all, which no engine can guess.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

const [folder, count_text] = process.argv.slice(2);
const count = Number(count_text);
if (!folder || !Number.isInteger(count) || count < 1) {
  console.error("usage: make_tree.mjs FOLDER N");
  process.exit(2);
}
const kChildren = 4;
const packages = Math.max(1, Math.floor(count / 50));

const write = (path, text) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const is_packaged = (i) => i % 5 === 4;
const package_of = (i) => `part-${Math.floor(i / 5) % packages}`;
const path_of = (i) => is_packaged(i)
  ? `node_modules/${package_of(i)}/lib/unit-${i}.js`
  : `src/area-${i % 40}/unit-${i}.mjs`;

// How module i writes the name of module j.
const specifier = (i, j) => {
  if (is_packaged(j)) {
    const is_sibling = is_packaged(i) && package_of(i) === package_of(j);
    return is_sibling ? `./unit-${j}.js` : `${package_of(j)}/unit-${j}`;
  }
  const path = posix.relative(posix.dirname(path_of(i)), path_of(j));
  return path.startsWith(".") ? path : `./${path}`;
};

rmSync(folder, { recursive: true, force: true });
write("package.json", JSON.stringify({ name: "tree", private: true, type: "module" }));
for (let p = 0; p < packages; p++) {
  write(`node_modules/part-${p}/package.json`, JSON.stringify({
    name: `part-${p}`, version: "1.0.0", type: "module",
    exports: { "./package.json": "./package.json",
               "./*": { types: "./types/*.d.ts", import: "./lib/*.js", default: "./lib/*.js" } },
  }, null, 2));
}
let total = 0;
for (let i = 0; i < count; i++) {
  total += i;
  const children = [];
  const first = kChildren * i + 1;
  for (let j = first; j < first + kChildren && j < count; j++) children.push(j);
  // A leaf that many know, imported a second time by another module.
  const is_again = children.length === 0 && i % 3 === 0 && i + 1 < count;
  write(path_of(i), [
    ...children.map((j) => `import {sum as sum${j}} from "${specifier(i, j)}";`),
    ...(is_again ? [`import {name as other} from "${specifier(i, i + 1)}";`] : []),
    ``,
    `export const name = "unit ${i}";`,
    `export const sum = ${[i, ...children.map((j) => `sum${j}`)].join(" + ")};`,
    ``,
    `// What a small module has: a function with a loop, a class.`,
    `export function weighted(values, weight = ${i % 7}) {`,
    `  let result = 0;`,
    `  for (const value of values) result += value * weight;`,
    `  return result;`,
    `}`,
    ``,
    `export class Unit${i} {`,
    `  #count = 0;`,
    `  add(by = 1) {`,
    `    this.#count += by;`,
    `    return this;`,
    `  }`,
    `  get count() {`,
    `    return this.#count;`,
    `  }`,
    `}`,
    `export const describe = () => \`\${name}${is_again ? " beside ${other}" : ""}\`;`,
    ``,
  ].join("\n"));
}
write("main.mjs",
  `export {sum, describe} from "./${path_of(0)}";\nexport const expected = ${total};\n`);
