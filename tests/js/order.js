// A shop: charge, wait for an approval or give up after two days, ship.
const charge = (cents) => quiesce.call("echo", { receipt: `ch_${cents}` });
const approval = (answer) => quiesce.call(answer ? "echo" : "fail",
  answer ? "yes" : "the manager says no");
const days = (n) => new Promise((wake) => setTimeout(wake, n * 24 * 3600 * 1000, "too late"));

class Order {
  #history = [];
  constructor(id, lines) { this.id = id; this.lines = lines; }
  get total() { return this.lines.reduce((sum, { cents, count = 1 }) => sum + cents * count, 0); }
  note(text) { this.#history.push(`${new Date().toISOString().slice(0, 10)} ${text}`); }
  async process(approved) {
    try {
      const { receipt } = await charge(this.total);
      this.note(`paid, ${receipt}`);
      this.note(`approved: ${await Promise.race([approval(approved), days(2)])}`);
      await days(1);
      this.note("shipped");
    } catch (error) {
      this.note(`cancelled: ${error.message}`);
    }
    return this.#history;
  }
}

async function main() {
  const orders = [
    new Order(1, [{ cents: 499 }, { cents: 250, count: 4 }]),
    new Order(2, [{ cents: 100 }]),
  ];
  const histories = await Promise.all(orders.map((order, i) => order.process(i === 0)));
  histories.forEach((history, i) => console.log(orders[i].id, history.join(" | ")));
}
main();
