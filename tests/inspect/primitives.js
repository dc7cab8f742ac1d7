undefined

null

true

false

0

-0

[-0, 0, +0]

1.5

-1e-7

1e21

123456789012345680000

0.1 + 0.2

NaN

-Infinity

5e-324

1.7976931348623157e308

0n

-12345678901234567890123456789n

2n ** 70n

Symbol()

Symbol('')

Symbol('name')

Symbol.iterator

Symbol.for('with space')

Symbol("quote'd")

Symbol('line\nbreak')

[Symbol('a\nb'), Symbol("it's")]

[undefined, null, true, NaN, -0, 1n]

({ a: undefined, b: null, c: -0, d: 10n })

''

'a'

"it's"

"say \"hi\""

"both ' and \""

"all ' and \" and `"

"dollar ' \" ${x}"

"dollar ' \" $ {x}"

'`only backtick`'

'back\\slash'

"back\\slash and 'quote'"

'tab\tnewline\nreturn\rformfeed\fbackspace\bvertical\v'

'\0\x01\x1f\x7f\x80\x9f\xa0'

"\x7f'"

'\u200b\u2028\ufeff'

'é ü ß 中文 😀 👨‍👩‍👧'

'\ud800'

'\udc00'

'a\ud800b'

'\udc00\ud800'

'\ud83d\ude00\ud83d'

'\ud800' + "'" + '"'

['it\'s', "a\"b", `c\`d`, 'x\\y']

['']

'x'.repeat(200)

['x'.repeat(100)]

({ s: 'x'.repeat(100) })

'x'.repeat(10000)

'x'.repeat(10001)

'x'.repeat(10005) + "'"

['y'.repeat(10003)]

'line one\nline two'

'a\nb\nc\nlonger than sixteen'

({ text: 'a\nb' })

({ text: 'this is a first line which is rather long, more than the width\nsecond' })

({
  text:
  'short line one\nshort line two\nshort line three\nshort line four\nshort line five\nshort' })

({ a: { b: 'this is a first line which is rather long, and more than the width\n\nthird\n' } })

['first line of the text that is long enough to be broken into its lines of text\n' + 'second line']

new Map([['k',
  'first line of the text that is long enough to be broken into its lines of text\n' +
  'second line']])

'a' + '\n'.repeat(80)

'x'.repeat(600) + 'y'.repeat(600) + '\n' + 'z'.repeat(100)

[1.0, 2.50, 3e10, 4e-10]

Number.MAX_SAFE_INTEGER

[0xffffffff, 2 ** 53, -(2 ** 31)]

'\u{1F600}'.repeat(3)

'1\u0301'

['$', '_', '${', 'a-b']

String.raw`\u0041`

'ends with backslash\\'

"'"

'"'

'`'

"\n'"

['\n', '\t', '\\n']
