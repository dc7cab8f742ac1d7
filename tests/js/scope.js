// Hoisting, the temporal dead zone, shadowing and functions in blocks.
console.log(typeof hoisted, hoisted === undefined, early());
var hoisted = 1;
function early() { return "called before its line"; }

try {
  console.log(late);
} catch (error) {
  console.log(error.name);
}
let late = "now";

const x = "outer";
{
  const x = "inner";
  console.log(x, (() => x)());
}
console.log(x);

switch (1) {
  case 0: let inSwitch;
  case 1:
    try { inSwitch = 5; } catch (error) { console.log("case:", error.name); }
}

const named = function self(n) { return n < 2 ? 1 : n * self(n - 1); };
console.log(named(6), typeof self);

// (QuickJS gives the closures of defaults their own copies of the parameters, so none is changed.)
console.log(((a, b = a + 1, c = () => a + b) => c() * 10 + a)(1));
