// lodash over five thousand made-up sales, in batches: chains that are not evaluated yet, caches,
// curried and counted functions live through the sleep.
//
// uses: lodash/lodash.js
let seed = 17;
const random = (n) => ((seed = (Math.imul(seed, 1103515245) + 12345) | 0) >>> 12) % n;
const sales = _.times(5000, (id) => ({
  id,
  region: ["north", "south", "east", "west"][random(4)],
  product: { name: `p${random(60)}`, tags: _.times(random(4), () => `t${random(9)}`) },
  cents: random(100000),
  when: new Date(Date.UTC(2025, random(12), 1 + random(28))),
}));

async function main() {
  const totals = {};
  const price = _.memoize((name) => _.sumBy(_.filter(sales, ["product.name", name]), "cents"));
  const add = _.curry((region, month, cents) =>
    _.update(totals, [region, month], (n = 0) => n + cents));
  const byRegion = _.mapValues(_.keyBy(["north", "south", "east", "west"]), (name) => add(name));
  const announce = _.after(25, _.once(() => console.log("25 batches done")));
  const late = _(sales).filter((sale) => sale.cents > 50000).map("product.name").countBy();
  const picture = _.template("<% _.forEach(rows, ([k, v]) => { %><%- k %>: <%= v %>; <% }) %>");
  const ring = { name: "ring", parts: [sales[0].product] };
  ring.self = ring;

  const batches = _.chunk(sales, 100);
  for (const [index, batch] of batches.entries()) {
    if (index === batches.length / 2) {
      await quiesce.call("pause", { done: index, of: batches.length });
    }
    for (const { region, when, cents } of batch) byRegion[region](when.getUTCMonth())(cents);
    price(batch[0].product.name);
    announce();
    await null;
  }

  const copy = _.cloneDeep(ring);
  const ordered = (pairs) => _.orderBy(pairs, [1, 0], ["desc", "asc"]);
  const best = _.flow([_.toPairs, ordered, _.head]);
  console.log(JSON.stringify({
    totals,
    cached: price.cache.size,
    p7: price("p7"),
    late: late.value(),
    best: best(_.mapValues(totals, (months) => _.sum(_.values(months)))),
    tags: _(sales).flatMap("product.tags").countBy().toPairs().sortBy(0).value(),
    ring: [copy.self === copy, copy.parts[0] !== ring.parts[0], _.isEqual(copy, ring)],
    merged: _.merge({ a: [{ b: 1 }] }, { a: [{ c: 2 }, { d: 3 }] }),
    text: picture({ rows: _.toPairs({ "<b>": 1, x: 2 }) }),
    words: _.map(["fooBar baz", "XMLHttpRequest", "déjà vu"], _.flow(_.kebabCase, _.startCase)),
    grouped: _.mapValues(_.groupBy(_.take(sales, 40), "region"), (list) => _.map(list, "id")),
  }, null, 1));
}
main();
