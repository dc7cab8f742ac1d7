'use strict';
// Modules that programs import for a part they may never use: every function and class is there,
// and
// says when it is called that it is not available.
const { codes } = require('internal/errors');

module.exports = function unavailable(module, functions, classes = [], others = {}) {
  const exports = {};
  for (const name of functions) {
    exports[name] = {
      [name]() {
        throw new codes.ERR_UNAVAILABLE(`${module}.${name}`);
      },
    }[name];
  }
  for (const name of classes) {
    exports[name] = {
      [name]: class {
        constructor() {
          throw new codes.ERR_UNAVAILABLE(`${module}.${name}`);
        }
      },
    }[name];
  }
  return Object.assign(exports, others);
};
