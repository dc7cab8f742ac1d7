// CommonJS, as Node.js has it, over the modules of the host's loader.
//
// What a program does to its globals must not reach in here: objects that are looked things up in
// have no prototype, properties are made by `put`, functions are called by `call`, nothing is
// iterated, and there are no template literals, which QuickJS makes with String.prototype.concat.
'use strict';

const natives = internal('modules');
const { builtin, call, compile, fail, fileOf, folderOf, isBuiltin } = natives;
const { lex, load, put, resolve, source, unlessLimit, urlOf } = natives;

const ERROR = 0;
const TYPE_ERROR = 4;

// The URLs of files whose names do not tell them: with a query, or of another scheme.
const urls = { __proto__: null };
let main;

function urlOfFile(file) {
  const known = urls[file];
  return known === undefined ? urlOf(file) : known;
}

function fileOfUrl(url) {
  const file = fileOf(url);
  if (urlOf(file) !== url) put(urls, file, url);
  return file;
}

function last(list) {
  return list[list.length - 1];
}

function has(list, item) {
  for (let i = 0; i < list.length; ++i) if (list[i] === item) return true;
  return false;
}

function append(list, item) {
  put(list, list.length, item);
}

function remove(list, item) {
  let to = 0;
  for (let from = 0; from < list.length; ++from) {
    if (list[from] !== item) put(list, to++, list[from]);
  }
  list.length = to;
}

function split(text) {
  const parts = [];
  let part = '';
  for (let i = 0; i < text.length; ++i) {
    if (text[i] === '/') {
      append(parts, part);
      part = '';
    } else {
      part += text[i];
    }
  }
  append(parts, part);
  return parts;
}

// ---- Module -------------------------------------------------------------------------------------

function adopt(parent, child) {
  const children = parent && parent.children;
  if (children && !has(children, child)) append(children, child);
}

function Module(id = '', parent = undefined) {
  put(this, 'id', id);
  put(this, 'path', folderOf(id));
  put(this, 'exports', {});
  put(this, 'parent', parent);
  if (parent && parent.children) append(parent.children, this);  // which it cannot be among yet
  put(this, 'filename', null);
  put(this, 'loaded', false);
  put(this, 'children', []);
}

// Of the folder that was last asked for: a folder's modules come one after the other.
const lastPaths = { __proto__: null, from: undefined, paths: undefined };

// Each module has a list of its own, since a program may change it.
function modulePaths(from) {
  if (lastPaths.from !== from) {
    lastPaths.paths = nodeModulePaths(from);
    lastPaths.from = from;
  }
  const copy = [];
  for (let i = 0; i < lastPaths.paths.length; ++i) append(copy, lastPaths.paths[i]);
  return copy;
}

function nodeModulePaths(from) {
  const parts = split(from);
  const paths = [];
  for (let end = parts.length; end > 0; --end) {
    if (parts[end - 1] === 'node_modules') continue;
    let path = '';
    for (let i = 1; i < end; ++i) path += '/' + parts[i];
    if (end === 1 || parts[end - 1] !== '') append(paths, path + '/node_modules');
  }
  return paths;
}

function checkRequest(request, what) {
  if (typeof request !== 'string') {
    const received = request === null ? 'null' : 'type ' + typeof request;
    fail(TYPE_ERROR, 'ERR_INVALID_ARG_TYPE',
      'The "' + what + '" argument must be of type string. Received ' + received);
  }
  if (what === 'id' && request === '') {
    fail(TYPE_ERROR, 'ERR_INVALID_ARG_VALUE',
      "The argument 'id' must be a non-empty string. Received ''");
  }
}

function requireStack(parent) {
  const stack = [];
  for (let module = parent; module; module = module.parent) {
    append(stack, module.filename || module.id);
    if (stack.length > 1000) break;
  }
  return stack;
}

function resolveFrom(request, url, parent) {
  try {
    return resolve(request, url);
  } catch (error) {
    if (error !== null && typeof error === 'object' && error.code === 'MODULE_NOT_FOUND') {
      put(error, 'requireStack', requireStack(parent));
    }
    throw error;
  }
}

function resolveFilename(request, parent, isMain, options) {
  checkRequest(request, 'request');
  let url;
  const paths = options !== null && typeof options === 'object' ? options.paths : undefined;
  if (paths !== undefined) {
    let thrown;
    for (let i = 0; i < paths.length && url === undefined; ++i) {
      try {
        url = resolve(request, urlOf(paths[i] + '/noop.js'));
      } catch (error) {
        thrown = error;
      }
    }
    if (url === undefined) {
      if (thrown === undefined) {
        fail(ERROR, 'MODULE_NOT_FOUND', "Cannot find module '" + request + "'");
      }
      throw thrown;
    }
  } else {
    const file = parent && (parent.filename || parent.id);
    url = resolveFrom(request, file ? urlOfFile(file) : '', parent);
  }
  return startsWith(url, 'node:') ? request : fileOfUrl(url);
}

function startsWith(text, start) {
  for (let i = 0; i < start.length; ++i) if (text[i] !== start[i]) return false;
  return true;
}

function loadModule(request, parent, isMain) {
  const file = Module._resolveFilename(request, parent, isMain);
  const cached = Module._cache[file];
  if (cached !== undefined) {
    adopt(parent, cached);
    return cached.exports;
  }
  if (startsWith(file, 'node:') || isBuiltin(file)) return allowedBuiltin(file, parent);
  const module = new Module(file, parent);
  if (isMain) {
    main = module;
    put(module, 'id', '.');
  }
  return runOnce(module, file, parent, () => module.load(file));
}

// Which built-ins there are for this program is for the host's loader to say, and not for a patched
// Module._resolveFilename.
function allowedBuiltin(name, parent) {
  const url = startsWith(name, 'node:') ? name : 'node:' + name;
  return resolveFrom(url, '', parent) === url ? builtin(url) : undefined;
}

// In the cache while it runs, and if it ran.
function runOnce(module, file, parent, run) {
  put(Module._cache, file, module);
  let threw = true;
  try {
    run();
    threw = false;
  } finally {
    if (threw) {
      delete Module._cache[file];
      if (parent && parent.children) remove(parent.children, module);
    }
  }
  return module.exports;
}

function extensionOf(file) {
  let start = file.length;
  while (start > 0 && file[start - 1] !== '/') --start;
  for (let i = start + 1; i < file.length; ++i) {
    if (file[i] !== '.') continue;
    let extension = '';
    for (let n = i; n < file.length; ++n) extension += file[n];
    if (Module._extensions[extension] !== undefined) return extension;
  }
  return '.js';
}

function runFunction(module, code, file) {
  return call(code, module.exports, module.exports, makeRequire(module), module, file,
    folderOf(file));
}

// What the host's loader says it is.
function loadFile(module, file) {
  const loaded = load(urlOfFile(file), file);
  if (loaded[0] === 'commonjs') {
    runFunction(module, loaded[1], file);
  } else {
    put(module, 'exports', loaded[1]);
  }
}

function makeRequire(module) {
  function require(path) {
    return module.require(path);
  }
  put(require, 'resolve', (request, options) => {
    checkRequest(request, 'request');
    return Module._resolveFilename(request, module, false, options);
  });
  put(require.resolve, 'paths', (request) => {
    checkRequest(request, 'request');
    return Module._resolveLookupPaths(request, module);
  });
  put(require, 'main', main);
  put(require, 'extensions', Module._extensions);
  put(require, 'cache', Module._cache);
  return require;
}

const methods = {
  __proto__: null,
  require(id) {
    checkRequest(id, 'id');
    return Module._load(id, this, false);
  },
  load(file) {
    put(this, 'filename', file);
    put(this, 'paths', modulePaths(folderOf(file)));
    Module._extensions[extensionOf(file)](this, file);
    put(this, 'loaded', true);
  },
  _compile(content, file) {
    return runFunction(this, compile('' + content, file, urlOfFile(file)), file);
  },
};
put(Module.prototype, 'require', methods.require);
put(Module.prototype, 'load', methods.load);
put(Module.prototype, '_compile', methods._compile);

// ---- its functions ------------------------------------------------------------------------------

function createRequire(from) {
  let file = from !== null && typeof from === 'object' ? from.href : from;
  if (typeof file === 'string' && startsWith(file, 'file://')) file = fileOf(file);
  if (typeof file !== 'string' || file[0] !== '/') {
    fail(TYPE_ERROR, 'ERR_INVALID_ARG_VALUE',
      "The argument 'filename' must be a file URL object, file URL string, or absolute path " +
        "string. Received '" + (typeof file === 'string' ? file : typeof file) + "'");
  }
  if (last(file) === '/') file += 'noop.js';
  const module = new Module(file);
  put(module, 'filename', file);
  put(module, 'paths', modulePaths(module.path));
  return makeRequire(module);
}

const wrapper = ['(function (exports, require, module, __filename, __dirname) { ', '\n});'];
const builtinModules = natives.builtins();

const statics = {
  __proto__: null,
  _cache: { __proto__: null },
  _pathCache: { __proto__: null },
  _extensions: {
    __proto__: null,
    '.js': loadFile,
    '.json': loadFile,
    '.node': (module, file) => {
      const why = "': this VM has no native addons";
      fail(ERROR, 'ERR_DLOPEN_DISABLED', "Cannot load '" + file + why);
    },
  },
  _load: loadModule,
  _resolveFilename: resolveFilename,
  _resolveLookupPaths(request, parent) {
    if (isBuiltin(request)) return null;
    const isRelative = startsWith(request, './') || startsWith(request, '../');
    if (request === '.' || request === '..' || isRelative) {
      return [parent && parent.filename ? folderOf(parent.filename) : '.'];
    }
    return parent && parent.paths ? parent.paths : [];
  },
  _nodeModulePaths: nodeModulePaths,
  _findPath(request, paths) {
    try {
      return resolveFilename(request, undefined, false, { paths });
    } catch {
      return false;
    }
  },
  _initPaths() {},
  _preloadModules() {},
  globalPaths: [],
  builtinModules,
  isBuiltin: (name) => isBuiltin(name),
  createRequire,
  findPackageJSON() {
    return require('internal/find_package').findPackageJSON(arguments);
  },
  wrapper,
  wrap: (script) => wrapper[0] + script + wrapper[1],
  syncBuiltinESMExports() {},
  findSourceMap() {},
  enableCompileCache: () => ({ status: 3 }),
  getCompileCacheDir() {},
  flushCompileCache() {},
  constants: { compileCacheStatus: { FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 } },
};
for (const name in statics) put(Module, name, statics[name]);
put(Module, 'Module', Module);

// ---- for ES modules -----------------------------------------------------------------------------

// Runs it, unless require() has: what it exports.
function runImported(url, code, isMain) {
  const file = fileOfUrl(url);
  const cached = Module._cache[file];
  if (cached !== undefined) return cached.exports;
  const module = new Module(file, undefined);
  if (isMain) {
    main = module;
    put(module, 'id', '.');
  }
  return runOnce(module, file, undefined, () => {
    if (code === undefined) return module.load(file);
    put(module, 'filename', file);
    put(module, 'paths', modulePaths(folderOf(file)));
    runFunction(module, code, file);
    put(module, 'loaded', true);
    return undefined;
  });
}

function addNames(url, text, names, seen) {
  put(seen, url, true);
  let lexed;
  try {
    lexed = lex(text);
  } catch (error) {
    unlessLimit(error);
    return;  // what it is shows when it is run
  }
  for (let i = 0; i < lexed.exports.length; ++i) put(names, lexed.exports[i], true);
  for (let i = 0; i < lexed.reexports.length; ++i) {
    let target;
    let content;
    try {
      target = resolve(lexed.reexports[i], url);
      if (startsWith(target, 'node:') || seen[target] !== undefined) continue;
      content = source(target);
    } catch (error) {
      unlessLimit(error);
      continue;
    }
    if (content !== undefined) addNames(target, content, names, seen);
  }
}

// The names of exports that can be read off the text, with those of what it reexports.
function namesOf(url, text) {
  const names = { __proto__: null };
  addNames(url, text, names, { __proto__: null });
  const list = [];
  for (const name in names) append(list, name);
  return list;
}

module.exports = { Module, namesOf, runImported };
