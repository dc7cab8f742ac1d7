// JSON both ways: indentation, filters, toJSON, escapes, revivers.
const order = {
  id: 17, items: [{ name: "pen", price: 1.5 }, { name: "ink", price: -0 }], when: new Date(0),
  nothing: undefined, call() {}, [Symbol("s")]: 1, "quote\"": null, nested: { empty: {}, none: [] },
};
console.log(JSON.stringify(order));
console.log(JSON.stringify(order, null, 2));
console.log(JSON.stringify(order, ["id", "items", "name"], "--"));
console.log(JSON.stringify(order, (k, v) => (typeof v === "number" ? `#${v}` : v)));
console.log(JSON.stringify([undefined, () => 1, NaN, Infinity, new Number(3), Object("s"), null]));
console.log(JSON.stringify("\u0000\u001f\"\\\n\u2028é😀\ud800"), JSON.stringify(undefined));
console.log(JSON.stringify({ toJSON: (key) => `<${key}>` }),
  JSON.stringify({ k: { toJSON: (k) => k } }));

const text = ' { "a" : [ 1e3 , -0.5E-2 , true ] , "b":{}, "c":"\\u00e9\\ud83d\\ude00", "b" : [] } ';
console.log(JSON.parse(text));
console.log(JSON.parse("[1,2,3,4]", (key, value) => (value === 2 ? undefined : value)));
const visited = [];
JSON.parse('{"x":{"y":[1]},"z":2}', function (key, value) { visited.push(key); return value; });
console.log(visited.join("|"), JSON.parse('{"__proto__": 1}').hasOwnProperty("__proto__"));
console.log(Object.is(JSON.parse("-0"), -0), JSON.parse('"\\u2028"') === "\u2028");
