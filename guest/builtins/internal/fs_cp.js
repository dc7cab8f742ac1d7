'use strict';
// fs.cp: files, links and whole folders.
const files = internal('files');
const { codes } = require('internal/errors');
const { validateObject } = require('internal/validators');
const { dirname, resolve } = require('path');
const {
  FILE,
  DIRECTORY,
  LINK,
  REPLACE,
  EEXIST,
  EINVAL,
  EISDIR,
  ENOTDIR,
  done,
  pathOf,
  absolute,
  kindAt,
} = require('internal/fs_common');

function refusal(code, errno, path, what, why) {
  const [name] = files.describe(errno);
  const error = new codes[code](`${what}: cp returned ${name} (${why}) ${path}`);
  error.name = 'SystemError';
  error.errno = errno;
  error.syscall = 'cp';
  error.path = path;
  return error;
}

// Makes the folder `to`, if it is not there.
function copyFolder(from, to, kind, recursive) {
  if (!recursive) {
    throw refusal(
      'ERR_FS_EISDIR',
      EISDIR,
      from,
      'Recursive option not enabled, cannot copy a directory',
      `${from} is a directory (not copied)`,
    );
  }
  const bad = 'Invalid src or dest';
  if (files.realPath(absolute(from)) === files.realPath(absolute(to))) {
    const why = 'src and dest cannot be the same';
    throw refusal('ERR_FS_CP_EINVAL', EINVAL, to, bad, why);
  }
  if (`${resolve(to)}/`.startsWith(`${resolve(from)}/`)) {
    const why = `cannot copy ${from} to a subdirectory of self ${to}`;
    throw refusal('ERR_FS_CP_EINVAL', EINVAL, to, bad, why);
  }
  if (kind === FILE) {
    throw refusal(
      'ERR_FS_CP_DIR_TO_NON_DIR',
      EISDIR,
      to,
      'Cannot overwrite non-directory with directory',
      `cannot overwrite non-directory ${to} with directory ${from}`,
    );
  }
  if (kind < 0) done(files.makeDirectories(absolute(to)), 'mkdir', to);
}

// Makes room for the file `to`. False: what is there stays.
function makeRoom(from, to, kind, { force = true, errorOnExist = false }) {
  if (kind === DIRECTORY) {
    throw refusal(
      'ERR_FS_CP_NON_DIR_TO_DIR',
      ENOTDIR,
      to,
      'Cannot overwrite directory with non-directory',
      `cannot overwrite directory ${to} with non-directory ${from}`,
    );
  }
  if (kind < 0) {
    const parent = dirname(to);
    if (kindAt(parent) < 0) done(files.makeDirectories(absolute(parent)), 'mkdir', parent);
    return true;
  }
  if (force) {
    done(files.unlink(absolute(to)), 'unlink', to);
    return true;
  }
  if (errorOnExist) {
    const why = `${to} already exists`;
    throw refusal('ERR_FS_CP_EEXIST', EEXIST, to, 'Target already exists', why);
  }
  return false;
}

function copyLink(from, to) {
  const target = done(files.readLink(absolute(from)), 'readlink', from);
  done(files.makeLink(absolute(to), target), 'symlink', from, to);
}

function copyContent(from, to) {
  const content = done(files.read(absolute(from)), 'copyfile', from, to);
  done(files.write(absolute(to), content, REPLACE, 0), 'copyfile', from, to);
}

function cp(source, target, options) {
  validateObject(options, 'options');
  const { filter, recursive = false, dereference = false, preserveTimestamps = false } = options;
  const queue = [[pathOf(source, 'src'), pathOf(target, 'dest')]];
  while (queue.length > 0) {
    const [from, to] = queue.shift();
    if (filter && !filter(from, to)) continue;
    const [kind, , modified] = done(files.status(absolute(from), dereference), 'lstat', from);
    const there = kindAt(to, false);
    if (kind === DIRECTORY) {
      copyFolder(from, to, there, recursive);
      for (const name of done(files.list(absolute(from)), 'opendir', from))
        queue.push([`${from}/${name}`, `${to}/${name}`]);
    } else if (makeRoom(from, to, there, options)) {
      if (kind === LINK) copyLink(from, to);
      else copyContent(from, to);
      if (preserveTimestamps) files.setModified(absolute(to), modified, true);
    }
  }
}

module.exports = { cp };
