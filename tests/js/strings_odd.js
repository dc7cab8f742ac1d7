// Strings with lone surrogates and NUL stay exact through every operation and every sleep.
const show = (s) => JSON.stringify(s) + " " + s.length;
const odd = "a\ud800b\udc00\u0000c";
console.log(show(odd), show(odd.split("").reverse().join("")));
console.log(odd.isWellFormed(), show(odd.toWellFormed()), "fine 😀".isWellFormed());
console.log(show("\ud83d" + "\ude00"), [..."\ude00\ud83d"].length, "\ud83d\ude00" === "😀");
console.log(show("😀".slice(0, 1)), show("😀".at(1)), "😀".codePointAt(0), "😀".codePointAt(1),
  "😀".charCodeAt(0));
console.log(odd.indexOf("\u0000"), odd.includes("\udc00\u0000"), odd < "b", "\ud800" < "\uffff");
console.log({ [odd]: 1, "\u0000": 2 }[odd], Object.keys({ "\ud800": 1 })[0] === "\ud800");
console.log(show("a\u0000b".toUpperCase()), show("\u0000".padStart(3, "\u0000")),
  new Map([[odd, 1]]).get(odd));
console.log(/\u0000/.exec(odd).index, show(odd.replace(/[\ud800-\udfff]/g, "?")), "\u0000" == 0,
  Number("1\u00002"));
try { encodeURIComponent("\ud800"); } catch (error) { console.log(error.name); }
console.log(encodeURIComponent("\u0000é😀"), decodeURIComponent("%00%F0%9F%98%80") === "\u0000😀");
globalThis["\u0000\ud800"] = { long: (odd + "😀").repeat(1000) };
console.log(Symbol.for(odd).description === odd, JSON.parse(JSON.stringify(odd)) === odd);

setTimeout(async () => {
  const echoed = await quiesce.call("echo", odd);
  const { long } = globalThis["\u0000\ud800"];
  console.log(show(echoed), echoed === odd, long.length, long.endsWith("\u0000c😀"));
}, 10);
