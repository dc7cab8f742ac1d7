'use strict';
const { codes } = require('internal/errors');
const {
  ERR_AMBIGUOUS_ARGUMENT,
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_ARG_VALUE,
  ERR_INVALID_RETURN_VALUE,
  ERR_MISSING_ARGS,
} = codes;
const { inspect } = require('internal/inspect');
const { isDeepEqual, isDeepStrictEqual } = require('internal/comparisons');
const { isPromise, isRegExp, isNativeError } = require('internal/types');
const AssertionError = require('internal/assertion_error');

const isError = (value) => isNativeError(value) || value instanceof Error;

function innerFail(options) {
  if (options.message instanceof Error) throw options.message;
  throw new AssertionError(options);
}

function innerOk(fn, count, value, message) {
  if (value) return;
  let generated = false;
  if (count === 0) {
    generated = true;
    message = 'No value argument passed to `assert.ok()`';
  } else if (message == null) {
    generated = true;
    message =
      'The expression evaluated to a falsy value:\n\n  ' +
      `${fn === assert ? 'assert' : 'assert.ok'}(${inspect(value)})\n`;
  } else if (message instanceof Error) {
    throw message;
  }
  const error = new AssertionError({
    actual: value,
    expected: true,
    message,
    operator: '==',
    stackStartFn: fn,
  });
  error.generatedMessage = generated;
  throw error;
}

function assert(...args) {
  innerOk(assert, args.length, ...args);
}
module.exports = assert;

assert.ok = function ok(...args) {
  innerOk(ok, args.length, ...args);
};

assert.fail = function fail(actual, expected, message, operator, stackStartFn) {
  const { length } = arguments;
  let generated = false;
  if (actual == null && length <= 1) {
    generated = true;
    message = 'Failed';
  } else if (length === 1) {
    message = actual;
    actual = undefined;
  } else {
    require('process').emitWarning(
      'assert.fail() with more than one argument is deprecated. ' +
        'Please use assert.strictEqual() instead or only pass a message.',
      'DeprecationWarning',
      'DEP0094',
    );
    if (length === 2) operator = '!=';
  }
  if (message instanceof Error) throw message;
  const options = {
    actual,
    expected,
    operator: operator === undefined ? 'fail' : operator,
    stackStartFn: stackStartFn || fail,
    message,
  };
  const error = new AssertionError(options);
  if (generated) error.generatedMessage = true;
  throw error;
};
assert.AssertionError = AssertionError;

function comparison(name, operator, holds) {
  assert[name] = {
    [name](actual, expected, message) {
      if (arguments.length < 2) throw new ERR_MISSING_ARGS('actual', 'expected');
      if (!holds(actual, expected))
        innerFail({ actual, expected, message, operator, stackStartFn: assert[name] });
    },
  }[name];
}
// eslint-disable-next-line eqeqeq
comparison('equal', '==', (a, b) => a == b || (a !== a && b !== b));
// eslint-disable-next-line eqeqeq
comparison('notEqual', '!=', (a, b) => !(a == b || (a !== a && b !== b)));
comparison('deepEqual', 'deepEqual', isDeepEqual);
comparison('notDeepEqual', 'notDeepEqual', (a, b) => !isDeepEqual(a, b));
comparison('deepStrictEqual', 'deepStrictEqual', isDeepStrictEqual);
comparison('notDeepStrictEqual', 'notDeepStrictEqual', (a, b) => !isDeepStrictEqual(a, b));
comparison('strictEqual', 'strictEqual', (a, b) => Object.is(a, b));
comparison('notStrictEqual', 'notStrictEqual', (a, b) => !Object.is(a, b));

function isPart(actual, expected) {
  if (
    typeof expected !== 'object' ||
    expected === null ||
    typeof actual !== 'object' ||
    actual === null
  ) {
    return isDeepStrictEqual(actual, expected);
  }
  if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected)) return false;
  if (expected instanceof Map) {
    return (
      actual instanceof Map &&
      Array.from(expected).every(
        ([key, value]) => actual.has(key) && isPart(actual.get(key), value),
      )
    );
  }
  if (expected instanceof Set) {
    const rest = Array.from(actual);
    return (
      actual instanceof Set &&
      Array.from(expected).every((value) => {
        const index = rest.findIndex((one) => isPart(one, value));
        if (index >= 0) rest.splice(index, 1);
        return index >= 0;
      })
    );
  }
  if (Array.isArray(expected)) {
    let from = 0;
    return (
      Array.isArray(actual) &&
      expected.every((value) => {
        while (from < actual.length) if (isPart(actual[from++], value)) return true;
        return false;
      })
    );
  }
  if (ArrayBuffer.isView(expected) || expected instanceof Date || isRegExp(expected))
    return isDeepStrictEqual(actual, expected);
  return (
    Reflect.ownKeys(expected).every(
      (key) => Object.hasOwn(actual, key) && isPart(actual[key], expected[key]),
    ) &&
    (!isError(expected) || (actual.message === expected.message && actual.name === expected.name))
  );
}
comparison('partialDeepStrictEqual', 'partialDeepStrictEqual', isPart);

// ---- what throws --------------------------------------------------------------------------------

class Comparison {
  constructor(object, keys, actual) {
    for (const key of keys) {
      if (key in object) {
        if (
          actual !== undefined &&
          typeof actual[key] === 'string' &&
          isRegExp(object[key]) &&
          object[key].exec(actual[key]) !== null
        ) {
          this[key] = actual[key];
        } else {
          this[key] = object[key];
        }
      }
    }
  }
}

function compareKey(actual, expected, key, message, keys, fn) {
  if (key in actual && isDeepStrictEqual(actual[key], expected[key])) return;
  if (!message) {
    const error = new AssertionError({
      actual: new Comparison(actual, keys),
      expected: new Comparison(expected, keys, actual),
      operator: 'deepStrictEqual',
      stackStartFn: fn,
    });
    error.actual = actual;
    error.expected = expected;
    error.operator = fn.name;
    throw error;
  }
  innerFail({ actual, expected, message, operator: fn.name, stackStartFn: fn });
}

function checkThrown(actual, expected, message, fn) {
  let generated = false;
  let throws = false;
  if (typeof expected !== 'function') {
    if (isRegExp(expected)) {
      const text = String(actual);
      if (expected.exec(text) !== null) return;
      if (!message) {
        generated = true;
        message = `The input did not match the regular expression ${inspect(expected)}. ` +
          `Input:\n\n${inspect(text)}\n`;
      }
      throws = true;
    } else if (typeof actual !== 'object' || actual === null) {
      const error = new AssertionError({
        actual,
        expected,
        message,
        operator: 'deepStrictEqual',
        stackStartFn: fn,
      });
      error.operator = fn.name;
      throw error;
    } else {
      const keys = Object.keys(expected);
      if (expected instanceof Error) keys.push('name', 'message');
      else if (keys.length === 0)
        throw new ERR_INVALID_ARG_VALUE('error', expected, 'may not be an empty object');
      for (const key of keys) {
        if (
          typeof actual[key] === 'string' &&
          isRegExp(expected[key]) &&
          expected[key].exec(actual[key]) !== null
        )
          continue;
        compareKey(actual, expected, key, message, keys, fn);
      }
      return;
    }
  } else if (expected.prototype !== undefined && actual instanceof expected) {
    return;
  } else if (Object.prototype.isPrototypeOf.call(Error, expected)) {
    if (!message) {
      generated = true;
      message = `The error is expected to be an instance of "${expected.name}". Received `;
      if (isError(actual)) message += `"${actual.name}"`;
      else message += `"${inspect(actual, { depth: -1 })}"`;
      if (isError(actual)) message += `\n\nError message:\n\n${actual.message}`;
    }
    throws = true;
  } else {
    const result = Reflect.apply(expected, {}, [actual]);
    if (result !== true) {
      if (!message) {
        generated = true;
        const name = expected.name ? `"${expected.name}" ` : '';
        message = `The ${name}validation function is expected to return "true". Received ` +
          `${inspect(result)}`;
        if (isError(actual)) message += `\n\nCaught error:\n\n${actual}`;
      }
      throws = true;
    }
  }
  if (throws) {
    const error = new AssertionError({
      actual,
      expected,
      message,
      operator: fn.name,
      stackStartFn: fn,
    });
    error.generatedMessage = generated;
    throw error;
  }
}

const nothing = Symbol('nothing thrown');

function thrownBy(fn) {
  require('internal/validators').validateFunction(fn, 'fn');
  try {
    fn();
  } catch (error) {
    return error;
  }
  return nothing;
}

async function rejectionOf(promiseFn) {
  let promise;
  if (typeof promiseFn === 'function') {
    promise = promiseFn();
    if (!(
      isPromise(promise) ||
      (promise !== null &&
        typeof promise === 'object' &&
        typeof promise.then === 'function' &&
        typeof promise.catch === 'function')
    )) {
      throw new ERR_INVALID_RETURN_VALUE('instance of Promise', 'promiseFn', promise);
    }
  } else if (
    isPromise(promiseFn) ||
    (promiseFn !== null &&
      typeof promiseFn === 'object' &&
      typeof promiseFn.then === 'function' &&
      typeof promiseFn.catch === 'function')
  ) {
    promise = promiseFn;
  } else {
    throw new ERR_INVALID_ARG_TYPE('promiseFn', ['Function', 'Promise'], promiseFn);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return nothing;
}

function expectsError(fn, actual, error, message) {
  if (typeof error === 'string') {
    if (arguments.length === 4)
      throw new ERR_INVALID_ARG_TYPE('error', ['Object', 'Error', 'Function', 'RegExp'], error);
    if (typeof actual === 'object' && actual !== null) {
      if (actual.message === error)
        throw new ERR_AMBIGUOUS_ARGUMENT(
          'error/message',
          `The error message "${actual.message}" is identical to the message.`,
        );
    } else if (actual === error) {
      throw new ERR_AMBIGUOUS_ARGUMENT(
        'error/message',
        `The error "${actual}" is identical to the message.`,
      );
    }
    message = error;
    error = undefined;
  } else if (error != null && typeof error !== 'object' && typeof error !== 'function') {
    throw new ERR_INVALID_ARG_TYPE('error', ['Object', 'Error', 'Function', 'RegExp'], error);
  }
  if (actual === nothing) {
    let details = '';
    if (error && error.name) details += ` (${error.name})`;
    details += message ? `: ${message}` : '.';
    innerFail({
      actual: undefined,
      expected: error,
      operator: fn.name,
      message: `Missing expected ${fn === assert.rejects ? 'rejection' : 'exception'}${details}`,
      stackStartFn: fn,
    });
  }
  if (error) checkThrown(actual, error, message, fn);
}

function expectsNoError(fn, actual, error, message) {
  if (actual === nothing) return;
  if (typeof error === 'string') {
    message = error;
    error = undefined;
  }
  let matches = !error;
  if (error) {
    matches = isRegExp(error)
      ? error.exec(String(actual)) !== null
      : typeof error === 'function' &&
        ((error.prototype !== undefined && actual instanceof error) ||
          (!Object.prototype.isPrototypeOf.call(Error, error) &&
            Reflect.apply(error, {}, [actual]) === true));
  }
  if (matches) {
    const details = message ? `: ${message}` : '.';
    innerFail({
      actual,
      expected: error,
      operator: fn.name,
      message: `Got unwanted ` +
        `${fn === assert.doesNotReject ? 'rejection' : 'exception'}${details}\nActual message: ` +
        `"${actual && actual.message}"`,
      stackStartFn: fn,
    });
  }
  throw actual;
}

assert.throws = function throws(fn, ...args) {
  expectsError(throws, thrownBy(fn), ...args);
};
assert.rejects = async function rejects(promiseFn, ...args) {
  expectsError(rejects, await rejectionOf(promiseFn), ...args);
};
assert.doesNotThrow = function doesNotThrow(fn, ...args) {
  expectsNoError(doesNotThrow, thrownBy(fn), ...args);
};
assert.doesNotReject = async function doesNotReject(fn, ...args) {
  expectsNoError(doesNotReject, await rejectionOf(fn), ...args);
};

assert.ifError = function ifError(error) {
  if (error === null || error === undefined) return;
  let message = 'ifError got unwanted exception: ';
  if (typeof error === 'object' && typeof error.message === 'string') {
    if (error.message.length === 0 && error.constructor) message += error.constructor.name;
    else message += error.message;
  } else {
    message += inspect(error);
  }
  const failure = new AssertionError({
    actual: error,
    expected: null,
    operator: 'ifError',
    message,
    stackStartFn: ifError,
  });
  throw failure;
};

function internalMatch(string, regexp, message, fn) {
  if (!isRegExp(regexp)) throw new ERR_INVALID_ARG_TYPE('regexp', 'RegExp', regexp);
  const match = fn === assert.match;
  if (typeof string === 'string' && (regexp.exec(string) !== null) === match) return;
  if (message instanceof Error) throw message;
  const generated = !message;
  message ||=
    typeof string !== 'string'
      ? `The "string" argument must be of type string. Received type ${typeof string} ` +
        `(${inspect(string)})`
      : `The input ${match ? 'did not match' : 'was expected to not match'} ` +
        `the regular expression ` +
        `${inspect(regexp)}. Input:\n\n${inspect(string)}\n`;
  const error = new AssertionError({
    actual: string,
    expected: regexp,
    message,
    operator: fn.name,
    stackStartFn: fn,
  });
  error.generatedMessage = generated;
  throw error;
}
assert.match = function match(string, regexp, message) {
  internalMatch(string, regexp, message, match);
};
assert.doesNotMatch = function doesNotMatch(string, regexp, message) {
  internalMatch(string, regexp, message, doesNotMatch);
};

function strict(...args) {
  innerOk(strict, args.length, ...args);
}
assert.strict = Object.assign(strict, assert, {
  equal: assert.strictEqual,
  deepEqual: assert.deepStrictEqual,
  notEqual: assert.notStrictEqual,
  notDeepEqual: assert.notDeepStrictEqual,
});
assert.strict.strict = assert.strict;
