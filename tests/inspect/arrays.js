[]

[1]

[1, 2, 3]

[1, 'a', null, undefined, {}, []]

[,]

[, ,]

[1, , 3]

[, , 1]

[1, , , 4, , ]

new Array(3)

new Array(100)

new Array(101)

new Array(4294967295)

var sparse = []; sparse[5] = 1; sparse

var sparse2 = []; sparse2[200] = 1; sparse2

var sparse3 = [1]; sparse3[4294967294] = 2; sparse3

var sparse4 = []; for (let i = 0; i < 300; i += 2) sparse4[i] = i; sparse4

var sparse5 = [1, 2, 3]; delete sparse5[1]; sparse5

var longer = [1, 2]; longer.length = 5; longer

Object.assign([1, 2], { a: 1 })

Object.assign([], { a: 1 })

Object.assign([1, 2], { '-1': 1, 'x y': 2, '4294967295': 3 })

Object.assign([1, , 3], { a: 1 })

var withSymbol = [1]; withSymbol[Symbol('s')] = 2; withSymbol

Object.defineProperty([1, 2], 'hidden', { value: 1 })

Object.defineProperty([1, 2, 3], 1, { get() { return 1; } })

Object.defineProperty([1, 2, 3], 1, { value: 2, enumerable: false })

Object.defineProperty([1, 2, 3, , 5], 1, { value: 2, enumerable: false })

Object.defineProperty([1, 2, 3, 4, 5, 6, 7, 8], 1, { get() { return 1; }, enumerable: true })

Object.freeze([1, 2])

Array.from({ length: 6 }, (_, i) => i)

Array.from({ length: 7 }, (_, i) => i)

Array.from({ length: 26 }, (_, i) => i)

Array.from({ length: 99 }, (_, i) => i)

Array.from({ length: 100 }, (_, i) => i)

Array.from({ length: 101 }, (_, i) => i)

Array.from({ length: 102 }, (_, i) => i * 1000)

Array.from({ length: 1000 }, (_, i) => i)

Array.from({ length: 200 }, (_, i) => 'entry ' + i)

Array.from({ length: 30 }, (_, i) => 'x'.repeat(i % 5))

Array.from({ length: 30 }, (_, i) => i * 1.5)

Array.from({ length: 30 }, (_, i) => -i)

Array.from({ length: 10 }, (_, i) => 10n ** BigInt(i))

Array.from({ length: 20 }, (_, i) => (i % 2 ? 'odd' : i))

Array.from({ length: 27 }, () => undefined)

Array.from({ length: 27 }, (_, i) => [i])

Array.from({ length: 27 }, (_, i) => ({ i }))

Array.from({ length: 10 }, (_, i) => ({ name: 'name' + i, value: i * 1000 }))

Array.from({ length: 7 }, () => 'a string of some length')

Array.from({ length: 7 }, () => 'a string of rather more than some length')

Array.from({ length: 8 }, (_,
  i) => (i === 3 ? 'one that is a lot longer than the other ones' : 'ab'))

Array.from({ length: 12 }, (_, i) => (i === 3 ? 'one that is long' : 'ab'))

Array.from({ length: 50 }, (_, i) => (i === 3 ? 'one that is a lot longer' : 'ab'))

Array.from({ length: 16 }, (_, i) => String.fromCharCode(97 + i))

'the quick brown fox jumps over the lazy dog and runs away from it all'.split(' ')

Array.from({ length: 10 }, (_, i) => '中文'.repeat(i % 3))

Array.from({ length: 10 }, (_, i) => '😀'.repeat(i % 3))

Array.from({ length: 10 }, (_, i) => 'e\u0301'.repeat(i % 4))

Array.from({ length: 10 }, (_, i) => '한국어'.slice(0, i % 4))

[...'áéíóúñçßøåæœ']

[...'⌚⏰☔♈✅❌⭐💯🚀🇩🇪']

Array.from({ length: 12 }, (_, i) => 'tab\t' + i)

Array.from({ length: 8 }, (_, i) => 'line\n' + i)

[1.5, 22.75, 333.125, 4, 5, 6, 7, 8, 9, 10]

[1, 2, 3, 4, 5, 6, 7, 'eight']

[true, false, true, false, true, false, true, false]

[null, null, null, null, null, null, null]

[1, 2, 3, 4, 5, 6, , 8]

[1, 2, 3, 4, 5, 6, 7, , , , 11]

Object.assign(Array.from({ length: 10 }, (_, i) => i), { extra: 'x' })

Object.assign(Array.from({ length: 10 }, (_, i) => 'v' + i), { extra: 'x', more: { a: 1 } })

Object.assign(Array.from({ length: 110 }, (_, i) => i), { extra: 'x' })

({ list: Array.from({ length: 30 }, (_, i) => i) })

({ a: { b: { list: Array.from({ length: 30 }, (_, i) => i) } } })

({ a: { list: Array.from({ length: 30 }, (_, i) => 'abc' + i) } })

[Array.from({ length: 10 }, (_, i) => i), Array.from({ length: 10 }, (_, i) => i)]

[[1, 2, [3, 4]], [5, [6, [7, [8]]]]]

[[], [[]], [[[]]], [[[[]]]]]

[[[[1]]], [[[[2]]]]]

Array.from({ length: 8 }, () => [1, 2, 3])

Array.from({ length: 8 }, () => Array.from({ length: 8 }, (_, i) => i))

Array.from({ length: 8 }, () => [])

Array.from({ length: 8 }, () => ({}))

Array.from({ length: 7 }, (_, i) => () => i)

Array.from({ length: 7 }, (_, i) => Symbol(i))

Array.from({ length: 9 }, (_, i) => new Date(i * 1e9))

Object.setPrototypeOf([1, 2], null)

Object.setPrototypeOf([], null)

Object.setPrototypeOf([1, 2], {})

Object.setPrototypeOf([1, 2], { [Symbol.iterator]: null })

Object.setPrototypeOf([1, 2], Object.create(Array.prototype))

Object.assign(Object.setPrototypeOf([1], null), { x: 1 })

Object.defineProperty([1], Symbol.toStringTag, { value: 'Tag' })

Object.assign([1], { [Symbol.toStringTag]: 'Tag' })

[[1, , 2], [, ]]

[-1, -22, -333, -4444, 5, 66, 777, 8888]

[1e21, 1, 2, 3, 4, 5, 6, 7, 8]

['a', 'b'].entries()

[1, 2][Symbol.iterator]()

'ab'[Symbol.iterator]()

'ab'.matchAll(/a/g)

Array.from({ length: 7 }, () => 123456789012)

Array.from({ length: 120 }, () => 'ab')

Array.from({ length: 100 }, (_, i) => (i < 50 ? i : { i }))

['aaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbb', 'cccccccccccccccccc', 'd']

['aaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbb', 'ccccccccccccccc', 'd']

[['aaaaaaaaaaaaaaaaaaaaaaaa'], ['bbbbbbbbbbbbbbbbbbbbbbbbb'], ['ccccccccccccccc', 'd']]
