// Errors: classes of our own, causes, finally, throwing anything.
class HttpError extends Error {
  constructor(status, message, options) { super(message, options); this.status = status; }
  get name() { return "HttpError"; }
}
const cause = new TypeError("socket closed");
const error = new HttpError(503, "not now", { cause });
console.log(String(error), error.status, error.cause === cause, error instanceof Error);
console.log("cause" in new Error("x"), Object.prototype.toString.call(error), error.message);

for (const thrown of [1, "text", null, undefined, { odd: true }, Symbol.for("s")]) {
  try { throw thrown; } catch (caught) { console.log(Object.is(caught, thrown)); }
}
const order = [];
function nested() {
  for (const turn of [1, 2]) {
    try {
      order.push(`try ${turn}`);
      if (turn === 1) continue;
      return "from try";
    } finally {
      order.push(`finally ${turn}`);
    }
  }
}
console.log(nested(), order.join(", "));
console.log((() => { try { throw 1; } catch { return "caught"; } finally { order.length = 0;
  } })(), order);
try { try { throw new Error("first"); } finally { throw new Error("second");
  } } catch (e) { console.log(e.message); }

const all = new AggregateError([new Error("a"), "b"], "several");
console.log(all.name, all.message, all.errors.length);
const checks = [
  () => null.x, () => undefined(), () => nowhere, () => new Array(-1),
    () => decodeURIComponent("%"),
  () => eval("("), () => "x".repeat(-1), () => { const c = 1; c = 2; }, () => new (() => {})(),
  () => 1 in 1, () => ({}) instanceof 1, () => Symbol() + 1, () => Object.setPrototypeOf(1, 1),
];
console.log(checks.map((f) => { try { f(); } catch (e) { return e.constructor.name; } }).join(" "));
