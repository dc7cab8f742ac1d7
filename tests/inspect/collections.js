new Map()

new Map([[1, 2]])

new Map([['a', { b: 1 }], [{ k: 1 }, [1, 2]]])

new Map([[undefined, null], [NaN, -0], [0, 'zero'], [Symbol('s'), () => {}]])

new Map([[new Map([[1, 2]]), new Map([[3, new Map([[4, new Map()]])]])]])

Object.assign(new Map([[1, 2]]), { x: 1 })

Object.assign(new Map(), { x: 1 })

new Map(Array.from({ length: 101 }, (_, i) => [i, i]))

new Map(Array.from({ length: 105 }, (_, i) => ['k' + i, i]))

Object.setPrototypeOf(new Map([[1, 2]]), null)

Object.setPrototypeOf(new Map(), null)

Object.setPrototypeOf(new Set([1]), null)

Object.setPrototypeOf(new Map([[1, 2]]), {})

Object.setPrototypeOf(new Set([1, 2]), Object.create(null))

new Set()

new Set([1, 'a', {}, [1]])

new Set([new Set([new Set([new Set([1])])])])

Object.assign(new Set([1]), { x: { y: 1 } })

new Set(Array.from({ length: 105 }, (_, i) => i))

new Map([[1, 2]]).keys()

new Map([[1, { a: 2 }]]).values()

new Map([[1, 2], ['a', 'b']]).entries()

new Map([[1, 2]])[Symbol.iterator]()

new Map().keys()

new Map().entries()

new Set([1, 2]).values()

new Set([1, 2]).entries()

new Set().values()

(() => { const i = new Map([[1, 2], [3, 4]]).keys(); i.next(); return i; })()

(() => { const i = new Map([[1, 2], [3, 4]]).entries(); i.next(); i.next(); i.next(); return i; })()

(() => { const m = new Map([[1, 2], [3, 4], [5, 6]]); const i = m.keys(); i.next(); m.delete(1);
  m.delete(3); return i; })()

(() => { const s = new Set([1, 2, 3]); const i = s.values(); i.next(); s.add(4); return i; })()

(() => { const m = new Map([[1, 2], [3, 4]]); m.delete(1); m.set(1, 5); return m; })()

new Map(Array.from({ length: 101 }, (_, i) => [i, i])).entries()

new Set(Array.from({ length: 103 }, (_, i) => i)).values()

Object.assign(new Map([[1, 2]]).keys(), { x: 1 })

[new Map([[1, 2]]).keys(), { i: new Set(['a']).entries() }]

Promise.resolve(1)

Promise.resolve('text')

Promise.resolve({ a: { b: { c: {} } } })

(() => { const p = Promise.reject(new Error('no')); p.catch(() => {}); return {
  state: 'rejected' }; })()

(() => { const p = Promise.reject(42); p.catch(() => {}); return p; })()

(() => { const p = Promise.reject({ code: 1 }); p.catch(() => {}); return [p]; })()

new Promise(() => {})

Object.assign(Promise.resolve(1), { x: 1 })

Object.assign(new Promise(() => {}), { x: 1 })

(async () => 1)()

(async () => { await null; })()

Promise.resolve(Promise.resolve([1, 2]))

Object.setPrototypeOf(Promise.resolve(1), null)

new Uint8Array()

new Uint8Array([1, 2, 3])

new Int8Array([-1, 127])

new Uint8ClampedArray([300, -5])

new Uint16Array(3)

new Int16Array([1])

new Uint32Array([4294967295])

new Int32Array([-2147483648])

new Float32Array([1.5, -0, NaN, Infinity])

new Float64Array([1.1, -0, NaN])

new BigInt64Array([-1n, 2n])

new BigUint64Array([1n])

new Uint8Array(6)

new Uint8Array(7)

new Uint8Array(100)

new Uint8Array(101)

new Uint8Array(1000)

new Float64Array(20).map((_, i) => i * 1.25)

new BigInt64Array(10)

Object.assign(new Uint8Array(2), { x: 1 })

Object.assign(new Uint8Array(0), { x: 1 })

Object.assign(new Uint8Array(10), { x: 1 })

Object.setPrototypeOf(new Uint8Array(2), null)

Object.setPrototypeOf(new Float64Array(2), {})

new Uint8Array(new ArrayBuffer(8), 2, 3)

new ArrayBuffer(0)

new ArrayBuffer(4)

new Uint8Array([1, 2, 254, 255]).buffer

new ArrayBuffer(100)

new ArrayBuffer(101)

new ArrayBuffer(150)

Object.assign(new ArrayBuffer(2), { x: 1 })

Object.setPrototypeOf(new ArrayBuffer(2), null)

new SharedArrayBuffer(3)

new DataView(new ArrayBuffer(4), 1)

new DataView(new ArrayBuffer(4), 1, 2)

Object.assign(new DataView(new ArrayBuffer(1)), { x: 1 })

({ buffer: new ArrayBuffer(2), view: new DataView(new ArrayBuffer(2)) })

[new ArrayBuffer(1), [new ArrayBuffer(2), [new ArrayBuffer(3), [new ArrayBuffer(4)]]]]

[new Uint8Array(2), [new Uint8Array(2), [new Uint8Array(2), [new Uint8Array(2)]]]]

new Map([[{ a: 1 }, new Set([{ b: [1, { c: 1 }] }])]])

new Map([[[1, 2], 'pair'], [new Date(0), /x/]])

new Map([['circular', null]]).set('self', 1)

new Set([[1, 2], [3, 4]])

new Set(['a'.repeat(40), 'b'.repeat(40)])

Object.groupBy ? { ok: true } : { ok: true }

Object.fromEntries(new Map([['a', 1]]))

({ map: new Map([['a', new Map([['b', new Map([['c', new Map()]])]])]]) })
