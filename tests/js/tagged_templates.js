// Template literals and tags: raw text, one frozen array per place, nesting.
const show = (strings, ...values) => strings.map((s,
  i) => s + (i < values.length ? `<${values[i]}>` : "")).join("");
const who = "Ada";
console.log(show`hello ${who}, you owe ${[1, 2]} and ${{}}`);
console.log(String.raw`a\nb${1 + 1}\u0041`, `a\tb\
c`.length);
const raw = (strings) => [strings[0], strings.raw[0], Object.isFrozen(strings), strings.length];
console.log(raw`\u{41}\x42`, ((s) => [s[0], s.raw[0]])`\unicode and \xerxes`);
const place = () => ((strings) => strings)`same ${1} place`;
console.log(place() === place(), ((s) => s)`a` === ((s) => s)`a`);
const chain = (s) => (t) => (u) => s[0] + t[0] + u[0];
console.log(chain`a``b``c`);
const html = (strings, ...values) =>
  String.raw({ raw: strings }, ...values.map((v) => String(v).replace(/[<&]/g,
    (c) => `&#${c.charCodeAt()};`)));
console.log(html`<p>${"<b>&"}</p>${`nested ${`deep ${1}`}`}`);
