// Symbols: registry, descriptions, and the well-known ones that steer the language.
const key = Symbol("key");
console.log(String(key), key.description, Symbol().description, Symbol("") === Symbol(""));
console.log(Symbol.for("shared") === Symbol.for("shared"), Symbol.keyFor(Symbol.for("shared")));
console.log({ [key]: 1, plain: 2 }[key], Object.keys({ [key]: 1 }).length);
try { key + ""; } catch (error) { console.log(error.name); }

class Money {
  constructor(cents) { this.cents = cents; }
  [Symbol.toPrimitive](hint) {
    return hint === "string" ? `$${this.cents / 100}` : hint === "number" ? this.cents : "money";
  }
  get [Symbol.toStringTag]() { return "Money"; }
}
const coin = new Money(250);
console.log(`${coin}`, +coin, coin + "!", coin * 2, Object.prototype.toString.call(coin));

class Even { static [Symbol.hasInstance](n) { return n % 2 === 0; } }
console.log(4 instanceof Even, 5 instanceof Even);

class List extends Array { static get [Symbol.species]() { return Array; } }
const list = List.of(1, 2, 3);
console.log(list instanceof List, list.map((x) => x) instanceof List, list.length);

const spreadable = { length: 2, 0: "a", 1: "b", [Symbol.isConcatSpreadable]: true };
console.log(["x"].concat(spreadable, ["y"]));

const matcher = { [Symbol.replace]: (text, by) => `<${text}:${by}>`,
  [Symbol.split]: () => ["cut"] };
console.log("text".replace(matcher, "by"), "a,b".split(matcher));
