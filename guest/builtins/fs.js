'use strict';
// node:fs over the VM's files. What is done is done at once; callbacks are called later.
const core = require('internal/fs');
const descriptors = require('internal/fs_descriptors');
const { codes } = require('internal/errors');
const constants = require('internal/fs_constants');
const { validateFunction } = require('internal/validators');
const { defineLater, functionsFrom } = require('internal/lazy');

function callbackOf(args) {
  const callback = args.pop();
  validateFunction(typeof callback === 'function' ? callback : undefined, 'cb');
  return callback;
}

function withCallback(name, run, spread = false) {
  return {
    [name](...args) {
      const callback = callbackOf(args);
      let result;
      try {
        result = run(...args);
      } catch (error) {
        if (error instanceof TypeError || error instanceof RangeError) throw error;
        setImmediate(callback, error);
        return;
      }
      if (spread) setImmediate(callback, null, ...result);
      else if (result === undefined) setImmediate(callback, null);
      else setImmediate(callback, null, result);
    },
  }[name];
}

const fs = (module.exports = {});

const operations = { ...core.operations, ...descriptors.operations };
for (const name of Object.keys(operations)) {
  fs[name] = withCallback(name, operations[name]);
  fs[`${name}Sync`] = {
    [`${name}Sync`](...args) {
      return operations[name](...args);
    },
  }[`${name}Sync`];
}
fs.realpath.native = fs.realpath;
fs.realpathSync.native = fs.realpathSync;

for (const [name, key] of [
  ['read', 'bytesRead'],
  ['write', 'bytesWritten'],
  ['readv', 'bytesRead'],
  ['writev', 'bytesWritten'],
]) {
  fs[`${name}Sync`] = {
    [`${name}Sync`](...args) {
      return descriptors[name](...args)[0];
    },
  }[`${name}Sync`];
  fs[name] = withCallback(name, descriptors[name], true);
  Object.defineProperty(fs[name], Symbol.for('nodejs.util.promisify.customArgs'), {
    value: [key, name.endsWith('v') ? 'buffers' : 'buffer'],
    enumerable: false,
  });
}

fs.exists = function exists(path, callback) {
  validateFunction(callback, 'cb');
  setImmediate(callback, core.exists(path));
};
Object.defineProperty(fs.exists, Symbol.for('nodejs.util.promisify.custom'), {
  value: async (path) => core.exists(path),
});
fs.existsSync = (path) => core.exists(path);

function unavailable(name) {
  return {
    [name]() {
      throw new codes.ERR_FEATURE_UNAVAILABLE_ON_PLATFORM(`fs.${name}`);
    },
  }[name];
}
for (const name of ['watch', 'watchFile']) fs[name] = unavailable(name);
fs.unwatchFile = function unwatchFile() {};

fs.openAsBlob = async function openAsBlob(path, options = {}) {
  return new (require('buffer').Blob)([core.operations.readFile(path)], options);
};
fs.glob = withCallback('glob', (...args) => require('internal/fs_glob').glob(...args));
fs.globSync = function globSync(patterns, options) {
  return require('internal/fs_glob').glob(patterns, options);
};

fs.Stats = core.Stats;
fs.Dirent = core.Dirent;
fs.Dir = core.Dir;
fs.constants = constants;
for (const name of ['F_OK', 'R_OK', 'W_OK', 'X_OK']) {
  Object.defineProperty(fs, name, { value: constants[name], enumerable: true, writable: false });
}
fs._toUnixTimestamp = (time) => descriptors.msOf(time) / 1000;

// Streams are large: they are made when somebody wants one, and their classes are no exports by
// name, for those are read when the module is imported.
const streams = ['createReadStream', 'createWriteStream'];
Object.assign(fs, functionsFrom('internal/fs_streams', streams));
for (const name of ['ReadStream', 'WriteStream', 'FileReadStream', 'FileWriteStream'])
  defineLater(fs, name, 'internal/fs_streams', name, false);
defineLater(fs, 'promises', 'fs/promises');
