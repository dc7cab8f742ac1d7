// Writes what is imported by both:
//
//   node imports.mjs PROJECT [PACKAGE...]
//
// Each package by its name, some by more of their subpaths, under `import` and under `require`.
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";

const [project, ...named] = process.argv.slice(2);
const dependencies = Object.keys(JSON.parse(readFileSync(join(project, "package.json"),
  "utf8")).dependencies)
  .filter((name) => !name.startsWith("node-linux"));
// Packages that cannot be imported by their names alone; what core-js gives is the global object.
const kNoEntry = ["@noble/hashes", "@noble/curves", "@babel/runtime", "core-js"];
const kSubpaths = [
  "@babel/runtime/helpers/classCallCheck", "@babel/runtime/helpers/defineProperty",
  "@noble/curves/ed25519.js", "@noble/curves/secp256k1.js", "@noble/hashes/blake3.js",
  "@noble/hashes/scrypt.js", "@noble/hashes/sha2.js", "ajv/dist/2020.js", "core-js/actual/array/at",
  "core-js-pure/stable/set", "csv-parse/sync", "csv-stringify/sync", "date-fns/addDays",
  "date-fns/fp", "date-fns/locale/de", "effect/Option", "entities/decode", "fp-ts/Option",
  "fp-ts/function", "graphql/language", "hono/cors", "hono/jsx", "jose/base64url",
  "jotai/vanilla", "lodash-es/chunk.js", "lodash/chunk.js", "lodash/fp", "mime/lite",
  "nanoid/non-secure", "postcss/lib/parse", "preact/compat", "preact/hooks", "react-dom/client",
  "react-dom/server", "react/jsx-runtime", "rxjs/ajax", "rxjs/operators", "solid-js/store",
  "solid-js/web", "svelte/easing", "svelte/internal/client", "svelte/store", "vue/server-renderer",
  "yargs/helpers", "zod/mini", "zod/v4", "zustand/vanilla",
];

const packages = named.length > 0 ? named : dependencies;
for (const name of packages) {
  const subpaths = kSubpaths.filter((subpath) => subpath.startsWith(`${name}/`));
  // A name that Node has too stands for the package only with a slash.
  const entry = isBuiltin(name) ? `${name}/` : name;
  for (const specifier of kNoEntry.includes(name) ? subpaths : [entry, ...subpaths]) {
    console.log(`import ${specifier}\nrequire ${specifier}`);
  }
}
