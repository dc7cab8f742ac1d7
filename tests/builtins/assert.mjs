// node:assert: what passes, and the messages of what does not.
import assert, { AssertionError, strict } from 'node:assert';
import strictModule from 'node:assert/strict';
const thrown = (f) => {
  try {
    const r = f();
    console.log('passes', r === undefined);
  } catch (error) {
    console.log(error.name, error.code, error.generatedMessage, error.operator);
    console.log(error.message);
  }
};
console.log(
  strict === strictModule,
  strict.equal === strict.strictEqual,
  assert.strict === strict,
  Object.keys(assert)
    .sort()
    .filter((k) => !['CallTracker', 'partialDeepStrictEqual', 'Assert'].includes(k))
    .join(),
);
thrown(() => assert(1));
thrown(() => assert.ok(true));
thrown(() => assert.ok(0, 'own message'));
thrown(() => assert());
thrown(() => assert.fail());
thrown(() => assert.fail('because'));
thrown(() => assert.equal(1, '1'));
thrown(() => assert.equal(1, 2));
thrown(() => assert.notEqual(1, 1));
thrown(() => assert.equal(1, 2, 'm'));
thrown(() => assert.equal(NaN, NaN));
thrown(() => assert.strictEqual(1, 1));
thrown(() => assert.strictEqual(1, 2));
thrown(() => assert.strictEqual('a'.repeat(10), 'a'.repeat(9) + 'b'));
thrown(() => assert.strictEqual('a\nb', 'a\nc'));
thrown(() => assert.strictEqual(NaN, 0));
thrown(() => assert.strictEqual([1], [1]));
thrown(() => assert.strictEqual({ a: 1 }, { a: 2 }));
thrown(() => assert.strictEqual(1, '1'));
thrown(() => assert.strictEqual(undefined, null));
thrown(() => assert.notStrictEqual(1, 1));
thrown(() => assert.notStrictEqual({}, {}));
const same = { a: 1 };
thrown(() => assert.notStrictEqual(same, same));
thrown(() => assert.notStrictEqual('a longer text', 'a longer text'));
thrown(() => assert.deepStrictEqual({ a: 1, b: [1, 2] }, { a: 1, b: [1, 2] }));
thrown(() => assert.deepStrictEqual({ a: 1 }, { a: 2 }));
thrown(() => assert.deepStrictEqual([1, 2, 3], [1, 2, 4]));
thrown(() => assert.deepStrictEqual({ a: 1, b: 2, c: 3 }, { a: 1, c: 3 }));
thrown(() => assert.deepStrictEqual(new Map([[1, 2]]), new Map([[1, 3]])));
thrown(() => assert.deepStrictEqual([0], [-0]));
thrown(() => assert.deepStrictEqual(new Set([1]), new Set([1])));
thrown(() => assert.deepStrictEqual({}, []));
thrown(() => assert.deepEqual({ a: 1 }, { a: '1' }));
thrown(() => assert.deepEqual({ a: 1 }, { a: 2 }));
thrown(() => assert.notDeepEqual({ a: 1 }, { a: 1 }));
thrown(() => assert.notDeepStrictEqual({ a: 1 }, { a: '1' }));
thrown(() => assert.notDeepStrictEqual({ a: 1 }, { a: 1 }));
thrown(() =>
  assert.throws(() => {
    throw new TypeError('t');
  }, TypeError),
);
thrown(() =>
  assert.throws(() => {
    throw new TypeError('t');
  }, RangeError),
);
thrown(() => assert.throws(() => {}));
thrown(() => assert.throws(() => {}, TypeError, 'msg'));
thrown(() =>
  assert.throws(() => {
    throw new Error('abc');
  }, /b/),
);
thrown(() =>
  assert.throws(() => {
    throw new Error('abc');
  }, /x/),
);
thrown(() =>
  assert.throws(
    () => {
      throw new Error('abc');
    },
    { message: 'abc', name: 'Error' },
  ),
);
thrown(() =>
  assert.throws(
    () => {
      throw new Error('abc');
    },
    { message: 'abd' },
  ),
);
thrown(() =>
  assert.throws(
    () => {
      throw new Error('abc');
    },
    (e) => e.message === 'abc',
  ),
);
thrown(() =>
  assert.throws(
    () => {
      throw new Error('abc');
    },
    () => false,
  ),
);
thrown(() => assert.throws('x'));
thrown(() => assert.doesNotThrow(() => {}));
thrown(() =>
  assert.doesNotThrow(() => {
    throw new Error('inner');
  }),
);
thrown(() =>
  assert.doesNotThrow(() => {
    throw new Error('inner');
  }, 'whoops'),
);
thrown(() => assert.ifError(null));
thrown(() => assert.ifError(new Error('e')));
thrown(() => assert.ifError('text'));
thrown(() => assert.match('abc', /b/));
thrown(() => assert.match('abc', /x/));
thrown(() => assert.doesNotMatch('abc', /b/));
thrown(() => assert.match(5, /x/));
thrown(() => assert.equal(1));
for (const p of [
  assert.rejects(Promise.reject(new Error('r')), /r/),
  assert.rejects(Promise.resolve(1)),
  assert.rejects(() => 5),
  assert.doesNotReject(Promise.resolve()),
  assert.doesNotReject(async () => {
    throw new Error('dnr');
  }),
])
  await p.then(
    () => console.log('fulfilled'),
    (error) => console.log(error.name, error.code, error.message),
  );
const error = new AssertionError({ actual: 1, expected: 2, operator: 'strictEqual' });
console.log(
  error.message,
  error.code,
  error.actual,
  error.expected,
  error instanceof Error,
  String(error),
  error.name,
);
thrown(() =>
  assert.deepStrictEqual(
    Array.from({ length: 30 }, (_, i) => i),
    Array.from({ length: 30 }, (_, i) => (i === 15 ? 'x' : i)),
  ),
);
