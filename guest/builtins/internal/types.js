'use strict';
// util.types: by the engine's classes, not by prototypes.
const { kind, className, functionKind, proxyDetails } = internal('types');

// Numbers of guest/inspect_internals.h, qp_class.
const isKind =
  (...kinds) =>
  (value) =>
    kinds.includes(kind(value));
const isClass =
  (...names) =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    kind(value) !== 24 &&
    names.includes(className(value));

const typed = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;
const typedName = (value) => (kind(value) === 15 ? Reflect.apply(typed, value, []) : undefined);

const types = {
  isExternal: () => false,
  isDate: isKind(10),
  isArgumentsObject: isKind(9),
  isBigIntObject: isKind(8),
  isBooleanObject: isKind(6),
  isNumberObject: isKind(4),
  isStringObject: isKind(5),
  isSymbolObject: isKind(7),
  isBoxedPrimitive: isKind(4, 5, 6, 7, 8),
  isNativeError: isKind(3),
  isRegExp: isKind(12),
  isAsyncFunction: (value) => typeof value === 'function' && (functionKind(value) & 2) !== 0,
  isGeneratorFunction: (value) => typeof value === 'function' && (functionKind(value) & 1) !== 0,
  isGeneratorObject: isClass('Generator', 'AsyncGenerator'),
  isPromise: isKind(23),
  isMap: isKind(17),
  isSet: isKind(18),
  isMapIterator: isKind(21),
  isSetIterator: isKind(22),
  isWeakMap: isKind(19),
  isWeakSet: isKind(20),
  isArrayBuffer: isKind(13),
  isDataView: isKind(16),
  isSharedArrayBuffer: isKind(14),
  isProxy: (value) => proxyDetails(value) !== undefined,
  isModuleNamespaceObject: isKind(11),
  isAnyArrayBuffer: isKind(13, 14),
  isCryptoKey: () => false,
  isKeyObject: () => false,
  isArrayBufferView: (value) => ArrayBuffer.isView(value),
  isTypedArray: isKind(15),
  isEventTarget: (value) => require('internal/event_target').isEventTarget(value),
};
for (const name of [
  'Uint8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Uint32Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
]) {
  types[`is${name}`] = (value) => typedName(value) === name;
}
for (const name of Object.keys(types)) Object.defineProperty(types[name], 'name', { value: name });
Object.defineProperty(types, 'isEventTarget', { enumerable: false });

module.exports = types;
