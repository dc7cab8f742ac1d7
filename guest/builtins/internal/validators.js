'use strict';
// Checks of arguments. Most never fail, so the errors come with the first that does.

function fail(code, ...args) {
  throw new (require('internal/errors').codes[code])(...args);
}

function type(expected) {
  return (value, name) => {
    if (typeof value !== expected) fail('ERR_INVALID_ARG_TYPE', name, expected, value);
  };
}

function validateNumber(value, name, min = undefined, max) {
  if (typeof value !== 'number') fail('ERR_INVALID_ARG_TYPE', name, 'number', value);
  if (
    (min != null && value < min) ||
    (max != null && value > max) ||
    ((min != null || max != null) && Number.isNaN(value))
  ) {
    const limits = [];
    if (min != null) limits.push(`>= ${min}`);
    if (max != null) limits.push(`<= ${max}`);
    fail('ERR_OUT_OF_RANGE', name, limits.join(' && '), value);
  }
}

function validateInteger(
  value,
  name,
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
) {
  if (typeof value !== 'number') fail('ERR_INVALID_ARG_TYPE', name, 'number', value);
  if (!Number.isInteger(value)) fail('ERR_OUT_OF_RANGE', name, 'an integer', value);
  if (value < min || value > max) fail('ERR_OUT_OF_RANGE', name, `>= ${min} && <= ${max}`, value);
}

module.exports = {
  validateString: type('string'),
  validateBoolean: type('boolean'),
  validateFunction: type('function'),
  validateNumber,
  validateInteger,
  validateInt32(value, name, min = -2147483648, max = 2147483647) {
    validateInteger(value, name, min, max);
  },
  validateUint32(value, name, positive = false) {
    if (typeof value !== 'number') fail('ERR_INVALID_ARG_TYPE', name, 'number', value);
    if (!Number.isInteger(value)) fail('ERR_OUT_OF_RANGE', name, 'an integer', value);
    const min = positive ? 1 : 0;
    if (value < min || value > 4294967295) {
      fail('ERR_OUT_OF_RANGE', name, `>= ${min} && < 4294967296`, value);
    }
  },
  validateObject(
    value,
    name,
    { nullable = false, allowArray = false, allowFunction = false } = {},
  ) {
    if (
      (!nullable && value === null) ||
      (!allowArray && Array.isArray(value)) ||
      (typeof value !== 'object' && (!allowFunction || typeof value !== 'function'))
    ) {
      fail('ERR_INVALID_ARG_TYPE', name, 'Object', value);
    }
  },
  validateArray(value, name, minLength = 0) {
    if (!Array.isArray(value)) fail('ERR_INVALID_ARG_TYPE', name, 'Array', value);
    if (value.length < minLength) {
      fail('ERR_INVALID_ARG_VALUE', name, value, `must be longer than ${minLength}`);
    }
  },
  validateOneOf(value, name, oneOf) {
    if (!oneOf.includes(value)) {
      const allowed = oneOf.map((v) => (typeof v === 'string' ? `'${v}'` : String(v))).join(', ');
      fail('ERR_INVALID_ARG_VALUE', name, value, `must be one of: ${allowed}`);
    }
  },
  validateAbortSignal(signal, name) {
    if (
      signal !== undefined &&
      (signal === null || typeof signal !== 'object' || !('aborted' in signal))
    ) {
      fail('ERR_INVALID_ARG_TYPE', name, 'AbortSignal', signal);
    }
  },
};
