// Getters and setters: in literals, in classes, inherited, defined later, on globals.
const temperature = {
  celsius: 20,
  get fahrenheit() { return this.celsius * 1.8 + 32; },
  set fahrenheit(value) { this.celsius = (value - 32) / 1.8; },
};
temperature.fahrenheit = 212;
console.log(temperature.celsius, temperature.fahrenheit, Object.keys(temperature));

const lazy = {
  get value() {
    console.log("computed once");
    Object.defineProperty(this, "value", { value: 42, enumerable: true });
    return 42;
  },
};
console.log(lazy.value + lazy.value);

const child = Object.create(temperature);
child.fahrenheit = 32;
console.log(child.celsius, temperature.celsius, Object.hasOwn(child, "celsius"));
const readOnly = { get x() { return 1; } };
readOnly.x = 2;
console.log(readOnly.x, (() => { "use strict";
  try { readOnly.x = 3; } catch (e) { return e.name; } })());

let reads = 0;
Object.defineProperty(globalThis, "counted", { get: () => ++reads, configurable: true });
console.log(counted + counted, reads);
const list = [];
Object.defineProperty(list, 2, { get: () => "third", enumerable: true });
console.log(list.length, list.join("-"));
console.log(Object.entries(Object.getOwnPropertyDescriptors({ get a() { return 1; }, b: 2 }))
  .map(([k, d]) => k + (d.get ? " getter" : " value")));
