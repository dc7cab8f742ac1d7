// Sleeps at every await: each answer from outside changes one object and a text, and asks for the
// next. `orders` are those of heap.js, when they are there.
globalThis.steps = 0;
globalThis.receipts = [];
(async () => {
  for (;;) {
    const receipt = await charge(steps);
    receipts[steps % 16] = `${receipt} for step ${steps}`;
    if (globalThis.orders) orders[(steps * 7919) % orders.length].cents += 1;
    steps++;
  }
})();
steps
