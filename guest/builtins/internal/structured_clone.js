'use strict';
// structuredClone of the HTML Standard, for what a VM has.
const { kind, className } = internal('types');

function refuse(value) {
  let text;
  if (typeof value === 'symbol') text = `${String(value)} could not be cloned.`;
  else if (typeof value === 'function')
    text = `${Function.prototype.toString.call(value)} could not be cloned.`;
  else text = `#<${value.constructor?.name || 'Object'}> could not be cloned.`;
  throw new DOMException(text, 'DataCloneError');
}

const errorNames = [
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
];

function clone(value, memory) {
  if (typeof value === 'symbol' || typeof value === 'function') refuse(value);
  if (typeof value !== 'object' || value === null) return value;
  const known = memory.get(value);
  if (known !== undefined) return known;
  const keep = (copy) => {
    memory.set(value, copy);
    return copy;
  };
  switch (kind(value)) {
    case 2: {
      const copy = keep(new Array(value.length));
      for (const key of Object.keys(value)) copy[key] = clone(value[key], memory);
      return copy;
    }
    case 3: {
      const name = errorNames.includes(value.name) ? value.name : 'Error';
      const error = Reflect.construct(Error, [], primordials[name]);
      memory.set(value, error);
      const message = Object.getOwnPropertyDescriptor(value, 'message');
      if (message !== undefined && 'value' in message) {
        Object.defineProperty(error, 'message', {
          value: `${message.value}`,
          writable: true,
          configurable: true,
        });
      }
      if (typeof value.stack === 'string') {
        Object.defineProperty(error, 'stack', {
          value: value.stack,
          writable: true,
          configurable: true,
        });
      }
      if (Object.hasOwn(value, 'cause')) {
        Object.defineProperty(error, 'cause', {
          value: clone(value.cause, memory),
          writable: true,
          configurable: true,
        });
      }
      return error;
    }
    case 4:
    case 5:
    case 6:
    case 8:
      return keep(Object(value.valueOf()));
    case 10:
      return keep(new Date(value.getTime()));
    case 12:
      return keep(new RegExp(value.source, value.flags));
    case 13:
      return keep(value.slice(0));
    case 14:
      return keep(value);
    case 15: {
      const buffer = clone(value.buffer, memory);
      const Type = primordials[value[Symbol.toStringTag]];
      return keep(new Type(buffer, value.byteOffset, value.length));
    }
    case 16:
      return keep(new DataView(clone(value.buffer, memory), value.byteOffset, value.byteLength));
    case 17: {
      const copy = keep(new Map());
      for (const [key, one] of Array.from(value)) copy.set(clone(key, memory), clone(one, memory));
      return copy;
    }
    case 18: {
      const copy = keep(new Set());
      for (const one of Array.from(value)) copy.add(clone(one, memory));
      return copy;
    }
    case 1:
    case 9: {
      if (className(value) !== 'Object' && kind(value) !== 9) refuse(value);
      const copy = keep({});
      for (const key of Object.keys(value)) {
        Object.defineProperty(copy, key, {
          value: clone(value[key], memory),
          writable: true,
          enumerable: true,
          configurable: true,
        });
      }
      return copy;
    }
    default:
      return refuse(value);
  }
}

function structuredClone(value, options = undefined) {
  if (arguments.length === 0)
    throw new (require('internal/errors').codes.ERR_MISSING_ARGS)('The value');
  const memory = new Map();
  for (const one of options?.transfer ?? []) {
    if (kind(one) !== 13) throw new DOMException('Value not transferable', 'DataCloneError');
    memory.set(one, one.transfer());
  }
  return clone(value, memory);
}

module.exports = { structuredClone };
