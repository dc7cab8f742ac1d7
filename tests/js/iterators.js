// The iteration protocol: who calls next and return, and when.
const log = [];
function range(from, to) {
  return {
    [Symbol.iterator]() {
      let n = from;
      log.push("open");
      return {
        next: () => (n <= to ? { value: n++, done: false } : { value: undefined, done: true }),
        return(value) { log.push("return"); return { value, done: true }; },
      };
    },
  };
}
const flush = () => log.splice(0).join(",");
for (const n of range(1, 3)) log.push(n);
console.log(flush());
for (const n of range(1, 3)) { if (n === 2) break; log.push(n); }
console.log(flush());
try { for (const n of range(1, 3)) throw new Error("out");
  } catch (error) { log.push(error.message); }
console.log(flush());
(() => { for (const n of range(1, 3)) return n; })();
const [a] = range(1, 3);
const [b, c, d, e] = range(1, 3);
console.log(flush(), a, b, c, d, e);
console.log([...range(1, 4)], Math.max(...range(1, 4)), Array.from(range(1, 3), (n) => n * n),
  new Set(range(1, 2)).size);
try { new Map(range(1, 3)); } catch (error) { console.log(error.name, flush()); }
const walk = [1, 2, 3][Symbol.iterator]();
console.log(walk.next().value, [...walk], walk[Symbol.iterator]() === walk);
for (const bad of [() => { for (const x of 5);
  }, () => [...{}], () => { const [x] = { [Symbol.iterator]: () => 1 }; }]) {
  try { bad(); } catch (error) { console.log(error.name); }
}
