// Classes: inheritance, super, statics, accessors, fields, initialisation blocks.
class Shape {
  static count = 0;
  static #registry = new Map();
  static { this.kinds = ["none"]; }
  name = this.constructor.name;
  constructor() { Shape.count++; Shape.#registry.set(this.name, this); }
  get area() { return 0; }
  describe() { return `${this.name} of ${this.area}`; }
  static find(name) { return Shape.#registry.get(name); }
  toString() { return `[${this.describe()}]`; }
}
class Square extends Shape {
  constructor(side) { super(); this.side = side; }
  get area() { return this.side ** 2; }
  set area(value) { this.side = Math.sqrt(value); }
  describe() { return super.describe().toUpperCase(); }
}
class Big extends Square {
  static kinds = [...super.kinds, "big"];
  ["comp" + "uted"] = () => this.side;
  constructor() { super(100); }
}
const square = new Square(3);
square.area = 25;
const big = new Big();
console.log(`${square} ${big}`, Shape.count, Shape.find("Big") === big, Big.kinds, big.computed());
console.log(Object.keys(big), big instanceof Shape, Object.getPrototypeOf(Big) === Square);
console.log(typeof Shape, Shape.name, (class {}).name === "", class Named {}.name);
try { Shape(); } catch (error) { console.log(error.name); }
try { new (class extends Shape { constructor() {} })(); } catch (error) { console.log(error.name); }
try { new (class extends null {})(); } catch (error) { console.log(error.name); }

const Loud = (Base) => class extends Base { describe() { return `${super.describe()}!`; } };
class LoudSquare extends Loud(Square) {}
console.log(new LoudSquare(2).describe());

class Stack extends Array { get top() { return this.at(-1); } }
const stack = new Stack();
stack.push(1, 2, 3);
console.log(stack.top, stack.map((n) => n * 2).top, stack.length, Array.isArray(stack));
const object = { __proto__: { hi() { return "base"; } }, hi() { return super.hi() + " and derived";
  } };
console.log(object.hi());
