// A thousand small objects, as records of a program are. The value of the script is their array.
Array.from({ length: 1000 }, (_, i) => (
  { id: i, name: "item " + i, price: i * 1.5, paid: i % 2 === 0 }));
