// Timers fire by deadline, then in the order they were set; arguments travel with them.
const at = (text) => console.log(`${Date.now() - start} ms: ${text}`);
const start = Date.now();

setTimeout(at, 300, "last");
setTimeout(at, 100, "first of two");
setTimeout(at, 100, "second of two");
setTimeout(() => {
  at("sets another");
  setTimeout(at, 60, "the other");
  setTimeout(at, 50, "the other, sooner");
}, 50);
const never = setTimeout(at, 150, "never");
setTimeout(() => clearTimeout(never), 120);
setTimeout((...values) => at(values.join("+")), 200, 1, "two", [3, 4]);
clearTimeout(undefined);
clearTimeout(12345);
clearTimeout("no such timer");
setTimeout(() => { throw new RangeError("one callback fails"); }, 210);
setTimeout(at, 211, "the others go on");
try {
  setTimeout("code is not run", 1);
} catch (error) {
  console.log(error.name);
}
at("script ends");
