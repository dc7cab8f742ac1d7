"use strict";
// What strict mode forbids, each with its error.
const attempts = {
  undeclared: () => { nowhere = 1; },
  readOnly: () => { Object.freeze({ a: 1 }).a = 2; },
  noSetter: () => { ({ get a() { return 1; } }).a = 2; },
  added: () => { Object.preventExtensions({}).a = 1; },
  deleted: () => { delete Object.prototype; },
  primitive: () => { (5).x = 1; },
  callee: () => (function () { return arguments.callee; })(),
  length: () => { "text".length = 1; },
};
for (const [name, attempt] of Object.entries(attempts)) {
  try { attempt(); console.log(name, "allowed"); } catch (error) { console.log(name, error.name); }
}
console.log((function () { return this; })(), (function () { return typeof this; }).call(5));
for (const code of ["with ({}) {}", "010", "delete x", "arguments = 1", "function f(a, a) {}",
  "let static", "eval = 1"]) {
  try { eval(code); console.log(code, "allowed"); } catch (error) { console.log(code, error.name); }
}
(function (a) { a = 2; console.log(arguments[0]); })(1);
