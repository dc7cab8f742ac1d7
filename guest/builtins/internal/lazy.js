'use strict';
// What built-ins export from others that are run only when a program wants it.

// Functions of `from`, which is run when one of them is called.
function functionsFrom(from, names) {
  const functions = {};
  for (const name of names) {
    functions[name] = { [name]: (...args) => require(from)[name](...args) }[name];
  }
  return functions;
}

// A property whose value is `from` or what `from` exports as `key`. An import by name reads it.
function defineLater(object, name, from, key, enumerable = true) {
  const define = (value) =>
    Object.defineProperty(object, name, {
      __proto__: null,
      value,
      writable: true,
      configurable: true,
      enumerable,
    });
  Object.defineProperty(object, name, {
    __proto__: null,
    configurable: true,
    enumerable,
    get() {
      const value = key === undefined ? require(from) : require(from)[key];
      define(value);
      return value;
    },
    set: define,
  });
}

module.exports = { functionsFrom, defineLater };
