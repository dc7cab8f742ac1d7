'use strict';
// Deep equality as node:assert and util.isDeepStrictEqual have it.
const types = require('internal/types');
const { kind } = internal('types');
const bytes = internal('bytes');

const hasOwn = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
const isEnumerable = (object, key) => Object.prototype.propertyIsEnumerable.call(object, key);

function ownSymbols(object) {
  return Object.getOwnPropertySymbols(object).filter((key) => isEnumerable(object, key));
}

function isEqualBoxed(a, b) {
  if (types.isNumberObject(a)) {
    return (
      types.isNumberObject(b) &&
      Object.is(Number.prototype.valueOf.call(a), Number.prototype.valueOf.call(b))
    );
  }
  if (types.isStringObject(a))
    return (
      types.isStringObject(b) &&
      String.prototype.valueOf.call(a) === String.prototype.valueOf.call(b)
    );
  if (types.isBooleanObject(a))
    return (
      types.isBooleanObject(b) &&
      Boolean.prototype.valueOf.call(a) === Boolean.prototype.valueOf.call(b)
    );
  if (types.isBigIntObject(a))
    return (
      types.isBigIntObject(b) &&
      BigInt.prototype.valueOf.call(a) === BigInt.prototype.valueOf.call(b)
    );
  return (
    types.isSymbolObject(b) && Symbol.prototype.valueOf.call(a) === Symbol.prototype.valueOf.call(b)
  );
}

function innerDeepEqual(a, b, strict, memo) {
  if (a === b) return a !== 0 || !strict || Object.is(a, b);
  if (strict) {
    if (typeof a !== 'object') return typeof a === 'number' && Number.isNaN(a) && Number.isNaN(b);
    if (typeof b !== 'object' || a === null || b === null) return false;
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  } else {
    if (a === null || typeof a !== 'object') {
      // eslint-disable-next-line eqeqeq
      return (b === null || typeof b !== 'object') && (a == b || (a !== a && b !== b));
    }
    if (b === null || typeof b !== 'object') return false;
  }
  const kindA = kind(a);
  const kindB = kind(b);
  const tagA = Object.prototype.toString.call(a);
  if (tagA !== Object.prototype.toString.call(b)) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    const filter = (object) =>
      internal('types')
        .ownNonIndexProperties(object, true)
        .filter((key) => strict || typeof key === 'string');
    const keysA = filter(a);
    if (keysA.length !== filter(b).length) return false;
    return keyCheck(a, b, strict, memo, 'array', keysA);
  }
  if (tagA === '[object Object]' && kindA !== 17 && kindA !== 18)
    return keyCheck(a, b, strict, memo, 'none');
  if (kindA === 10) {
    if (kindB !== 10) return false;
    const [timeA, timeB] = [Date.prototype.getTime.call(a), Date.prototype.getTime.call(b)];
    if (timeA !== timeB && !(timeA !== timeA && timeB !== timeB)) return false;
  } else if (kindA === 12) {
    if (kindB !== 12 || a.source !== b.source || a.flags !== b.flags || a.lastIndex !== b.lastIndex)
      return false;
  } else if (kindA === 3 || a instanceof Error) {
    if (kindB !== 3 && !(b instanceof Error)) return false;
    const enumerableName = isEnumerable(a, 'name');
    const enumerableMessage = isEnumerable(a, 'message');
    if (!enumerableMessage && a.message !== b.message) return false;
    if (!enumerableName && a.name !== b.name) return false;
    for (const key of ['cause', 'errors']) {
      if (hasOwn(a, key) !== hasOwn(b, key)) return false;
      if (hasOwn(a, key) && !isEnumerable(a, key) && !innerDeepEqual(a[key], b[key], strict, memo))
        return false;
    }
  } else if (ArrayBuffer.isView(a)) {
    if (kindB !== kindA || a.byteLength !== b.byteLength) return false;
    if (kindA === 15) {
      if (!strict && (types.isFloat32Array(a) || types.isFloat64Array(a))) {
        if (a.length !== b.length || !Array.prototype.every.call(a, (value, i) => value === b[i]))
          return false;
      } else if (strict && (types.isFloat32Array(a) || types.isFloat64Array(a))) {
        if (!Array.prototype.every.call(a, (value, i) => Object.is(value, b[i]))) return false;
      } else if (bytes.compare(a, b) !== 0) return false;
    } else if (bytes.compare(a, b) !== 0) return false;
    const keysA = internal('types')
      .ownNonIndexProperties(a, true)
      .filter((key) => strict || typeof key === 'string');
    const keysB = internal('types')
      .ownNonIndexProperties(b, true)
      .filter((key) => strict || typeof key === 'string');
    if (keysA.length !== keysB.length) return false;
    return keyCheck(a, b, strict, memo, 'none', keysA);
  } else if (kindA === 18) {
    if (kindB !== 18 || a.size !== b.size) return false;
    return keyCheck(a, b, strict, memo, 'set');
  } else if (kindA === 17) {
    if (kindB !== 17 || a.size !== b.size) return false;
    return keyCheck(a, b, strict, memo, 'map');
  } else if (kindA === 13 || kindA === 14) {
    if (
      kindB !== kindA ||
      a.byteLength !== b.byteLength ||
      bytes.compare(new Uint8Array(a), new Uint8Array(b)) !== 0
    )
      return false;
  } else if (types.isBoxedPrimitive(a)) {
    if (!isEqualBoxed(a, b)) return false;
  } else if (kindA === 19 || kindA === 20 || kindA === 23) {
    return false;
  } else if (
    Array.isArray(b) ||
    ArrayBuffer.isView(b) ||
    kindB === 18 ||
    kindB === 17 ||
    kindB === 10 ||
    kindB === 12 ||
    kindB === 13 ||
    kindB === 14 ||
    types.isBoxedPrimitive(b) ||
    kindB === 3
  ) {
    return false;
  }
  return keyCheck(a, b, strict, memo, 'none');
}

function keyCheck(a, b, strict, memo, iteration, keys) {
  if (keys === undefined) {
    keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
  }
  for (const key of keys) {
    if (!isEnumerable(b, key)) return false;
  }
  if (strict && iteration !== 'array') {
    const symbolsA = ownSymbols(a);
    const symbolsB = ownSymbols(b);
    if (symbolsA.length !== symbolsB.length) return false;
    for (const key of symbolsA) {
      if (!isEnumerable(b, key)) return false;
    }
    keys = keys.filter((key) => typeof key === 'string').concat(symbolsA);
  }
  if (memo === undefined) memo = { a: new Map(), b: new Map(), position: 0 };
  else {
    const seenA = memo.a.get(a);
    if (seenA !== undefined) {
      const seenB = memo.b.get(b);
      if (seenB !== undefined) return seenA === seenB;
    }
    memo.position++;
  }
  memo.a.set(a, memo.position);
  memo.b.set(b, memo.position);
  const equal = objectEquivalent(a, b, strict, keys, memo, iteration);
  memo.a.delete(a);
  memo.b.delete(b);
  return equal;
}

function setHasEqual(set, value, strict, memo) {
  for (const other of set) {
    if (innerDeepEqual(value, other, strict, memo)) {
      set.delete(other);
      return true;
    }
  }
  return false;
}

function setEquiv(a, b, strict, memo) {
  let rest = null;
  for (const value of a) {
    if (b.has(value)) continue;
    if ((typeof value !== 'object' || value === null) && strict) return false;
    if (rest === null) rest = new Set();
    rest.add(value);
  }
  if (rest === null) return true;
  const others = new Set();
  for (const value of b) {
    if (!a.has(value)) {
      if (strict && (typeof value !== 'object' || value === null)) return false;
      others.add(value);
    }
  }
  for (const value of rest) {
    if (!setHasEqual(others, value, strict, memo)) return false;
  }
  return others.size === 0;
}

function mapEquiv(a, b, strict, memo) {
  const rest = [];
  for (const [key, value] of a) {
    if (b.has(key) && (typeof key !== 'object' || key === null || strict)) {
      if (!innerDeepEqual(value, b.get(key), strict, memo)) return false;
    } else if (b.has(key) && innerDeepEqual(value, b.get(key), strict, memo)) {
      continue;
    } else if (strict && (typeof key !== 'object' || key === null)) {
      return false;
    } else {
      rest.push([key, value]);
    }
  }
  const others = new Set();
  for (const key of b.keys()) {
    if (!a.has(key) || rest.some(([one]) => one === key)) others.add(key);
  }
  for (const [key, value] of rest) {
    let found = false;
    for (const other of others) {
      if (
        innerDeepEqual(key, other, strict, memo) &&
        innerDeepEqual(value, b.get(other), strict, memo)
      ) {
        others.delete(other);
        found = true;
        break;
      }
    }
    if (!found) return false;
  }
  return true;
}

function objectEquivalent(a, b, strict, keys, memo, iteration) {
  if (iteration === 'set') {
    if (!setEquiv(a, b, strict, memo)) return false;
  } else if (iteration === 'map') {
    if (!mapEquiv(a, b, strict, memo)) return false;
  } else if (iteration === 'array') {
    for (let i = 0; i < a.length; i++) {
      if (hasOwn(a, i)) {
        if (!hasOwn(b, i) || !innerDeepEqual(a[i], b[i], strict, memo)) return false;
      } else if (hasOwn(b, i)) {
        return false;
      }
    }
  }
  for (const key of keys) {
    if (!innerDeepEqual(a[key], b[key], strict, memo)) return false;
  }
  return true;
}

module.exports = {
  isDeepEqual: (a, b) => innerDeepEqual(a, b, false),
  isDeepStrictEqual: (a, b) => innerDeepEqual(a, b, true),
};
