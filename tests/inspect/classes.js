class A {}

(class {})

class B1 extends Object {}

class C1 extends Map {}

class D1 extends null {}

class E1 { static x = 1; static y() {} }

class F1 { static name = 'Other'; }

class G1 { static name = 42; }

(class { static #secret = 1; })

class H1 { static get x() { return 1; } }

var Anonymous = class {}; Anonymous

var Renamed = class Inner {}; Renamed

(class extends (class Parent {}) {})

class Child1 extends Anonymous {}

class Tagged1 { static [Symbol.toStringTag] = 'T'; }

Object.defineProperty(class Tagged2 {}, Symbol.toStringTag, { value: 'T' })

Object.setPrototypeOf(class N1 {}, null)

class /* comment { */ K1 { }

class Empty {} new Empty()

new (class {})()

new (class Foo { a = 1; b = [2]; })()

new (class Foo { #p = 1; })()

new (class Foo { get x() { return 1; } })()

class Base1 {} class Derived1 extends Base1 { constructor() { super(); this.v = 1;
  } } new Derived1()

[new Base1(), new Derived1()]

Base1.prototype

Derived1.prototype

class Named1 {} Object.defineProperty(Named1, 'name', { value: 'Changed' }); new Named1()

class Noname {} Object.defineProperty(Noname, 'name', { value: '' }); new Noname()

class Noname2 {} Object.defineProperty(Noname2, 'name', { value: '' }); Noname2

class List1 extends Array {} List1.from([1, 2, 3])

List1.of()

new (class Dict extends Map {})([[1, 2]])

new (class Bag extends Set {})([1])

new (class Bytes extends Uint8Array {})(2)

new (class Buf extends ArrayBuffer {})(2)

new (class P extends Promise {})(() => {})

new (class Fn extends Function {})('return 1')

class ToStringTagged { get a() { return 1;
  } } ToStringTagged.prototype[Symbol.toStringTag] = 'Marked'; new ToStringTagged()

class SameTag {} SameTag.prototype[Symbol.toStringTag] = 'SameTag'; new SameTag()

class ListTag extends Array {} ListTag.prototype[Symbol.toStringTag] = 'Marked'; ListTag.from([1])

class MapTag extends Map {} Object.defineProperty(MapTag.prototype, Symbol.toStringTag, {
  value: 'Marked' }); new MapTag()

class OwnTag { [Symbol.toStringTag] = 'own'; } new OwnTag()

function Old() { this.a = 1; } new Old()

function Old2() {} Old2.prototype = { x: 1 }; new Old2()

function Old3() {} Old3.prototype = Object.create(Old.prototype); new Old3()

function Old4() {} Old4.prototype.constructor = null; new Old4()

var bound = Old.bind(null); new bound()

Object.create(Base1.prototype)

Object.create(new Derived1())

Object.setPrototypeOf(new Base1(), { other: 1 })

Object.setPrototypeOf({}, Object.create(Derived1.prototype))

class Sym { [Symbol('field')] = 1; } new Sym()

class Circ { constructor() { this.me = this; } } new Circ()

class Acc { static #n = 0; static inc() { return ++Acc.#n; } field = () => {}; } new Acc()

class GetName { get name() { return 'x'; } } new GetName()

new (class Deep { a = { b: { c: { d: 1 } } }; })()

[new (class X { v = 1; })(), new (class Y { v = 'two'; })()]

function f() {}

(function () {})

() => {}

var arrow = () => {}; arrow

async function af() {} af

async () => {}

function* gf() {} gf

async function* agf() {} agf

Object.assign(function withProps() {}, { a: 1, b: [2] })

Object.assign(() => {}, { a: 1 })

Object.setPrototypeOf(function nul() {}, null)

Object.setPrototypeOf(function sub() {}, class Fx extends Function {}.prototype)

Object.setPrototypeOf(async () => {}, null)

Object.defineProperty(function () {}, 'name', { value: 'given' })

Object.defineProperty(function x() {}, 'name', { value: '' })

(function () { var g = function deleted() {}; delete g.name; return g; })()

function boundOne() {} boundOne.bind(null)

(() => {}).bind()

({ method() {}, get x() { return 1; } }).method

Object.getOwnPropertyDescriptor({ get x() { return 1; } }, 'x').get

Object.getOwnPropertyDescriptor(class { static set y(v) {} }, 'y').set

({ [Symbol('key')]() {} })

({ ['computed' + 1]() {} })

({ 'with space'() {}, 1() {} })

Math.max

Array

Object.prototype.toString

Symbol

Proxy

[Map, Set, Promise, TypeError]

new Function('a', 'b', 'return a + b')

Object.assign(function tagged() {}, { [Symbol.toStringTag]: 'Shown' })

Object.defineProperty(function tagged() {}, Symbol.toStringTag, { value: 'Hidden' })

(function* () { yield 1; })()

(async function* () { yield 1; })()

Object.assign((function* () {})(), { x: 1 })

gf.prototype

Object.getPrototypeOf(gf)

Object.getPrototypeOf(async () => {})

(class { static { this.x = 1; } })

(class X { 'quoted name'() {} static 'quoted prop' = 1; })

[class {}, class Q {}, function () {}, () => {}]

({ class: class {}, function: function () {} })

(function named() { return named; })()

var mixin = (Base) => class extends Base { mixed = 1; }; class Mixed extends mixin(Object) {} Mixed

new Mixed()

class Commented /* ( */ extends Object {} Commented

class Commented2 // (
{} Commented2

(class{})

(class extends /* x */ Map { constructor() { super(); } })

class Static { static { this.a = 1; } method(x) { return x; } } Static
