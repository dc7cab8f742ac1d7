console.log()

console.log('plain')

console.log('')

console.log('two', 'strings')

console.log(1, 'a', { b: 2 }, [3], null, undefined)

console.log({ s: 'quoted' }, 'not quoted')

console.log('line\nbreak', ['line\nbreak'])

console.log('lone \ud800 surrogate', 'é中😀')

console.info('info'); console.debug('debug'); console.warn('warn'); console.error('error');
  console.dirxml('dirxml', { a: 1 })

console.log('%s', 'text', 'rest')

console.log('%s %s', 'one')

console.log('%s', 1, 2n, -0, null, undefined, true)

console.log('%s %s %s %s %s %s', 1, 2n, -0, null, undefined, true)

console.log('%s', Symbol('s'))

console.log('%s', { a: { b: 1 } })

console.log('%s', [1, [2, [3]]])

console.log('%s', function named() {})

console.log('%s', class Foo {})

console.log('%s', { toString() { return 'own toString'; } })

console.log('%s', new (class { toString() { return 'class toString'; } })())

console.log('%s', new (class Foo { x = 1; })())

console.log('%s', new Date(0))

console.log('%s', Object.create(null))

console.log('%s', { toString: null })

console.log('%s', { [Symbol.toPrimitive]() { return 'primitive'; } })

console.log('%s', new Error('message') instanceof Error)

console.log('%s', new Map([[1, { a: 1 }]]))

console.log('%s', new (class extends Map { toString() { return 'mine'; } })())

console.log('%d', 42)

console.log('%d %d %d %d', '42.5', 'x', 5n, {})

console.log('%d', Symbol('s'))

console.log('%d', { valueOf() { return 7; } })

console.log('%d', -0)

console.log('%i %i %i %i', 42.9, '17px', 'x', -0.5)

console.log('%i %i', 5n, Symbol('s'))

console.log('%f %f %f', '1.50abc', 2, 'x')

console.log('%f', Symbol('s'))

console.log('%j', { a: [1, 'x'] })

console.log('%j %j %j', undefined, 'text', null)

console.log('%j', { toJSON() { return 'from toJSON'; } })

var loop = {}; loop.loop = loop; console.log('%j', loop)

console.log('%o', { a: 1 })

console.log('%o', [1, 2, 3])

console.log('%o', { a: { b: { c: { d: { e: 1 } } } } })

console.log('%o', { f() {} })

console.log('%o', new Map([['a', [1]]]))

console.log('%o', new Uint8Array(2))

console.log('%o', new Proxy({ a: 1 }, {}))

console.log('%o', 'text')

console.log('%o', [new Proxy([1], { get: undefined })])

console.log('%o', Object.create({ inherited: 1 }))

console.log('%o', new (class Foo { x = 1; get y() { return 1; } })())

console.log('%o', Object.defineProperty({ a: 1 }, Symbol('hidden'), { value: 1 }))

console.log('%o', new Date(0))

console.log('%o', new Set([{ a: 1 }]))

var kept = { a: 1 }; console.log('%o', new WeakSet([kept]))

console.log('%o', new WeakMap([[kept, [1]]]))

console.log('%o', new Array(3))

console.log('%o', new String('abc'))

console.log('%O', { a: { b: { c: { d: 1 } } } })

console.log('%O', [1, 2, 3], 'rest')

console.log('%c styled %c', 'color: red', 'font-weight: bold', 'rest')

console.log('100%')

console.log('100%', 1)

console.log('%', 1)

console.log('%%', 1)

console.log('%%s', 1)

console.log('%%%s%%', 'x')

console.log('%x %y', 1)

console.log('%s%s%s', 'a', 'b')

console.log('%s', 'a', 'b', { c: 1 })

console.log('a%', 'b')

console.log('%s%')

console.log('%', '%s', 'x')

console.log(5, '%s', 'x')

console.log('%s', '%s', 'x')

console.error('%s is %d', 'x', 1)

console.log('x'.repeat(200), { a: 'y'.repeat(100) })

console.group('outer'); console.log('inside'); console.group(); console.log('deeper');
  console.error('on stderr\nsecond line'); console.groupEnd(); console.log('back');
  console.groupEnd(); console.log('out')

console.group('a', { b: 1 }); console.groupCollapsed('c'); console.log({ d: 'x'.repeat(80) });
  console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log('out')

console.group(); console.log(''); console.log('\n'); console.groupEnd()

console.group(); console.table([{ a: 1 }]); console.groupEnd()

console.count(); console.count(); console.count('label'); console.count('default');
  console.countReset(); console.count()

console.count(undefined); console.count(null); console.count(5); console.count('5');
  console.count({})

console.countReset('never counted')

console.time('t'); console.time('t'); console.timeLog('t'); console.timeLog('t', 'data', { a: 1 });
  console.timeEnd('t'); console.timeEnd('t')

console.timeLog('never started')

console.time(); console.timeEnd()

console.assert(true, 'not shown')

console.assert(false)

console.assert()

console.assert(0, 'message %s', 'with format', { a: 1 })

console.assert(false, { a: 1 })

console.assert(false, 'a', 'b')

console.assert(false, 42, 'x')

console.assert(false, '%d', 5)

console.trace()

console.trace('at %s', 'here', { a: 1 })

console.dir({ a: { b: { c: { d: 1 } } } })

console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })

console.dir({ a: { b: { c: { d: { e: { f: 1 } } } } } }, { depth: null })

console.dir({ a: { b: { c: { d: { e: { f: 1 } } } } } }, { depth: Infinity })

console.dir({ a: { b: 1 } }, { depth: -1 })

console.dir([1, 2, 3], { showHidden: true })

console.dir({ b: 2, a: 1, c: { z: 1, y: 2 } }, { sorted: true })

console.dir({ a: 1, b: { c: 2 } }, { compact: false })

console.dir({ a: 1, b: { c: [1, 2, { d: 1 }] } }, { compact: true })

console.dir({ a: 'x'.repeat(50), b: 'y'.repeat(50), c: { d: 'z'.repeat(90) } }, { compact: true })

console.dir(new Map([['x'.repeat(50), 'y'.repeat(50)]]), { compact: true })

console.dir({ a: 1, b: { c: { d: {} } } }, { compact: 1 })

console.dir({ a: 1, b: { c: 1 } }, { breakLength: 10 })

console.dir(Array.from({ length: 50 }, (_, i) => i), { breakLength: Infinity })

console.dir(Array.from({ length: 50 }, (_, i) => i), { maxArrayLength: 5 })

console.dir(Array.from({ length: 50 }, (_, i) => i), { maxArrayLength: 0 })

console.dir(Array.from({ length: 150 }, (_, i) => i), { maxArrayLength: null, breakLength: 120 })

console.dir('x'.repeat(20), { maxStringLength: 5 })

console.dir([123456789, 1234.56789, -1000000n, 0.1234567, 1e21], { numericSeparator: true })

console.dir(new Proxy({ a: 1 }, { get() { return 2; } }), { showProxy: true })

console.dir('string')

console.dir()

console.dir({ a: 1 }, null)

console.table([{ a: 1, b: 'x' }, { a: 2, c: true }])

console.table([[1, 2], [3, 4]])

console.table([1, 'two', null])

console.table([1, { a: 2 }])

console.table({ r1: { c: 1 }, r2: { c: 2 } })

console.table([{ a: 1, b: 2 }, { a: 3, b: 4 }], ['b'])

console.table([{ a: 1, b: 2 }, 5], ['b', 'missing'])

console.table([{ a: 1 }], [])

console.table(new Map([['a', 1], [{ k: 1 }, { v: 2 }]]))

console.table(new Set([1, 'b', { c: 1 }]))

console.table(new Map([['a', 1]]).entries())

console.table(new Map([['a', 1]]).keys())

console.table(new Set([1, 2]).values())

console.table('not tabular')

console.table(5)

console.table(null)

console.table()

console.table([])

console.table({})

console.table([{ a: { b: { c: 1 } } }, { a: [1, 2, 3, 4, 5] }, { a: { x: 1, y: 2, z: 3 } }])

console.table([{ 'é中': '中文', b: '😀' }])

console.table([{ 10: 'ten', 2: 'two', a: 1, 1: 'one' }])

console.table([[3, , 1], [, 2]])

console.table([{ f() {}, s: Symbol('s'), n: null, u: undefined, d: new Date(0) }])

console.table(new Uint8Array([1, 2]))

console.table([function fn() {}, class A { static x = 1; }])

console.table([Object.create({ inherited: 1 }), { own: 1 }])

console.log(Object.keys(console).filter((k) => ['log', 'warn', 'dir', 'time', 'table', 'group',
  'groupEnd', 'assert', 'count', 'trace'].includes(k)).length)

console.log(console.log.name, console.log.length, Object.prototype.toString.call(console))

var { log } = console; log('unbound', 1)

[1, 2].forEach(console.log)

console.log(typeof console.clear(), console.log('returns undefined'))

console.log('%s', new Proxy({}, { get() { throw new Error('trap'); } }) instanceof Object)

try { console.count(Symbol('s')); } catch (e) { console.log(e instanceof TypeError); }

try { console.log('%s', { toString() { throw new RangeError('from toString'); } }); } catch (e) {
  console.log(e.name, e.message); }

try { console.log('%d', { valueOf() { throw new RangeError('from valueOf'); } }); } catch (e) {
  console.log(e.message); }

try { console.log('%j', { toJSON() { throw new RangeError('from toJSON'); } }); } catch (e) {
  console.log(e.message); }

try { console.table([1], 'x'); } catch (e) { console.log(e instanceof TypeError); }

console.log({ get throwing() { throw new Error('not called'); } })

console.log(new Proxy({ a: 1 }, { ownKeys() { throw new Error('not called'); } }))
