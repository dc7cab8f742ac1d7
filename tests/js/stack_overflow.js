// Endless recursion of every kind ends in a RangeError that can be caught, and the program goes on.
const attempts = {
  plain: () => { const f = () => f() + 1; return f(); },
  method: () => ({ get x() { return this.x; } }).x,
  text: () => { const o = { toString: () => `${o}` }; return `${o}`; },
  construct: () => { class C { constructor() { new C(); } } return new C(); },
  proxy: () => { const p = new Proxy({}, { get: (_, k, self) => self[k] }); return p.x; },
  sort: () => { const f = () => [2, 1].sort(f); return f(); },
  spread: () => { const f = (...all) => f(...all); return f(1, 2, 3); },
  generator: () => { function* g() { yield* g(); } return g().next(); },
};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    attempt();
    console.log(name, "came back");
  } catch (error) {
    console.log(name, error instanceof RangeError || error.name);
  }
}
let depth = 0;
const dive = () => { depth++; dive(); };
const depths = [1, 2, 3].map(() => { depth = 0; try { dive(); } catch { return depth; } });
console.log(depths.every((d) => d > 10), [3, 1, 2].sort().join(), JSON.stringify({ fine: true }));
