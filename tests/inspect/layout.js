({ a: 'x'.repeat(60) })

({ a: 'x'.repeat(61) })

({ a: 'x'.repeat(62) })

({ a: 'x'.repeat(63) })

({ a: 'x'.repeat(64) })

({ a: 'x'.repeat(65) })

({ a: 'x'.repeat(66) })

({ a: 'x'.repeat(70) })

({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11, l: 12 })

({ alpha: 1, beta: 2, gamma: 3, delta: 4, epsilon: 5, zeta: 6, eta: 7, theta: 8 })

({ alpha: 1, beta: 2, gamma: 3, delta: 4, epsilon: 5, zeta: 6, eta: 7, theta: 88 })

({ alpha: 1, beta: 2, gamma: 3, delta: 4, epsilon: 5, zeta: 6, eta: 7, th: 8 })

({ a: { b: { c: {} } }, x: 1 })

({ a: { b: { c: 1 } } })

({ a: { b: 1 } })

({ a: { b: { c: 1, d: 2 }, e: 3 }, f: 4 })

({ a: { b: { c: { d: 1 } } }, e: { f: 1 } })

({ first: [1, 2, 3], second: { inner: [1, 2, 3] } })

({ one: { two: { three: 3 } }, uno: { dos: 2 } })

[{ a: 1, b: { c: 2 } }, { a: 1, b: { c: 3 } }]

[{ a: 1, b: { c: { d: 2 } } }, { a: 1, b: { c: { d: 3 } } }]

({ a: [[[1]]] })

[[[1, [2]]]]

({ id: 1, user: { name: 'Ada', roles: ['admin', 'dev'], address: { city: 'London', zip: 'NW1' } } })

({ id: 1, user: { name: 'Ada Lovelace', roles: ['admin', 'developer'], address: { city: 'London',
  zip: 'NW1 4XX' } } })

({ users: [{ name: 'Ada', age: 36 }, { name: 'Grace', age: 85 }, { name: 'Edsger', age: 72 }],
  total: 3 })

({ users: [{ name: 'Ada', tags: ['a', 'b'] }, { name: 'Grace', tags: [] }], page: { next: null,
  prev: { offset: 0 } } })

[1, 2, { a: 3, b: [4, 5, { c: 6 }] }]

({ a: 'line\nbreak', b: 1 })

({ key: 'a'.repeat(30), other: 'b'.repeat(30), third: 'c' })

({ key: 'a'.repeat(20), other: 'b'.repeat(20), third: 'c' })

new Map([['key', { a: 1, b: [1, 2, 3] }], ['other', new Map([[1, 2]])]])

new Map([['x'.repeat(30), 'y'.repeat(30)], ['z', 1]])

new Map([['x'.repeat(20), 'y'.repeat(20)], ['z', 1]])

new Set(['x'.repeat(30), 'y'.repeat(30)])

new Set(Array.from({ length: 20 }, (_, i) => i))

new Set(Array.from({ length: 30 }, (_, i) => i))

({ set: new Set(Array.from({ length: 30 }, (_, i) => i)) })

new Map(Array.from({ length: 10 }, (_, i) => [i, { i }]))

({ fn: Object.assign(function f() {}, { prop: 1 }), x: 1 })

[Object.assign(function f() {}, { prop: 'x'.repeat(50) })]

({ a: new (class LongClassNameForTheTest { value = 'x'.repeat(30); })() })

({ a: new (class LongClassNameForTheTest { value = 'x'.repeat(40); })() })

Object.assign(new Date(0), { a: 'x'.repeat(40) })

Object.assign(/regular expression/g, { a: 'x'.repeat(40) })

({ 'a key that is rather long and needs quotes': { 'another long key with quotes': 1 } })

({ level1: { level2: { level3: { level4: {} } } }, other: [[[[[]]]]] })

({ a: 1, b: { c: 2, d: { e: 3 } }, f: [{ g: { h: {} } }] })

({ buffer: new Uint8Array(30), view: new DataView(new ArrayBuffer(4)) })

[undefined, [undefined, [undefined, [undefined]]]]

({ data: { items: Array.from({ length: 3 }, (_, i) => ({ id: i, label: 'Label ' + i, nested: {
  ok: true } })) } })

({ data: Array.from({ length: 3 }, (_, i) => ({ id: i, label: 'Label ' + i, nested: { ok: true,
  deep: { er: 1 } } })) })

Array.from({ length: 3 }, (_, i) => ({ id: i, text: 'text of the item number ' + i,
  done: i % 2 === 0 }))

({ a: { b: { c: {} }, d: 'x'.repeat(70) } })

({ a: { b: ['x'.repeat(30), 'y'.repeat(30), 'z'.repeat(30)] } })

[[['x'.repeat(72)]]]

[['x'.repeat(76)]]

({ promise: Promise.resolve({ a: { b: { c: 1 } } }) })

({ a: [1, 2, 3, 4, 5, 6, 7], b: [1, 2, 3, 4, 5, 6] })

[[1, 2, 3, 4, 5, 6, 7]]

[[1, 2, 3, 4, 5, 6, 7], 1]

({ a: { b: [1, 2, 3, 4, 5, 6, 7] } })

({ matrix: [[1, 0, 0], [0, 1, 0], [0, 0, 1]] })

[[1, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0]]

({ name: 'config', options: { verbose: true, level: 3, targets: ['a', 'b'], hooks: { before() {},
  after: async () => {} } } })

var ref = { a: { b: {} } }; ref.a.b.c = ref.a; ref

var ref2 = { first: { second: { third: null } } }; ref2.first.second.third = ref2;
  ref2.first.back = ref2.first; ref2

({ a: Symbol('x'.repeat(50)), b: Symbol('y') })

({ [Symbol('x'.repeat(50))]: 1, b: 2, c: 3 })

Array.from({ length: 7 }, (_, i) => ({ ['key' + i]: i }))

Array.from({ length: 3 }, () => Array.from({ length: 7 }, () => 'xyz'))

({ a: Array.from({ length: 120 }, (_, i) => i % 7) })

({ emoji: '😀'.repeat(30), x: 1 })
