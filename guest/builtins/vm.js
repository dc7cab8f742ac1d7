'use strict';
// Code in the realm of the program; there is no other.
const { codes } = require('internal/errors');
const { validateString } = require('internal/validators');
const evaluate = (code) => globalThis.eval(code);

class Script {
  #code;
  constructor(code) {
    this.#code = `${code}`;
    Function(this.#code); // what is no program is refused now
  }
  runInThisContext() {
    return evaluate(this.#code);
  }
  runInContext() {
    throw new codes.ERR_UNAVAILABLE('vm.Script.runInContext');
  }
  runInNewContext() {
    throw new codes.ERR_UNAVAILABLE('vm.Script.runInNewContext');
  }
  createCachedData() {
    throw new codes.ERR_UNAVAILABLE('vm.Script.createCachedData');
  }
}

module.exports = require('internal/unavailable')(
  'vm',
  ['createContext', 'runInContext', 'runInNewContext', 'measureMemory'],
  ['SourceTextModule', 'SyntheticModule'],
  {
    Script,
    isContext: () => false,
    runInThisContext(code) {
      validateString(code, 'code');
      return evaluate(code);
    },
    compileFunction(code, params = []) {
      validateString(code, 'code');
      return Function(...params, code);
    },
    constants: Object.freeze({ __proto__: null }),
  },
);
