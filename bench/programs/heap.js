// About 24 MB of ordinary objects with texts that differ.
globalThis.orders = Array.from({ length: 94000 }, (_, i) => ({
  id: i,
  cents: (i * 7919) % 100000,
  name: "order number " + i,
  lines: [i, i + 1],
}));
orders.length
