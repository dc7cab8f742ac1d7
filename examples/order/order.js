// An order that takes days, written as if it took a moment.
//
// Each `await quiesce.call(...)` asks the world outside. The answer may come next week, in another
// process, on another machine: what this program knows by then (its variables, the shipping labels
// half dealt out, the line at which it stands) sleeps in a file of a few kilobytes.

const order = { number: 17, item: "bicycle bell", cents: 499, pieces: 2 };
const journal = [];

function* labels(prefix) {
  for (let n = 1; ; ++n) yield `${prefix}-${n}`;
}
const nextLabel = labels(`ORDER-${order.number}`);

function note(text) {
  journal.push(text);
  console.log(`${journal.length}. ${text}`);
}

note(`${order.pieces} x ${order.item}, first label ${nextLabel.next().value}`);

const cents = order.cents * order.pieces;
const receipt = await quiesce.call("charge", { cents, currency: "EUR" });
note(`charged, receipt ${receipt}`);

try {
  const approval = await quiesce.call("approve", order.number, receipt);
  note(`approved by ${approval.by}`);
  note(`shipped, second label ${nextLabel.next().value}`);
} catch (refusal) {
  note(`refused (${refusal.message}), ${receipt} is paid back`);
}

console.log(`order ${order.number} is done after ${journal.length} entries in its journal`);
