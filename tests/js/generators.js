// Generators: values in both directions, delegation, return and throw from outside.
function* conversation() {
  const name = yield "who?";
  const age = yield `hello ${name}, how old?`;
  return { name, age };
}
const talk = conversation();
console.log(talk.next().value);
console.log(talk.next("Ada").value);
console.log(talk.next(36));
console.log(talk.next());

function* tidy() {
  try {
    yield 1;
    yield 2;
  } catch (error) {
    yield `caught ${error}`;
  } finally {
    console.log("cleaned up");
  }
}
const first = tidy();
first.next();
console.log(first.throw("a ball"), first.next());
const second = tidy();
second.next();
console.log(second.return("early"), second.next());

function* tree(node) {
  if (node === null) return 0;
  const left = yield* tree(node.left);
  yield node.key;
  const right = yield* tree(node.right);
  return left + right + 1;
}
const leaf = (key, left = null, right = null) => ({ key, left, right });
const walk = tree(leaf("m", leaf("d", leaf("a")), leaf("t", null, leaf("z"))));
const keys = [];
for (let step = walk.next(); ; step = walk.next()) {
  if (step.done) { console.log(keys.join(" "), "size", step.value); break; }
  keys.push(step.value);
}

function* fibonacci() { for (let [a, b] = [0n, 1n]; ; [a, b] = [b, a + b]) yield a; }
let count = 0;
for (const value of fibonacci()) if (++count === 301) { console.log(value); break; }
