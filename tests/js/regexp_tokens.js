// A small language is cut into tokens and computed: one sticky expression drives it all.
const token = /\s*(?:(?<number>\d+(?:\.\d+)?)|(?<name>[a-z]\w*)|(?<sign>\*\*|[-+*\/()=,]))/y;
function* tokens(source) {
  token.lastIndex = 0;
  while (token.lastIndex < source.trimEnd().length) {
    const at = token.lastIndex;
    const match = token.exec(source);
    if (!match) throw new SyntaxError(`what is that at ${at}?`);
    const [kind, text] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    yield { kind, text };
  }
}
function compute(source, names = { pi: 3 }) {
  const list = [...tokens(source)];
  const take = (text) => (list[0]?.text === text ? list.shift() : undefined);
  const power = { "+": 1, "-": 1, "*": 2, "/": 2, "**": 3 };
  const apply = {
    "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b,
    "**": (a, b) => a ** b,
  };
  function atom() {
    if (take("-")) return -atom();
    if (take("(")) { const value = expression(0); take(")"); return value; }
    const { kind, text } = list.shift();
    return kind === "number" ? Number(text) : names[text];
  }
  function expression(least) {
    let left = atom();
    while (list.length > 0 && power[list[0].text] > least) {
      const sign = list.shift().text;
      left = apply[sign](left, expression(sign === "**" ? power[sign] - 1 : power[sign]));
    }
    return left;
  }
  return expression(0);
}
for (const source of ["1 + 2 * 3", "(1 + 2) * 3", "2 ** 3 ** 2", "-(4 - 6) / 4", "pi * 10 - 0.5"]) {
  console.log(source, "=", compute(source));
}
try { compute("1 + #"); } catch (error) { console.log(error.message); }
