// Makes the texts of the built-in modules: node assemble.mjs OUT MODULES [--check]
//
//   OUT/builtins.bin   the texts, each with a NUL behind it
//   OUT/builtins.inc   a row for each: BUILTIN("name", offset, bytes)
//
// Every .js file beside this one and in its folders is a built-in of that name; `internal/...` are
// those that programs cannot name. What a file requires and is no built-in comes from MODULES, the
// node_modules of package-lock.json, and becomes a part of it. Equal inputs give equal bytes.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [out, modules] = process.argv.slice(2).map((path) => resolve(path));
const esbuild = createRequire(join(modules, 'x.js'))('esbuild');

function namesIn(folder, prefix) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return namesIn(join(folder, entry.name), `${prefix}${entry.name}/`);
    return entry.name.endsWith('.js') ? [prefix + entry.name.slice(0, -3)] : [];
  });
}

const names = namesIn(here, '').sort();
const isBuiltin = new Set(names);

// What packages require and the engine has in its own form.
const replaced = {
  tr46: 'internal/idna',
  'abort-controller': 'internal/abort',
  'string_decoder/': 'string_decoder',
  'process/': 'process',
};

const plugin = {
  name: 'built-ins',
  setup(build) {
    build.onResolve({ filter: /^\.\/encoding$/ }, ({ importer }) =>
      importer.includes('whatwg-url')
        ? { path: 'internal/url_encoding', external: true }
        : undefined,
    );
    build.onResolve({ filter: /^[^.]/ }, ({ path, kind }) => {
      if (kind === 'entry-point') return undefined;
      const name = replaced[path] ?? path.replace(/^node:/, '');
      if (isBuiltin.has(name)) return { path: name, external: true };
      return undefined;
    });
  },
};

// The globals that a text names. It gets them as they were before any program ran.
const primordials = readFileSync(join(here, '../builtin_globals.inc'), 'utf8')
  .match(/"\w+"/g)
  .map((quoted) => quoted.slice(1, -1));

function withPrimordials(text) {
  const words = new Set(text.match(/(?<![\w$.])[A-Za-z]\w*(?![\w$])/g));
  const used = primordials.filter((name) => words.has(name));
  const taken = used.length > 0 ? `const{${used.join()}}=primordials;` : '';
  const body = text.replace(/^"use strict";/, '').trimEnd();
  return `(function(exports,require,module,internal,primordials){"use ` +
    `strict";${taken}{${body}\n}})`;
}

const smaller = {
  target: 'esnext',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'error',
};

// A text of ours that requires built-ins alone keeps its names, and so do its classes.
function isOurs(source) {
  return [...source.matchAll(/\brequire\('([^']+)'\)/g)].every(([, name]) => isBuiltin.has(name));
}

async function textOf(name) {
  const source = readFileSync(join(here, `${name}.js`), 'utf8');
  if (isOurs(source)) return (await esbuild.transform(source, smaller)).code;
  const result = await esbuild.build({
    ...smaller,
    absWorkingDir: here,
    entryPoints: [`./${name}.js`],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'neutral',
    mainFields: ['main'],
    minifyIdentifiers: true, // otherwise the folder of the packages stands in the text
    nodePaths: [modules],
    plugins: [plugin],
  });
  return result.outputFiles[0].text;
}

const texts = await Promise.all(names.map(async (name) => withPrimordials(await textOf(name))));

let offset = 0;
const rows = [];
const pieces = [];
names.forEach((name, i) => {
  const bytes = Buffer.from(texts[i] + '\0');
  rows.push(`BUILTIN("${name}", ${offset}u, ${bytes.length - 1}u)\n`);
  pieces.push(bytes);
  offset += bytes.length;
});
writeFileSync(join(out, 'builtins.bin'), Buffer.concat(pieces));
writeFileSync(join(out, 'builtins.inc'), rows.join(''));
