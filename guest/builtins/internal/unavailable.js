'use strict';
// Modules that programs import for a part they may never use: every function and class is there,
// and says when it is called that it is not available.

function refuse(what) {
  const { codes } = require('internal/errors');
  throw new codes.ERR_UNAVAILABLE(what);
}

module.exports = function unavailable(module, functions, classes = [], others = {}) {
  const exports = {};
  for (const name of functions) {
    exports[name] = {
      [name]() {
        refuse(`${module}.${name}`);
      },
    }[name];
  }
  for (const name of classes) {
    exports[name] = {
      [name]: class {
        constructor() {
          refuse(`${module}.${name}`);
        }
      },
    }[name];
  }
  return Object.assign(exports, others);
};
