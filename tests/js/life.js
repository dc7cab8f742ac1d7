// Conway's game of life: a glider walks across a torus for eighty generations.
const size = 12;
let alive = new Set(["1,0", "2,1", "0,2", "1,2", "2,2"]);
function step() {
  const neighbours = new Map();
  for (const cell of alive) {
    const [x, y] = cell.split(",").map(Number);
    for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) {
      if (dx === 0 && dy === 0) continue;
      const key = `${(x + dx + size) % size},${(y + dy + size) % size}`;
      neighbours.set(key, (neighbours.get(key) ?? 0) + 1);
    }
  }
  alive = new Set([...neighbours].filter(([key,
    n]) => n === 3 || (n === 2 && alive.has(key))).map(([key]) => key));
}
const draw = () => Array.from({ length: size }, (_, y) =>
  Array.from({ length: size }, (_, x) => (alive.has(`${x},${y}`) ? "#" : ".")).join("")).join("\n");

let generation = 0;
const beat = setInterval(() => {
  step();
  gc();
  if (++generation % 40 === 0) console.log(`${generation}\n${draw()}`);
  if (generation === 80) clearInterval(beat);
}, 1000);
