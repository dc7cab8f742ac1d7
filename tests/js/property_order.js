// The order of properties: integers ascending, then strings as they came, then symbols.
const object = { z: 1, 10: "ten", a: 2, 2: "two", [Symbol("s")]: 3, "-1": "minus", "01": "text" };
object[1] = "one";
delete object.z;
object.z = "again";
console.log(Object.keys(object).join(), Reflect.ownKeys(object).length, JSON.stringify(object));
const seen = [];
for (const key in Object.create(object, { own: { value: 1, enumerable: true },
  hidden: { value: 2 } })) seen.push(key);
console.log(seen.join());
const shrinking = { a: 1, b: 2, c: 3 };
const visited = [];
for (const key in shrinking) { visited.push(key); delete shrinking.b; shrinking.d = 4; }
console.log(visited.join(), Object.keys(shrinking).join());
console.log(Object.entries(Object.fromEntries([["y", 1], ["x", 2]])), Object.values("hi"),
  Object.keys([4, , 5]));
const many = {};
for (let i = 0; i < 500; i++) many[`k${(i * 37) % 500}`] = i;
for (let i = 0; i < 500; i += 2) delete many[`k${i}`];
console.log(Object.keys(many).length, Object.keys(many).slice(0, 4).join());
console.log(Object.assign({}, "ab", null, [9], { 0: "last" }), Object.is(NaN, NaN),
  Object.hasOwn({ x: 1 }, "x"));
