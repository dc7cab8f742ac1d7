// What only sloppy mode allows: with, arguments that alias, this as the global, octals, undeclared.
function aliased(a, b) {
  arguments[0] = "changed";
  b = "too";
  return [a, arguments[1], arguments.length, typeof arguments.callee];
}
console.log(aliased(1, 2), aliased(1));
with ({ inside: 1, toString: () => "with" }) {
  var seen = inside + 1;
  console.log(seen, `${toString()}`);
}
undeclared = 5;
console.log(globalThis.undeclared, delete globalThis.undeclared, typeof undeclared);
console.log((function () { return this === globalThis; })(), (function () { return typeof this;
  }).call(5));
console.log(010, "\101", (function (a, a) { return a; })(1, 2), delete Object.prototype.nothing);
NaN = 1;
console.log(Object.freeze([1]).length = 5, isNaN(NaN));
if (true) { function conditional() { return "hoisted out of the block"; } }
console.log(conditional());
var let_ = 1, yield = 2, async = 3, of = 4, get = 5;
console.log(let_ + yield + async + of + get);
label: { console.log((() => { try { return "returned"; } finally { } })()); }
