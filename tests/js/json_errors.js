// What is not JSON is refused, and cycles too; the program goes on.
const bad = ["", "{", "[1,]", "{a:1}", "'x'", "01", "1.", ".5", "+1", "nul", '"\n"', '"\\x"',
  "[1 2]",
             '{"a":1,}', "NaN", "\u00a0 1", "1 2", '"\\u12"', "--1", "1e"];
console.log(bad.map((text) => {
  try { JSON.parse(text); return "accepted"; } catch (error) { return error.name; }
}).join(" "));

const ring = { inner: [] };
ring.inner.push(ring);
try { JSON.stringify(ring); } catch (error) { console.log(error.name); }
try { JSON.stringify({ get x() { throw new Error("getter"); } });
  } catch (error) { console.log(error.message); }

let deep = "1";
for (let i = 0; i < 200; i++) deep = `[${deep}]`;
let value = JSON.parse(deep);
let levels = 0;
while (Array.isArray(value)) { value = value[0]; levels++; }
console.log(levels, value);
