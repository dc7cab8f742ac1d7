// Labels: leaving and continuing outer loops, labelled blocks, switch inside loops.
const found = [];
outer: for (let i = 2; i < 50; i++) {
  for (let j = 2; j * j <= i; j++) if (i % j === 0) continue outer;
  found.push(i);
}
console.log(found.join(" "));

block: {
  if (found.length > 3) break block;
  console.log("never printed");
}

search: for (const row of [[1, 2], [3, 4], [5, 6]]) {
  for (const cell of row) {
    switch (cell) {
      case 2: continue search;
      case 4: console.log("found", cell); break search;
      default: console.log("passed", cell);
    }
  }
}

let turns = 0;
a: do {
  b: while (true) {
    try { if (turns++ < 3) continue a; break a; } finally { console.log("finally", turns); }
  }
} while (turns < 10);
console.log(turns);
