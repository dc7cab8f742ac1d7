'use strict';
// Buffer's methods that read and write numbers.
const { codes } = require('internal/errors');
const { ERR_BUFFER_OUT_OF_BOUNDS, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE } = codes;
const { validateNumber } = require('internal/validators');

function boundsError(value, length, type) {
  if (Math.floor(value) !== value) {
    validateNumber(value, type);
    throw new ERR_OUT_OF_RANGE(type || 'offset', 'an integer', value);
  }
  if (length < 0) throw new ERR_BUFFER_OUT_OF_BOUNDS();
  throw new ERR_OUT_OF_RANGE(type || 'offset', `>= ${type ? 1 : 0} and <= ${length}`, value);
}

function checkOffset(buffer, offset, width) {
  validateNumber(offset, 'offset');
  if (!(offset >= 0 && offset + width <= buffer.length && Number.isInteger(offset))) {
    boundsError(offset, buffer.length - width);
  }
}

const view = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);

function checkValue(value, min, max, width, buffer, offset) {
  if (value > max || value < min) {
    const n = typeof min === 'bigint' ? 'n' : '';
    let range;
    if (width > 4 || n) {
      if (min === 0 || min === 0n) range = `>= 0${n} and < 2${n} ** ${width * 8}${n}`;
      else range = `>= -(2${n} ** ${width * 8 - 1}${n}) and < 2${n} ** ${width * 8 - 1}${n}`;
    } else if (width > 2) {
      range =
        min === 0
          ? `>= 0 and < 2 ** ${width * 8}`
          : `>= -(2 ** ${width * 8 - 1}) and < 2 ** ${width * 8 - 1}`;
      if (width === 3 || width === 4 || width === 5 || width === 6) {
        range = min === 0 ? `>= 0 and <= ${max}` : `>= ${min} and <= ${max}`;
      }
    } else {
      range = `>= ${min}${n} and <= ${max}${n}`;
    }
    throw new ERR_OUT_OF_RANGE('value', range, value);
  }
  checkOffset(buffer, offset, width);
}

function checkWidth(width) {
  if (width === undefined) throw new ERR_INVALID_ARG_TYPE('byteLength', 'number', width);
  if (!(width >= 1 && width <= 6 && Number.isInteger(width))) boundsError(width, 6, 'byteLength');
}

const methods = {};

function named(name, method) {
  return Object.defineProperty(method, 'name', { __proto__: null, value: name });
}

// readX and writeX, and what else they are called.
function define(name, read, write, alias) {
  methods[`read${name}`] = named(`read${name}`, read);
  methods[`write${name}`] = named(`write${name}`, write);
  if (alias) {
    methods[`read${alias}`] = read;
    methods[`write${alias}`] = write;
  }
}

function integer(name, width, little, signed, method) {
  const max = signed ? 2 ** (width * 8 - 1) - 1 : 2 ** (width * 8) - 1;
  const min = signed ? -(2 ** (width * 8 - 1)) : 0;
  define(
    name,
    function (offset = 0) {
      checkOffset(this, offset, width);
      return view(this)[`get${method}`](offset, little);
    },
    function (value, offset = 0) {
      value = +value;
      checkValue(value, min, max, width, this, offset);
      view(this)[`set${method}`](offset, value, little);
      return offset + width;
    },
    signed ? undefined : name.replace('UInt', 'Uint'),
  );
}

function float(type, width, suffix, little) {
  define(
    `${type}${suffix}`,
    function (offset = 0) {
      checkOffset(this, offset, width);
      return view(this)[`getFloat${width * 8}`](offset, little);
    },
    function (value, offset = 0) {
      value = +value;
      checkOffset(this, offset, width);
      view(this)[`setFloat${width * 8}`](offset, value, little);
      return offset + width;
    },
  );
}

function bigInteger(signed, suffix, little) {
  const max = signed ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  const min = signed ? -(2n ** 63n) : 0n;
  const method = signed ? 'BigInt64' : 'BigUint64';
  define(
    `Big${signed ? '' : 'U'}Int64${suffix}`,
    function (offset = 0) {
      checkOffset(this, offset, 8);
      return view(this)[`get${method}`](offset, little);
    },
    function (value, offset = 0) {
      if (value > max || value < min) checkValue(value, min, max, 8, this, offset);
      if (typeof value !== 'bigint')
        throw new TypeError(`Cannot mix BigInt and other types, use explicit conversions`);
      checkOffset(this, offset, 8);
      view(this)[`set${method}`](offset, value, little);
      return offset + 8;
    },
    signed ? undefined : `BigUint64${suffix}`,
  );
}

// Of one to six bytes.
function anyWidth(signed, suffix, little) {
  const prefix = signed ? 'Int' : 'UInt';
  define(
    `${prefix}${suffix}`,
    function (offset, width) {
      if (offset === undefined) throw new ERR_INVALID_ARG_TYPE('offset', 'number', offset);
      checkWidth(width);
      checkOffset(this, offset, width);
      let value = 0;
      for (let i = 0; i < width; ++i)
        value = value * 256 + this[little ? offset + width - 1 - i : offset + i];
      if (signed && value >= 2 ** (width * 8 - 1)) value -= 2 ** (width * 8);
      return value;
    },
    function (value, offset, width) {
      checkWidth(width);
      value = +value;
      const most = signed ? 2 ** (width * 8 - 1) - 1 : 2 ** (width * 8) - 1;
      checkValue(value, signed ? -most - 1 : 0, most, width, this, offset);
      value = Math.trunc(value);
      if (value < 0) value += 2 ** (width * 8);
      for (let i = 0; i < width; ++i) {
        this[little ? offset + i : offset + width - 1 - i] = value % 256;
        value = Math.floor(value / 256);
      }
      return offset + width;
    },
    signed ? undefined : `Uint${suffix}`,
  );
}

integer('UInt8', 1, true, false, 'Uint8');
integer('Int8', 1, true, true, 'Int8');
for (const [suffix, little] of [
  ['LE', true],
  ['BE', false],
]) {
  integer(`UInt16${suffix}`, 2, little, false, 'Uint16');
  integer(`UInt32${suffix}`, 4, little, false, 'Uint32');
  integer(`Int16${suffix}`, 2, little, true, 'Int16');
  integer(`Int32${suffix}`, 4, little, true, 'Int32');
  float('Float', 4, suffix, little);
  float('Double', 8, suffix, little);
  for (const signed of [false, true]) {
    bigInteger(signed, suffix, little);
    anyWidth(signed, suffix, little);
  }
}

module.exports = methods;
