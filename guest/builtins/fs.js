'use strict';
// node:fs over the VM's files. What is done is done at once; callbacks are called later.
const core = require('internal/fs');
const { codes } = require('internal/errors');
const constants = require('internal/fs_constants');
const { validateFunction } = require('internal/validators');

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

for (const name of [
  'access',
  'appendFile',
  'chmod',
  'chown',
  'close',
  'copyFile',
  'cp',
  'fchmod',
  'fchown',
  'fdatasync',
  'fstat',
  'fsync',
  'ftruncate',
  'futimes',
  'lchmod',
  'lchown',
  'link',
  'lstat',
  'lutimes',
  'mkdir',
  'mkdtemp',
  'open',
  'opendir',
  'readFile',
  'readdir',
  'readlink',
  'realpath',
  'rename',
  'rm',
  'rmdir',
  'stat',
  'statfs',
  'symlink',
  'truncate',
  'unlink',
  'utimes',
  'writeFile',
]) {
  fs[name] = withCallback(name, core[name]);
  fs[`${name}Sync`] = {
    [`${name}Sync`](...args) {
      return core[name](...args);
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
      return core[name](...args)[0];
    },
  }[`${name}Sync`];
  fs[name] = withCallback(name, core[name], true);
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
  return new (require('buffer').Blob)([core.readFile(path)], options);
};
fs.globSync = unavailable('globSync');
fs.glob = unavailable('glob');

fs.Stats = core.Stats;
fs.Dirent = core.Dirent;
fs.Dir = core.Dir;
fs.constants = constants;
for (const name of ['F_OK', 'R_OK', 'W_OK', 'X_OK']) {
  Object.defineProperty(fs, name, { value: constants[name], enumerable: true, writable: false });
}
fs._toUnixTimestamp = (time) => core.msOf(time) / 1000;

// Streams are large: they are made when somebody wants one, and their classes are no exports by
// name, for those are read when the module is imported.
for (const name of ['createReadStream', 'createWriteStream']) {
  fs[name] = {
    [name](...args) {
      return require('internal/fs_streams')[name](...args);
    },
  }[name];
}
for (const name of ['ReadStream', 'WriteStream', 'FileReadStream', 'FileWriteStream']) {
  Object.defineProperty(fs, name, {
    configurable: true,
    enumerable: false,
    get() {
      return require('internal/fs_streams')[name];
    },
    set(value) {
      Object.defineProperty(fs, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: true,
      });
    },
  });
}
Object.defineProperty(fs, 'promises', {
  configurable: true,
  enumerable: true,
  get() {
    return require('fs/promises');
  },
});
