// Operators: conversion, short circuits, optional chaining, assignment forms.
console.log(1 + "2", "3" - 1, "3" * "4", +[], +{}, [] + {}, [1] == 1, null == undefined, null == 0,
  NaN != NaN);
console.log(0 || "or", 0 ?? "nullish", null ?? "nullish", "" && "and", !"" + 1, typeof typeof 1,
  void 0);
const o = { a: { f() { return this.v; }, v: 7 }, list: [1] };
console.log(o?.a?.f?.(), o.b?.c.d.e, o.b?.[missing()], o.a.g?.(), o?.["a"].v, delete o?.x,
  o.list?.[0]);
function missing() { console.log("never called"); }
let x = null; x ??= 5; x ||= 6; x &&= 7; x **= 2; x %= 10; x <<= 3; x >>>= 1;
console.log(x, (1, 2, 3), x++ + ++x, x-- - --x);
const order = [];
const at = (name, value) => { order.push(name); return value; };
at("object", {})[at("key", "k")] = at("value", 1);
at("left", 2) ** at("right", 3) + at("third", 1);
console.log(order.join(" "));
console.log([1, 2, 3].includes("2"), "b" in { b: 1 }, !!document(), 5 / 0, -5 / 0, 0 / 0, 2 + +"3");
function document() { return typeof nothing_of_that_name !== "undefined"; }
console.log([10, 1, 5].map(parseInt), ["1", "2", "3"].map(Number), "5" + 3 - 2, [2] * [3],
  true + true, [] == ![]);
const date = { valueOf: () => 10, toString: () => "text" };
console.log(date + 1, `${date}`, date > 9, date == "10", [date] + "");
