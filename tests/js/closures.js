// Closures: counters that share nothing, a fresh binding per turn of a loop, a module made by hand.
function counter(start) {
  let value = start;
  return { up: () => ++value, down: () => --value, get value() { return value; } };
}
const a = counter(10);
const b = counter(100);
a.up(); a.up(); b.down();
console.log(a.value, b.value);

const perTurn = [];
for (let i = 0; i < 4; i++) perTurn.push(() => i);
const shared = [];
for (var j = 0; j < 4; j++) shared.push(() => j);
console.log(perTurn.map((f) => f()), shared.map((f) => f()));

const bank = (() => {
  const accounts = new Map();
  return {
    pay(who, cents) { accounts.set(who, (accounts.get(who) ?? 0) + cents); return this; },
    total: () => [...accounts.values()].reduce((sum, cents) => sum + cents, 0),
  };
})();
console.log(bank.pay("Ada", 250).pay("Bob", 100).pay("Ada", 50).total());

const compose = (...fs) => (x) => fs.reduceRight((value, f) => f(value), x);
console.log(compose((x) => x + 1, (x) => x * 10, Math.abs)(-7));
