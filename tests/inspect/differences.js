new (class Foo { get [Symbol.toStringTag]() { return 'Tag'; } })()

({ [Symbol.for('nodejs.util.inspect.custom')]() { return 'custom'; } })

new (class Foo { static get name() { return 'Other'; } })()

new (class Foo { static [Symbol.hasInstance]() { return false; } })()

class NameGetter extends Error { get name() { return 'Custom'; } } new NameGetter('x')

class MessageGetter extends Error { get message() { return 'computed'; } } new MessageGetter()

new Proxy([null, 1], {})

new Proxy(new Proxy({ a: 1 }, { ownKeys() { return ['b']; } }), {})

Object.setPrototypeOf(new (class Foo { x = 1; })(), null)

Error

(() => { const e = new Error('before'); e.stack; e.message = 'after'; return e; })()
