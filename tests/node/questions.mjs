// Writes what is asked of both resolvers, one question a line:
//
//   node questions.mjs PROJECT ODD [PACKAGE...] > questions
//
//   {"kind": "import" or "require", "from": "/path/of/the/asking/file", "specifier": "..."}
//
// For each package that PROJECT depends on, or each named one: what its `exports` and `imports`
// name, patterns expanded over its files; its files themselves, with extension and without; its
// folders; what it does not export; odd spellings. ODD is the project of fixtures.mjs; an empty
// word leaves it out.
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

const [project, odd, ...named] = process.argv.slice(2);
const kFilesAskedMax = 60; // of one package's files that no pattern reaches

const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const packages = named.length > 0 ? named
  : Object.keys(read(join(project, "package.json")).dependencies)
      .filter((name) => !name.startsWith("node-linux"));

const lines = new Set();
const ask = (from, specifier, kinds = ["import", "require"]) => {
  for (const kind of kinds) lines.add(JSON.stringify({ kind, from, specifier }));
};

// All files below a folder, "./lib/x.js", without those of packages inside it.
const files_of = (folder) => {
  const found = [];
  const walk = (path) => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      if (entry.name === "node_modules") continue;
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) walk(inner); else if (entry.isFile()) found.push(inner);
    }
  };
  walk(".");
  return found.sort();
};

// The texts at the leaves of a target.
const leaves = (target) =>
  typeof target === "string" ? [target]
    : target && typeof target === "object" ? Object.values(target).flatMap(leaves) : [];

// Keys with a star give one subpath for each file that they or one of their targets match.
const expand = (key, target, files) => {
  const star = key.indexOf("*");
  if (star < 0) return [key];
  const subpaths = new Set([key]);
  const patterns = [...leaves(target), key.startsWith("./") ? key : undefined];
  for (const pattern of patterns) {
    if (!pattern?.includes("*")) continue;
    const [before, after] = [pattern.slice(0, pattern.indexOf("*")),
      pattern.slice(pattern.indexOf("*") + 1)];
    const end = after.replaceAll("*", "");
    for (const file of files) {
      if (!file.startsWith(before) || !file.endsWith(end)) continue;
      const middle = file.slice(before.length, file.length - end.length);
      if (middle) subpaths.add(key.slice(0, star) + middle + key.slice(star + 1));
    }
  }
  return [...subpaths];
};

const is_subpaths = (exports) =>
  exports && typeof exports === "object" && !Array.isArray(exports) &&
  Object.keys(exports).some((key) => key.startsWith("."));

// Some of many, evenly spread, so that a package of 5,000 files is not 30,000 questions.
const some = (list, most) =>
  list.length <= most ? list : Array.from({ length: most }, (_,
    i) => list[Math.floor((i * list.length) / most)]);

const ask_package = (name, outside) => {
  const folder = realpathSync(join(project, "node_modules", name));
  const manifest = read(join(folder, "package.json"));
  const files = files_of(folder);
  const inside = join(folder, "inside.js");
  const froms = [outside, inside];
  const both = (subpath) => {
    for (const from of froms) ask(from, name + subpath);
  };
  both("");
  if (is_subpaths(manifest.exports)) {
    for (const [key, target] of Object.entries(manifest.exports)) {
      for (const subpath of expand(key, target, files)) both(subpath.slice(1));
    }
  }
  for (const [key, target] of Object.entries(manifest.imports ?? {})) {
    for (const specifier of expand(key, target, files)) ask(inside, specifier);
    ask(outside, key);
  }
  for (const file of some(files, kFilesAskedMax)) {
    ask(outside, name + file.slice(1));
    ask(outside, name + file.slice(1).replace(/\.[^./]*$/, ""));
    ask(outside, name + file.slice(1, file.lastIndexOf("/")));
    ask(inside, file);
    ask(inside, file.replace(/\.[^./]*$/, ""));
  }
  for (const subpath of [
    "/package.json", "/nonexistent", "/nonexistent.js", "/src/x", "/lib", "/lib/", "/dist",
    "/index", "/index.js",
    "/main", "/", "//", "//x", "/.", "/..", "/./package.json", "/../" + name,
    "/../" + name + "/package.json",
    "/%2f", "/%5c", "/%2e", "/a%2fb", "/%70ackage.json", "\\x", "/a\\b",
    "/package.json?query#hash", "?query",
    "#hash", "/?query", "/#hash", "/ ", "%20", "/*", "*", "@1.0.0", "/\0", "/\ud800",
  ]) ask(outside, name + subpath);
  for (const specifier of [
    "#", "#/", "#nonexistent", "#nonexistent/x", ".", "..", "./", "../", "./package.json",
    "./package.json?q#h",
    "./nonexistent", "/nonexistent", "./package.json/", `../${name.split("/").pop()}`,
    name.startsWith("@") ? name.split("/")[0] : `@${name}`, `.${name}`, `./${name}`, `/${name}`,
    name.toUpperCase(), ` ${name}`, `${name} `,
  ]) ask(inside, specifier);
};

const ask_odd = () => {
  const root = realpathSync(odd);
  const froms = [join(root, "main.mjs"), join(root, "lib/asking.js"), join(root,
    "lib/bad-json/x.js")];
  const relative = files_of(root).filter((file) => !file.startsWith("./workspace/"));
  for (const entry of readdirSync(join(root, "lib"))) relative.push(`./lib/${entry}`);
  for (const file of relative) {
    for (const path of new Set([file, encodeURI(file),
      file.split("/").map(encodeURIComponent).join("/")])) {
      for (const end of ["", "/", "?q", "#h", "?q#h", ".js", "/index.js", "/.", "/..", "/x"]) {
        ask(froms[0], path + end);
      }
      ask(froms[0], path.replace(/\.[^./]*$/, ""));
      ask(froms[0], join(root, path));
      ask(froms[0], `file://${join(root, path)}`);
      ask(froms[1], `.${path}`);
    }
  }
  const { imports, exports } = read(join(root, "package.json"));
  for (const key of [...Object.keys(imports),
    ...Object.keys(exports).map((key) => `odd${key.slice(1)}`)]) {
    for (const part of ["a.js", "b", "lib/a", "secret/s.js", "", "..", "../lib/a.js", "%61.js",
      "a%2fb.js", "x/../a.js",
                        ".//a.js", "node_modules/x.js", "\\a.js", "a.js?q", "a.js#h"]) {
      for (const from of froms) ask(from, key.replace("*", part));
      if (!key.includes("*")) break;
    }
  }
  const packages = readdirSync(join(root, "node_modules")).flatMap((name) =>
    name === "@scope" ? readdirSync(join(root,
      "node_modules/@scope")).map((inner) => `@scope/${inner}`) : [name]);
  for (const name of packages) {
    for (const subpath of [
      "", "/", "/index.js", "/index", "/package.json", "/x", "/x.js", "/x/", "/y", "/y.json", "/z",
      "/z/", "/a", "/a.js",
      "/a.cjs", "/b", "/b.js", "/c", "/null", "/missing", "/bad", "/up", "/number", "/false",
      "/empty", "/empty-array",
      "/lib", "/lib/", "/lib/a", "/lib/a.js", "/lib/a.b.js", "/lib/sub/c", "/lib/sub/c.js",
      "/lib/secret/s.js", "/sub/c",
      "/sub/c.js", "/secret/s.js", "/x/a/y.js", "/x/a/b/y.js", "/*", "/a*", "/./a",
      "/../plain/index.js",
      "/%61", "/%61.js", "/%2e%2e/plain/index.js", "/lib%2fa.js", "/lib\\a.js", "\\a", "/a%5cb",
      "/node_modules/inner/index.js",
      "/lib/../a.js", "/lib//a.js", "//a.js", "/a b", "/%20", "/x?y", "/x#y", "/a?q", "/a.js#h",
      "/caf\u00e9", "/q.js",
      "/0", "/main", "/main.js", "/lib/a.js/", "/a.js/x", "/import", "/default", "/..", "/./x",
      "/lib/x", "/lib/x.json",
      "/lib/main.js", "/other", "/bar", "/node_modules", "/.", "/__proto__", "/constructor",
    ]) ask(froms[0], name + subpath);
    const inside = join(root, "node_modules", name, "inside.js");
    for (const specifier of [name, `${name}/x`, `${name}/a.js`, `${name}/gone`, "#a", "#inner",
      "#plain", "#gone", "#sub/a", "#sub/a.b",
                             "#sub/secret/s", "#self", "#fs", "#cond", "#nope", "inner", "plain",
                             "./a", "./a.js", "./lib", ".", "..", "nested",
                             "__proto__", "#__proto__", "#constructor"]) {
      ask(inside, specifier);
    }
    ask(join(root, "node_modules", name, "lib/deep/inside.js"), "inner");
    ask(join(root, "node_modules", name, "lib/inside.js"), name);
    ask(join(root, "node_modules", name, "lib/inside.js"), `${name}/inner`);
  }
  for (const from of froms) {
    for (const specifier of [
      "", " ", ".", "..", "./", "../", "/", "//", "///", "...", ".../x", "./.", "./..", "../..",
      "@", "@/", "@/x", "@scope", "@scope/",
      "@scope//x", "@scope/pkg/", "@@scope/pkg", "@scope\\pkg", "@sc%6fpe/pkg", ".pkg", ".dotted",
      "_under", "-dash", "%70lain",
      "plain%00", "pl\0ain", "pl\nain", "pl\tain", "plain\n", " plain", "plain ", "plain:x",
      "plain;x", "plain\\x", "plain/x\\y",
      "PLAIN", "Plain", "\ud800", "pkg\udfff/x", "plain/\ud800", "./\ud800.js", "./lib/\0.js",
      "./lib/a.js\0", "./lib/a.js ", " ./lib/a.js",
      "./lib/a.js\t", "./lib/\na.js", "./lib\\a.js", ".\\lib\\a.js", "\\lib", "./lib//a.js",
      "./lib/./a.js", "./lib/../lib/a.js",
      "./lib/%2e%2e/main.mjs", "./lib/%2e/a.js", "./lib/%2E%2E/main.mjs", "./lib%2fa.js",
      "./lib%2Fa.js", "./lib%5ca.js", "./lib%5Ca.js",
      "./lib/%61.js", "./lib/%zz.js", "./lib/%", "./lib/%e9.js", "./lib/%ff.js", "./lib/%00.js",
      "./lib/a.js?q=%2f", "./lib/a.js#%2f",
      "./lib/a.js??", "./lib/a.js##", "./lib/a.js?", "./lib/a.js#", "?q", "#h", "./?q", ".?q",
      "..?q", "./lib?q", "./lib/?q",
      "fs", "fs/", "fs/promises", "fs/promises/", "fs/nope", "fs?q", "fs#h", "FS", "node:",
      "node:fs", "node:fs/promises", "node:fs/",
      "node:nope", "node:plain", "node:test", "node:test/reporters", "node:sqlite", "test",
      "test/reporters", "sqlite", "node:sea", "sea",
      "NODE:fs", "node:fs?q", "node:./fs", "node:/fs", "node:FS", "punycode", "punycode/",
      "punycode/punycode.js", "node:punycode",
      "path", "path/posix", "path/win32", "path/nope", "util/types", "buffer", "process",
      "assert/strict", "timers/promises", "module",
      "wasi", "sys", "_http_agent", "node:_http_agent", "internal/util", "node:internal/util",
      "stream/web", "dns/promises", "inspector/promises",
      "constants", "string_decoder", "string_decoder/", "worker_threads", "async_hooks",
      "readline/promises",
      "data:text/javascript,1", "data:,x", "data:", "DATA:text/javascript,1",
      "data:text/javascript;base64,MQ==", "data:application/json,{}",
      "http://example.org/x.js", "https://example.org/x.js", "HTTPS://Example.org/x.js",
      "ftp://example.org/x", "blob:x", "x:y", "x:", "C:/x.js",
      "c:\\x.js", "javascript:1", "about:blank", "quiesce:x", "file:", "file:/", "file://",
      "file:///", "file:///etc/passwd-gone",
      "file://host/x.js", "file://localhost/etc/passwd-gone", "file:./lib/a.js", "file:lib/a.js",
      "file:/gone%2fx.js", "FILE:///gone.js",
      "file:///gone.js?q#h", "file:///%00", "https://[", "https://", "http:///x",
      "//example.org/x.js", "//localhost/x.js", "///x.js", "/gone.js",
      "/gone/", "/%2f", "/../../gone.js", "linked", "linked/other", "linked/gone",
      "linked/lib/main.js", "@scope/linked", "@scope/linked/m", "@scope/linked/m.js",
      "dangling", "dangling/x", "circular", "circular/x", "file-module", "file-module.js",
      "file-module-json", "file-module-json.json", "no-such-package",
      "no-such-package/x", "@scope/none", "@none/none", "nested/node_modules/inner",
      "nested/node_modules/plain", "node_modules/plain", "odd", "odd/self", "odd/self/a.js",
      "odd/self/secret/s.js", "odd/hidden", "odd/gone", "odd/package.json", "odd/", "__proto__",
      "constructor", "toString", "hasOwnProperty",
      "é", "./lib/é.js", "./lib/caf\u00e9.js", "./lib/cafe\u0301.js", "./lib/caf%C3%A9.js",
      "./lib/%F0%9F%98%80.js", "./lib/upper.js", "./LIB/a.js", "a".repeat(300),
      "./" + "a".repeat(300), "./" + "x/".repeat(2000) + "y.js", "x/".repeat(2000) + "y",
    ]) ask(from, specifier);
  }
  for (const name of ["plain", "linked", "@scope/linked", "nested", "e-pattern", "e-imports"]) {
    const inside = join(realpathSync(join(root, "node_modules", name)), "lib/deep/asking.mjs");
    for (const specifier of ["plain", "inner", "linked", "linked/other", "nested", "e-imports",
      "#a", "#inner", "../../index.js", "fs"]) ask(inside, specifier);
  }
};

const outside = join(realpathSync(project), "main.js");
for (const name of packages) ask_package(name, outside);
if (odd) ask_odd();
process.stdout.write([...lines].map((line) => `${line}\n`).join(""));
