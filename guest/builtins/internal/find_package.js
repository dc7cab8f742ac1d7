'use strict';
// module.findPackageJSON, by what the program's loader resolves.
const { resolve, fileOf } = internal('modules');
const { codes } = require('internal/errors');
const { ERR_INVALID_ARG_TYPE, ERR_INVALID_URL_SCHEME, ERR_MISSING_ARGS } = codes;
const { URL, fileURLToPath, pathToFileURL } = require('internal/url');

function fileAt(path) {
  try {
    return fileOf(resolve(path, ''));
  } catch (error) {
    if (error?.code !== 'MODULE_NOT_FOUND') throw error;
    return undefined;
  }
}

// The file of that name in `folder` or one above it.
function nearest(folder, name) {
  for (const url = new URL(folder); ; url.pathname = url.pathname.replace(/[^/]+\/$/, '')) {
    const found = fileAt(`${fileURLToPath(url)}${name}`);
    if (found !== undefined || url.pathname === '/') return found;
  }
}

function notFound(what, base) {
  const from = base === undefined ? '' : ` imported from ${fileURLToPath(base)}`;
  const error = new Error(`Cannot find ${what}${from}`);
  error.code = 'ERR_MODULE_NOT_FOUND';
  return error;
}

function findPackageJSON(args) {
  if (args.length === 0) throw new ERR_MISSING_ARGS('specifier');
  const specifier = `${args[0]}`;
  let base = args[1];
  if (base !== undefined) {
    if (typeof base !== 'string' && !(base instanceof URL))
      throw new ERR_INVALID_ARG_TYPE('base', 'string', base);
    base = `${base}`.startsWith('/') ? pathToFileURL(base) : new URL(base);
  }
  const isPath = /^\.{0,2}(\/|$)/.test(specifier) || URL.canParse(specifier);
  if (!isPath) {
    const [name] = /^(?:@[^/]*\/)?[^/]*/.exec(specifier);
    const found = nearest(new URL('.', base), `node_modules/${name}/package.json`);
    if (found === undefined) throw notFound(`package '${name}'`, base);
    return found;
  }
  const url = new URL(specifier, base);
  if (url.protocol !== 'file:') throw new ERR_INVALID_URL_SCHEME('file');
  const path = fileURLToPath(url);
  if (!path.endsWith('/') && fileAt(path) === undefined) throw notFound(`module '${path}'`, base);
  return nearest(new URL('.', url), 'package.json');
}

module.exports = { findPackageJSON };
