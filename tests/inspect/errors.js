new Error('message')

new Error()

new Error('')

new TypeError('type')

new RangeError('range')

new Error('two\nlines')

[new Error('in a list')]

({ e: new Error('in an object'), x: 1 })

({ a: { b: { c: new Error('too deep?') } } })

Object.assign(new Error('with props'), { code: 'E_CODE', errno: -2 })

Object.assign(new Error('nested props'), { detail: { a: { b: { c: { d: 1 } } } } })

({ e: Object.assign(new Error('x'), { code: 1 }) })

new Error('outer', { cause: 'text' })

new Error('outer', { cause: { a: 1 } })

new Error('outer', { cause: undefined })

new Error('outer', { cause: new TypeError('inner') })

new Error('1', { cause: new Error('2', { cause: new Error('3', { cause: new Error('4') }) }) })

Object.assign(new Error('assigned cause'), { cause: 'x' })

new AggregateError([new Error('a'), new TypeError('b')], 'many')

new AggregateError([1, 'two'], 'values')

new AggregateError([])

class MyError extends Error {} new MyError('custom')

new MyError()

class NamedError extends Error { constructor(m) { super(m); this.name = 'NamedError';
  } } new NamedError('named')

class OtherName extends Error { constructor(m) { super(m); this.name = 'Something';
  } } new OtherName('named')

class ProtoName extends Error {} ProtoName.prototype.name = 'ProtoName'; new ProtoName('x')

class ProtoName2 extends Error {} ProtoName2.prototype.name = 'Different'; new ProtoName2('x')

class Sub extends TypeError {} new Sub('sub')

class Problem extends Error {} new Problem('does not end in Error')

class Captured extends Error { constructor(m) { super(m); this.name = 'Captured';
  Error.captureStackTrace(this, Captured); } } new Captured('c')

class Captured2 extends Error { constructor(m) { super(m); Error.captureStackTrace(this,
  Captured2); this.name = 'Captured2'; } } new Captured2('c')

class WithFields extends Error { code = 42; detail = { a: 1 }; } new WithFields('fields')

(() => { const e = new Error('renamed'); e.name = 'Renamed'; return e; })()

(() => { const e = new Error('renamed'); e.name = 'RenamedError'; return e; })()

(() => { const e = new Error(); e.message = 'set later'; return e; })()

(() => { const e = new Error('no stack'); Object.defineProperty(e, 'stack', { value: undefined });
  return e; })()

(() => { const e = new Error('empty stack'); e.stack = ''; return e; })()

(() => { const e = new Error('own stack'); e.stack = 'custom stack'; return e; })()

(() => { const e = new Error('own stack'); e.stack = 'Error: own stack\n    at somewhere:1:2';
  return e; })()

(() => { const e = new Error('own stack'); e.stack = 'custom\nlines'; e.code = 1; return e; })()

[(() => { const e = new Error('x'); e.stack = 'Error: x\nsecond'; return e; })()]

(() => { const e = new TypeError('number'); Object.defineProperty(e, 'stack', { value: 42 });
  return e; })()

(() => { const e = new Error('x'); Object.setPrototypeOf(e, null); return e; })()

(() => { const e = new TypeError('x'); Object.setPrototypeOf(e, null); e.code = 1; return e; })()

(() => { const e = new Error('x'); Object.defineProperty(e, Symbol.toStringTag, { value: 'Tag' });
  return e; })()

Object.create(Error.prototype)

Object.assign(Object.create(Error.prototype), { message: 'fake', name: 'Fake' })

Object.create(TypeError.prototype, { message: { value: 'fake' } })

Error.prototype

TypeError.prototype

MyError.prototype

MyError

(() => { try { throw new Error('thrown'); } catch (e) { return e; } })()

(() => { function inner() { throw new RangeError('from inner'); } try { inner(); } catch (e) {
  return e; } })()

new Map([['e', new Error('in a map')]])

new Set([new Error('in a set')])

(() => { const e = new Error('circular'); e.self = e; return e; })()

(() => { const e = new Error('cause circular'); e.cause = e; return e; })()

(() => { const p = Promise.reject(new Error('rejected')); p.catch(() => {}); return p; })()

Object.assign(new Error('message'), { message: 'changed' })

Object.assign(new Error('a'), { name: 'B', code: 1 })

Object.assign(new Error('symbol'), { [Symbol('s')]: 1 })

(() => { const e = new Error('x'); e.name = ''; return e; })()

(() => { const e = new Error(''); e.name = 'NameOnly'; return e; })()

(() => { const e = new Error('x'); e.name = null; return e; })()

(() => { const e = new Error('x'); e.name = undefined; return e; })()

(() => { const e = new Error('x'); e.name = 42; return e; })()

new Error({ toString() { return 'from object'; } })

new (class extends Error {})('anonymous class')

new Error('x'.repeat(200))

new Error("it's \"quoted\" \t tab")

[new Error('1'), new Error('2')]

({ errors: [new MyError('a')], cause: new Error('b') })

new EvalError('eval')

new URIError('uri')

new ReferenceError('reference')

new SyntaxError('syntax')

Object.assign(new Error('own errors'), { errors: [1, 2] })

Object.assign(new Error('own errors'), { errors: 'none' })

new Error('has at\n    at fake frame')

function CustomError(m) { this.message = m;
  } CustomError.prototype = Object.create(Error.prototype);
  CustomError.prototype.constructor = CustomError; new CustomError('old style')

function CustomError2(m) { this.message = m; this.name = 'CustomError2';
  } CustomError2.prototype = Object.create(Error.prototype, { constructor: {
  value: CustomError2 } }); new CustomError2('old style')
