// Globals of every kind are still there after a sleep: var, let, const, function, class, property.
var byVar = [1];
let byLet = new Map([["k", "v"]]);
const byConst = Symbol("mine");
function byFunction() { return byFunction.calls = (byFunction.calls ?? 0) + 1; }
class ByClass { static instances = new Set(); constructor() { ByClass.instances.add(this); } }
globalThis.byProperty = { [byConst]: byVar };
Array.prototype.second = function () { return this[1]; };
Object.defineProperty(Array.prototype, "second", { enumerable: false });
new ByClass();
byFunction();

setTimeout(() => {
  byVar.push(2);
  byLet.set("k", (byLet.get("k") + "!").toUpperCase());
  new ByClass();
  console.log(byProperty[byConst] === byVar, byVar.second(), byLet.get("k"), byFunction());
  console.log(ByClass.instances.size, byConst.description,
    [...ByClass.instances][0] instanceof ByClass);
  console.log("byVar" in globalThis, "byLet" in globalThis, "byFunction" in globalThis,
    delete globalThis.byVar);
}, 100);
