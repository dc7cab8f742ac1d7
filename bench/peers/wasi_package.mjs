// The npm package quickjs-wasi, its module compiled.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/// {QuickJS, wasm} of the package in NPM_FOLDER/node_modules.
export async function load_package(npm_folder) {
  const package_require = createRequire(join(resolve(npm_folder), "package.json"));
  const { QuickJS } = await import(pathToFileURL(package_require.resolve("quickjs-wasi")));
  const wasm_file = package_require.resolve("quickjs-wasi/quickjs.wasm");
  return { QuickJS, wasm: await WebAssembly.compile(readFileSync(wasm_file)) };
}

export const number_of = (vm, source) =>
  vm.evalCode(source).consume((handle) => handle.toNumber());
