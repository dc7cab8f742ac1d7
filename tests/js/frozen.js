// Frozen, sealed and extended no more; prototypes without parents.
const frozen = Object.freeze({ a: 1, inner: { b: 2 } });
frozen.a = 9; frozen.c = 3; delete frozen.a; frozen.inner.b = 5;
console.log(frozen, Object.isFrozen(frozen), Object.isFrozen(frozen.inner));
const sealed = Object.seal({ a: 1 });
sealed.a = 2; sealed.b = 3; delete sealed.a;
console.log(sealed, Object.isSealed(sealed), Object.isFrozen(Object.seal({})));
const fixed = Object.preventExtensions([1, 2]);
try { fixed.push(3); } catch (error) { console.log(error.name, fixed.length); }
try { "use strict"; Object.defineProperty(frozen, "a", { value: 3 });
  } catch (error) { console.log(error.name); }
const bare = Object.create(null);
bare.toString = undefined;
console.log("hasOwnProperty" in bare, Object.getPrototypeOf(bare), Object.keys(bare));
const deepFreeze = (o) => { Object.values(o).forEach((v) => typeof v === "object" && deepFreeze(v));
  return Object.freeze(o); };
const deep = deepFreeze({ list: [{ x: 1 }] });
deep.list[0].x = 2;
console.log(deep.list[0].x, Object.isFrozen(deep.list));
const chain = Object.setPrototypeOf({ own: 1 }, { inherited: 2 });
console.log(chain.inherited, Object.prototype.isPrototypeOf.call(Object.getPrototypeOf(chain),
  chain));
try { Object.setPrototypeOf(Object.getPrototypeOf(chain), chain);
  } catch (error) { console.log(error.name); }
