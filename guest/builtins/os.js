'use strict';
// A VM is the same on every machine; so are these answers.
const fixed = {
  arch: 'wasm32',
  availableParallelism: 1,
  endianness: 'LE',
  freemem: 0,
  homedir: '/root',
  hostname: 'quiesce',
  machine: 'wasm32',
  platform: 'linux',
  release: '0.0.0',
  tmpdir: '/tmp',
  totalmem: 0,
  type: 'Linux',
  uptime: 0,
  version: 'Quiesce',
};

module.exports = {
  ...Object.fromEntries(
    Object.entries(fixed).map(([name, value]) => [name, { [name]: () => value }[name]]),
  ),
  cpus: () => [],
  getPriority: () => 0,
  loadavg: () => [0, 0, 0],
  networkInterfaces: () => ({}),
  setPriority() {},
  userInfo: () => ({ uid: 0, gid: 0, username: 'root', homedir: '/root', shell: null }),
  constants: require('internal/os_constants'),
  EOL: '\n',
  devNull: '/dev/null',
};
