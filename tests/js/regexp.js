// Regular expressions: named groups, backreferences, flags, indices, lastIndex.
const date = /(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)/;
const { year, month, day } = date.exec("on 2026-01-31, they say").groups;
console.log(year, month, day);
console.log("2026-01-31".replace(date, "$<day>.$<month>.$<year> [$&] $$"));
console.log(/^(?<quote>['"]).*\k<quote>$/.test(`"it's"`), /(a)\1/.test("aa"));

const words = /\b(\w)(\w*)\b/g;
console.log("make every word tall".replace(words, (_, head, rest) => head.toUpperCase() + rest));
console.log([..."a1b22c333".matchAll(/[a-z](\d+)/g)].map((m) => `${m[1]}@${m.index}`).join(" "));

const sticky = /\d/y;
sticky.lastIndex = 1;
console.log(sticky.test("a1b"), sticky.lastIndex, sticky.test("a1b"), sticky.lastIndex);
const global = /o/g;
console.log(global.test("foo"), global.lastIndex, global.test("foo"), global.test("foo"));

const found = /(?<first>b+)(?<second>c)?/d.exec("aabbb");
console.log(found.indices[0], found.indices.groups.first, found.indices.groups.second);
console.log("one, two;three".split(/[,;]\s*/), "abc".split(/(b)/), "".split(/x/),
  "ab".split(/(?:)/));
console.log(/a.c/.test("a\nc"), /a.c/s.test("a\nc"), /^b$/m.test("a\nb\nc"), /ABC/i.test("abc"));
console.log(/a{2,3}?/.exec("aaaa")[0], /(?:a|ab)(?:c|bcd)(?:d*)/.exec("abcd")[0],
  /x*/.exec("y")[0] === "");
console.log(/(z)((a+)?(b+)?(c))*/.exec("zaacbbbcac").map(String).join());
console.log(String(/[/]\/\u0041/gimsuy), new RegExp("/").source, new RegExp("").source);
for (const bad of ["(", "[b-a]", "a{2,1}", "\\", "(?<n>a)(?<n>b)"]) {
  try { new RegExp(bad); console.log("accepted", bad); } catch (error) { console.log(error.name); }
}
