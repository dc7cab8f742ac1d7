// Destructuring: defaults, nesting, rest, swapping, iterators that are closed.
const { a = 1, b: { c: [first, , third = "default"], ...others }, ["d" + 1]: computed } =
  { b: { c: ["x", "y"], e: 5, f: 6 }, d1: "key" };
console.log(a, first, third, others, computed);
let [x, y, ...rest] = "hello";
[x, y] = [y, x];
console.log(x, y, rest);
const target = { list: [] };
[target.p, target["q"], target.list[2]] = [1, 2, 3];
({ length: target.size, 0: target.zero = "none" } = "");
console.log(target);

function area({ width = 2, height = width * 2 } = {},
  [unit] = ["cm"]) { return `${width * height}${unit}`; }
console.log(area(), area({ width: 3 }), area({ height: 1 }, "m"));
for (const [key, { value }] of new Map([["k", { value: 1 }]])) console.log(key, value);

const order = [];
const source = {
  [Symbol.iterator]() {
    let n = 0;
    return {
      next: () => ({ value: ++n, done: false }),
      return() { order.push("closed"); return {}; },
    };
  },
};
const [one, two] = source;
console.log(one, two, order);
try { const { z } = null; } catch (error) { console.log(error.name); }
try { const [z] = {}; } catch (error) { console.log(error.name); }
const { ...copy } = [10, 20];
console.log(copy, (({ length }) => length)([1, 2]));
