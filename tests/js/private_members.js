// Private fields, methods, accessors and static ones; nobody gets in from outside.
class Account {
  #balance = 0;
  #log = [];
  static #opened = 0;
  static #next() { return ++Account.#opened; }
  number = Account.#next();
  get #last() { return this.#log.at(-1); }
  set #last(text) { this.#log.push(text); }
  #check(cents) { if (!(cents > 0)) throw new RangeError("not an amount"); }
  pay(cents) { this.#check(cents); this.#balance += cents; this.#last = `+${cents}`; return this; }
  get balance() { return this.#balance; }
  get last() { return this.#last; }
  static is(value) { return #balance in value; }
  static steal(other) { return other.#balance; }
}
const mine = new Account().pay(100).pay(20);
console.log(mine.balance, mine.last, mine.number, new Account().number);
console.log(Account.is(mine), Account.is({}), Account.steal(mine), Object.keys(mine));
try { Account.steal({}); } catch (error) { console.log(error.name); }
try { mine.pay(-1); } catch (error) { console.log(error.message); }
try { eval("mine.#balance"); } catch (error) { console.log(error.name); }
console.log(JSON.stringify(mine), mine["#balance"]);
const proxy = new Proxy(mine, {});
try { proxy.balance; } catch (error) { console.log("a proxy has no private parts:", error.name); }

setTimeout(() => console.log(mine.pay(5).balance, mine.last), 1000);
