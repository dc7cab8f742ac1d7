// Reflect and property descriptors.
const object = { a: 1, get double() { return this.a * 2; }, [Symbol("s")]: 3, 7: "index" };
console.log(Reflect.ownKeys(object).map(String));
console.log(Reflect.get(object, "double", { a: 21 }));
console.log(Reflect.has(object, "toString"), Reflect.has(object, "nothing"));
console.log(Reflect.defineProperty(object, "fixed", { value: 1 }), Reflect.set(object, "fixed", 2));
console.log(Reflect.deleteProperty(object, "fixed"), object.fixed);
console.log(Reflect.apply(Math.max, null, [1, 5, 3]));
class Base { constructor(x) { this.x = x; this.made = new.target.name; } }
class Other {}
const built = Reflect.construct(Base, [9], Other);
console.log(built.x, built.made, built instanceof Other, built instanceof Base);
for (const key of ["a", "double", "fixed"]) {
  const d = Object.getOwnPropertyDescriptor(object, key);
  console.log(key, Object.keys(d).join(), d.writable, d.enumerable, d.configurable);
}
try { Reflect.ownKeys(1); } catch (error) { console.log(error.name); }
