'use strict';
// A VM is the same on every machine; so are these answers.
const signals = ['HUP', 'INT', 'QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'KILL', 'USR1', 'SEGV', 'USR2', 'PIPE', 'ALRM', 'TERM',
  'STKFLT', 'CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'XCPU', 'XFSZ', 'VTALRM', 'PROF', 'WINCH', 'IO', 'PWR', 'SYS'];

const fixed = {
  arch: 'wasm32', availableParallelism: 1, endianness: 'LE', freemem: 0, homedir: '/root', hostname: 'quiesce',
  machine: 'wasm32', platform: 'linux', release: '0.0.0', tmpdir: '/tmp', totalmem: 0, type: 'Linux',
  uptime: 0, version: 'Quiesce',
};

module.exports = {
  ...Object.fromEntries(Object.entries(fixed).map(([name, value]) => [name, { [name]: () => value }[name]])),
  cpus: () => [],
  getPriority: () => 0,
  loadavg: () => [0, 0, 0],
  networkInterfaces: () => ({}),
  setPriority() {},
  userInfo: () => ({ uid: 0, gid: 0, username: 'root', homedir: '/root', shell: null }),
  constants: Object.freeze({
    __proto__: null,
    UV_UDP_REUSEADDR: 4,
    dlopen: Object.freeze({ __proto__: null, RTLD_LAZY: 1, RTLD_NOW: 2, RTLD_GLOBAL: 256, RTLD_LOCAL: 0 }),
    errno: Object.freeze({
      __proto__: null,
      ...Object.fromEntries(Array.from(require('util').getSystemErrorMap(), ([errno, [name]]) => [name, -errno])),
    }),
    signals: Object.freeze({ __proto__: null, ...Object.fromEntries(signals.map((name, i) => [`SIG${name}`, i + 1])) }),
    priority: Object.freeze({
      __proto__: null, PRIORITY_LOW: 19, PRIORITY_BELOW_NORMAL: 10, PRIORITY_NORMAL: 0,
      PRIORITY_ABOVE_NORMAL: -7, PRIORITY_HIGH: -14, PRIORITY_HIGHEST: -20,
    }),
  }),
  EOL: '\n',
  devNull: '/dev/null',
};
