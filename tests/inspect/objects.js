({})

({ a: 1 })

({ a: 1, b: 'two', c: [3] })

({ 'a-b': 1, 'a b': 2, '': 3, 1: 4, '01': 5, $x: 6, _y: 7, 'ü': 8, a1: 9, 'it\'s': 10 })

({ 'new\nline': 1, "quote\"d": 2, 'all\'"`': 3 })

({ ['__proto__']: 1 })

({ __proto__: { inherited: 1 }, own: 2 })

({ constructor: 1 })

({ toString: 1, valueOf() { return 1; } })

({ a: { b: { c: {} } } })

({ a: { b: { c: { d: 1 } } } })

({ a: { b: { c: [] } } })

({ a: { b: { c: [1] } } })

({ a: { b: { c: { d: { e: 1 } } } } })

[[[[]]]]

[[[[1]]]]

({ a: [{ b: [{ c: 1 }] }] })

({ a: { b: { c: new Map() } } })

({ a: { b: { c: new Map([[1, 2]]), d: new Set([1]), e: new Date(0), f: /x/g, g: function f() {},
  h: new (class Foo { x = 1; })() } } })

({ a: { b: { c: Object.create(null), d: Object.assign(Object.create(null), { x: 1 }),
  e: new Uint8Array(2), f: new ArrayBuffer(2), g: Promise.resolve(1), h: Symbol('s'),
  i: 'text' } } })

({ a: { b: { c: new Error('deep'), d: new Number(1), e: Object.assign(new Number(1), { x: 1 }),
  f: class A {}, g: class B { static x = 1; }, h: Object.assign(function n() {}, { p: 1 }) } } })

({ get a() { return 1; }, set b(v) {}, get c() { return 1; }, set c(v) {} })

({ get a() { throw new Error('no'); } })

Object.defineProperty({}, 'x', { get: undefined, set: undefined, enumerable: true })

Object.defineProperty({}, 'hidden', { value: 1 })

Object.defineProperty({ shown: 1 }, 'hidden', { get() { return 1; } })

({ [Symbol('s')]: 1, [Symbol()]: 2, [Symbol.iterator]: 3, [Symbol('it\'s')]: 4,
  [Symbol('a b\n')]: 5 })

Object.defineProperty({ a: 1 }, Symbol('hidden'), { value: 1 })

({ get [Symbol('g')]() { return 1; } })

Object.create(null)

Object.assign(Object.create(null), { a: 1 })

Object.create({})

Object.create({ a: 1 })

Object.create(Object.create(null))

Object.create(Object.create(Object.create(null)))

Object.create(Object.assign(Object.create(null), { x: 1 }))

Object.assign(Object.create(Object.create(null)), { x: 1 })

Object.create(Object.create(null), { constructor: { value: 1 } })

var circular = { name: 'a' }; circular.self = circular; circular

var inner = { deep: {} }; inner.deep.up = inner; ({ inner })

var one = {}, two = { one }; one.two = two; [one, two]

var list = [1]; list.push(list); list

var m = new Map(); m.set('me', m); m

var s = new Set(); s.add(s); s

var a1 = {}; var b1 = { a1 }; a1.b1 = b1; a1.again = a1; a1.b = b1; ({ a1, b1 })

var twice = { x: 1 }; ({ a: twice, b: twice })

var fn = function named() {}; fn.self = fn; fn

var err = { list: [] }; err.list.push({ err, list: err.list }); err

Object.freeze({ a: 1 })

Object.prototype

Array.prototype

Function.prototype

Map.prototype

Set.prototype

Promise.prototype

Date.prototype

RegExp.prototype

Symbol.prototype

Number.prototype

String.prototype

Boolean.prototype

Math

JSON

Reflect

globalThis === undefined

({ [Symbol.toStringTag]: 'Tag' })

Object.defineProperty({}, Symbol.toStringTag, { value: 'Hidden' })

Object.defineProperty({ a: 1 }, Symbol.toStringTag, { value: 'Hidden' })

Object.defineProperty({}, Symbol.toStringTag, { value: 'Object' })

Object.create({ [Symbol.toStringTag]: 'Inherited' })

Object.assign(Object.create({ [Symbol.toStringTag]: 'Inherited' }), { a: 1 })

Object.create(null, { [Symbol.toStringTag]: { value: 'Tagged' } })

Object.create(null, { [Symbol.toStringTag]: { value: '' } })

Object.create({ [Symbol.toStringTag]: 42 })

Object.setPrototypeOf({ a: 1 }, Array.prototype)

Object.setPrototypeOf({ a: 1 }, Map.prototype)

new Number(3)

new Number(-0)

new String('abc')

new String("it's")

new String('')

Object.assign(new String('abc'), { x: 1 })

Object.assign(new String('abc'), { 5: 'five', x: 1 })

new Boolean(false)

Object(Symbol('s'))

Object(10n)

Object.assign(new Number(3), { x: 1 })

new (class MyNumber extends Number {})(5)

new (class MyString extends String { x = 1; })('text')

Object.setPrototypeOf(new Number(1), null)

Object.setPrototypeOf(new String('s'), null)

Object.defineProperty(new Boolean(true), Symbol.toStringTag, { value: 'T' })

(function () { return arguments; })()

(function () { return arguments; })(1, 'a', {})

(function () { 'use strict'; return arguments; })(1, [2])

(function (a) { return arguments; })(1, 2)

(() => { var f = function () { return arguments; }; var x = f(1); x.extra = 1; return x; })()

new Date(0)

new Date(1e12)

new Date(NaN)

new Date(-62198755200000)

new Date(8640000000000000)

Object.assign(new Date(0), { x: 1 })

new (class MyDate extends Date {})(0)

Object.setPrototypeOf(new Date(0), null)

[new Date(5), { d: new Date(NaN) }]

/abc/

/a\/b[/]c/dgimsuy

new RegExp('')

new RegExp('/')

new RegExp('\n')

Object.assign(/x/, { y: 1 })

new (class MyRegExp extends RegExp {})('z', 'g')

Object.setPrototypeOf(/x/g, null)

(/x/).exec('axb')

'2024-05-06'.match(/(?<y>\d+)-(?<m>\d+)/)

(/(a)(b)?/d).exec('a').indices

[...'a1b2'.matchAll(/[a-z](\d)/g)]

Object.entries({ a: 1, b: [2] })

Object.getOwnPropertyDescriptor({ a: 1 }, 'a')

Object.getOwnPropertyDescriptors({ get a() { return 1; }, b: 2 })

({ a: 1n, b: -0, c: 'x', d: null, e: undefined, f: true, g: Symbol('z') })

({ f() {}, g: () => {}, async h() {}, *i() {}, async *j() {}, k: class {}, l: class L {} })

new (function Point(x) { this.x = x; })(1)

new (function () { this.x = 1; })()

({ constructor: { name: 'Fake' } })

({ constructor: function Fake() {} })

Object.create({ constructor: function Fake() {} })

Object.create({ constructor: Map })

({ a: [], b: {}, c: new Map(), d: new Set(), e: '' })

JSON.parse('{"__proto__": 1, "a": {"b": [1, {"c": null}]}}')

structuredCloneable = { x: [1, 2, { y: new Date(0) }] }

({ 0: 'a', 1: 'b', 10: 'c', '-1': 'd', '1.5': 'e' })

new Proxy({ a: 1 }, {})

new Proxy([1, 2, 3], {})

new Proxy(function f() {}, {})

new Proxy(class A {}, {})

new Proxy({ a: 1 }, { get() { throw new Error('trap'); }, ownKeys() { throw new Error('trap'); },
  getPrototypeOf() { throw new Error('trap'); }, getOwnPropertyDescriptor() {
  throw new Error('trap'); }, has() { throw new Error('trap'); } })

var revoked = Proxy.revocable({}, {}); revoked.revoke(); revoked.proxy

[new Proxy({ a: [1] }, {}), new Proxy(new Map([[1, 2]]), {})]

new Proxy(new Proxy({ a: 1 }, {}), {})

new Proxy(new Proxy([1, 2], {}), {})

new Proxy(new Date(0), {})

new Proxy(new (class Foo { x = 1; })(), {})

new Proxy(Object.create(null), {})

class HasProxyProto {} ; Object.setPrototypeOf(HasProxyProto.prototype, new Proxy({}, {}));
  new HasProxyProto()

new WeakMap()

new WeakSet([{}])

new WeakRef({ a: 1 })

new FinalizationRegistry(() => {})

Object.assign(new WeakMap(), { x: 1 })

new (class W extends WeakMap {})()
