// Proxies: every trap is seen; a revoked one refuses; invariants hold.
const seen = [];
const traps = new Proxy({}, {
  get: (_, trap) => (...args) => {
    const key = typeof args[1] === "string" ? `(${args[1]})` : "";
    seen.push(trap + key);
    return Reflect[trap](...args);
  },
});
const proxy = new Proxy(function target() { "use strict"; }, traps);
proxy.x = 1;
proxy.x;
"x" in proxy;
delete proxy.x;
Object.keys(proxy);
Object.getOwnPropertyDescriptor(proxy, "y");
Object.defineProperty(proxy, "z", { value: 1, configurable: true });
Object.getPrototypeOf(proxy);
Object.setPrototypeOf(proxy, Function.prototype);
Object.isExtensible(proxy);
proxy();
new proxy();
Object.preventExtensions(proxy);
console.log(seen.join("\n"));

const revocable = Proxy.revocable({}, {});
revocable.revoke();
try { revocable.proxy.x; } catch (error) { console.log(error.name); }

const frozen = new Proxy(Object.freeze({ a: 1 }), { get: () => 2 });
try { frozen.a; } catch (error) { console.log("invariant:", error.name); }

const negative = new Proxy([10, 20, 30], {
  get: (list, key) => (/^-\d+$/.test(String(key)) ? list.at(Number(key)) : Reflect.get(list, key)),
});
console.log(negative[-1], negative[0], negative.length, Array.isArray(negative));

const observed = [];
const model = new Proxy({ a: 1 }, {
  set(t, k, v, receiver) { observed.push(`${k}=${v}`); return Reflect.set(t, k, v, receiver); },
});
model.a = 2;
Object.assign(model, { b: 3, c: 4 });
class Child { constructor() { return Object.create(model); } }
new Child().d = 5;
console.log(observed.join(" "));
