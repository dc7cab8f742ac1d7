// Makes a small project of everything that npm's packages are too well-behaved to have: each way in
// which a package.json can be wrong, every form of `exports` and `imports`, names that URLs treat
// specially, links that lead in circles.
//
//   node fixtures.mjs FOLDER        makes FOLDER anew
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const folder = process.argv[2];
rmSync(folder, { recursive: true, force: true });

const write = (path, content) => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "object" && !Buffer.isBuffer(content)
    ? JSON.stringify(content, null, 1) : content);
};
const link = (path, target) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync(target, join(folder, path));
};
// A package: its package.json (an object, or a text that need not be JSON) and empty files.
const pack = (name, manifest, files = ["index.js"]) => {
  if (manifest !== undefined) write(`node_modules/${name}/package.json`, manifest);
  for (const file of files) write(`node_modules/${name}/${file}`, "");
};

write("package.json", {
  name: "odd", type: "module",
  exports: { ".": "./main.mjs", "./self": "./lib/a.js", "./self/*": "./lib/*", "./hidden": null },
  imports: {
    "#a": "./lib/a.js", "#missing": "./lib/missing.js", "#bare": "plain", "#builtin": "node:fs",
    "#builtin-short": "fs", "#null": null, "#lib/*": "./lib/*", "#lib/secret/*": null,
    "#ext/*.js": "./lib/*.js", "#bare/*": "plain/*", "#array": ["not a name\\", "./lib/b.js"],
    "#up": "../outside.js", "#url": "https://example.org/x.js", "#file-url": "file:///x.js",
    "#data": "data:text/javascript,1", "#absolute": "/etc/passwd", "#number": 7, "#true": true,
    "#empty-array": [], "#empty-object": {}, "#self": "odd/self", "#chain": "#a", "#dir": "./lib",
    "#conditions": { import: "./lib/a.js", require: "./lib/b.cjs" },
    "#require-only": { require: "./lib/b.cjs" },
    "#nested": { node: { import: { default: "./lib/a.js" } } },
    "#nothing-then": [{ nope: "./lib/a.js" }, "./lib/b.js"], "#": "./lib/a.js", "#/": "./lib/a.js",
    "#/slash": "./lib/a.js", "#trailing/": "./lib/", "#two/*/*": "./lib/*",
    "#module-sync": { "module-sync": "./lib/a.js" },
    "#development": { development: "./lib/a.js", default: "./lib/b.js" },
    "#query": "./lib/a.js?q#h",
    "#encoded": "./lib/%61.js", "#encoded-slash": "./lib%2fa.js", "#dots": "./lib/../lib/a.js",
    "#single-dot": "./lib/./a.js", "#nm": "./node_modules/plain/index.js",
    "#space": "./lib/with space.js",
  },
});
for (const file of [
  "main.mjs", "main.cjs", "lib/a.js", "lib/b.js", "lib/b.cjs", "lib/data.json", "lib/c.mjs",
  "lib/secret/s.js", "lib/with space.js", "lib/per%cent.js", "lib/per%41cent.js", "lib/a%2fb.js",
  "lib/hash#tag.js", "lib/query?mark.js", "lib/quote'single.js", 'lib/quote"double.js',
  "lib/back\\slash.js", "lib/caf\u00e9.js", "lib/cafe\u0301.js", "lib/\u{1f600}.js",
  "lib/semi;colon.js",
  "lib/new\nline.js", "lib/tab\tname.js", "lib/[brackets].js", "lib/{braces}.js", "lib/plus+.js",
  "lib/amp&.js", "lib/colon:x.js", "lib/pipe|x.js", "lib/caret^.js", "lib/tick`.js",
  "lib/tilde~.js",
  "lib/at@.js", "lib/star*.js", "lib/less<.js", "lib/noext", "lib/.hidden.js", "lib/UPPER.js",
  "lib/x.js.js",
  "lib/folder.js/index.js", "lib/both.js", "lib/both/index.js", "lib/idx/index.js",
  "lib/idxjson/index.json",
  "lib/idxmjs/index.mjs", "lib/idxcjs/index.cjs", "lib/empty/keep.txt", "lib/native.node",
  "lib/only.json",
  "lib/twice.js", "lib/twice.json", "lib/deep/x/y/z.js", "lib/t.ts", "lib/t.mts", "lib/t.cts",
  "lib/w.wasm",
]) write(file, file.endsWith("json") ? {} : "");
write("lib/mainfolder/package.json", { main: "./entry.js" });
write("lib/mainfolder/entry.js", "");
write("lib/mainfolder-noext/package.json", { main: "entry" });
write("lib/mainfolder-noext/entry.js", "");
write("lib/mainfolder-dir/package.json", { main: "sub" });
write("lib/mainfolder-dir/sub/index.js", "");
write("lib/mainfolder-missing/package.json", { main: "gone.js" });
write("lib/mainfolder-missing/index.js", "");
write("lib/mainfolder-none/package.json", { main: "gone.js" });
write("lib/mainfolder-bad/package.json", "{");
write("lib/mainfolder-bad/index.js", "");
write("lib/mainfolder-exports/package.json", { main: "entry.js", exports: "./other.js" });
write("lib/mainfolder-exports/entry.js", "");
write("lib/commonjs/package.json", { type: "commonjs" });
write("lib/commonjs/x.js", "");
write("lib/bad-json/package.json", "{ not json");
write("lib/bad-json/x.js", "");
write("lib/bad-json/node_modules/inner/index.js", "");

link("lib/link-file.js", "a.js");
link("lib/link-chain.js", "link-file.js");
link("lib/link-dir", "deep");
link("lib/link-dangling.js", "gone.js");
link("lib/link-self.js", "link-self.js");
link("lib/link-one.js", "link-two.js");
link("lib/link-two.js", "link-one.js");
link("lib/link-loop", "../lib/link-loop");
link("lib/link-up", "..");
link("lib/link-no-extension", "a.js");
link("lib/link-other-extension.mjs", "a.js");
link("node_modules/linked", "../workspace/linked");
link("node_modules/@scope/linked", "../../workspace/scoped");
link("node_modules/dangling", "../workspace/gone");
link("node_modules/circular", "circular");
write("workspace/linked/package.json", { name: "linked", exports: { ".": "./lib/main.js",
  "./*": "./lib/*.js" } });
write("workspace/linked/lib/main.js", "");
write("workspace/linked/lib/other.js", "");
write("workspace/scoped/package.json", { name: "@scope/linked", main: "m" });
write("workspace/scoped/m.js", "");

// ---- packages without exports ----
pack("plain", { name: "plain" }, ["index.js", "x.js", "x/index.js", "y.json", "z/package.json",
  "z/index.js"]);
pack("no-manifest", undefined);
pack("no-manifest-no-index", undefined, ["x.js"]);
pack("file-not-folder", undefined, []);
write("node_modules/file-module.js", "");
write("node_modules/file-module-json.json", {});
pack("main-file", { main: "lib/main.js" }, ["lib/main.js", "index.js"]);
pack("main-dot", { main: "." });
pack("main-dot-slash", { main: "./" });
pack("main-empty", { main: "" });
pack("main-number", { main: 7 });
pack("main-null", { main: null });
pack("main-object", { main: {} });
pack("main-array", { main: ["x.js"] });
pack("main-false", { main: false });
pack("main-noext", { main: "lib/main" }, ["lib/main.js"]);
pack("main-json", { main: "data" }, ["data.json"]);
pack("main-node", { main: "addon" }, ["addon.node"]);
pack("main-folder", { main: "lib" }, ["lib/index.js"]);
pack("main-folder-slash", { main: "lib/" }, ["lib/index.js"]);
pack("main-folder-json", { main: "lib" }, ["lib/index.json"]);
pack("main-folder-nested-manifest", { main: "lib" }, ["lib/entry.js"]);
write("node_modules/main-folder-nested-manifest/lib/package.json", { main: "entry.js" });
pack("main-missing-index", { main: "gone.js" });
pack("main-missing-index-json", { main: "gone.js" }, ["index.json"]);
pack("main-missing", { main: "gone.js" }, ["x.js"]);
pack("main-up", { main: "../plain/index.js" });
pack("main-absolute", { main: "/plain/index.js" });
pack("main-mjs", { main: "main.mjs" }, ["main.mjs"]);
pack("main-mjs-noext", { main: "main" }, ["main.mjs"]);
pack("main-space", { main: "a b.js" }, ["a b.js"]);
pack("main-percent", { main: "a%20b.js" }, ["a b.js", "a%20b.js"]);
pack("main-hash", { main: "a#b.js" }, ["a#b.js"]);
pack("main-query", { main: "a?b.js" }, ["a?b.js"]);
pack("main-encoded-slash", { main: "lib%2fx.js" }, ["lib/x.js"]);
pack("main-url", { main: "file:///x.js" });
pack("main-backslash", { main: "lib\\main.js" }, ["lib/main.js"]);
pack("index-json", {}, ["index.json"]);
pack("index-node", {}, ["index.node"]);
pack("index-mjs", {}, ["index.mjs"]);
pack("index-cjs", {}, ["index.cjs"]);
pack("type-module-no-main", { type: "module" });
pack("browser-field", { main: "node.js", browser: { "./node.js": "./web.js" }, module: "esm.js" },
     ["node.js", "web.js", "esm.js"]);
pack("Upper", {});
pack("name with space", {});
pack("percent%20name", {});
pack("hash#name", {});
pack("query?name", {});
pack("caf\u00e9", {});
pack(".dotted", {});
pack("_under", {});
pack("-dash", {});
pack("@scope/pkg", { name: "@scope/pkg" }, ["index.js", "lib/x.js"]);
pack("@scope/exp", { name: "@scope/exp", exports: { ".": "./index.js", "./x": "./lib/x.js" } },
     ["index.js", "lib/x.js"]);
pack("@scope/.dot", {});
pack("fs", {});
pack("fs/promises-not", {});
pack("test", {});
pack("sqlite", {});
pack("punycode", {}, ["index.js", "punycode.js"]);
pack("nested", { name: "nested" }, ["index.js", "node_modules/plain/index.js",
  "node_modules/inner/index.js",
                                    "lib/node_modules/inner/index.js", "lib/deep/x.js"]);
pack("nested/node_modules/inner", { main: "index.js" });

// ---- malformed package.json ----
pack("json-empty-file", "");
pack("json-space", "  \n");
pack("json-brace", "{");
pack("json-comment", "{ /* no */ }");
pack("json-comma", '{"main": "index.js",}');
pack("json-single-quotes", "{'main': 'index.js'}");
pack("json-bom", '\ufeff{"main": "bom.js"}', ["bom.js", "index.js"]);
pack("json-null", "null");
pack("json-array", "[]");
pack("json-string", '"text"');
pack("json-number", "7");
pack("json-true", "true");
pack("json-nul", '{"main": "in\0dex.js"}');
pack("json-trailing", '{"main":"index.js"} x');
pack("json-duplicate", '{"main":"a.js","main":"index.js"}', ["a.js", "index.js"]);
pack("json-duplicate-exports", '{"exports":"./a.js","exports":"./index.js"}', ["a.js", "index.js"]);
pack("json-utf16", Buffer.from('{"main":"x.js"}', "utf16le"));
pack("json-latin1", Buffer.from('{"main":"caf\u00e9.js"}', "latin1"));
pack("json-deep", '{"x":' + "[".repeat(500) + "]".repeat(500) + ',"main":"index.js"}');
pack("json-escapes", '{"m\\u0061in":"ind\\u0065x.js"}');
pack("json-exports-text", '{"exports": {bad}}');
pack("json-wrong-name", { name: "someone-else", exports: "./index.js" });
pack("json-wrong-name-type", { name: 7, exports: "./index.js" });
pack("json-wrong-type", { type: "modul" });
pack("json-wrong-type-type", { type: 7 });
mkdirSync(join(folder, "node_modules/json-folder/package.json"), { recursive: true });
write("node_modules/json-folder/index.js", "");
link("node_modules/json-link-loop/package.json", "package.json");
write("node_modules/json-link-loop/index.js", "");

// ---- exports ----
const files = ["index.js", "a.js", "b.js", "a.cjs", "a.mjs", "lib/a.js", "lib/b.js",
  "lib/sub/c.js", "main.js",
               "lib/secret/s.js", "lib/x.json", "node_modules/inner/index.js", "lib/a.b.js"];
const exporting = (name, exports, extra = {}) =>
  pack(`e-${name}`, { name: `e-${name}`, main: "./main.js", exports, ...extra }, files);
exporting("string", "./a.js");
exporting("string-no-dot", "a.js");
exporting("string-missing", "./gone.js");
exporting("string-folder", "./lib");
exporting("string-folder-slash", "./lib/");
exporting("string-up", "./../plain/index.js");
exporting("string-up-inside", "./lib/../a.js");
exporting("string-dot", "./lib/./a.js");
exporting("string-dot-only", "./");
exporting("string-single-dot", ".");
exporting("string-double-slash", ".//a.js");
exporting("string-double-slash-inside", "./lib//a.js");
exporting("string-encoded-dots", "./%2e%2e/plain/index.js");
exporting("string-encoded-dots-upper", "./%2E%2E/plain/index.js");
exporting("string-half-encoded-dots", "./.%2e/plain/index.js");
exporting("string-node-modules", "./node_modules/inner/index.js");
exporting("string-node-modules-upper", "./Node_Modules/inner/index.js");
exporting("string-node-modules-encoded", "./%6eode_modules/inner/index.js");
exporting("string-node-modules-later", "./lib/node_modules/x.js");
exporting("string-absolute", "/a.js");
exporting("string-url", "https://example.org/a.js");
exporting("string-file-url", "file:///a.js");
exporting("string-bare", "plain");
exporting("string-builtin", "node:fs");
exporting("string-empty", "");
exporting("string-query", "./a.js?q");
exporting("string-hash", "./a.js#h");
exporting("string-encoded", "./%61.js");
exporting("string-encoded-slash", "./lib%2fa.js");
exporting("string-encoded-backslash", "./lib%5ca.js");
exporting("string-backslash", ".\\a.js");
exporting("string-backslash-inside", "./lib\\a.js");
exporting("string-backslash-up", "./lib\\..\\a.js");
exporting("string-no-extension", "./a");
exporting("string-star", "./*");
exporting("null", null);
exporting("undefined-field", undefined);
exporting("number", 7);
exporting("false", false);
exporting("true", true);
exporting("empty-object", {});
exporting("empty-array", []);
exporting("array", ["./a.js", "./b.js"]);
exporting("array-invalid-first", ["a.js", "./b.js"]);
exporting("array-invalid-all", ["a.js", "b.js"]);
exporting("array-null-first", [null, "./b.js"]);
exporting("array-null-last", ["b.js", null]);
exporting("array-null", [null]);
exporting("array-missing-first", ["./gone.js", "./b.js"]);
exporting("array-conditions", [{ nope: "./a.js" }, { import: "./a.mjs", require: "./a.cjs" },
  "./b.js"]);
exporting("array-nested", [["bad", ["./b.js"]], "./a.js"]);
exporting("array-number", [7, "./a.js"]);
exporting("array-no-match", [{ nope: "./a.js" }]);
exporting("array-invalid-then-no-match", ["bad", { nope: "./a.js" }]);
exporting("conditions", { import: "./a.mjs", require: "./a.cjs" });
exporting("conditions-default-first", { default: "./a.js", import: "./a.mjs", require: "./a.cjs" });
exporting("conditions-nested", { node: { import: "./a.mjs", require: "./a.cjs" },
  default: "./b.js" });
exporting("conditions-fall-through", { node: { nope: "./a.js" }, default: "./b.js" });
exporting("conditions-null", { node: null, default: "./b.js" });
exporting("conditions-null-nested", { node: { import: null, default: "./a.js" },
  default: "./b.js" });
exporting("conditions-undefined", { browser: "./a.js" });
exporting("conditions-development", { development: "./a.js", production: "./b.js",
  default: "./main.js" });
exporting("conditions-module-sync", { "module-sync": "./a.mjs", default: "./a.cjs" });
exporting("conditions-node-addons", { "node-addons": "./a.js", default: "./b.js" });
exporting("conditions-types", { types: "./a.d.ts", import: "./a.mjs", default: "./b.js" });
exporting("conditions-only-import", { import: "./a.mjs" });
exporting("conditions-only-require", { require: "./a.cjs" });
exporting("conditions-numeric", { 0: "./a.js", default: "./b.js" });
exporting("conditions-numeric-nested", { ".": { 1: "./a.js", default: "./b.js" } });
exporting("conditions-invalid-target", { import: "a.mjs", require: "a.cjs" });
exporting("conditions-dot-later", { import: "./a.mjs", "./x": "./a.js" });
exporting("conditions-dot-first", { "./x": "./a.js", import: "./a.mjs" });
exporting("subpaths", { ".": "./a.js", "./x": "./b.js", "./y": { import: "./a.mjs",
  default: "./a.cjs" },
                        "./null": null, "./missing": "./gone.js", "./bad": "bad",
                        "./up": "./../plain/index.js",
                        "./number": 7, "./false": false, "./empty": {}, "./empty-array": [],
                          "./package.json": "./package.json" });
exporting("subpaths-no-root", { "./x": "./a.js" });
exporting("subpaths-null-root", { ".": null, "./x": "./a.js" });
exporting("subpaths-odd-keys", { ".": "./a.js", "./a b": "./b.js", "./%20": "./b.js",
  "./caf\u00e9": "./b.js",
                                 "./x?y": "./b.js", "./x#y": "./b.js", "./": "./lib/",
                                 "./x/": "./lib/",
                                 "./q.js": "./a.js", "./..": "./b.js", "././x": "./b.js",
                                   ".x": "./a.js" });
exporting("slash-folder", { ".": "./a.js", "./lib/": "./lib/" });
exporting("pattern", { "./*": "./lib/*" });
exporting("pattern-extension", { "./*": "./lib/*.js" });
exporting("pattern-suffix", { "./*.js": "./lib/*.js" });
exporting("pattern-null", { "./lib/*": "./lib/*", "./lib/secret/*": null });
exporting("pattern-longest", { "./lib/*": "./lib/*", "./lib/sub/*": "./a.js",
  "./lib/sub/*.js": "./b.js" });
exporting("pattern-exact-wins", { "./lib/*": "./lib/*", "./lib/a.js": "./b.js" });
exporting("pattern-twice-in-target", { "./*": "./*/*.js" });
exporting("pattern-two-stars", { "./*/*": "./lib/*" });
exporting("pattern-conditions", { "./*": { import: "./lib/*.js", require: "./*.cjs" } });
exporting("pattern-array", { "./*": ["bad/*", "./lib/*.js"] });
exporting("pattern-node-modules", { "./*": "./*" });
exporting("pattern-star-in-middle", { "./x/*/y.js": "./lib/*.js" });
exporting("pattern-no-star-target", { "./*": "./a.js" });
exporting("pattern-star-only-target", { "./a": "./lib/*.js" });
exporting("pattern-and-folder", { "./lib/*": "./lib/*.js", "./lib/": "./lib/" });
exporting("pattern-overlap", { "./a*": "./lib/a*", "./*.js": "./lib/b.js", "./a*.js": "./lib/x*" });
exporting("pattern-root", { ".": "./a.js", "./*": "./*" });
exporting("no-name", "./a.js", { name: undefined });
exporting("other-name", "./a.js", { name: "other" });
exporting("self-inside", { ".": "./index.js", "./x": "./a.js" });
exporting("imports", "./index.js", { imports: {
  "#a": "./a.js", "#inner": "inner", "#plain": "plain", "#gone": "gone", "#sub/*": "./lib/*.js",
  "#sub/secret/*": null,
  "#self": "e-imports", "#fs": { node: "fs", default: "./a.js" }, "#cond": { import: "./a.mjs",
    require: "./a.cjs" } } });
exporting("imports-string", "./index.js", { imports: "x" });
exporting("imports-array", "./index.js", { imports: ["x"] });
exporting("imports-null", "./index.js", { imports: null });
exporting("imports-empty", "./index.js", { imports: {} });
exporting("nested-scope", { "./*": "./lib/*" });
write("node_modules/e-nested-scope/lib/package.json", { name: "e-nested-scope",
  exports: { "./inner": "./a.js" } });
